"""Uploaded badge pictures: read with limits and made anew, so that nothing of the file itself is kept.

A picture of pixels becomes a square PNG without metadata; a drawing is rebuilt from a list of what a drawing
may hold (`issuer.badge_drawing`). What is stored and served are bytes that this module made (THREATS U1, U2).
"""

import base64
import hashlib
import io
from dataclasses import dataclass
from enum import StrEnum

from PIL import Image, ImageOps, UnidentifiedImageError

from issuer.badge_drawing import rebuilt_svg
from issuer.errors import IssuerError
from issuer.typesetter import TypesettingRefused, typeset

MAX_BYTES = 2 * 1024 * 1024
MAX_PIXELS = 16_000_000  # 64 MB once decoded
MAX_SIDE = 1024
_LEAST_SIDE = 64
_LONGEST_SIDE = 8_000
_MAX_PNG_BYTES = 1024 * 1024
_SMALLER_SIDES = (MAX_SIDE, 768, 512)
_FORMATS = ("PNG", "JPEG", "WEBP")
_MAGIC = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class BadgePictureRefused(IssuerError):  # noqa: N818  (named for the fault)
    """Say why a file cannot be the picture of a badge, and what to do."""


class BadgeKind(StrEnum):
    """How a picture is stored."""

    PNG = "png"
    SVG = "svg"


@dataclass(frozen=True)
class BadgePicture:
    """A picture that was made here: bytes, and its size in pixels (of a drawing, in its own units).

    The size is 0 where it was not asked again.
    """

    kind: BadgeKind
    data: bytes
    width: int = 0
    height: int = 0

    @property
    def digest(self) -> str:
        """The SHA-256 of the bytes in hexadecimal: the name under which the picture is served."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def media_type(self) -> str:
        """The media type to serve it with."""
        return "image/png" if self.kind is BadgeKind.PNG else "image/svg+xml"


def sanitised_badge(data: bytes) -> BadgePicture:
    """Make a badge picture out of an uploaded file: PNG, JPEG or WebP as a square PNG, SVG as a plain SVG.

    Raises BadgePictureRefused: `picture_empty`, `picture_too_large`, `picture_kind`, `picture_damaged`,
    `picture_size` and the codes of `issuer.badge_drawing`.
    """
    if not data:
        raise BadgePictureRefused("picture_empty", "The file is empty. Choose a PNG, JPEG, WebP or SVG file.")
    if len(data) > MAX_BYTES:
        raise BadgePictureRefused(
            "picture_too_large",
            f"The picture has {len(data):,} bytes; {MAX_BYTES:,} are allowed. Save it smaller.",
        )
    if data.startswith(_MAGIC):
        return _from_pixels(data)
    if data.removeprefix(_BYTE_ORDER_MARK).lstrip()[:1] == b"<":
        return _from_drawing(data)
    raise BadgePictureRefused(
        "picture_kind", "The file is not a PNG, JPEG, WebP or SVG picture. Save the picture as one of these."
    )


def picture_png(picture: BadgePicture) -> bytes:
    """Give the picture as a PNG: a drawing is drawn 1024 pixels wide. Raises TypesettingRefused."""
    return picture.data if picture.kind is BadgeKind.PNG else _drawn(picture.data, ppi=144)


def picture_svg(picture: BadgePicture) -> bytes:
    """Give the picture as an SVG: one of pixels stands in a drawing of its own."""
    if picture.kind is BadgeKind.SVG:
        return picture.data
    data = base64.b64encode(picture.data).decode("ascii")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {MAX_SIDE} {MAX_SIDE}">'
        f'<image width="{MAX_SIDE}" height="{MAX_SIDE}" href="data:image/png;base64,{data}"/></svg>'
    ).encode("ascii")


def _from_pixels(data: bytes) -> BadgePicture:
    png, side = square_png(data)
    return BadgePicture(BadgeKind.PNG, png, side, side)


def square_png(data: bytes) -> tuple[bytes, int]:
    """Decode a picture within the limits and give it as a square PNG with its side; raises as above."""
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
            _check_size(*opened.size)
            upright = ImageOps.exif_transpose(opened).convert("RGBA")
    except BadgePictureRefused:
        raise
    except UnidentifiedImageError as error:
        raise BadgePictureRefused(
            "picture_damaged", "The file begins like a picture but is none. Save the picture anew."
        ) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _wrong_size() from error
    except (
        Exception
    ) as error:  # the decoders raise OSError, SyntaxError, ValueError, zlib.error, warnings ...
        raise BadgePictureRefused(
            "picture_damaged", "The picture is damaged and cannot be read to its end. Save it anew."
        ) from error
    return _encoded(upright)


def _check_size(width: int, height: int) -> None:
    short, long = sorted((width, height))
    if short < _LEAST_SIDE or long > _LONGEST_SIDE or width * height > MAX_PIXELS:
        raise _wrong_size()


def _wrong_size() -> BadgePictureRefused:
    return BadgePictureRefused(
        "picture_size",
        f"A badge picture has sides of {_LEAST_SIDE} to {_LONGEST_SIDE} pixels and at most "
        f"{MAX_PIXELS:,} pixels in all. Save it at 1024 by 1024 pixels.",
    )


def _encoded(picture: Image.Image) -> tuple[bytes, int]:
    """Write the picture on a transparent square, smaller until it is light enough to go with a credential."""
    for largest in _SMALLER_SIDES:
        side = min(largest, max(picture.size))
        fitted = ImageOps.contain(picture, (side, side), Image.Resampling.LANCZOS)
        square = Image.new("RGBA", (side, side), (0, 0, 0, 0))
        square.paste(fitted, ((side - fitted.width) // 2, (side - fitted.height) // 2))
        written = io.BytesIO()
        square.save(written, "PNG", optimize=True)
        if written.tell() <= _MAX_PNG_BYTES:
            break
    return written.getvalue(), side


def _from_drawing(data: bytes) -> BadgePicture:
    try:
        svg, width, height = rebuilt_svg(data, embedded=lambda picture: square_png(picture)[0])
        _drawn(svg, ppi=10)
    except TypesettingRefused as error:
        raise BadgePictureRefused(
            "svg_cannot_be_drawn", "The drawing cannot be drawn. Save it as a PNG picture in place of SVG."
        ) from error
    except BadgePictureRefused:
        raise
    except IssuerError as error:
        raise BadgePictureRefused(error.code, error.message) from error
    return BadgePicture(BadgeKind.SVG, svg, width, height)


def _drawn(svg: bytes, *, ppi: float) -> bytes:
    return typeset("picture.typ", {"logo_svg": svg.decode("utf-8")}, form="png", ppi=ppi)
