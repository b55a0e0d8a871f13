"""Whether a logo can be set on a certificate, asked before anything depends on it."""

from datetime import date

from issuer.certificate import CertificateInput, certificate_data, render_certificate_png
from issuer.errors import IssuerError

_DAY = date(2026, 1, 1)
_COARSE = 10  # pixels an inch: it is only asked whether the page can be set


def check_logo(logo_svg: str) -> None:
    """Raise IssuerError (`logo`) unless the SVG can be set on a certificate."""
    page = CertificateInput(
        language="en",
        institution_names={"en": "Institution"},
        titles={"en": "Title"},
        learner_name="Name",
        awarded=_DAY,
        issued=_DAY,
        verify_url="https://badges.example.edu/c/0",
        shown_address="badges.example.edu/c",
        short_code="0000-0000",
        logo_svg=logo_svg,
    )
    try:
        render_certificate_png(certificate_data(page), ppi=_COARSE)
    except IssuerError as error:
        raise IssuerError("logo", f"The logo cannot be set on a certificate: {error.message}") from error
