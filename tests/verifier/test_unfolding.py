"""Learner records: verified themselves, and every credential inside them by all rules."""

import copy
import json

import pytest
from editions import BITSTRING_STATUS, DATA_INTEGRITY, OB_3_0_1, older
from foreign_badge import Stranger
from simulator import OB3, VC2, Failure, World, as_bytes
from wrappers import CLR, learner_record

from microcredential import context, context_digest
from ob3.contexts import VC1
from ob3.jws import credential_jwt
from verifier import IssuerTrust, Outcome, Verdict


@pytest.fixture
def world():
    return World()


@pytest.fixture
def university(world):
    return world.issuer("badges.keystone.example")


@pytest.fixture
def registrar(world):
    return world.issuer("records.example", name="Registrar")


def badge(issuer, number=1, **changes):
    ids = {"id": f"urn:uuid:3d5f1c2e-8a55-4b7f-9c1b-6f0d2a1e4b{number:02d}"}
    return issuer.sign(issuer.credential(**ids, credentialStatus=issuer.entry(400 + number), **changes))


def record(registrar, credentials, **changes):
    return as_bytes(registrar.sign(learner_record(registrar, credentials, **changes)))


def verdicts(report):
    return [report.verdict, *(one.verdict for one in report.within)]


def test_a_record_of_several_good_badges_is_good(world, registrar, university):
    inside = [badge(university, number) for number in (1, 2, 3)]
    report = world.verifier(trust=[registrar.did, university.did]).verify(record(registrar, inside))
    assert verdicts(report) == [Verdict.valid] * 4
    assert report.check("within").code == "within_good"
    assert report.credential["type"] == ["VerifiableCredential", "ClrCredential"]
    assert report.issuer_trust is IssuerTrust.trusted
    assert [one.credential["id"] for one in report.within] == [one["id"] for one in inside]
    assert [one["verdict"] for one in report.to_json()["within"]] == ["valid"] * 3


def test_one_issuer_that_nobody_knows_is_said(world, registrar, university):
    inside = [badge(university), badge(world.issuer("stranger.example"), 2)]
    report = world.verifier(trust=[registrar.did, university.did]).verify(record(registrar, inside))
    assert report.verdict is Verdict.valid
    assert report.issuer_trust is IssuerTrust.unknown
    assert [one.issuer_trust for one in report.within] == [IssuerTrust.trusted, IssuerTrust.unknown]
    assert report.check("trust").code == "issuer_not_listed"


def test_with_exactly_one_badge_the_report_is_about_that_badge(world, registrar, university):
    inside = badge(university)
    report = world.verifier(trust=[registrar.did]).verify(record(registrar, [inside]))
    assert report.verdict is Verdict.valid
    assert report.credential == {name: value for name, value in inside.items() if name != "proof"}
    # the registrar is known, the university is not: a known wrapper lends its name to nobody
    assert (report.issuer_id, report.issuer_trust) == (university.did, IssuerTrust.unknown)
    assert report.check("trust").code == "issuer_not_listed"
    assert report.status_detail["list"] == university.list_url("revocation")


def changed(document):
    forged = copy.deepcopy(document)
    forged["credentialSubject"]["achievement"]["name"] = "Doctor of Everything"
    return forged


@pytest.mark.parametrize("beside", [0, 2])
def test_a_false_badge_makes_the_record_false(world, registrar, university, beside):
    good = [badge(university, number) for number in range(2, 2 + beside)]
    report = world.verifier().verify(record(registrar, [*good, changed(badge(university))]))
    assert verdicts(report) == [Verdict.invalid, *[Verdict.valid] * beside, Verdict.invalid]
    assert report.credential is None
    assert report.check("within").outcome is Outcome.failed
    twin = world.verifier().verify(record(registrar, [*good, badge(university)]))
    assert twin.verdict is Verdict.valid


def test_a_badge_that_was_changed_with_its_record_is_found(world, registrar, university):
    signed = json.loads(record(registrar, [badge(university), badge(university, 2)]))
    signed["credentialSubject"]["verifiableCredential"][1] = changed(badge(university, 2))
    report = world.verifier().verify(as_bytes(signed))
    assert verdicts(report) == [Verdict.invalid, Verdict.valid, Verdict.invalid]
    assert report.check("signature").outcome is Outcome.failed


def test_a_record_whose_own_signature_does_not_fit_is_false_whatever_is_inside(world, registrar, university):
    signed = json.loads(record(registrar, [badge(university)]))
    signed["name"] = "Another"
    report = world.verifier().verify(as_bytes(signed))
    assert verdicts(report) == [Verdict.invalid, Verdict.valid]
    assert report.credential is None


def test_what_the_record_leaves_out_is_not_said_by_its_registrar(world, registrar, university):
    unsigned = {name: value for name, value in badge(university).items() if name != "proof"}
    report = world.verifier().verify(record(registrar, [unsigned]))
    assert report.verdict is Verdict.invalid
    assert report.within[0].check("signature").code == "no_proof"


def test_each_badge_has_its_own_status_and_dates(world, registrar, university):
    inside = [
        badge(university),
        badge(university, 2),
        badge(university, 3, validUntil="2026-06-01T00:00:00Z"),
    ]
    file = record(registrar, inside)
    assert verdicts(world.verifier().verify(file))[0] is Verdict.expired
    university.withdraw(402)
    report = world.verifier().verify(file)
    assert verdicts(report) == [Verdict.revoked, Verdict.valid, Verdict.revoked, Verdict.expired]
    assert report.check("status").code == "revoked"
    assert report.check("dates").code == "expired"
    world.fail(university.list_url("revocation"), Failure.down)
    report = world.verifier().verify(file)
    assert (report.verdict, report.check("within").outcome) == (Verdict.undetermined, Outcome.unknown)


def test_the_record_has_its_own_status_and_dates(world, registrar, university):
    file = record(registrar, [badge(university)])
    registrar.withdraw(77)
    report = world.verifier(trust=[registrar.did]).verify(file)
    assert verdicts(report) == [Verdict.revoked, Verdict.valid]
    # the registrar withdrew its record, and no university its badge: the report is about the record
    assert (report.issuer_id, report.issuer_trust) == (registrar.did, IssuerTrust.trusted)
    assert report.credential["type"] == ["VerifiableCredential", "ClrCredential"]
    assert report.status_detail["list"] == registrar.list_url("revocation")
    lapsed = record(registrar, [badge(university)], credentialStatus=None, validUntil="2026-06-01T00:00:00Z")
    assert verdicts(world.verifier().verify(lapsed)) == [Verdict.expired, Verdict.valid]


def test_what_is_said_of_the_badge_inside_is_not_said_of_the_record(world, registrar, university):
    file = record(registrar, [badge(university)])
    university.withdraw(401)
    report = world.verifier(trust=[registrar.did]).verify(file)
    assert verdicts(report) == [Verdict.revoked, Verdict.revoked]
    assert (report.issuer_id, report.issuer_trust) == (university.did, IssuerTrust.unknown)
    assert report.status_detail["list"] == university.list_url("revocation")


def test_all_share_one_budget_of_fetches(world, registrar, university):
    others = [world.issuer(f"issuer{number}.example") for number in range(8)]
    file = record(registrar, [badge(one, number) for number, one in enumerate(others)])
    report = world.verifier().verify(file)
    assert len(world.requests) <= 12
    assert report.verdict is Verdict.undetermined
    assert Verdict.valid in verdicts(report)
    few = record(registrar, [badge(university, number) for number in range(8)])
    assert world.verifier().verify(few).verdict is Verdict.valid


def test_at_most_twenty_are_read(world, registrar, university):
    one = badge(university)
    inside = [{**one} for _ in range(20)]
    assert world.verifier().verify(record(registrar, inside)).verdict is Verdict.valid
    report = world.verifier().verify(record(registrar, [*inside, one]))
    assert (report.verdict, report.check("within").code) == (Verdict.refused, "limit_count")
    assert report.within == ()
    assert report.credential is None


def test_a_record_in_a_record_counts_together(world, registrar, university):
    inside = [badge(university) for _ in range(10)]
    inner = registrar.sign(
        learner_record(registrar, inside, id="urn:uuid:1b1e7d2a-51c0-4f6b-9d0e-2f6c1a7e9a01")
    )
    report = world.verifier().verify(record(registrar, [inner]))
    assert report.verdict is Verdict.valid
    assert [one.verdict for one in report.within[0].within] == [Verdict.valid] * 10
    report = world.verifier().verify(record(registrar, [inner, inner]))
    assert report.verdict is Verdict.refused


def test_a_badge_may_stand_inside_as_a_token(world, registrar, university):
    signer = university.key.signer(university.verification_method)
    text = credential_jwt(university.credential(), signer=signer)
    report = world.verifier().verify(record(registrar, [text, badge(university)]))
    assert verdicts(report) == [Verdict.valid] * 3
    header, payload, signature = text.split(".")
    for spoiled in (
        f"{header}.{payload}.{signature[:-6]}AAAAAA",
        f"{header}.{payload}",
        "Passed.",
        " " + text,
    ):
        report = world.verifier().verify(record(registrar, [spoiled, badge(university)]))
        assert verdicts(report) == [Verdict.invalid, Verdict.invalid, Verdict.valid]


def test_associations_and_achievements_belong_to_the_record(world, registrar, university):
    subject = learner_record(registrar, [badge(university)])["credentialSubject"]
    achievement = {
        "id": "urn:uuid:a7467ef6-56cb-41ec-bf63-0242ac130002",
        "type": ["Achievement"],
        "name": "Part",
        "description": "A part.",
        "criteria": {"narrative": "Pass."},
    }
    link = {
        "type": "Association",
        "associationType": "isParentOf",
        "sourceId": badge(university)["credentialSubject"]["achievement"]["id"],
        "targetId": achievement["id"],
    }
    good = {**subject, "achievement": [achievement], "association": [link]}
    assert world.verifier().verify(record(registrar, [], credentialSubject=good)).verdict is Verdict.valid
    lone = {name: value for name, value in link.items() if name != "targetId"}
    report = world.verifier().verify(record(registrar, [], credentialSubject={**good, "association": [lone]}))
    assert (report.verdict, report.check("schema").code) == (Verdict.invalid, "schema_misfit")


@pytest.mark.parametrize("members", [{"verifiableCredential": None}, {"verifiableCredential": []}])
def test_a_record_of_nothing_is_false(world, registrar, members):
    subject = {**learner_record(registrar, [])["credentialSubject"], **members}
    subject = {name: value for name, value in subject.items() if value is not None}
    report = world.verifier().verify(record(registrar, [], credentialSubject=subject))
    assert report.verdict is Verdict.invalid


def test_a_record_that_calls_itself_a_badge_is_neither(world, registrar, university):
    kinds = ["VerifiableCredential", "ClrCredential", "OpenBadgeCredential"]
    report = world.verifier().verify(record(registrar, [badge(university)], type=kinds))
    assert (report.verdict, report.check("shape").code) == (Verdict.invalid, "not_a_badge")


def test_the_older_edition_of_a_record_is_read(world, registrar, university):
    inside = university.sign(older(university.credential()))
    made = older(learner_record(registrar, [inside]))
    made["@context"] = [VC1, CLR, OB_3_0_1, DATA_INTEGRITY, BITSTRING_STATUS]
    report = world.verifier().verify(as_bytes(registrar.sign(made)))
    assert verdicts(report) == [Verdict.valid, Verdict.valid]
    assert report.check("context").code == "older_context"


OWN_ADDRESS = "https://own.example/contexts/micro-credential-v1.json"


def test_a_record_of_micro_credentials_with_their_own_context_is_read(world, registrar, university):
    stranger, own = Stranger(), {OWN_ADDRESS: context()}
    named = {"id": OWN_ADDRESS, "digestMultibase": context_digest(), "mediaType": "application/ld+json"}
    unsigned = stranger.badge(**{"@context": [VC2, OB3, OWN_ADDRESS], "relatedResource": [named]})
    micro_credential = stranger.sign(unsigned, extra_contexts=own)
    made = learner_record(registrar, [micro_credential, badge(university)])
    report = world.verifier().verify(as_bytes(registrar.sign(made, extra_contexts=own)))
    assert verdicts(report) == [Verdict.valid] * 3
    assert report.within[0].check("context").outcome is Outcome.passed
