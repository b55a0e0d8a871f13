"""Presentations: an envelope that says nothing itself; what is inside is judged, and who handed it over."""

import itertools

import pytest
from editions import DATA_INTEGRITY, older
from simulator import NOW, OB3, VC2, Failure, World, as_bytes, stamp
from wrappers import Holder, enveloped, learner_record, presentation

from ob3.contexts import VC1
from ob3.jws import credential_jwt
from verifier import IssuerTrust, Outcome, Verdict
from verifier.report import failed, skipped, unknown, warning
from verifier.verdict import GRAVITY, envelope_verdict, gravest


@pytest.fixture
def world():
    return World()


@pytest.fixture
def issuer(world):
    return world.issuer("badges.keystone.example")


@pytest.fixture
def holder():
    return Holder()


def badge(issuer, **changes):
    return issuer.sign(issuer.credential(**changes))


def token(issuer):
    return credential_jwt(issuer.credential(), signer=issuer.key.signer(issuer.verification_method))


def verify(world, made, **options):
    return world.verifier(**options).verify(as_bytes(made))


FORMS = {
    "a list of one": lambda issuer: [badge(issuer)],
    "a badge alone": badge,
    "a token": lambda issuer: [token(issuer)],
    "an enveloped token": lambda issuer: [enveloped(token(issuer))],
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("edition", [VC2, VC1])
def test_one_badge_in_an_unsigned_envelope_is_what_the_report_shows(world, issuer, form, edition):
    made = presentation(FORMS[form](issuer), **{"@context": [edition]})
    report = verify(world, made, trust=[issuer.did])
    assert (report.verdict, report.issuer_trust) == (Verdict.valid, IssuerTrust.trusted)
    assert report.credential == issuer.credential()
    assert report.issuer_id == issuer.did
    assert [one.verdict for one in report.within] == [Verdict.valid]
    assert report.check("signature").outcome is Outcome.passed


def test_the_recipient_is_compared_with_the_badge_inside(world, issuer):
    data = as_bytes(presentation([badge(issuer)]))
    for typed, outcome in (("Marija Šimić Čović", Outcome.passed), ("Somebody Else", Outcome.failed)):
        assert world.verifier().verify(data, recipient=typed).check("recipient").outcome is outcome


def test_several_badges_each_have_their_report(world, issuer):
    lapsed = badge(
        issuer, id="urn:uuid:1c5f1c2e-8a55-4b7f-9c1b-6f0d2a1e4b11", validUntil="2026-06-01T00:00:00Z"
    )
    report = verify(world, presentation([badge(issuer), token(issuer), lapsed]))
    assert report.verdict is Verdict.expired
    assert [one.verdict for one in report.within] == [Verdict.valid, Verdict.valid, Verdict.expired]
    assert report.credential is None
    assert report.check("within").detail == {"count": "3", "good": "2"}


def test_several_are_trusted_only_where_every_issuer_is(world, issuer):
    other = world.issuer("other.example")
    made = presentation([badge(issuer), badge(other)])
    assert verify(world, made, trust=[issuer.did, other.did]).issuer_trust is IssuerTrust.trusted
    assert verify(world, made, trust=[issuer.did]).issuer_trust is IssuerTrust.unknown
    assert verify(world, made, trust=[other.did]).issuer_trust is IssuerTrust.unknown


def test_badges_of_both_editions_may_stand_in_one_envelope(world, issuer):
    made = presentation([badge(issuer), issuer.sign(older(issuer.credential()))])
    assert verify(world, made).verdict is Verdict.valid


@pytest.mark.parametrize(
    "inside",
    [
        None,
        [],
        ["Passed."],
        [7],
        [{"type": ["VerifiableCredential"]}],
        [[]],
        [{"@context": VC2, "id": "data:application/vc+jwt,x", "type": "EnvelopedVerifiableCredential"}],
    ],
)
def test_an_envelope_without_a_credential_is_no_good(world, inside):
    report = verify(world, presentation(inside))
    assert report.verdict is Verdict.invalid
    assert report.credential is None


def test_a_false_badge_in_an_envelope_is_false(world, issuer):
    forged = badge(issuer)
    forged["credentialSubject"]["achievement"]["name"] = "Doctor of Everything"
    report = verify(world, presentation([badge(issuer), forged]))
    assert [report.verdict, *(one.verdict for one in report.within)] == [
        Verdict.invalid,
        Verdict.valid,
        Verdict.invalid,
    ]


def test_a_presentation_in_a_presentation_is_no_credential(world, issuer):
    assert verify(world, presentation([presentation([badge(issuer)])])).verdict is Verdict.invalid


def test_a_credential_that_calls_itself_a_presentation_is_read_as_a_credential(world, issuer):
    types = ["VerifiableCredential", "OpenBadgeCredential", "VerifiablePresentation"]
    report = verify(world, badge(issuer, type=types))
    assert report.within == ()
    assert report.credential is None or report.credential["type"] == types


def test_a_learner_record_may_stand_in_an_envelope(world, issuer):
    record = issuer.sign(learner_record(issuer, [badge(issuer)]))
    report = verify(world, presentation([record]))
    assert report.verdict is Verdict.valid
    assert report.credential == issuer.credential()
    assert report.within[0].within[0].verdict is Verdict.valid


def test_at_most_twenty_are_read(world, issuer):
    one = badge(issuer)
    assert verify(world, presentation([one] * 20)).verdict is Verdict.valid
    report = verify(world, presentation([one] * 21))
    assert (report.verdict, report.check("within").code) == (Verdict.refused, "limit_count")


def test_after_one_that_a_limit_refused_nothing_more_is_read(world, issuer):
    many = badge(issuer)
    many["proof"] = many["proof"] * 9
    report = verify(world, presentation([badge(issuer), many, badge(issuer)]))
    assert [one.verdict for one in report.within] == [Verdict.valid, Verdict.refused]
    assert report.verdict is Verdict.refused


# What the holder signed


def test_the_holders_own_signature_passes(world, issuer, holder):
    report = verify(world, holder.sign(presentation([badge(issuer)])))
    assert report.verdict is Verdict.valid
    several = verify(world, holder.sign(presentation([badge(issuer), badge(issuer)])))
    assert several.check("signature").code == "presentation_signed"


def test_the_older_edition_is_signed_too(world, issuer, holder):
    inside = issuer.sign(older(issuer.credential()))
    made = presentation([inside, inside], **{"@context": [VC1, DATA_INTEGRITY]})
    report = verify(world, holder.sign(made))
    assert (report.verdict, report.check("signature").code) == (Verdict.valid, "presentation_signed")


SPOILED = {
    "another holder": lambda made, _: {**made, "holder": "did:web:somebody.example"},
    "a badge taken away": lambda made, _: {**made, "verifiableCredential": made["verifiableCredential"][:1]},
    "a type added": lambda made, _: {**made, "type": ["VerifiablePresentation", "VerifiablePresentation2"]},
    "another challenge": lambda made, _: {**made, "proof": {**made["proof"], "challenge": "c-2"}},
}


@pytest.mark.parametrize("fault", SPOILED)
def test_a_holders_signature_that_does_not_fit_counts_against_it(world, issuer, holder, fault):
    made = holder.sign(presentation([badge(issuer), badge(issuer, awardedDate=None)]))
    report = verify(world, SPOILED[fault](made, holder))
    assert report.verdict in (Verdict.invalid, Verdict.unsupported)
    assert report.verdict is Verdict.invalid or fault == "a type added"
    assert report.credential is None
    assert verify(world, made).verdict is Verdict.valid


def test_a_signature_for_another_purpose_does_not_count(world, issuer, holder):
    report = verify(world, holder.sign(presentation([badge(issuer)]), purpose="assertionMethod"))
    assert report.verdict is Verdict.invalid


def test_a_holder_whose_keys_cannot_be_learned_leaves_it_open(world, issuer):
    somebody = world.issuer("holder.example")
    made = somebody.sign(presentation([badge(issuer)], holder=somebody.did), purpose="authentication")
    assert verify(world, made).verdict is Verdict.invalid  # the key is listed for assertions alone (P2)
    document = somebody.document()
    world.publish(somebody.did_url, {**document, "authentication": document["assertionMethod"]})
    assert verify(world, made).verdict is Verdict.valid
    world.fail(somebody.did_url, Failure.down)
    report = verify(world, made)
    assert (report.verdict, report.check("signature").code) == (
        Verdict.undetermined,
        "presentation_unconfirmed",
    )


def test_an_envelope_that_cannot_be_read_leaves_the_holders_signature_open(world, issuer, holder):
    made = holder.sign(presentation([badge(issuer)]))
    for changes in (
        {"@context": [VC2, "https://evil.example/context.json"]},
        {"note": "unsigned words"},
    ):
        report = verify(world, {**made, **changes})
        assert (report.verdict, report.check("signature").code) == (
            Verdict.unsupported,
            "unsupported_presentation",
        )
        assert report.within[0].verdict is Verdict.valid


def test_the_holder_may_sign_over_tokens_in_envelopes(world, issuer, holder):
    first, second = enveloped(token(issuer)), enveloped(token(world.issuer("other.example")))
    made = holder.sign(presentation([first, second]), allow_keywords=True)
    report = verify(world, made)
    assert (report.verdict, report.check("signature").code) == (Verdict.valid, "presentation_signed")
    swapped = {**made, "verifiableCredential": [first, first]}
    assert verify(world, swapped).check("signature").code == "presentation_misfit"


def test_a_context_written_into_an_envelope_is_not_read(world, issuer, holder):
    written = {"note": "https://a.example/note"}
    made = holder.sign(presentation([badge(issuer)], **{"@context": [VC2]}))
    report = verify(world, {**made, "@context": [VC2, written], "note": "x"})
    assert report.verdict is Verdict.unsupported
    inline = presentation([badge(issuer)], **{"@context": [VC2, written], "note": "x"})
    signed = holder.sign(inline, allow_keywords=True)
    assert verify(world, signed).verdict is Verdict.unsupported


def test_a_document_without_the_w3c_context_is_no_presentation(world, issuer):
    report = verify(world, presentation([badge(issuer)], **{"@context": [OB3]}))
    assert (report.verdict, report.check("shape").code) == (Verdict.invalid, "not_a_badge")


# The pure functions


def test_the_gravest_verdict_of_several():
    assert set(GRAVITY) == set(Verdict)
    assert len(GRAVITY) == len(Verdict)
    for first, second in itertools.product(Verdict, repeat=2):
        graver = min(first, second, key=GRAVITY.index)
        assert gravest([first, second]) is graver
        assert gravest([second, first, Verdict.valid]) is graver
    assert gravest([]) is Verdict.undetermined
    assert gravest([Verdict.valid]) is Verdict.valid
    # a known no of one comes before open questions about another, and these before "expired"
    order = [GRAVITY.index(one) for one in (Verdict.revoked, Verdict.undetermined, Verdict.expired)]
    assert order == sorted(order)


@pytest.mark.parametrize(
    ("checks", "verdict"),
    [
        ([], Verdict.valid),
        ([skipped("signature", "presentation_unsigned")], Verdict.valid),
        ([warning("context", "older_context", contexts="x")], Verdict.valid),
        ([failed("signature", "presentation_misfit")], Verdict.invalid),
        ([failed("within", "limit_count", what="x")], Verdict.refused),
        ([failed("within", "limit_count", what="x"), failed("shape", "not_a_badge")], Verdict.invalid),
        ([unknown("signature", "unsupported_presentation")], Verdict.unsupported),
        ([unknown("signature", "presentation_unconfirmed")], Verdict.undetermined),
        (
            [unknown("signature", "unsupported_presentation"), failed("shape", "not_a_badge")],
            Verdict.invalid,
        ),
    ],
)
def test_what_a_mere_envelope_adds(checks, verdict):
    assert envelope_verdict(checks) is verdict


def test_a_proof_that_has_run_out_is_the_holders_affair(world, issuer, holder):
    made = holder.sign(presentation([badge(issuer)]), expires=stamp(NOW))
    assert verify(world, made).verdict is Verdict.valid
