"""Texts that are no JSON, or JSON that two readers read differently, by every door (J7 to J9)."""

import json

import pytest

CREDITS = b'"creditsEarned":3'
NAME = b'"name"'


def member(raw):
    """Give the text with one more member in front."""
    return lambda good: good.replace(b"{", b'{"x":' + raw + b",", 1)


def instead(old, new):
    def spoil(good):
        assert old in good
        return good.replace(old, new, 1)

    return spoil


MALFORMED = {
    "a member twice": instead(NAME, b'"name":"other",' + NAME),
    "a member twice, deep": instead(CREDITS, b'"creditsEarned":30,' + CREDITS),
    "a member twice, one escaped": instead(CREDITS, rb'"creditsEarned":30,"creditsEarne\u0064":3'),
    "NaN": instead(CREDITS, b'"creditsEarned":NaN'),
    "Infinity": instead(CREDITS, b'"creditsEarned":Infinity'),
    "-Infinity": instead(CREDITS, b'"creditsEarned":-Infinity'),
    "1e400": instead(CREDITS, b'"creditsEarned":1e400'),
    "2^53 + 1": instead(CREDITS, b'"creditsEarned":9007199254740993'),
    "29 digits": instead(CREDITS, b'"creditsEarned":' + b"1" * 29),
    "400,000 digits": instead(CREDITS, b'"creditsEarned":' + b"1" * 400_000),
    "a zero in front": instead(CREDITS, b'"creditsEarned":03'),
    "UTF-16 with a mark": lambda good: good.decode().encode("utf-16"),
    "UTF-16, big end first": lambda good: good.decode().encode("utf-16-be"),
    "UTF-32": lambda good: good.decode().encode("utf-32"),
    "a byte order mark": lambda good: b"\xef\xbb\xbf" + good,
    "an overlong form": instead(b'"term":"spring"', b'"term":"spr\xc0\xa9ng"'),
    "Latin-1": instead(b'"term":"spring"', b'"term":"printemps \xe9"'),
    "half a pair in UTF-8": instead(b'"term":"spring"', b'"term":"\xed\xa0\x80"'),
    "half a pair, escaped": instead(b'"term":"spring"', rb'"term":"\ud800"'),
    "two halves in the wrong order": instead(b'"term":"spring"', rb'"term":"\udc00\ud800"'),
    "half a pair in a name": member(rb'{"\ud800":1}'),
    "NUL, escaped": instead(b'"term":"spring"', rb'"term":"\u0000"'),
    "NUL": instead(b'"term":"spring"', b'"term":"\x00"'),
    "NUL at the end": lambda good: good + b"\x00",
    "two documents": lambda good: good + b"\n" + good,
    "a comma at the end": lambda good: good[:-1] + b",}",
    "a comment": instead(b"{", b"{/* */"),
    "single quotes": lambda good: good.replace(b'"', b"'"),
    "a text without end": lambda good: b'{"a":"' + b'\\"' * 200_000,
    "half of it": lambda good: good[: len(good) // 2],
}
LIMITS = {
    "lists in lists": (member(b"[" * 100 + b"]" * 100), "depth"),
    "objects in objects": (member(b'{"a":' * 100 + b"1" + b"}" * 100), "depth"),
    "100,000 objects that never end": (lambda good: b'{"a":' * 100_000, "depth"),
    "20,000 values": (member(b"[" + b"1," * 20_000 + b"1]"), "count"),
    "20,000 members": (member(b"{" + b",".join(b'"k%d":1' % n for n in range(20_001)) + b"}"), "count"),
    "1,001 objects": (member(b"[" + b"{}," * 1_000 + b"{}]"), "count"),
}
NOTHING = {
    "nothing": b"",
    "spaces": b" \r\n\t ",
    "null": b"null",
    "a number": b"1",
    "a word": b"hello",
    "a text": b'"x"',
    "a million quotes": b'"' * 400_000,
}
TWINS = {
    "as issued": lambda good: good,
    "spread over lines": lambda good: json.dumps(json.loads(good), indent=2).encode(),
    "escaped throughout": lambda good: json.dumps(json.loads(good), ensure_ascii=True).encode(),
    "members in another order": lambda good: json.dumps(dict(reversed(json.loads(good).items()))).encode(),
    "the same number": instead(CREDITS, b'"creditsEarned":30e-1'),
    "400,000 spaces": lambda good: good + b" " * 400_000,
}


@pytest.mark.parametrize("name", TWINS)
def test_the_accepted_twins_are_good_by_every_door(site, good, name):
    text = TWINS[name](good)
    for answer in (site.upload(text), site.paste(text), site.open_address(text)):
        assert (answer.status, answer.word) == (200, "Good")


@pytest.mark.parametrize("name", MALFORMED)
def test_a_text_with_two_readings_is_not_valid(site, good, name):
    text = MALFORMED[name](good)
    for answer in (site.upload(text), site.open_address(text)):
        assert (answer.status, answer.word) == (200, "Not valid")
        assert answer.codes & {"parse: json_malformed", "kind: no_credential"}


@pytest.mark.parametrize("name", MALFORMED)
def test_pasting_it_never_makes_it_good(site, good, name):
    """A form is read as UTF-8 before anything else, so what is no UTF-8 arrives with marks of replacement."""
    answer = site.paste(MALFORMED[name](good))
    assert answer.status in (200, 422)
    assert answer.status == 422 or answer.word == "Not valid"


@pytest.mark.parametrize("name", LIMITS)
def test_a_text_beyond_a_limit_is_refused(site, good, name):
    spoil, limit = LIMITS[name]
    text = spoil(good)
    answers = [site.upload(text), site.open_address(text)]
    if text.startswith(b"{"):
        answers.append(site.paste(text))
    for answer in answers:
        assert (answer.status, answer.word) == (200, "Refused")
        assert f"parse: limit_{limit}" in answer.codes


def test_size_is_a_limit_wherever_it_comes_from(site, good):
    assert "parse: limit_size" in site.upload(good + b" " * 2**20).codes
    fetched = site.open_address(good + b" " * 600_000)
    assert fetched.word == "Refused"
    assert any(code.startswith("kind: limit_") for code in fetched.codes)
    assert site.upload(good + b" " * 5 * 2**20).status == 422
    assert site.paste(b"{" + b" " * 1_600_000).status == 413
    assert site.upload(good + b" " * 6 * 2**20).status == 413


@pytest.mark.parametrize("name", NOTHING)
def test_what_holds_no_credential_says_so(site, name):
    for answer in (site.upload(NOTHING[name]), site.open_address(NOTHING[name])):
        assert (answer.status, answer.word) == (200, "Not valid")
        assert "kind: no_credential" in answer.codes
    assert site.paste(NOTHING[name]).status == 422


@pytest.mark.parametrize(
    "text", [b"{}", b"[]", b"[{}]", b'{"@context":[]}', b'{"type":"VerifiableCredential"}']
)
def test_json_without_a_badge_is_not_valid(site, text):
    for answer in (site.upload(text), site.open_address(text)):
        assert (answer.status, answer.word) == (200, "Not valid")
        assert any(code.startswith("shape: ") for code in answer.codes)
