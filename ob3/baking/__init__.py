"""Put a credential into a picture and take it out again (Open Badges 3.0, section 5.3 on baking).

>>> svg = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
>>> unbake(bake(svg, '{"type": "VerifiableCredential"}'))
'{"type": "VerifiableCredential"}'
"""

from ob3.baking.limits import DEFAULT_LIMITS, BakingLimits
from ob3.baking.png import bake_png, carried_by_png, is_png, unbake_png
from ob3.baking.refusal import ImageRefused
from ob3.baking.svg import bake_svg, is_svg, unbake_svg
from ob3.baking.text import credential_to_bake

__all__ = ["BakingLimits", "bake", "unbake"]


def bake(image: bytes, credential: str | bytes, *, limits: BakingLimits = DEFAULT_LIMITS) -> bytes:
    """Give the PNG or SVG with the credential in it, in place of any that was there.

    The credential is JSON text or a compact JWS without white space around it, and comes out of `unbake` byte
    for byte. Raises BakingRefused; its `limit` is True where a size stopped the work.
    """
    text, data = credential_to_bake(credential, limits=limits)
    _check_size(image, limits)
    if is_png(image):
        baked = bake_png(image, data, limits=limits)
        _check_size(baked, limits)  # as whoever reads it does, with all checksums
        is_there = carried_by_png(baked, limits=limits) == data
    else:
        baked = _bake_svg(image, text, limits)
        is_there = unbake(baked, limits=limits) == text
    if not is_there:
        raise ImageRefused("not_baked", "The picture does not give the credential back unchanged.")
    return baked


def unbake(image: bytes, *, limits: BakingLimits = DEFAULT_LIMITS) -> str:
    """Give the one credential that a PNG or SVG carries, as text without white space around it.

    No pixel is decoded and nothing is fetched. A picture with two credentials, or with one in a form that
    another reader may take otherwise, is refused (THREATS U1, U2, U4). Raises BakingRefused; its `limit` is
    True where a size or a count stopped the reading.
    """
    _check_size(image, limits)
    if is_png(image):
        return unbake_png(image, limits=limits)
    if is_svg(image):
        return unbake_svg(image, limits=limits)
    raise _not_an_image()


def _bake_svg(image: bytes, text: str, limits: BakingLimits) -> bytes:
    if is_svg(image):
        return bake_svg(image, text, limits=limits)
    raise _not_an_image()


def _check_size(image: bytes, limits: BakingLimits) -> None:
    if len(image) > limits.image_bytes:
        raise ImageRefused(
            "image_too_large", f"The picture has more than {limits.image_bytes:,} bytes.", limit=True
        )


def _not_an_image() -> ImageRefused:
    return ImageRefused("not_an_image", "The file is neither a PNG nor an SVG picture.")
