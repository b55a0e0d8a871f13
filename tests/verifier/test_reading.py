"""Reading a file: what is no certificate, what is beyond a limit, and that nothing ever raises."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simulator import Failure, World
from tokens import token

from verifier import Outcome, Verdict, Verifier, VerifierError, reading
from verifier.errors import LimitHit

WORLD = World()
ISSUER = WORLD.issuer("badges.keystone.example")
GOOD = ISSUER.badge()


def verify(data, **options):
    return WORLD.verifier().verify(data, **options)


def first_not_passed(report):
    return next(one for one in report.checks if one.outcome not in (Outcome.passed, Outcome.warning))


@pytest.mark.parametrize(
    ("data", "check_id", "code"),
    [
        (b"", "kind", "no_credential"),
        (b"\xff\xd8\xff\xe0 a photograph", "kind", "no_credential"),
        (b"hello", "kind", "no_credential"),
        (b"\x89PNG\r\n\x1a\n rest", "container", "container_broken"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "container", "no_credential"),
        (b"{", "parse", "json_malformed"),
        (GOOD.replace(b'"name"', b'"name":"other","name"', 1), "parse", "json_malformed"),
        (GOOD.replace(b"2.5", b"NaN"), "parse", "json_malformed"),
        (GOOD.replace(b"2.5", b"9007199254740993"), "parse", "json_malformed"),
        (GOOD.replace("Čović".encode(), b"\xff"), "parse", "json_malformed"),
        (b"[" + GOOD + b"]", "shape", "not_an_object"),
        (b"{}", "shape", "not_a_badge"),
    ],
)
def test_what_cannot_be_read_is_invalid(data, check_id, code):
    report = verify(data)
    found = first_not_passed(report)
    assert (report.verdict, found.id, found.code) == (Verdict.invalid, check_id, code)
    assert report.credential is None


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'{"a":' * 70 + b"1" + b"}" * 70, "limit_depth"),
        (json.dumps({"a": [{}] * 1200}).encode(), "limit_count"),
        (json.dumps({"a": "x" * 1_100_000}).encode(), "limit_size"),
        (b"{" + b" " * 5_300_000 + b"}", "limit_size"),
    ],
)
def test_what_is_beyond_a_limit_is_refused(data, code):
    report = verify(data)
    assert report.verdict is Verdict.refused
    assert first_not_passed(report).code == code


def test_a_token_with_parts_kept_back_is_not_supported():
    report = verify(b"eyJhbGciOiJSUzI1NiJ9.eyJpZCI6ICJ4In0.c2ln~WyJhIl0~")
    assert report.verdict is Verdict.unsupported
    assert report.check("kind").code == "unsupported_kind"


@pytest.mark.parametrize(
    ("header", "verdict", "code"),
    [
        ({"alg": "none", "kid": "k"}, Verdict.invalid, "token_unsigned"),
        ({"alg": "HS256", "kid": "k"}, Verdict.invalid, "token_unsigned"),
        ({"alg": "PS256", "kid": "k"}, Verdict.unsupported, "unsupported_token"),
        ({"alg": "ES256", "kid": "k", "jku": "https://a.example"}, Verdict.invalid, "token_malformed"),
        ({"alg": "ES256", "kid": "k" * 20_000}, Verdict.refused, "limit_size"),
        ({"alg": "ES256", "kid": [[[[[[[[[["k"]]]]]]]]]]}, Verdict.refused, "limit_depth"),
        ({"alg": "ES256", "kid": ["k"] * 300}, Verdict.refused, "limit_count"),
    ],
)
def test_a_token_is_judged_by_its_header_before_anything_else(header, verdict, code):
    report = verify(token(header, {}).encode())
    assert (report.verdict, report.check("parse").code, report.kind) == (verdict, code, "jwt")
    assert report.check("container").outcome is Outcome.passed
    assert verify(ISSUER.token().encode()).verdict is Verdict.valid


def test_the_good_twin_is_valid_and_says_its_kind():
    report = verify(GOOD)
    assert (report.verdict, report.kind) == (Verdict.valid, "json")
    assert verify(GOOD, kind="json").verdict is Verdict.valid
    assert verify(GOOD, kind="png").verdict is Verdict.invalid


@given(st.binary(max_size=200))
def test_no_bytes_make_it_raise(data):
    assert verify(data).verdict in (Verdict.invalid, Verdict.refused, Verdict.unsupported)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
MEMBERS = [
    "@context",
    "id",
    "type",
    "issuer",
    "validFrom",
    "validUntil",
    "awardedDate",
    "credentialSubject",
    "credentialStatus",
    "credentialSchema",
    "relatedResource",
    "refreshService",
    "endorsement",
    "evidence",
    "proof",
]


@given(member=st.sampled_from(MEMBERS), value=VALUES)
@settings(max_examples=200)
def test_no_value_of_any_member_makes_it_raise_or_pass(member, value):
    badge = json.loads(GOOD)
    unchanged = badge.get(member) == value
    badge[member] = value
    verdict = verify(json.dumps(badge).encode()).verdict
    assert unchanged or verdict in (Verdict.invalid, Verdict.unsupported, Verdict.refused)


@given(VALUES)
def test_no_json_makes_it_raise(value):
    assert verify(json.dumps(value).encode()).verdict in (Verdict.invalid, Verdict.refused)


def test_a_typed_address_is_read():
    url = "https://wallet.example/badge.json"
    WORLD.publish(url, GOOD)
    assert WORLD.verifier().verify_url(url).verdict is Verdict.valid


@pytest.mark.parametrize(
    "url",
    [
        "http://wallet.example/badge.json",
        "https://127.0.0.1/",
        "https://localhost/",
        "file:///etc/passwd",
        "x",
        "",
    ],
)
def test_a_typed_address_that_may_not_be_opened_is_refused(url):
    report = WORLD.verifier().verify_url(url)
    assert (report.verdict, report.check("kind").code) == (Verdict.refused, "limit_address")


def test_a_typed_address_with_too_much_behind_it_is_refused():
    url = "https://wallet.example/huge.json"
    WORLD.fail(url, Failure.huge)
    report = WORLD.verifier().verify_url(url)
    assert (report.verdict, report.check("kind").code) == (Verdict.refused, "limit_size")


@pytest.mark.parametrize("failure", [Failure.down, Failure.slow, Failure.missing, Failure.server_error])
def test_a_typed_address_that_does_not_answer_leaves_it_open(failure):
    url = "https://wallet.example/gone.json"
    WORLD.fail(url, failure)
    report = WORLD.verifier().verify_url(url)
    assert (report.verdict, report.check("kind").code) == (Verdict.undetermined, "address_no_answer")


@pytest.mark.parametrize(
    ("code", "verdict", "found"),
    [
        ("unavailable", Verdict.undetermined, "reader_busy"),
        ("time", Verdict.refused, "limit_work"),
        ("output_size", Verdict.refused, "limit_size"),
    ],
)
def test_a_reader_that_was_stopped_is_told_from_one_that_could_not_begin(monkeypatch, code, verdict, found):
    def stopped(*_, **__):
        raise LimitHit(code, "It was stopped.")

    monkeypatch.setattr(reading, "credential_from", stopped)
    report = verify(GOOD)
    assert (report.verdict, report.check("container").code) == (verdict, found)


def test_wrong_use_is_told():
    with pytest.raises(VerifierError):
        verify("text")
    with pytest.raises(VerifierError):
        Verifier(fetcher=None, clock=WORLD.clock, trust="did:web:one.example")
    with pytest.raises(VerifierError):
        Verifier(fetcher=None, clock=lambda: WORLD.now.replace(tzinfo=None)).verify(b"{}")
    for wrong in ({"kind": "application/json"}, {"kind": ""}, {"recipient": 5}):
        with pytest.raises(VerifierError):
            Verifier(fetcher=None, clock=WORLD.clock).verify(b"{}", **wrong)
    assert Verifier(fetcher=None, clock=WORLD.clock).verify(b"{}", kind="json").verdict is Verdict.invalid
