"""The context allow-list: exact sequences, nothing inline, nothing nested but a repetition (J3, J4)."""

import copy
from base64 import b64encode

import pytest
from editions import (
    BETA_ADDRESS,
    BITSTRING_STATUS,
    DATA_INTEGRITY,
    DATA_INTEGRITY_1,
    ED25519_2020,
    OB_3_0_0,
    OB_3_0_1,
    OB_3_0_2,
    older,
)
from simulator import EXTENSIONS, OB3, VC2, World, as_bytes

from keys.multibase import multibase_decode, multibase_encode
from microcredential import accepted_context_digests, context_digest
from ob3.contexts import CONTEXTS
from verifier import Outcome, Verdict
from verifier.contexts import BESIDE, CLR_CONTEXTS, OPEN_BADGES, VC1, check_contexts

OURS = "https://badges.example.edu/contexts/micro-credential-v1.json"
DIGEST = context_digest()
ACCEPTED = accepted_context_digests()
NAMED = {"id": OURS, "digestMultibase": DIGEST, "mediaType": "application/ld+json"}


def judged(contexts, **members):
    return check_contexts({"@context": contexts, **members}, accepted=ACCEPTED)


@pytest.mark.parametrize("rest", [[], [EXTENSIONS], [OURS], [EXTENSIONS, OURS], [OURS, EXTENSIONS]])
def test_a_listed_sequence_passes(rest):
    found = judged([VC2, OB3, *rest], relatedResource=[NAMED])
    assert found.check.outcome is Outcome.passed
    assert set(found.extra) == set(rest) - {EXTENSIONS}


@pytest.mark.parametrize(
    ("contexts", "code"),
    [
        (None, "context_form"),
        (VC2, "context_form"),
        ([], "context_order"),
        ([VC2], "context_order"),
        ([OB3, VC2], "context_order"),
        ([OB3], "context_order"),
        ([EXTENSIONS, VC2, OB3], "context_order"),
        ([VC2, OB3, OB3], "context_unknown"),
        ([VC2, OB3, EXTENSIONS, EXTENSIONS], "context_unknown"),
        ([VC2, OB3, "https://evil.example/context.json"], "context_unknown"),
        ([VC2, OB3, "https://www.w3.org/ns/credentials/examples/v2"], "context_unknown"),
        ([VC2, OB3, {"name": "https://schema.org/description"}], "context_form"),
        ([VC2, OB3 + " "], "context_order"),
        (["https://www.w3.org/ns/credentials/V2", OB3], "context_order"),
        ([VC2, OB3, None], "context_form"),
        ({"@vocab": "https://evil.example/"}, "context_form"),
    ],
)
def test_any_other_sequence_fails(contexts, code):
    found = judged(contexts).check
    assert (found.outcome, found.code) == (Outcome.failed, code)


@pytest.mark.parametrize(
    "related",
    [
        [],
        [{**NAMED, "digestMultibase": DIGEST[:-1] + "A"}],
        [{**NAMED, "id": "https://badges.example.edu/other.json"}],
        [{"id": OURS}],
        [{**NAMED, "digestMultibase": [[DIGEST]]}],
        [NAMED, {**NAMED, "digestMultibase": "uEiAAAA"}],
        "https://badges.example.edu/contexts/micro-credential-v1.json",
        [None, 7, OURS],
    ],
)
def test_a_context_without_its_known_digest_fails(related):
    assert judged([VC2, OB3, OURS], relatedResource=related).check.code == "context_unknown"
    assert judged([VC2, OB3, OURS], relatedResource=NAMED).check.outcome is Outcome.passed


def sri(digest):
    return "sha256-" + b64encode(multibase_decode(digest)[2:]).decode()


@pytest.mark.parametrize(
    ("digests", "passes"),
    [
        ({"digestSRI": sri(DIGEST)}, True),
        ({"digestSRI": sri(DIGEST), "digestMultibase": DIGEST}, True),
        ({"digestMultibase": multibase_encode(multibase_decode(DIGEST), "z")}, True),
        ({"digestSRI": sri(DIGEST).replace("sha256", "sha384")}, False),
        ({"digestSRI": "sha256-!!"}, False),
        ({"digestSRI": 7}, False),
        ({"digestSRI": "sha256-" + "A" * 43 + "=", "digestMultibase": DIGEST}, False),
        ({}, False),
    ],
)
def test_a_digest_may_be_written_in_either_form(digests, passes):
    found = judged([VC2, OB3, OURS], relatedResource=[{"id": OURS, **digests}]).check
    assert (found.outcome is Outcome.passed) is passes


OLD = [VC1, OB_3_0_1]


@pytest.mark.parametrize(
    ("contexts", "code"),
    [
        (OLD, "older_context"),
        ([VC1, OB3], "older_context"),
        ([VC1, OB_3_0_0], "older_context"),
        ([VC2, OB_3_0_2], "older_context"),
        ([VC2, OB_3_0_0], "context_alias"),
        ([VC1, BETA_ADDRESS, ED25519_2020], "older_context"),
        ([*OLD, EXTENSIONS, ED25519_2020], "older_context"),
        ([*OLD, DATA_INTEGRITY_1, BITSTRING_STATUS], "older_context"),
        ([*OLD, "https://w3id.org/vc/status-list/2021/v1", DATA_INTEGRITY], "older_context"),
        ([VC2, OB3, DATA_INTEGRITY, ED25519_2020], "contexts_known"),
    ],
)
def test_an_older_edition_or_another_address_passes_with_a_warning(contexts, code):
    found = judged(contexts).check
    assert found.code == code
    assert (found.outcome is Outcome.warning) is (code != "contexts_known")


@pytest.mark.parametrize(
    ("contexts", "code"),
    [
        ([VC1], "context_order"),
        ([VC1, VC2, OB3], "context_order"),
        ([VC2, VC1, OB3], "context_order"),
        ([OB_3_0_1, VC1], "context_order"),
        ([VC1, ED25519_2020, OB_3_0_1], "context_order"),
        ([*OLD, OB3], "context_unknown"),
        ([*OLD, VC2], "context_unknown"),
        ([*OLD, ED25519_2020, ED25519_2020], "context_unknown"),
        ([*OLD, "https://evil.example/context.json"], "context_unknown"),
        ([*OLD, "https://w3id.org/security/v2"], "context_unknown"),
        ([*OLD, CLR_CONTEXTS[0]], "context_unknown"),
        ([*OLD, {"name": "https://schema.org/description"}], "context_form"),
        (VC1, "context_form"),
    ],
)
def test_the_older_edition_has_an_exact_list_too(contexts, code):
    found = judged(contexts).check
    assert (found.outcome, found.code) == (Outcome.failed, code)


@pytest.mark.parametrize(
    "address",
    [
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.0.json",
        "https://purl.imsglobal.org/spec/ob/v3p0/schema/context/ob_v3p0.jsonld",
        "https://imsglobal.github.io/openbadges-specification/context.json",
    ],
)
def test_an_address_without_a_pinned_body_is_neither_accepted_nor_called_false(address):
    found = judged([VC1, address]).check
    assert (found.outcome, found.code) == (Outcome.unknown, "unsupported_version")


@pytest.mark.parametrize("clr", CLR_CONTEXTS)
def test_a_learner_record_names_its_own_context_as_well(clr):
    record = ["VerifiableCredential", "ClrCredential"]
    for contexts in ([VC2, clr, OB3], [VC2, OB3, clr], [VC2, clr, OB3, EXTENSIONS], [VC1, clr, OB_3_0_1]):
        assert judged(contexts, type=record).check.outcome is not Outcome.failed
        assert judged(contexts).check.outcome is Outcome.failed
    for contexts in (
        [VC2, OB3],
        [VC2, clr],
        [VC2, *CLR_CONTEXTS],
        [VC2, EXTENSIONS, clr, OB3],
        [clr, VC2, OB3],
    ):
        assert judged(contexts, type=record).check.code == "context_order"


def test_one_address_with_two_bodies_has_no_one_meaning():
    other = "uEiB" + DIGEST[4:]
    accepted = {
        DIGEST: {"@context": {"x": "https://a.example/x"}},
        other: {"@context": {"x": "https://a.example/y"}},
    }

    def with_inner(digest):
        inside = {
            "type": ["VerifiableCredential"],
            "@context": [VC2, OB3, EXTENSIONS, OURS],
            "relatedResource": [{"id": OURS, "digestMultibase": digest}],
        }
        document = {"@context": [VC2, OB3, OURS], "relatedResource": [NAMED], "endorsement": [inside]}
        return check_contexts(document, accepted=accepted).check

    assert with_inner(other).code == "context_unknown"
    assert with_inner(DIGEST).outcome is Outcome.passed


def _members(context):
    parts = context if isinstance(context, list) else [context]
    for part in (one for one in parts if isinstance(one, dict)):
        for name, definition in part.items():
            target = definition.get("@id") if isinstance(definition, dict) else definition
            if not name.startswith("@") and isinstance(target, str):
                yield name, target
            if isinstance(definition, dict):
                yield from _members(definition.get("@context", {}))


def _full(target, prefixes):
    prefix, colon, rest = target.partition(":")
    return prefixes[prefix] + rest if colon and prefix in prefixes else target


def test_no_meaning_has_two_names_in_the_contexts_that_may_be_exchanged():
    names = {}
    for url in (VC1, VC2, OB3, *CLR_CONTEXTS, *(OPEN_BADGES | BESIDE)):
        found = list(_members(CONTEXTS[url]["@context"]))
        prefixes = {name: target for name, target in found if target.endswith(("#", "/"))}
        for name, target in found:
            if name[:1].islower() and name not in prefixes:  # a class in the place of a member is refused
                names.setdefault(_full(target, prefixes), set()).add(name)
    assert len(names) > 150
    assert {target: found for target, found in names.items() if len(found) > 1} == {}


@pytest.mark.parametrize(
    "keyword", ["@index", "@graph", "@included", "@id", "@type", "@reverse", "@nest", "@x"]
)
def test_no_keyword_may_stand_anywhere(keyword):
    assert judged([VC2, OB3], **{keyword: "x"}).check.code == "keyword"
    assert judged([VC2, OB3], issuer={"otherIdentifier": [{keyword: "x"}]}).check.code == "keyword"
    assert judged([VC2, OB3], issuer={"otherIdentifier": [{"x": keyword}]}).check.outcome is Outcome.passed


@pytest.mark.parametrize("sequence", [[VC2, OB3, EXTENSIONS], [VC1, OB_3_0_1, DATA_INTEGRITY]])
def test_a_nested_context_may_stand_only_inside_an_embedded_credential_of_the_same_edition(sequence):
    inside = {"type": ["VerifiableCredential", "EndorsementCredential"], "@context": sequence[:2]}
    assert judged(sequence, endorsement=[inside]).check.outcome is not Outcome.failed
    assert (
        judged(sequence, endorsement=[{**inside, "@context": sequence}]).check.outcome is not Outcome.failed
    )
    other = VC2 if sequence[0] == VC1 else VC1
    for broken, code in (
        ({**inside, "type": ["Profile"]}, "keyword"),
        ({**inside, "@context": sequence[:1]}, "context_order"),
        ({**inside, "@context": {}}, "keyword"),
        ({**inside, "@context": [other, OB3]}, "keyword"),
        ({**inside, "@context": [*sequence, "https://evil.example/context.json"]}, "context_unknown"),
    ):
        assert judged(sequence, endorsement=[broken]).check.code == code


def test_an_embedded_micro_credential_brings_its_own_digest():
    inside = {"type": ["VerifiableCredential"], "@context": [VC2, OB3, OURS], "relatedResource": [NAMED]}
    record = {"type": ["VerifiableCredential", "ClrCredential"]}
    contexts = [VC2, CLR_CONTEXTS[0], OB3]
    found = judged(contexts, **record, credentialSubject={"verifiableCredential": [inside]})
    assert found.check.outcome is Outcome.passed
    assert set(found.extra) == {OURS}
    bare = {name: value for name, value in inside.items() if name != "relatedResource"}
    found = judged(contexts, **record, credentialSubject={"verifiableCredential": [bare]})
    assert found.check.code == "context_unknown"


@pytest.mark.parametrize(
    "swap",
    [
        lambda contexts: [*contexts, "https://evil.example/context.json"],
        lambda contexts: [*contexts, {"x": "https://evil.example/x"}],
        lambda contexts: list(reversed(contexts)),
        lambda contexts: contexts[:1],
    ],
)
@pytest.mark.parametrize("edition", [dict, older], ids=["2.0", "1.1"])
def test_a_badge_with_its_context_swapped_is_invalid(swap, edition):
    world = World()
    signed = world.issuer("badges.keystone.example")
    badge = signed.sign(edition(signed.credential()))
    forged = copy.deepcopy(badge)
    forged["@context"] = swap(badge["@context"])
    report = world.verifier().verify(as_bytes(forged))
    assert report.verdict is Verdict.invalid
    assert report.check("context").outcome is Outcome.failed
    assert world.verifier().verify(as_bytes(badge)).verdict is Verdict.valid


@pytest.mark.parametrize("contexts", [[VC1, OB3], [VC1, OB_3_0_1, BITSTRING_STATUS], [VC2, OB_3_0_1]])
def test_a_badge_cannot_be_moved_to_another_edition(contexts):
    world = World()
    signed = world.issuer("badges.keystone.example")
    badge = signed.sign(signed.credential())
    assert world.verifier().verify(as_bytes({**badge, "@context": contexts})).verdict is Verdict.invalid
    old = signed.sign(older(signed.credential()))
    moved = {**old, "@context": [VC2, *old["@context"][1:]]}
    assert world.verifier().verify(as_bytes(moved)).verdict is Verdict.invalid
    assert world.verifier().verify(as_bytes(old)).verdict is Verdict.valid


@pytest.mark.parametrize("member", ["validFrom", "issuanceDate"])
def test_a_date_of_the_other_edition_has_no_meaning_or_counts(member):
    world = World()
    issuer = world.issuer("badges.keystone.example")
    if member == "issuanceDate":  # 2.0 does not define it, so no signature would cover it
        badge = {**issuer.sign(issuer.credential()), member: "2026-01-01T00:00:00Z"}
        report = world.verifier().verify(as_bytes(badge))
        assert (report.verdict, report.check("canonical").code) == (Verdict.invalid, "no_meaning")
        return
    badge = issuer.sign(older(issuer.credential(), validFrom="2027-01-01T00:00:00Z"))
    assert world.verifier().verify(as_bytes(badge)).verdict is Verdict.not_yet_valid
