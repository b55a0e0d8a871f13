"""Trust, the profile, and the report: what it says, in which words, and what it never shows."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from simulator import Failure, World

from verifier import Check, IssuerTrust, Outcome, TrustEntry, Verdict
from verifier.report import CHECK_IDS, check
from verifier.trust import UnreadList, trust_lists
from verifier.wording import WORDING, wording

HOST = "badges.keystone.example"
OFFICIAL = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"


@pytest.fixture
def world():
    return World()


@pytest.fixture
def issuer(world):
    return world.issuer(HOST)


def test_an_unknown_issuer_is_said_and_does_not_change_the_verdict(world, issuer):
    report = world.verifier().verify(issuer.badge())
    found = report.check("trust")
    assert (report.verdict, report.issuer_trust, found.outcome) == (
        Verdict.valid,
        IssuerTrust.unknown,
        Outcome.warning,
    )
    assert report.trust_entry is None


class Registry:
    """A trust list of another make."""

    def __init__(self, entry):
        self.entry = entry

    def find(self, issuer_id):
        return self.entry if issuer_id == self.entry.issuer_id else None


def test_a_trusted_issuer_comes_from_ids_entries_or_a_list(world, issuer):
    entry = TrustEntry(issuer_id=issuer.did, name="Keystone", country="HR", since=date(2026, 3, 2))
    for trust in ([issuer.did], {issuer.did}, (entry,), Registry(entry)):
        report = world.verifier(trust=trust).verify(issuer.badge())
        assert report.issuer_trust is IssuerTrust.trusted
        assert report.trust_entry.issuer_id == issuer.did
        assert report.check("trust").code == "issuer_listed"
    assert world.verifier(trust=[issuer.did + "x"]).verify(issuer.badge()).issuer_trust is IssuerTrust.unknown


@pytest.mark.parametrize(
    ("of_whom", "outcome", "code"),
    [
        ("this issuer", Outcome.unknown, "trust_list_unread"),
        ("another", Outcome.warning, "issuer_not_listed"),
    ],
)
def test_whom_an_unread_list_may_name_is_neither_listed_nor_unlisted(world, issuer, of_whom, outcome, code):
    trust = UnreadList([issuer.did if of_whom == "this issuer" else issuer.did + "x"])
    report = world.verifier(trust=trust).verify(issuer.badge())
    found = report.check("trust")
    assert (report.issuer_trust, found.outcome, found.code) == (IssuerTrust.unknown, outcome, code)


def test_of_several_lists_the_first_that_knows_an_issuer_counts(world, issuer):
    first = [TrustEntry(issuer_id=issuer.did, name="First", list_name="First list")]
    second = [TrustEntry(issuer_id=issuer.did, name="Second"), TrustEntry(issuer_id="did:web:b.example")]
    for trust in (trust_lists([first, second]), [*first, *second]):
        report = world.verifier(trust=trust).verify(issuer.badge())
        assert report.trust_entry.name == "First"
        assert report.check("trust").code == "issuer_listed_by"
        assert report.check("trust").message == "The issuer is on the trust list “First list”."
    assert (
        world.verifier(trust=trust_lists([second, first])).verify(issuer.badge()).trust_entry.name == "Second"
    )
    assert trust_lists([first, second]).find("did:web:b.example") is not None
    assert trust_lists([]).find(issuer.did) is None


@pytest.mark.parametrize(
    ("days", "trust"),
    [
        ({"since": date(2026, 3, 2)}, IssuerTrust.trusted),
        ({"since": date(2026, 11, 22)}, IssuerTrust.unknown),
        ({"since": date(2026, 3, 2), "until": date(2026, 11, 22)}, IssuerTrust.trusted),
        ({"since": date(2026, 3, 2), "until": date(2026, 11, 21)}, IssuerTrust.unknown),
    ],
)
def test_an_entry_counts_from_its_first_to_its_last_day(world, issuer, days, trust):
    world.now = datetime(2026, 11, 21, 23, 59, tzinfo=UTC)
    issuer.publish_list("revocation")
    entry = TrustEntry(issuer_id=issuer.did, name="Keystone", **days)
    report = world.verifier(trust=[entry]).verify(issuer.badge())
    assert (report.verdict, report.issuer_trust) == (Verdict.valid, trust)
    assert (report.trust_entry is None) is (trust is IssuerTrust.unknown)


def test_a_withdrawn_issuer_is_unknown_and_the_reader_is_told(world, issuer):
    entry = TrustEntry(issuer_id=issuer.did, name="Keystone", until=date(2026, 1, 31), reason="Closed")
    found = world.verifier(trust=[entry]).verify(issuer.badge()).check("trust")
    assert (found.outcome, found.code) == (Outcome.warning, "issuer_no_longer_listed")
    assert found.message == (
        "The issuer was on the trust list as “Keystone” until 31 January 2026 and is no longer on it. Closed."
    )
    # withdrawn on the first list, it is not known by the second
    lists = trust_lists([[entry], [issuer.did]])
    assert world.verifier(trust=lists).verify(issuer.badge()).issuer_trust is IssuerTrust.unknown


def test_a_withdrawn_entry_vouches_for_no_key(world, issuer):
    issuer.did = f"https://{HOST}/issuers/1"
    key = issuer.key.public_key.multikey
    issuer.verification_method = f"{issuer.did}#{key}"
    badge = issuer.badge(credentialStatus=None)
    entry = TrustEntry(issuer_id=issuer.did, name="Keystone", keys=(key,))
    assert world.verifier(trust=[entry]).verify(badge).verdict is Verdict.valid
    gone = replace(entry, until=date(2026, 1, 31))
    assert world.verifier(trust=[gone]).verify(badge).verdict is Verdict.undetermined


def test_the_name_comes_from_the_list_and_not_from_the_badge(world):
    """W10: a badge may carry the name of a well-known university; the key behind it decides who is named."""
    real, fake = world.issuer(HOST), world.issuer("xn--badges-keystne-5ob.example")
    entry = TrustEntry(issuer_id=real.did, name="Keystone, as the list has it")
    verifier = world.verifier(trust=[entry])
    good, bad = verifier.verify(real.badge()), verifier.verify(fake.badge())
    assert good.credential["issuer"]["name"] == bad.credential["issuer"]["name"]
    assert (good.issuer_trust, good.trust_entry.name) == (
        IssuerTrust.trusted,
        "Keystone, as the list has it",
    )
    assert (bad.verdict, bad.issuer_trust, bad.trust_entry) == (Verdict.valid, IssuerTrust.unknown, None)
    assert "xn--badges-keystne-5ob.example" in bad.issuer_id


def test_a_changed_badge_has_no_trusted_issuer(world, issuer):
    forged = issuer.badge().replace(b"Certified Lending", b"Certified Banking")
    report = world.verifier(trust=[issuer.did]).verify(forged)
    assert (report.verdict, report.issuer_trust) == (Verdict.invalid, IssuerTrust.unknown)


def test_a_listed_issuer_whose_keys_are_silent_is_named_but_not_confirmed(world, issuer):
    badge = issuer.badge()
    world.fail(issuer.did_url, Failure.down)
    report = world.verifier(trust=[issuer.did]).verify(badge)
    assert (report.verdict, report.issuer_trust) == (Verdict.undetermined, IssuerTrust.trusted)
    assert report.check("trust").code == "issuer_listed_unconfirmed"


def test_another_badge_is_not_asked_for_the_profile(world, issuer):
    assert world.verifier().verify(issuer.badge()).check("profile").code == "profile_not_used"


def test_a_micro_credential_without_its_elements_warns(world, issuer):
    badge = issuer.credential()
    badge["credentialSubject"]["achievement"]["achievementType"] = "MicroCredential"
    signed = json.dumps(issuer.sign(badge)).encode()
    report = world.verifier().verify(signed)
    found = report.check("profile")
    assert (report.verdict, found.outcome, found.code) == (Verdict.valid, Outcome.warning, "elements_missing")
    assert "the workload" in found.message


@pytest.mark.parametrize(
    ("schema", "outcome"),
    [
        (
            "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json",
            "passed",
        ),
        ("https://schemas.example/badge.json", "warning"),
        ("https://badges.keystone.example/schemas/micro-credential-v1.json", "warning"),
    ],
)
def test_a_schema_is_never_fetched(world, issuer, schema, outcome):
    extended = [*issuer.credential()["@context"], "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"]
    named = [{"id": schema, "type": "1EdTechJsonSchemaValidator2019"}]
    report = world.verifier().verify(issuer.badge(**{"@context": extended, "credentialSchema": named}))
    assert (report.verdict, report.check("schema").outcome) == (Verdict.valid, outcome)
    assert schema not in world.requests


def test_every_report_has_every_check_in_order(world, issuer):
    for data in (issuer.badge(), b"", b"{}", issuer.badge()[:-5]):
        report = world.verifier().verify(data)
        assert tuple(one.id for one in report.checks) == CHECK_IDS
        assert all(one.message and "{" not in one.message for one in report.checks)


def test_the_json_form_has_exactly_its_members(world, issuer):
    form = world.verifier().verify(issuer.badge()).to_json()
    assert list(form) == ["verdict", "issuer_trust", "checks", "credential"]
    assert all(list(one) == ["id", "outcome", "code", "message"] for one in form["checks"])
    assert form["credential"]["credentialSubject"]["name"] == "Marija Šimić Čović"
    assert json.loads(json.dumps(form)) == form
    assert form["verdict"] == "valid"


def test_every_code_has_words_that_accuse_nobody():
    for code, text in WORDING.items():
        assert text.strip() == text, code
        assert text.endswith((".", "}")), code
        assert "!" not in text, code
        assert not {"fake", "tampered", "oops", "please", "verified"} & set(text.lower().split()), code


def test_hostile_values_stay_values():
    found = check("signature", Outcome.unknown, "unsupported_suite", suite="{0.__class__} {x} %s <b>")
    assert found.message == "It is signed in a way that we do not know ({0.__class__} {x} %s <b>)."
    assert isinstance(found, Check)
    with pytest.raises(KeyError):
        wording("no_such_code", {})


def test_a_report_gives_a_check_by_name(world, issuer):
    report = world.verifier().verify(issuer.badge())
    assert report.check("signature").outcome is Outcome.passed
    with pytest.raises(KeyError):
        report.check("nothing")
    assert report.checked_at == world.now
    assert report.issuer_id == issuer.did
