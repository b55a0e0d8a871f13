"""The picture of a verified badge: found in what was signed, and pixels made anew under limits (U1, U2, U6).

Nothing is fetched here, and nothing of a stranger's bytes is given out: what comes back was written by us.
"""

import base64
import binascii
import io
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_to_bytes

from PIL import Image, JpegImagePlugin, PngImagePlugin, WebPImagePlugin  # noqa: F401  (so that no child loads them)

from verifier.errors import LimitHit
from verifier.json_types import as_object, id_of
from verifier.limited import run_limited

LARGEST_SIDE = 384  # pixels: shown at no more than half of it, for screens of double density
MAX_PIXELS = 10_000_000  # 40 MB once decoded
_LONGEST_SIDE = 8_000
CPU_SECONDS = 0.5  # for all the pixels of one picture, whatever stands inside it
_LEAST_SECONDS = 0.02
_WALL_SECONDS = 3.0
_FORMATS = ("PNG", "JPEG", "WEBP")
_SCALED_AS_THEY_ARE = ("RGB", "RGBA", "L")  # the colours of others can be mixed only once they are known
_DATA = re.compile(r"data:image/[a-z0-9.+-]{1,40}((?:;[A-Za-z0-9=_-]{1,40}){0,4}),", re.IGNORECASE | re.ASCII)


def picture_of(credential: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Give the Image of a badge's achievement, or that of the credential itself; None where neither has one.

    Source: Open Badges 3.0, classes Achievement, AchievementCredential and Image.
    """
    achievement = as_object(as_object(credential.get("credentialSubject")).get("achievement"))
    for holder in (achievement, credential):
        image = as_object(holder.get("image"))
        if id_of(image):
            return image
    return None


def embedded_bytes(address: str) -> bytes | None:
    """Give what a `data:` address of a picture holds (RFC 2397), None for any other address."""
    found = _DATA.match(address)
    if found is None:
        return None
    data = unquote_to_bytes(address[found.end() :])
    if not found[1].lower().endswith(";base64"):
        return data
    try:
        return base64.b64decode(b"".join(data.split()), validate=True)
    except binascii.Error:
        return None


def written_as(media_type: str, data: bytes) -> str:
    """Write bytes as a `data:` address."""
    return f"data:{media_type};base64,{base64.b64encode(data).decode('ascii')}"


def small_png(data: bytes, *, seconds: float = CPU_SECONDS) -> bytes | None:
    """Decode PNG, JPEG or WebP in a limited child and give a small PNG without metadata.

    `seconds` are those of computing time that are left. None for what is no such picture, is too large, or
    takes too much.
    """
    if seconds < _LEAST_SECONDS:
        return None
    try:
        return run_limited(redrawn, data, cpu_seconds=seconds, wall_seconds=_WALL_SECONDS)
    except LimitHit:
        return None


def redrawn(data: bytes) -> bytes | None:
    """Do the work of `small_png`, in the child."""
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
            width, height = opened.size
            if max(width, height) > _LONGEST_SIDE or width * height > MAX_PIXELS:
                return None
            if opened.mode in _SCALED_AS_THEY_ARE:  # before all their pixels are written with transparency
                opened.thumbnail((LARGEST_SIDE, LARGEST_SIDE), Image.Resampling.BILINEAR)
            picture = opened.convert("RGBA")
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  (the decoders raise OSError, SyntaxError, ValueError, zlib.error ...)
        return None
    picture.thumbnail((LARGEST_SIDE, LARGEST_SIDE), Image.Resampling.BILINEAR)
    clean = Image.new("RGBA", picture.size)
    clean.paste(picture)  # pixels alone: text and profiles of the file stay behind
    written = io.BytesIO()
    clean.save(written, "PNG")
    return written.getvalue()
