"""The QR code opens the address it was made of, at a size that prints."""

import re

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from issuer.errors import IssuerError
from issuer.qr import PRINTED_MM, QUIET_MODULES, SMALLEST_MODULE_MM, qr_matrix, qr_svg

ADDRESS = "https://badges.example.edu.vn/c/9Qm4tXw2LrVbZ7kHsN3yDa"


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


def test_path_draws_the_matrix():
    assert _drawn(qr_svg(ADDRESS)) == qr_matrix(ADDRESS)


def test_is_a_single_svg_path():
    svg = qr_svg(ADDRESS)
    assert svg.startswith('<svg xmlns="http://www.w3.org/2000/svg"')
    assert svg.count("<path") == 1


def test_quiet_zone_is_four_modules_wide():
    matrix = qr_matrix(ADDRESS)
    edge = range(QUIET_MODULES)
    assert not any(any(matrix[n]) or any(matrix[-1 - n]) for n in edge)
    assert not any(row[n] or row[-1 - n] for row in matrix for n in edge)
    assert matrix[QUIET_MODULES][QUIET_MODULES]


@pytest.mark.parametrize("length", [30, 50, 66])
def test_modules_stay_at_half_a_millimetre(length):
    address = ADDRESS.ljust(length, "x")[:length]
    assert PRINTED_MM / len(qr_matrix(address)) >= SMALLEST_MODULE_MM


def test_address_at_the_limit_is_drawn_and_one_beyond_it_is_refused():
    longest = "https://a.example/".ljust(180, "x")
    assert PRINTED_MM / len(qr_matrix(longest)) >= SMALLEST_MODULE_MM
    for address in (longest + "x", "x" * 5000):
        with pytest.raises(IssuerError) as refused:
            qr_svg(address)
        assert refused.value.code == "address_too_long"


@given(st.text("abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789-._~/:", min_size=1, max_size=90))
def test_every_address_decodes_back(path):
    (found,) = zxingcpp.read_barcodes(_picture(qr_matrix(f"https://{path}")))
    assert found.text == f"https://{path}"
