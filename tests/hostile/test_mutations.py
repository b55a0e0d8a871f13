"""Any bytes and any structure near a real credential, by every door: an answer in time, and never good."""

import copy
import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

SHARED = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
NEVER_GOOD = {"Not valid", "Refused", "Could not be checked"}
CUTS = st.tuples(st.integers(0, 2**16), st.integers(0, 40), st.binary(max_size=40))


def cut(content, cuts):
    """Take pieces out of a file and put others in their place."""
    for place, length, piece in cuts:
        start = place % (len(content) + 1)
        content = content[:start] + piece + content[start + length :]
    return content


def same_value(content, good):
    """Tell whether the bytes still are the same JSON, read as Python reads it."""
    try:
        return json.loads(content) == json.loads(good)
    except ValueError:
        return False


@given(cuts=st.lists(CUTS, min_size=1, max_size=4))
@SHARED
def test_any_damage_to_the_bytes(site, good, cuts):
    content = cut(good, cuts)
    for answer in (site.upload(content), site.paste(content)):
        assert answer.status in (200, 422)
        assert answer.status == 422 or answer.word in NEVER_GOOD or same_value(content, good)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just("x" * 3_000),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
NAMES = [
    "@context",
    "@id",
    "@type",
    "id",
    "type",
    "proof",
    "issuer",
    "credentialStatus",
    "endorsement",
    "credentialSubject",
]


@given(data=st.data(), name=st.sampled_from(NAMES) | st.text(max_size=10), value=JSON)
@SHARED
def test_any_member_anywhere(site, document, data, name, value):
    copied = copy.deepcopy(document)
    part = copied
    for _ in range(data.draw(st.integers(0, 5))):
        inner = list(part.values()) if isinstance(part, dict) else part
        inside = [each for each in inner if isinstance(each, dict | list) and each]
        if not inside:
            break
        part = data.draw(st.sampled_from(inside))
    if isinstance(part, dict):
        part[name] = value
    else:
        part.append(value)
    content = json.dumps(copied).encode()
    answer = site.upload(content)
    harmless = value in (None, [], {}) or copied == document
    assert answer.status == 200
    assert answer.word in NEVER_GOOD or harmless or _says_nothing(value)


def _says_nothing(value):
    """Tell whether a value adds no statement: only lists without anything in them."""
    return isinstance(value, list) and all(each is None or _says_nothing(each) for each in value)


@given(
    content=st.binary(max_size=300),
    head=st.sampled_from([b"", b"{", b"\x89PNG\r\n\x1a\n", b"%PDF-1.7\n", b"<svg ", b"eyJ"]),
)
@SHARED
def test_any_bytes_behind_any_beginning(site, content, head):
    for answer in (site.upload(head + content), site.open_address(head + content)):
        assert answer.status == 200
        assert answer.word in NEVER_GOOD
