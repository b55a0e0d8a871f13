"""The QR code of a verification address, as an SVG that prints sharp at 32 mm.

Two programs make the same kind of code: `qrcode` where one person asks for one, `zxing-cpp`, which takes a
fortieth of the time, on certificates. What either makes is read back in the tests by a program that did not
make it.
"""

import re
from typing import Any

import qrcode
import zxingcpp
from qrcode.constants import ERROR_CORRECT_M
from qrcode.exceptions import DataOverflowError

from issuer.errors import IssuerError

PRINTED_MM = 32
"""Width on paper with the quiet zone (DESIGN: The certificate)."""

QUIET_MODULES = 4
SMALLEST_MODULE_MM = 0.5
_DARK_RUN = re.compile(rb"\x01+")
_DARK_BELOW = bytes(value < 128 for value in range(256))  # from a grey value to a module

Matrix = list[list[bool]]


def qr_matrix(url: str) -> Matrix:
    """Return the modules of the code of `url`, quiet zone included, at error correction M (ISO/IEC 18004).

    Raises IssuerError if the address is so long that modules would print smaller than half a millimetre.
    """
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_MODULES)
    code.add_data(url)
    try:
        matrix: Matrix = code.get_matrix()
    except (DataOverflowError, ValueError) as error:
        raise _too_long(url) from error
    return _printable(matrix, url)


def certificate_qr_matrix(url: str) -> Matrix:
    """Return the modules of the code of `url` as `qr_matrix` does, of the same size, made by zxing-cpp.

    Which of the eight masks lies over them is each program's choice. Raises as `qr_matrix` does.
    """
    try:
        code = zxingcpp.create_barcode(url, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    except ValueError as error:
        raise _too_long(url) from error
    picture: Any = code.to_image(scale=1, add_quiet_zones=True)
    side = picture.shape[0]
    modules = memoryview(picture).tobytes().translate(_DARK_BELOW)
    rows = [list(map(bool, modules[start : start + side])) for start in range(0, side * side, side)]
    return _printable(rows, url)


def qr_svg(url: str) -> str:
    """Draw the code of `url` as an SVG of one path, black on nothing, one unit a module."""
    return _svg(qr_matrix(url))


def certificate_qr_svg(url: str) -> str:
    """Draw the code of `url` for a certificate, of which there are thousands, in the same way."""
    return _svg(certificate_qr_matrix(url))


def _svg(matrix: Matrix) -> str:
    path = "".join(
        f"M{run.start()} {y}h{len(run[0])}v1h-{len(run[0])}z"
        for y, row in enumerate(matrix)
        for run in _DARK_RUN.finditer(bytes(row))
    )
    side = len(matrix)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path d="{path}"/></svg>'
    )


def _printable(matrix: Matrix, url: str) -> Matrix:
    if PRINTED_MM / len(matrix) < SMALLEST_MODULE_MM:
        raise _too_long(url)
    return matrix


def _too_long(url: str) -> IssuerError:
    return IssuerError(
        "address_too_long",
        f"An address of {len(url)} characters makes a QR code too fine to print. Use a shorter one.",
    )
