"""The QR code opens the address it was made of, at a size that prints, whichever program makes it.

What `qrcode` makes is read by zxing-cpp, what zxing-cpp makes by a reader of our own (`tests/qr_reading.py`).
"""

import re

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from qr_reading import read_modules

from issuer.errors import IssuerError
from issuer.qr import (
    PRINTED_MM,
    QUIET_MODULES,
    SMALLEST_MODULE_MM,
    certificate_qr_matrix,
    certificate_qr_svg,
    qr_matrix,
    qr_svg,
)

ADDRESS = "https://badges.example.edu.vn/c/9Qm4tXw2LrVbZ7kHsN3yDa"
MAKERS = [qr_matrix, certificate_qr_matrix]


def _picture(matrix, scale=4):
    side = len(matrix)
    image = Image.new("L", (side, side))
    image.putdata([0 if module else 255 for row in matrix for module in row])
    return image.resize((side * scale, side * scale), Image.Resampling.NEAREST)


def _drawn(svg):
    """Read the modules back from the path, which moves and draws runs one module high."""
    side = int(re.search(r'viewBox="0 0 (\d+) ', svg).group(1))
    matrix = [[False] * side for _ in range(side)]
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", svg):
        for column in range(int(x), int(x) + int(width)):
            matrix[int(y)][column] = True
    return matrix


def test_decodes_to_the_address():
    (found,) = zxingcpp.read_barcodes(_picture(qr_matrix(ADDRESS)))
    assert found.text == ADDRESS
    assert found.ec_level == "M"


@pytest.mark.parametrize("make", MAKERS)
def test_decodes_to_the_address_by_a_reader_of_our_own(make):
    assert read_modules(make(ADDRESS), quiet=QUIET_MODULES) == ADDRESS


@pytest.mark.parametrize("make", MAKERS)
def test_one_module_that_is_wrong_is_seen_by_that_reader(make):
    matrix = make(ADDRESS)
    for y, x in ((QUIET_MODULES + 8, QUIET_MODULES + 4), (len(matrix) // 2, len(matrix) // 2 + 2), (0, 0)):
        matrix[y][x] = not matrix[y][x]
        with pytest.raises(AssertionError):
            read_modules(matrix, quiet=QUIET_MODULES)
        matrix[y][x] = not matrix[y][x]
    assert read_modules(matrix, quiet=QUIET_MODULES) == ADDRESS


def test_the_code_of_a_certificate_is_as_large_as_the_other():
    for length in range(20, 181, 10):
        address = ADDRESS.ljust(length, "x")[:length]
        assert len(certificate_qr_matrix(address)) == len(qr_matrix(address))


def test_path_draws_the_matrix():
    assert _drawn(qr_svg(ADDRESS)) == qr_matrix(ADDRESS)
    assert _drawn(certificate_qr_svg(ADDRESS)) == certificate_qr_matrix(ADDRESS)


@pytest.mark.parametrize("draw", [qr_svg, certificate_qr_svg])
def test_is_a_single_svg_path(draw):
    svg = draw(ADDRESS)
    assert svg.startswith('<svg xmlns="http://www.w3.org/2000/svg"')
    assert svg.count("<path") == 1


@pytest.mark.parametrize("make", MAKERS)
def test_quiet_zone_is_four_modules_wide(make):
    matrix = make(ADDRESS)
    edge = range(QUIET_MODULES)
    assert not any(any(matrix[n]) or any(matrix[-1 - n]) for n in edge)
    assert not any(row[n] or row[-1 - n] for row in matrix for n in edge)
    assert matrix[QUIET_MODULES][QUIET_MODULES]


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("length", [30, 50, 66])
def test_modules_stay_at_half_a_millimetre(length, make):
    address = ADDRESS.ljust(length, "x")[:length]
    assert PRINTED_MM / len(make(address)) >= SMALLEST_MODULE_MM


@pytest.mark.parametrize("make", MAKERS)
def test_address_at_the_limit_is_drawn_and_one_beyond_it_is_refused(make):
    longest = "https://a.example/".ljust(180, "x")
    assert PRINTED_MM / len(make(longest)) >= SMALLEST_MODULE_MM
    assert read_modules(make(longest), quiet=QUIET_MODULES) == longest
    for address in (longest + "x", "x" * 5000):
        with pytest.raises(IssuerError) as refused:
            make(address)
        assert refused.value.code == "address_too_long"


@given(st.text("abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789-._~/:", min_size=1, max_size=90))
def test_every_address_decodes_back(path):
    (found,) = zxingcpp.read_barcodes(_picture(qr_matrix(f"https://{path}")))
    assert found.text == f"https://{path}"
    on_certificate = certificate_qr_matrix(f"https://{path}")
    assert read_modules(on_certificate, quiet=QUIET_MODULES) == f"https://{path}"
    (found,) = zxingcpp.read_barcodes(_picture(on_certificate))
    assert (found.text, found.ec_level) == (f"https://{path}", "M")
