"""The QR code of a verification address, as an SVG that prints sharp at 32 mm."""

import qrcode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.exceptions import DataOverflowError

from issuer.errors import IssuerError

PRINTED_MM = 32
"""Width on paper with the quiet zone (DESIGN: The certificate)."""

QUIET_MODULES = 4
SMALLEST_MODULE_MM = 0.5


def qr_matrix(url: str) -> list[list[bool]]:
    """Return the modules of the code of `url`, quiet zone included, at error correction M (ISO/IEC 18004).

    Raises IssuerError if the address is so long that modules would print smaller than half a millimetre.
    """
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_MODULES)
    code.add_data(url)
    try:
        matrix: list[list[bool]] = code.get_matrix()
    except (DataOverflowError, ValueError) as error:
        raise _too_long(url) from error
    if PRINTED_MM / len(matrix) < SMALLEST_MODULE_MM:
        raise _too_long(url)
    return matrix


def qr_svg(url: str) -> str:
    """Draw the code of `url` as an SVG of one path, black on nothing, one unit a module."""
    matrix = qr_matrix(url)
    path = "".join(f"M{x} {y}h{width}v1h-{width}z" for y, row in enumerate(matrix) for x, width in _runs(row))
    side = len(matrix)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path d="{path}"/></svg>'
    )


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    """Return start and width of each run of dark modules."""
    edges = [x for x in range(len(row)) if row[x] and not (x and row[x - 1])]
    return [(x, next((w for w in range(1, len(row) - x) if not row[x + w]), len(row) - x)) for x in edges]


def _too_long(url: str) -> IssuerError:
    return IssuerError(
        "address_too_long",
        f"An address of {len(url)} characters makes a QR code too fine to print. Use a shorter one.",
    )
