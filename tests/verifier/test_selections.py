"""What a selection does not show is told to be open; in a whole credential it is the issuer's word."""

from datetime import timedelta

import pytest
from editions import older
from simulator import NOW, World, as_bytes, stamp

from keys import SecretKey
from ob3 import add_proof
from ob3.selective import derive
from verifier import Outcome, Verdict
from verifier.report import failed, passed, unknown, warning
from verifier.selections import dates_of_selection, is_selection, status_of_selection

WORLD = World()
ISSUER = WORLD.issuer("badges.keystone.example")
KEY = SecretKey.from_seed(b"\7" * 32, "P-256")
METHOD = ISSUER.publish_key("key-p256", KEY)
UNTIL = stamp(NOW + timedelta(days=300))
SHOWN = ("/id", "/name", "/issuer", "/validFrom", "/credentialSubject")
NOTHING_MANDATORY = ()
SELECTIVE = {"cryptosuite": "ecdsa-sd-2023"}


def whole(**changes):
    return ISSUER.credential(validUntil=UNTIL, **changes)


def selection(*more, credential=None, mandatory=NOTHING_MANDATORY):
    base = add_proof(
        whole() if credential is None else credential,
        signer=KEY.signer(METHOD),
        created="2026-02-02T00:00:00Z",
        cryptosuite="ecdsa-sd-2023",
        mandatory_pointers=mandatory,
    )
    shown = derive(base, selective_pointers=[*SHOWN, *more])
    return {**shown, "proof": [shown["proof"]]}


def told(document):
    report = WORLD.verifier().verify(as_bytes(document))
    assert report.verdict is Verdict.valid
    return report.check("dates").code, report.check("status").code


def test_an_end_and_a_list_that_are_left_out_are_told_to_be_open():
    assert told(selection()) == ("end_not_shown", "status_not_shown")
    report = WORLD.verifier().verify(as_bytes(selection()))
    for name in ("dates", "status"):
        assert report.check(name).outcome is Outcome.warning
    assert report.check("dates").detail["valid_from"] == "2026-02-02T00:00:00Z"


def test_an_end_and_a_list_that_are_shown_are_judged():
    assert told(selection("/validUntil", "/credentialStatus")) == ("in_force", "not_withdrawn")
    assert told(selection("/validUntil")) == ("in_force", "status_not_shown")
    assert told(selection("/credentialStatus")) == ("end_not_shown", "not_withdrawn")


def test_what_an_issuer_leaves_to_us_is_always_shown():
    assert told(selection(mandatory=None)) == ("in_force", "not_withdrawn")


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_a_whole_credential_without_them_has_none(suite):
    signer = ISSUER.key.signer(ISSUER.verification_method)
    bare = ISSUER.credential(credentialStatus=None)
    made = add_proof(bare, signer=signer, created="2026-02-02T00:00:00Z", cryptosuite=suite)
    assert told({**made, "proof": [made["proof"]]}) == ("in_force_without_end", "no_status")


def test_a_list_of_suspensions_alone_does_not_answer_for_revocations():
    """Of two entries a holder may show the one that says nothing against the credential."""
    entries = [ISSUER.entry(7, "suspension"), ISSUER.entry(7)]
    credential = whole(credentialStatus=entries)
    only = {number: selection(f"/credentialStatus/{number}", credential=credential) for number in (0, 1)}
    assert told(only[0])[1] == "status_not_shown"
    assert told(only[1])[1] == "not_withdrawn"


@pytest.mark.parametrize(
    ("purpose", "verdict"), [("revocation", Verdict.revoked), ("suspension", Verdict.suspended)]
)
def test_a_list_that_is_shown_and_says_no_stands(purpose, verdict):
    world = World()
    issuer = world.issuer("badges.keystone.example")
    method = issuer.publish_key("key-p256", KEY)
    credential = issuer.credential(credentialStatus=[issuer.entry(7, purpose)])
    issuer.withdrawn[purpose].add(7)
    issuer.publish_list(purpose)
    base = add_proof(
        credential, signer=KEY.signer(method), created="2026-02-02T00:00:00Z", cryptosuite="ecdsa-sd-2023"
    )
    shown = derive(base, selective_pointers=[*SHOWN, "/credentialStatus"])
    report = world.verifier().verify(as_bytes({**shown, "proof": [shown["proof"]]}))
    assert (report.verdict, report.check("status").code) == (verdict, verdict.value)


def test_a_selection_of_the_older_edition_is_read_by_its_own_names():
    def made(*more):
        credential = older(ISSUER.credential(), expirationDate=UNTIL)
        base = add_proof(
            credential,
            signer=KEY.signer(METHOD),
            created="2026-02-02T00:00:00Z",
            cryptosuite="ecdsa-sd-2023",
            mandatory_pointers=(),
        )
        pointers = ["/id", "/name", "/issuer", "/issuanceDate", "/credentialSubject", *more]
        shown = derive(base, selective_pointers=pointers)
        return {**shown, "proof": [shown["proof"]]}

    assert told(made()) == ("end_not_shown", "status_not_shown")
    assert told(made("/expirationDate", "/credentialStatus")) == ("in_force", "not_withdrawn")


def test_what_is_false_or_open_is_not_softened():
    for dates in (
        failed("dates", "expired", from_day="a", until_day="b"),
        failed("dates", "not_yet_valid", from_day="a"),
        failed("dates", "date_missing", member="validFrom"),
    ):
        assert dates_of_selection(dates, {}, SELECTIVE) is dates
    for status in (
        failed("status", "revoked"),
        failed("status", "status_malformed"),
        unknown("status", "purpose_unknown", purpose="x"),
        warning("status", "status_message", message="x"),
    ):
        assert status_of_selection(status, {}, SELECTIVE) is status


def test_a_selection_ends_by_its_own_word_and_not_by_its_proof():
    """A proof may end later than the credential whose end is hidden."""
    dates = passed("dates", "in_force", from_day="a", until_day="b")
    assert dates_of_selection(dates, {}, SELECTIVE).code == "end_not_shown"
    assert dates_of_selection(dates, {"validUntil": UNTIL}, SELECTIVE) is dates
    assert dates_of_selection(dates, {}, {"cryptosuite": "ecdsa-rdfc-2019"}) is dates


@pytest.mark.parametrize("suite", [None, ["ecdsa-sd-2023"], "ecdsa-rdfc-2019", "eddsa-rdfc-2022"])
def test_only_one_suite_lets_parts_be_left_out(suite):
    assert is_selection({"cryptosuite": "ecdsa-sd-2023"})
    assert not is_selection({"cryptosuite": suite})
