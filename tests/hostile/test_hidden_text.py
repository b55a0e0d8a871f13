"""Contexts exchanged, keywords that hide text, identifiers that lose it, graphs without end (J1 to J6)."""

import copy
import json

import pytest
from foreign_badge import ALIGNMENT, as_bytes

VC2 = "https://www.w3.org/ns/credentials/v2"
OB3 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
SWAP = {"name": "https://schema.org/description", "description": "https://schema.org/name"}
INLINE = {
    "an inline context that exchanges two terms": SWAP,
    "an inline context with an alias of @index": {"note": "@index"},
    "an inline @vocab": {"@vocab": "https://example.org/#"},
    "an inline @base": {"@base": "https://example.org/"},
    "an inline empty context": {},
    "null": None,
    "a number": 1,
    "a list": [SWAP],
}


def changed(document, **members):
    copied = copy.deepcopy(document)
    copied.update(members)
    return copied


def inside(document, path, name, value):
    """Set a member of the part at a path."""
    copied = part = copy.deepcopy(document)
    for step in path:
        part = part[step]
    part[name] = value
    return copied


@pytest.mark.parametrize("name", INLINE)
def test_a_context_of_ones_own_is_not_valid(site, document, name):
    listed = document["@context"]
    for sequence in ([*listed, INLINE[name]], [INLINE[name], *listed], INLINE[name]):
        answer = site.upload(as_bytes(changed(document, **{"@context": sequence})))
        assert answer.word == "Not valid"
        assert any(code.startswith("context: ") for code in answer.codes - {"context: contexts_known"})


SEQUENCES = {
    "in another order": lambda listed: [listed[1], listed[0], *listed[2:]],
    "without the first": lambda listed: listed[1:],
    "without ours": lambda listed: listed[:-1],
    "one twice": lambda listed: [*listed, listed[-1]],
    "one more": lambda listed: [*listed, "https://example.org/context.json"],
    "ours from elsewhere": lambda listed: [
        *listed[:-1],
        "https://evil.example/contexts/micro-credential-v1.json",
    ],
    "a file": lambda listed: [*listed, "file:///etc/passwd"],
    "a data address": lambda listed: [*listed, "data:application/ld+json,{}"],
    "our own host": lambda listed: [*listed, listed[-1].replace("contexts", "status")],
    "the metadata service": lambda listed: [*listed, "http://169.254.169.254/latest/meta-data"],
    "10,000 of them": lambda listed: [*listed, *(f"https://example.org/{n}" for n in range(10_000))],
    "one text": lambda listed: listed[0],
    "none": lambda listed: [],
}


@pytest.mark.parametrize("name", SEQUENCES)
def test_another_sequence_of_contexts_is_not_valid_and_nothing_is_fetched(site, document, name):
    site.outside.asked.clear()
    answer = site.upload(as_bytes(changed(document, **{"@context": SEQUENCES[name](document["@context"])})))
    assert answer.word == "Not valid"
    assert site.outside.asked == []


@pytest.mark.parametrize("context", [SWAP, VC2, [VC2, OB3], None, {"@vocab": "https://example.org/"}])
@pytest.mark.parametrize("path", [["issuer"], ["credentialSubject"], ["credentialSubject", "achievement"]])
def test_a_context_inside_is_not_valid(site, document, path, context):
    assert site.upload(as_bytes(inside(document, path, "@context", context))).word == "Not valid"


@pytest.mark.parametrize(
    "keyword",
    ["@index", "@graph", "@included", "@id", "@type", "@value", "@reverse", "@nest", "@set", "@x", "@"],
)
@pytest.mark.parametrize(
    "path", [[], ["issuer"], ["credentialSubject"], ["credentialSubject", "achievement"]]
)
def test_no_keyword_may_hide_text(site, document, path, keyword):
    assert site.upload(as_bytes(inside(document, path, keyword, "with distinction"))).word == "Not valid"


@pytest.mark.parametrize(
    "member", ["note", "grade", "Name", "name ", "na\u200bme", "https://example.org/x", ""]
)
def test_a_word_without_a_meaning_is_not_valid(site, document, member):
    for path in ([], ["issuer"], ["credentialSubject"], ["credentialSubject", "achievement"]):
        assert site.upload(as_bytes(inside(document, path, member, "distinction"))).word == "Not valid"


@pytest.mark.parametrize(
    "iri",
    [
        "x",
        "/x",
        "",
        "#lo1",
        "a b:c",
        "https://a.example/a b",
        "https://a.example/<x>",
        "https://a.example/{x}",
        'https://a.example/"x"',
        "https://a.example/a\\b",
        "https://a.example/`",
        "https://a.example/a|b",
        "_:b0",
    ],
)
def test_an_identifier_that_loses_what_hangs_on_it_is_not_valid(site, stranger, iri):
    """Nobody can sign such a badge with our code; whoever can, gets no further here."""
    spoilt = stranger.poison(achievement={"id": iri})
    answer = site.upload(spoilt)
    assert answer.word == "Not valid"
    assert "signature: signature_fits" not in answer.codes
    twin = site.upload(stranger.file(achievement={"id": "https://a.example/x"}))
    assert "signature: signature_fits" in twin.codes


@pytest.mark.parametrize("kind", ["Alignment2", "alignment", "https://a.example/Type", "", "@json", "a b"])
def test_a_type_without_a_meaning_is_not_valid(site, stranger, kind):
    spoilt = stranger.poison(achievement={"type": ["Achievement", kind]})
    assert site.upload(spoilt).word == "Not valid"


def results(count, alignments):
    return [{"type": ["Result"], "alignment": [ALIGNMENT] * alignments} for _ in range(count)]


POISON = {
    "2 results with 7 equal alignments": {"subject": {"result": results(2, 7)}},
    "3 results with 5": {"subject": {"result": results(3, 5)}},
    "5 results with 5": {"subject": {"result": results(5, 5)}},
    "20 results with 20": {"subject": {"result": results(20, 20)}},
    "2 results with 400": {"subject": {"result": results(2, 400)}},
    "900 equal pieces of evidence": {"evidence": [{"type": ["Evidence"], "name": "x"}] * 900},
    "900 equal identifiers": {
        "subject": {
            "identifier": [
                {"type": "IdentityObject", "hashed": False, "identityHash": "x", "identityType": "name"}
            ]
            * 900
        }
    },
}


@pytest.mark.parametrize("name", POISON)
def test_a_poison_graph_is_refused_by_every_door(site, stranger, name):
    text = stranger.poison(**POISON[name])
    for answer in (site.upload(text), site.paste(text), site.open_address(text)):
        assert answer.word == "Refused"
        assert "canonical: limit_work" in answer.codes
        assert answer.seconds < 5


def test_alike_parts_that_cost_little_are_read(site, stranger):
    for changes in (
        {"subject": {"result": results(2, 3)}},
        {"subject": {"result": results(1, 100)}},
        {"evidence": [{"type": ["Evidence"], "name": "x"}] * 20},
    ):
        assert "signature: signature_fits" in site.upload(stranger.file(**changes)).codes


@pytest.mark.parametrize("size", [5, 6, 7, 9, 20])
def test_a_clique_of_names_that_only_a_graph_has_is_not_valid(site, stranger, size):
    """Blank node labels would let a badge draw any graph; they are no absolute identifiers."""
    names = [f"_:b{at}" for at in range(size)]
    parts = [
        {"id": one, "type": ["Profile"], "parentOrg": {"id": two, "type": ["Profile"]}}
        for one in names
        for two in names
        if one != two
    ]
    answer = site.upload(
        stranger.poison(evidence=[{"id": each["id"], "type": ["Evidence"]} for each in parts])
    )
    assert answer.word == "Not valid"
    nested = parts[0]
    for each in parts[1:30]:
        nested = {**each, "parentOrg": nested}
    assert site.upload(stranger.poison(achievement={"creator": nested})).word in ("Not valid", "Refused")


def test_poison_inside_endorsements_and_many_of_them(site, stranger):
    alike = [{"type": ["Evidence"], "name": "x"}]
    kept = [stranger.endorsement(at, evidence=alike * 3) for at in range(8)]
    assert "endorsements: endorsement_not_own" in site.upload(stranger.file(endorsement=kept)).codes
    nine = [stranger.endorsement(at) for at in range(9)]
    assert site.upload(stranger.file(endorsement=nine)).word == "Refused"
    poisoned = {**stranger.endorsement(), "evidence": alike * 900}
    assert site.upload(stranger.poison(endorsement=[poisoned])).word == "Refused"


def test_the_deepest_profiles_are_read_or_refused(site, stranger):
    words = set()
    for depth in (10, 30, 50, 58, 70):
        profile = {"id": "https://o.example/", "type": ["Profile"]}
        for level in range(depth):
            profile = {"id": f"https://o.example/{level}", "type": ["Profile"], "parentOrg": profile}
        text = as_bytes({**json.loads(stranger.file()), "issuer": {**profile, "id": stranger.did}})
        words.add(site.upload(text).word)
    assert words == {"Not valid", "Refused"}
