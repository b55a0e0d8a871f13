"""The direct path: what it answers, what it leaves to the general one, and how much work it does for it."""

import copy
import json
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum

import pytest
from plain_badge import ENDORSEMENT, OB3_CONTEXTS, badge
from refused_documents import REFUSED
from simulator import EXTENSIONS
from varied_credentials import OWN_CONTEXTS, Office, badge_of
from varied_parts import Draft

from ob3 import canonical, expansion
from ob3.canonical import canonicalize, general_statements
from ob3.contexts import CONTEXTS, VC2
from ob3.direct import direct_statements, tables
from ob3.errors import Ob3Error
from ob3.expansion import ContextSet, context_set

OWN = "https://a.example/own"


@pytest.fixture(scope="module")
def credentials():
    """Micro-credentials from the three definitions of the demonstration, as an office would sign them."""
    office = Office()
    drafts = [Draft(number, "lao", endorser=office.endorser, token=False) for number in (3, 9, 15)]
    return [badge_of(draft, office, "Ed25519") for draft in drafts]


def both(document, contexts, **options):
    """Give what both paths say of a document; an error's code where it is refused."""
    direct = direct_statements(document, contexts, **options)
    try:
        return direct, general_statements(document, contexts, **options)
    except Ob3Error as refused:
        return direct, refused.code


def answered(document, extra=None, **options):
    """Tell whether the direct path answered, and see that the general one says the same."""
    direct, general = both(document, context_set(extra), **options)
    assert direct is None or direct == general
    assert not isinstance(general, str), general
    return direct is not None


def test_our_own_credentials_are_never_expanded(credentials, monkeypatch):
    forms = [canonicalize(one, extra_contexts=OWN_CONTEXTS) for one in credentials]
    monkeypatch.setattr(canonical, "_RECENT", canonical.Recent(entries=1))
    monkeypatch.setattr(expansion.Expander, "_expand", None)
    assert [canonicalize(one, extra_contexts=OWN_CONTEXTS) for one in credentials] == forms


def test_proof_options_and_status_lists_are_never_expanded():
    proof = {
        "@context": OB3_CONTEXTS,
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2026-07-03T02:00:00Z",
        "verificationMethod": "did:example:board#1",
        "proofPurpose": "assertionMethod",
    }
    entries = {"type": "BitstringStatusList", "statusPurpose": "revocation", "encodedList": "uH4sIAAAA"}
    status_list = {
        "@context": [VC2],
        "id": "https://a.example/status/1",
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": "did:example:x",
        "validFrom": "2026-07-03T02:00:00Z",
        "credentialSubject": {"id": "https://a.example/status/1#list", **entries},
    }
    assert answered(proof)
    assert answered(status_list)


def test_a_second_document_of_one_kind_makes_no_table(credentials, monkeypatch):
    canonicalize(credentials[0], extra_contexts=OWN_CONTEXTS)
    other = copy.deepcopy(credentials[0])
    other["id"] = "urn:uuid:1b2f6a52-0a3e-4e58-9a1e-1a4d6d2f7c10"
    other["credentialSubject"]["identifier"][0]["identityHash"] = "another student"
    for maker in ("make_plan", "term_of", "language_endings"):
        monkeypatch.setattr(tables, maker, None)
    monkeypatch.setattr(ContextSet, "process", None)
    assert direct_statements(other, context_set(OWN_CONTEXTS)) is not None


def test_every_published_sample_with_known_contexts_is_answered(reference):
    read = 0
    for folder in ("valid", "warning", "spec-examples"):
        for file in sorted((reference / "samples" / folder).glob("*.json")):
            document = json.loads(file.read_bytes())
            if set(document.get("@context", ["none"])) <= CONTEXTS.keys():
                assert answered(document), file.name
                read += 1
    assert read >= 12


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_is_left_to_the_general_path_and_the_twin_is_answered(name):
    changes, (_, code, _), twin = REFUSED[name]
    assert both(badge(**changes), context_set()) == (None, code)
    assert answered(badge(**twin))


def own(**terms):
    """Give a context of one's own, and its address."""
    return {OWN: {"@context": {"@version": 1.1, "id": "@id", "type": "@type", **terms}}}


def document(**members):
    return {"@context": OWN, "id": "urn:x:1", **members}


TERM = "https://a.example/term"
# Terms, members and whether JSON-LD keywords may stand in the document: all of it is answered
COVERED = {
    "languages": ({"@container": "@language"}, {"en": "x", "cs-CZ": ["y", "z"]}, False),
    "languages from right to left": ({"@container": "@language", "@direction": "rtl"}, {"ar": "x"}, False),
    "a text where languages may stand": ({"@container": "@language"}, "x", False),
    "a list": ({"@container": "@list"}, ["x", {"type": []}, 3.5, "x"], False),
    "an empty list": ({"@container": "@list"}, [], False),
    "one item of a list": ({"@container": "@list"}, "x", False),
    "a set": ({"@container": "@set"}, ["x", "x", True], False),
    "a graph": (
        {"@container": "@graph"},
        [{"id": "urn:x:2", "type": "term"}, {"term": {"type": "term"}}],
        False,
    ),
    "JSON": ({"@type": "@json"}, {"a": [1, 1e20, "x", {"b": True}]}, False),
    "a list of JSON": ({"@type": "@json"}, [1, {}], False),
    "an id": ({"@type": "@id"}, ["urn:x:2", {"id": "urn:x:3"}, 5], False),
    "a term": ({"@type": "@vocab"}, ["term", "urn:x:2"], False),
    "a date": ({"@type": "http://www.w3.org/2001/XMLSchema#date"}, "2026-07-03", False),
    "a language": ({"@language": "EN"}, ["x", 5], False),
    "a direction": ({"@language": "he", "@direction": "rtl"}, "x", False),
    "value objects": ({}, [{"@value": "x", "@language": "EN"}, {"@value": 5}], True),
    "a direction of its own": ({}, {"@value": "x", "@language": "ar", "@direction": "rtl"}, True),
    "objects that look alike": ({}, [{"term": {}}, {"term": {}}, {"term": "x"}], False),
    "a context of the member": (
        {"@type": "@id", "@context": {"term": TERM + "2"}},
        ["x", {"term": "x"}],
        False,
    ),
}
# The same for what is left to the general path
LEFT = {
    "a map by id": ({"@container": "@id"}, {"urn:x:2": {"term": []}}, True),
    "a keyword for the type": ({}, {"@type": "term"}, True),
    "a list with a keyword": ({}, {"@list": ["x"]}, True),
    "a value with a type": ({}, {"@value": "x", "@type": "urn:x:t"}, True),
    "a label": ({}, {"id": "_:x"}, True),
    "a list inside alone": ({"@context": {"term": {"@id": TERM, "@container": "@list"}}}, ["x"], False),
    "JSON inside alone": ({"@context": {"term": {"@id": TERM, "@type": "@json"}}}, "x", False),
    "lists in lists": ({"@container": "@list"}, [["x"]], True),
    "JSON in a map": ({"@type": "@json", "@container": "@set"}, [[1]], True),
}


def covered(definition, value, allow_keywords):
    extra = own(term={"@id": TERM, **definition})
    return answered(document(term=value), extra, allow_keywords=allow_keywords)


@pytest.mark.parametrize("name", COVERED)
def test_what_the_tables_cover(name):
    assert covered(*COVERED[name])


@pytest.mark.parametrize("name", LEFT)
def test_what_the_tables_do_not_cover(name):
    assert not covered(*LEFT[name])


@pytest.mark.parametrize("value", [-0.0, "-0.0E0"])
def test_minus_zero_as_a_double_is_refused_for_other_programs_write_it_without_its_sign(value):
    """As what it is without a type, a whole number, all write it as zero."""
    extra = own(term={"@id": TERM, "@type": "http://www.w3.org/2001/XMLSchema#double"}, other=TERM + "2")
    assert both(document(term=value), context_set(extra)) == (None, "number_not_portable")
    assert answered(document(term=0.0, other=-0.0), extra)


def test_ids_that_a_prefix_shortens_are_left_to_the_general_path():
    extra = own(a="https://a.example/", term={"@id": TERM, "@type": "@id"})
    assert not answered(document(term="a:b"), extra, allow_keywords=True)
    assert not answered({**document(term="urn:x:2"), "id": "a:b"}, extra, allow_keywords=True)
    assert both(document(term="a:b"), context_set(extra)) == (None, "compact_iri")
    assert answered(document(term="a://b"), extra)


def test_other_names_for_the_type_are_left_to_the_general_path():
    kind = {"@id": TERM + "#Kind", "@context": {"type": TERM + "#type"}}
    extra = own(kind="@type", Kind=kind, term=TERM)
    assert not answered(document(kind="term", term="x"), extra)
    assert not answered(document(type="Kind", term="x"), extra)
    assert answered(document(type="term", term="x"), extra)
    extra = own(kind="@type", Kind={**kind, "@context": {"kind": TERM + "#kind"}}, term=TERM)
    assert not answered(document(kind="Kind", term="x"), extra)
    assert not answered(document(kind="term", term="x"), extra)


class Word(StrEnum):
    """Texts that are more than texts, as programs hand them in."""

    REFERENCE = "urn:x:2"


def test_a_text_of_a_kind_of_its_own_is_left_to_the_general_path():
    extra = own(term={"@id": TERM, "@type": "@id"}, other=TERM + "2")
    for member in ("term", "other"):
        assert not answered(document(**{member: Word.REFERENCE}), extra)
        assert answered(document(**{member: str(Word.REFERENCE)}), extra)


class Several(list):
    """Lists that are more than lists."""


def test_json_of_a_kind_of_its_own_is_left_to_the_general_path():
    extra = own(term={"@id": TERM, "@type": "@json"})
    assert both(document(term={"a": Several([None])}), context_set(extra)) == (None, "null_value")
    assert answered(document(term={"a": ["x"]}), extra)


@pytest.mark.parametrize("junk", ["x", 5, {"@value": "x"}, [["x"]]])
def test_what_is_no_object_in_a_graph_is_left_to_the_general_path(junk):
    extra = own(term={"@id": TERM, "@container": "@graph"})
    assert both(document(term=junk), context_set(extra), allow_keywords=True)[0] is None
    assert answered(document(term={"type": "term"}), extra, allow_keywords=True)


@pytest.mark.parametrize("kind", [5, [5], 0, [0], False, [False, "term"], [["term"]]])
def test_a_type_that_is_no_text_is_left_to_the_general_path_which_refuses_it(kind):
    direct, general = both(document(type=kind, term="x"), context_set(own(term=TERM)))
    assert direct is None
    assert isinstance(general, str)
    assert answered(document(type=["term"], term="x"), own(term=TERM))


def test_a_reversed_member_is_never_written_forwards(monkeypatch):
    """No context that is known or handed in may have one; the tables do not rely on it."""
    monkeypatch.setattr(expansion, "_check_extra", lambda url, document: None)
    contexts = ContextSet(own(term={"@reverse": TERM}, other=TERM))
    assert both(document(term={"id": "urn:x:2"}), contexts) == (None, "unsigned_part")
    assert both(document(other={}), contexts)[0] is not None


def test_a_text_in_no_language_is_left_to_the_general_path():
    extra = own(nowhere="@none", term={"@id": TERM, "@container": "@language"})
    assert not answered(document(term={"nowhere": "x"}), extra)
    assert answered(document(term={"en": "x"}), extra)


@pytest.mark.parametrize(("inside", "says"), [("@id", "unsigned_part"), (TERM, set)])
def test_a_member_that_its_own_context_makes_a_keyword_is_refused(inside, says):
    extra = own(term={"@id": TERM, "@context": {"term": inside}})
    direct, general = both(document(term=5), context_set(extra))
    assert general == says or (says is set and direct == general)


@pytest.mark.parametrize("junk", [5, None, b"x", True, {"a": "x"}, [["x"]]])
def test_what_is_no_text_where_languages_are_is_left_to_the_general_path(junk):
    extra = own(term={"@id": TERM, "@container": "@language"}, other=TERM + "2")
    tagged = document(other={"@value": "x", "@language": junk})
    assert both(document(term={"en": junk}), context_set(extra))[0] is None
    assert both(tagged, context_set(extra), allow_keywords=True)[0] is None
    assert answered(document(term={"en": "x"}, other={"@value": "x"}), extra, allow_keywords=True)


def test_terms_of_one_meaning_keep_the_general_order():
    extra = own(a=TERM, b=TERM)
    assert not answered(document(a={}, b="x"), extra)
    assert answered(document(a={}), extra)


def test_a_reading_with_keywords_shares_nothing_with_a_strict_one():
    inside = {"@context": VC2, "type": "EnvelopedVerifiableCredential", "id": "data:application/vc+jwt,abc"}
    outside = {"@context": [VC2], "type": ["VerifiablePresentation"], "verifiableCredential": [inside]}
    assert answered(outside, allow_keywords=True)
    assert both(outside, context_set()) == (None, "nested_context")


def test_what_a_document_may_hold_depends_on_its_contexts_alone():
    """The same class as a member: known by its contexts in one document, by nobody in the other."""
    extra = {OWN + "1": own(part=TERM, Thing=TERM + "2")[OWN], OWN + "2": own(part=TERM)[OWN]}
    known = {"@context": OWN + "1", "id": "urn:x:1", "part": {"Thing": "x"}}
    assert both(known, context_set(extra)) == (None, "class_as_member")
    assert both({**known, "@context": OWN + "2"}, context_set(extra)) == (None, "undefined_term")
    assert answered({**known, "@context": OWN + "2", "part": {}}, extra)


@pytest.mark.parametrize(("levels", "expected"), [(60, True), (61, True), (62, False), (90, False)])
def test_depth_is_limited_where_the_general_path_limits_it(levels, expected):
    value = {"type": ["Profile"]}
    for _ in range(levels):
        value = {"parentOrg": value, "type": ["Profile"]}
    direct, general = both(badge(issuer=value), context_set())
    assert (direct is not None, general != "too_deep") == (expected, expected)


def test_the_number_of_contexts_is_limited_as_on_the_general_path(monkeypatch):
    kinds = ["Achievement", "Address", "Alignment", "Evidence", "Image", "Profile", "Related"]
    document = badge(evidence=[{"id": f"urn:x:{kind}", "type": ["Evidence", kind]} for kind in kinds])
    limits = [limit for limit in range(5, 30) if _bears(document, limit, monkeypatch)]
    assert limits == list(range(limits[0], 30))


def _bears(document, limit, monkeypatch):
    monkeypatch.setattr(expansion, "_LARGEST_WORK", limit)
    direct, general = both(document, context_set())
    assert (direct is None) == (general == "context_work")
    return direct is not None


def test_tables_are_forgotten_when_there_are_too_many(monkeypatch):
    expansion._sets.clear()
    monkeypatch.setattr(tables, "_MOST_ENTRIES", 300)
    kept = []
    for number in range(40):
        assert answered(badge(name=str(number), evidence=[{"type": ["Evidence"] * (number + 1)}]))
        kept.append(context_set().tables and context_set().tables._entries)
    assert None in kept
    assert all(one is None or one <= 300 for one in kept)


def test_an_object_with_long_names_is_not_remembered():
    assert not answered(badge(type=["VerifiableCredential", "https://a.example/" + "x" * 3_000]))
    assert answered(badge(type=["VerifiableCredential", "https://a.example/" + "x" * 300]))


def test_threads_share_the_tables():
    expansion._sets.clear()
    badges = [badge(name=f"Badge {number}", endorsement=[ENDORSEMENT]) for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        direct = list(pool.map(lambda one: direct_statements(one, context_set()), badges * 5))
    assert direct == [general_statements(one, context_set()) for one in badges] * 5


LEAVES = {
    "texts in languages": {"languages": {"en": ["x"]}},
    "a text in a language": {"languages": {"en": "x"}},
    "JSON objects": {"json": {"a": {}}},
    "a JSON list": {"json": [1]},
    "a JSON list in a list": {"json": {"a": [{"b": []}]}},
    "a value object": {"part": {"@value": "x"}},
    "value objects": {"part": [{"@value": "x"}]},
    "texts": {"part": ["x"]},
    "objects": {"part": [{}]},
    "graphs": {"graph": [{"id": "urn:x:2", "part": "x"}]},
    "an ordered list": {"list": [{}, "x"]},
}


@pytest.mark.parametrize("name", LEAVES)
def test_every_shape_is_as_deep_as_on_the_general_path(name):
    part = {shape: {"@id": TERM + shape} for shape in ("part", "json", "languages", "graph", "list")}
    part["json"]["@type"] = "@json"
    for shape, container in (("languages", "@language"), ("graph", "@graph"), ("list", "@list")):
        part[shape]["@container"] = container
    contexts = context_set(own(**part))
    value, depths = LEAVES[name], []
    for depth in range(70):
        direct, general = both(document(part=value), contexts, allow_keywords=True)
        assert direct is None or direct == general, depth
        depths += [depth] * (direct is not None)
        value = {"part": value}
    assert depths == list(range(len(depths)))
    assert len(depths) >= 58


@pytest.mark.parametrize("junk", [None, [], "x", {}, {"@context": 5}, {"@context": ["https://a.example/"]}])
def test_nothing_is_ever_raised(junk):
    assert direct_statements(junk, context_set()) is None


def test_contexts_that_cannot_be_processed_are_left_to_the_general_path():
    extra = own(term={"@id": TERM, "@container": "nowhere"})
    assert both(document(term="x"), context_set(extra)) == (None, "not_json_ld")


def test_an_endorsement_with_its_own_contexts_and_proof_is_answered():
    proof = {"type": "DataIntegrityProof", "created": "2026-07-03T02:00:00Z", "proofValue": "z1"}
    endorsement = {**ENDORSEMENT, "@context": [*OB3_CONTEXTS, EXTENSIONS]}
    assert answered(badge(endorsement=[{**endorsement, "proof": [proof]}]))
    assert answered(badge(endorsement=[{**endorsement, "proof": {**proof, "@context": OB3_CONTEXTS}}]))
    assert both(badge(evidence=[{"@context": OB3_CONTEXTS, "type": ["Evidence"]}]), context_set()) == (
        None,
        "nested_context",
    )
