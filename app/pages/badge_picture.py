"""The picture of a badge on its result page, of which nothing is loaded from elsewhere (THREATS U2, U6).

A picture of this deployment has an address of our own. One that the signed document holds is written anew,
small, and goes out inside the page. One at another website is not loaded, neither by the reader's browser nor
by us: whoever put it there would learn that, when and by whom this very certificate is being checked.
"""

from app.pages.view import Picture
from app.phrases import visible
from app.settings import Settings
from app.words import gettext as _
from issuer.badge_drawing import rebuilt_svg
from issuer.badge_pictures import own_picture_path
from issuer.errors import IssuerError
from microcredential import Description
from verifier import VerificationReport
from verifier.json_types import id_of
from verifier.limited import cpu_seconds
from verifier.pictures import CPU_SECONDS, embedded_bytes, picture_of, small_png, written_as

_LONGEST_CAPTION = 300  # characters
_PNG, _SVG = "image/png", "image/svg+xml"


def badge_picture(report: VerificationReport, said: Description, settings: Settings) -> Picture | None:
    """Give the picture of a verified badge, or why it is not shown; None where it names none."""
    image = picture_of(report.credential or {})
    if image is None:
        return None
    address, words = id_of(image) or "", _words(image.get("caption"), said)
    path = own_picture_path(address, settings.base_url)
    if path is not None:
        return Picture(words, path)
    if not address.lower().startswith("data:"):
        return Picture(
            words, missing=_("It is at another website, which would learn of this check: it is not loaded.")
        )
    source = _embedded(embedded_bytes(address) or b"")
    if source is None:
        return Picture(words, missing=_("It is in the file, in a form that cannot be shown safely."))
    return Picture(words, source)


def _words(caption: object, said: Description) -> str:
    text = caption if isinstance(caption, str) and caption.strip() else ""
    title = said.title.text if said.title else ""
    return visible((text.strip() or title or _("Picture of the badge"))[:_LONGEST_CAPTION])


def _embedded(data: bytes) -> str | None:
    """Write a picture anew as a `data:` address, None for one that cannot be."""
    if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] != b"<":
        png = small_png(data)
        return written_as(_PNG, png) if png else None
    begun = cpu_seconds()

    def inner(pixels: bytes) -> bytes:
        """Write a picture inside the drawing anew; all of them share the time of one."""
        png = small_png(pixels, seconds=CPU_SECONDS - (cpu_seconds() - begun))
        if png is None:
            raise IssuerError("picture_damaged", "A picture in the drawing cannot be read.")
        return png

    try:
        return written_as(_SVG, rebuilt_svg(data, embedded=inner)[0])
    except IssuerError:
        return None
