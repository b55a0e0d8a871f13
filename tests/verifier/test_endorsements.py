"""Endorsements inside a badge: verified with all rules, and never passed over in silence (P10)."""

import copy
import json

import pytest
from editions import older
from simulator import OB3, VC2, Failure, World, as_bytes

from ob3 import Ob3Error
from ob3.jws import credential_jwt
from verifier import IssuerTrust, Outcome, Verdict
from verifier.endorsements import check_endorsements
from verifier.report import Endorsement
from verifier.speaking_for import speaks_for

HOST = "badges.keystone.example"
ACHIEVEMENT = f"https://{HOST}/achievements/lending"


@pytest.fixture
def world():
    return World()


@pytest.fixture
def issuer(world):
    return world.issuer(HOST)


@pytest.fixture
def endorser(world):
    return world.issuer("quality.example", name="Quality Agency")


def endorsed(issuer, endorsement, place="achievement"):
    badge = issuer.credential()
    holder = {
        "achievement": badge["credentialSubject"]["achievement"],
        "issuer": badge["issuer"],
        "credential": badge,
    }[place]
    holder["endorsement"] = endorsement if isinstance(endorsement, list) else [endorsement]
    return as_bytes(issuer.sign(badge))


def verify(world, badge):
    report = world.verifier().verify(badge)
    return report, report.check("endorsements")


@pytest.mark.parametrize("place", ["achievement", "issuer", "credential"])
def test_a_good_endorsement_passes_wherever_it_stands(world, issuer, endorser, place):
    about = {"achievement": ACHIEVEMENT, "issuer": issuer.did, "credential": issuer.credential()["id"]}[place]
    report, found = verify(world, endorsed(issuer, endorser.endorsement(about), place))
    assert (report.verdict, found.code) == (Verdict.valid, "endorsements_good")


def test_a_badge_without_any_is_not_asked(world, issuer):
    assert verify(world, issuer.badge())[1].outcome is Outcome.skipped


def forged(endorser, **members):
    endorsement = endorser.endorsement(ACHIEVEMENT)
    endorsement["credentialSubject"] |= {"endorsementComment": "The best in the world."}
    return {**endorsement, **members}


FALSE = {
    "changed": forged,
    "unsigned": lambda endorser: {n: v for n, v in endorser.endorsement(ACHIEVEMENT).items() if n != "proof"},
    "somebody else's key": lambda endorser: {
        **endorser.endorsement(ACHIEVEMENT),
        "issuer": {"id": "did:web:ministry.example", "type": ["Profile"], "name": "Ministry"},
    },
}


@pytest.mark.parametrize("place", ["achievement", "issuer"])
@pytest.mark.parametrize("fault", FALSE)
def test_a_false_endorsement_makes_the_badge_invalid(world, issuer, endorser, fault, place):
    report, found = verify(world, endorsed(issuer, FALSE[fault](endorser), place))
    assert report.verdict is Verdict.invalid
    assert Outcome.failed in (found.outcome, report.check("schema").outcome, report.check("shape").outcome)
    assert report.credential is None


def test_one_false_endorsement_among_good_ones_is_enough(world, issuer, endorser):
    good = endorser.endorsement(ACHIEVEMENT)
    assert verify(world, endorsed(issuer, [good, forged(endorser)]))[0].verdict is Verdict.invalid


def test_a_badge_in_the_place_of_an_endorsement_is_false(world, issuer, endorser):
    report, _ = verify(world, endorsed(issuer, json.loads(endorser.badge())))
    assert report.verdict is Verdict.invalid


def test_only_an_endorsement_counts_as_one(issuer, endorser):
    def judged(one):
        good = Endorsement(verdict=Verdict.valid, issuer_id=None, about=None)
        return check_endorsements({"endorsement": [one]}, examine=lambda *_: good, most=8).check

    assert judged(json.loads(endorser.badge())).code == "endorsement_false"
    assert judged(endorser.endorsement(ACHIEVEMENT)).outcome is Outcome.warning


@pytest.mark.parametrize(
    "members", [{"endorsement": ["urn:x:y"]}, {"endorsementJwt": [{}]}, {"endorsement": [[]]}]
)
def test_what_is_no_endorsement_at_all_leaves_it_open(members):
    assert check_endorsements(members, examine=lambda *_: None, most=8).check.code == "endorsement_not_read"


@pytest.mark.parametrize("failure", [Failure.down, Failure.missing, Failure.private_address])
def test_an_endorser_who_does_not_answer_leaves_it_open(world, issuer, endorser, failure):
    badge = endorsed(issuer, endorser.endorsement(ACHIEVEMENT))
    world.fail(endorser.did_url, failure)
    report, found = verify(world, badge)
    assert (report.verdict, found.outcome) == (Verdict.undetermined, Outcome.unknown)


def test_an_endorsement_that_was_withdrawn_or_has_lapsed_warns(world, issuer, endorser):
    lapsed = endorser.endorsement(ACHIEVEMENT, validUntil="2026-06-01T00:00:00Z")
    withdrawn = endorser.endorsement(ACHIEVEMENT, credentialStatus=endorser.entry(7))
    assert verify(world, endorsed(issuer, withdrawn))[1].code == "endorsements_good"
    endorser.withdraw(7)
    for one in (lapsed, withdrawn):
        report, found = verify(world, endorsed(issuer, one))
        assert (report.verdict, found.code) == (Verdict.valid, "endorsement_lapsed")


def test_praise_of_something_else_warns(world, issuer, endorser):
    report, found = verify(world, endorsed(issuer, endorser.endorsement("https://elsewhere.example/1")))
    assert (report.verdict, found.code) == (Verdict.valid, "endorsement_elsewhere")


def test_praise_of_a_course_of_another_does_not_count_for_whoever_names_it(world, issuer, endorser):
    praise = endorser.endorsement(ACHIEVEMENT)
    borrower = world.issuer("borrower.example")
    badge = borrower.credential()
    badge["credentialSubject"]["achievement"] |= {"id": ACHIEVEMENT, "endorsement": [praise]}
    report, found = verify(world, as_bytes(borrower.sign(badge)))
    assert (report.verdict, found.code) == (Verdict.valid, "endorsement_not_own")
    assert [one["counts"] for one in report.to_json()["endorsements"]] == [False]
    report, found = verify(world, endorsed(issuer, praise))
    assert (found.code, report.endorsements[0].counts) == ("endorsements_good", True)
    badge["endorsement"] = badge["credentialSubject"]["achievement"].pop("endorsement")  # wherever it stands
    assert verify(world, as_bytes(borrower.sign(badge)))[1].code == "endorsement_not_own"


def test_praise_of_a_body_that_a_badge_names_does_not_count_for_its_issuer(world, issuer, endorser):
    def named(creator):
        badge = issuer.credential()
        creator = {"id": creator, "type": ["Profile"], "endorsement": [endorser.endorsement(creator)]}
        badge["credentialSubject"]["achievement"]["creator"] = creator
        return as_bytes(issuer.sign(badge))

    assert verify(world, named("did:web:famous.example"))[1].code == "endorsement_not_own"
    assert verify(world, named(issuer.did))[1].code == "endorsements_good"


def test_a_course_without_an_address_is_nobodys_in_particular(world, issuer, endorser):
    badge = issuer.credential()
    urn = "urn:uuid:4e8a1a0e-6c5a-4b0d-a2a0-6f3b8a0f6d11"
    badge["credentialSubject"]["achievement"] |= {"id": urn, "endorsement": [endorser.endorsement(urn)]}
    report, found = verify(world, as_bytes(issuer.sign(badge)))
    assert (report.verdict, found.code) == (Verdict.valid, "endorsement_not_own")


@pytest.mark.parametrize(
    ("issuer_id", "address", "own"),
    [
        ("did:web:badges.example.edu", "https://badges.example.edu/achievements/1", True),
        ("did:web:badges.example.edu:institutions:uef", "https://Badges.example.edu/a", True),
        ("did:web:badges.example.edu%3A8443", "https://badges.example.edu:8443/a", True),
        ("https://example.edu/issuers/1", "https://example.edu/a", True),
        ("did:web:badges.example.edu", "https://badges.example.edu:8443/a", False),
        ("did:web:badges.example.edu", "http://badges.example.edu/a", False),
        ("did:web:badges.example.edu", "https://badges.example.edu@evil.example/a", False),
        ("did:web:example.edu", "https://badges.example.edu/a", False),
        ("https://example.edu/issuers/1", "https://example.org/a", False),
        ("http://example.edu/issuers/1", "http://example.edu/a", False),
        ("did:key:z6Mk", "https://example.edu/a", False),
        ("did:key:z6Mk", "urn:uuid:1", False),
        ("did:web:", "https:///a", False),
        ("https://[half", "https://example.edu/a", False),
        ("did:web:badges.example.edu", "https://[half", False),
    ],
)
def test_an_issuer_speaks_for_its_own_host_alone(issuer_id, address, own):
    assert speaks_for(issuer_id, address) is own


def token(endorser, about=ACHIEVEMENT, **changes):
    unsigned = {n: v for n, v in endorser.endorsement(about, **changes).items() if n != "proof"}
    return credential_jwt(unsigned, signer=endorser.key.signer(endorser.verification_method))


def with_token(issuer, text, **changes):
    badge = issuer.credential(**changes)
    badge["credentialSubject"]["achievement"]["endorsementJwt"] = [text]
    return as_bytes(issuer.sign(badge))


def test_an_endorsement_may_be_a_token(world, issuer, endorser):
    report, found = verify(world, with_token(issuer, token(endorser)))
    assert (report.verdict, found.code) == (Verdict.valid, "endorsements_good")
    assert report.endorsements[0].issuer_id == endorser.did
    lapsed = token(endorser, validUntil="2026-06-01T00:00:00Z")
    assert verify(world, with_token(issuer, lapsed))[1].code == "endorsement_lapsed"


def test_a_token_may_be_of_another_edition_than_the_badge(world, issuer, endorser):
    unsigned = {n: v for n, v in endorser.endorsement(ACHIEVEMENT).items() if n != "proof"}
    signer = endorser.key.signer(endorser.verification_method)
    text = credential_jwt(older(unsigned), signer=signer)
    report, found = verify(world, with_token(issuer, text))
    assert (report.verdict, found.code) == (Verdict.valid, "endorsements_good")


def _spoiled(text):
    header, payload, signature = text.split(".")
    return f"{header}.{payload}.{signature[:-6]}AAAAAA"


@pytest.mark.parametrize(
    "spoil",
    [
        _spoiled,
        lambda text: text.rpartition(".")[0] + ".",
        lambda _: "eyJhbGciOiJub25lIn0.e30.",
        lambda _: "eyJhbGciOiJSUzI1NiJ9.e30.c2ln",
        lambda _: "not a token",
    ],
)
def test_a_false_token_makes_the_badge_invalid(world, issuer, endorser, spoil):
    report, found = verify(world, with_token(issuer, spoil(token(endorser))))
    assert report.verdict is Verdict.invalid
    assert found.code == "endorsement_false" or report.check("schema").code == "schema_misfit"


def test_a_token_in_a_form_that_is_not_read_leaves_it_open(world, issuer):
    header = "eyJhbGciOiJQUzUxMiIsImtpZCI6ImRpZDp3ZWI6YS5leGFtcGxlIzEifQ"  # PS512
    report, found = verify(world, with_token(issuer, f"{header}.e30.c2ln"))
    assert (report.verdict, found.code) == (Verdict.undetermined, "endorsement_not_read")


def test_a_badge_as_a_token_is_no_endorsement(world, issuer, endorser):
    signer = endorser.key.signer(endorser.verification_method)
    text = credential_jwt(endorser.credential(), signer=signer)
    assert verify(world, with_token(issuer, text))[0].verdict is Verdict.invalid


def test_the_older_edition_is_endorsed_in_its_own_words(world, issuer, endorser):
    badge = older(issuer.credential())
    praise = older({n: v for n, v in endorser.endorsement(ACHIEVEMENT).items() if n != "proof"})
    for endorsement, verdict in (
        (endorser.sign(praise), Verdict.valid),
        (
            endorser.endorsement(ACHIEVEMENT),
            Verdict.invalid,
        ),  # of 2.0 inside 1.1: JSON-LD has no meaning for it
        ({**endorser.sign(praise), "expirationDate": "2030-01-01T00:00:00Z"}, Verdict.invalid),
    ):
        badge["credentialSubject"]["achievement"]["endorsement"] = [endorsement]
        try:
            signed = as_bytes(issuer.sign(badge))
        except Ob3Error:  # our own code signs no such thing either
            signed = as_bytes({**badge, "proof": issuer.sign(older(issuer.credential()))["proof"]})
        assert world.verifier().verify(signed).verdict is verdict


def test_the_report_says_who_endorsed_what(world, issuer, endorser):
    good, bad = endorser.endorsement(ACHIEVEMENT), endorser.endorsement(ACHIEVEMENT)
    bad["credentialSubject"] |= {"endorsementComment": "The best in the world."}
    report = world.verifier(trust=[endorser.did]).verify(endorsed(issuer, [good]))
    found = report.endorsements[0]
    assert (found.verdict, found.issuer_id, found.about) == (Verdict.valid, endorser.did, ACHIEVEMENT)
    assert found.issuer_trust is IssuerTrust.trusted
    assert found.credential == {name: value for name, value in good.items() if name != "proof"}
    assert report.to_json()["endorsements"][0]["verdict"] == "valid"
    report = world.verifier(trust=[endorser.did]).verify(endorsed(issuer, [good, bad]))
    assert [one.verdict for one in report.endorsements] == [Verdict.valid, Verdict.invalid]
    assert report.endorsements[1].credential is None
    assert report.endorsements[1].issuer_trust is IssuerTrust.unknown
    assert "endorsements" not in world.verifier().verify(issuer.badge()).to_json()


def test_an_endorsement_of_an_endorser_is_not_followed(world, issuer, endorser):
    deeper = world.issuer("ministry.example").endorsement(endorser.did)
    profile = {**endorser.profile(), "endorsement": [deeper]}
    endorsement = endorser.endorsement(ACHIEVEMENT, issuer=profile)
    report, found = verify(world, endorsed(issuer, endorsement))
    assert (report.verdict, found.code) == (Verdict.undetermined, "endorsement_unclear")


def test_at_most_eight_are_read(world, issuer, endorser):
    one = endorser.endorsement(ACHIEVEMENT)
    assert verify(world, endorsed(issuer, [one] * 8))[0].verdict is Verdict.valid
    report, found = verify(world, endorsed(issuer, [one] * 9))
    assert (report.verdict, found.code) == (Verdict.refused, "limit_count")


def test_an_endorsement_repeats_its_context(world, issuer, endorser):
    endorsement = endorser.endorsement(ACHIEVEMENT)
    assert endorsement.pop("@context") == [VC2, OB3]
    report, _ = verify(world, endorsed(issuer, endorsement))
    assert (report.verdict, report.check("schema").outcome) == (Verdict.invalid, Outcome.failed)


def test_an_endorsement_handed_in_alone_is_verified(world, endorser):
    endorsement = endorser.endorsement(ACHIEVEMENT)
    assert world.verifier().verify(as_bytes(endorsement)).verdict is Verdict.valid
    changed = copy.deepcopy(endorsement)
    changed["credentialSubject"]["endorsementComment"] = "No."
    assert world.verifier().verify(as_bytes(changed)).verdict is Verdict.invalid
