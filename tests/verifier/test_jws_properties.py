"""Whatever stands in a token, the verifier answers, and what it shows is what was signed (P11)."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st
from simulator import World
from tokens import b64, parts_of, token

from verifier import Outcome, Verdict

WORLD = World()
ISSUER = WORLD.issuer("properties.keystone.example")
TOKEN = ISSUER.token()
HEADER, PAYLOAD = parts_of(TOKEN)
CLAIMS = ("iss", "sub", "jti", "nbf", "exp", "iat", "aud")
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc@é", max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)
NAMES = st.sampled_from([*CLAIMS, "vc", *ISSUER.credential(), "proof", "endorsementJwt", "@graph", "x"])
KEPT = (Verdict.valid, Verdict.expired, Verdict.not_yet_valid, Verdict.revoked, Verdict.undetermined)


def verify(text):
    return WORLD.verifier().verify(text.encode())


@given(NAMES, JSON)
@settings(max_examples=150)
def test_what_is_shown_is_what_the_issuer_signed(name, value):
    payload = {**PAYLOAD, name: value}
    report = verify(token(HEADER, payload, ISSUER.key))
    if report.credential is None:
        assert report.verdict is not Verdict.valid
        return
    assert report.verdict in KEPT
    assert report.credential == {key: one for key, one in payload.items() if key not in (*CLAIMS, "proof")}


@given(NAMES, JSON)
def test_nobody_else_changes_a_word(name, value):
    head, _, signature = TOKEN.split(".")
    changed = json.dumps({**PAYLOAD, name: value}, separators=(",", ":"), ensure_ascii=False)
    report = verify(f"{head}.{b64(changed)}.{signature}")
    assert (
        report.verdict in (Verdict.invalid, Verdict.unsupported, Verdict.refused)
        or f".{b64(changed)}." in TOKEN
    )
    assert report.verdict is Verdict.valid or report.credential is None


@given(st.dictionaries(st.sampled_from(["alg", "kid", "jwk", "typ", "crit", "jku"]), JSON, max_size=3))
def test_no_header_makes_it_raise(changes):
    report = verify(token({**HEADER, **changes}, PAYLOAD, ISSUER.key))
    assert (report.verdict is Verdict.valid) == (report.credential is not None)


@given(st.text("eyw.-_AZ09=~\"' \n", max_size=60))
def test_no_text_like_a_token_makes_it_raise(text):
    report = verify(f"ey{text}")
    assert report.verdict in (Verdict.invalid, Verdict.unsupported)
    assert report.check("signature").outcome is Outcome.skipped
