"""Pictures that a stranger signed, by the whole way: the file, the real verifier, the page."""

import base64
import io
import re
from urllib.parse import quote

import pytest
from PIL import Image

GOOD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'


def as_data(picture):
    return "data:image/svg+xml;base64," + base64.b64encode(picture.encode()).decode()


def sent(site, stranger, address):
    return site.upload(stranger.file(achievement={"image": {"id": address, "type": "Image"}}))


def sources(answer):
    return re.findall(r'<img[^>]* src="([^"]*)"', answer.text)


def test_a_picture_in_a_signed_file_is_shown(site, stranger):
    written = io.BytesIO()
    Image.new("RGB", (300, 200), (155, 28, 36)).save(written, "JPEG")
    for address in (
        "data:image/jpeg;base64," + base64.b64encode(written.getvalue()).decode(),
        as_data(GOOD),
        "data:image/svg+xml," + quote(GOOD),
    ):
        answer = sent(site, stranger, address)
        assert answer.word == "Issuer not known to us"
        [source] = sources(answer)
        assert source.startswith("data:image/")
        assert source != address


@pytest.mark.parametrize(
    "address",
    [
        as_data(GOOD.replace("<rect", "<script>alert(1)</script><rect")),
        as_data(GOOD.replace("<rect", '<rect onclick="alert(1)"')),
        as_data(GOOD.replace("<rect", '<image href="https://evil.example/x.png"/><rect')),
        as_data('<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + GOOD),
        as_data(GOOD.replace("<rect", '<style>@import "https://evil.example/x.css"</style><rect')),
        "https://evil.example/pixel.png",
    ],
    ids=["script", "event", "loads", "entity", "style", "address"],
)
def test_a_harmful_one_is_left_out_and_the_answer_stays(site, stranger, address):
    before = list(site.outside.asked)
    answer = sent(site, stranger, address)
    assert answer.word == "Issuer not known to us"
    assert "signature: signature_fits" in answer.codes
    assert sources(answer) == []
    assert "evil.example" not in answer.text
    assert site.outside.asked == before
    assert sources(sent(site, stranger, as_data(GOOD)))


def test_a_bomb_costs_little_and_its_twin_is_shown(site, stranger):
    for side, shown in ((7000, 0), (1500, 1)):  # 49 million pixels in 60 kB
        written = io.BytesIO()
        Image.new("L", (side, side)).save(written, "PNG", optimize=True)
        answer = sent(
            site, stranger, "data:image/png;base64," + base64.b64encode(written.getvalue()).decode()
        )
        assert len(sources(answer)) == shown
        assert answer.seconds < 10
