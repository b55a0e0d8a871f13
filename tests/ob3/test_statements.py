"""Of each part of an expanded document there is a statement, or the document is refused with the reason."""

import re

import pytest
from pyld_statements import by_pyld

from ob3.canonical import canonicalize, general_statements
from ob3.direct import direct_statements
from ob3.errors import MalformedIri, UndefinedTerm
from ob3.expansion import context_set
from ob3.rdfc import canonical_form
from ob3.statements import statements

OWN = "https://a.example/own"
TERM = "https://a.example/term"
PLAIN = {"@id": TERM}
GRAPH = {"@id": TERM, "@container": "@graph"}
INDEX = {"@id": TERM, "@container": "@index"}
ONLY_OBJECTS = "only an object can be said something about"
NO_PLACE = "has no place in a signed document"
IN_A_LIST = "A list has members that cannot be signed"
IN_A_VALUE = "A value has members that cannot be signed"

# what the term means and its value, why that is refused, and a twin that is accepted
LOST = {
    "a text in a graph": ((GRAPH, "x"), ONLY_OBJECTS, (GRAPH, {"other": "x"})),
    "a value object in a graph": ((GRAPH, {"@value": "x"}), ONLY_OBJECTS, (PLAIN, {"@value": "x"})),
    "a list in a graph": ((GRAPH, {"@list": []}), ONLY_OBJECTS, (PLAIN, {"@list": []})),
    "a text in a graph that is a keyword inside": (
        ({**GRAPH, "@context": {"term": "@none"}}, "x"),
        ONLY_OBJECTS,
        ({**GRAPH, "@context": {"term": "@none"}}, {"other": "x"}),
    ),
    "an object under an index": (
        (INDEX, {"a": {"other": "x"}}),
        f"@index {NO_PLACE}",
        (PLAIN, {"other": "x"}),
    ),
    "a graph under an index": (
        ({"@id": TERM, "@container": ["@graph", "@index"]}, {"a": {"other": "x"}}),
        f"@index {NO_PLACE}",
        (GRAPH, {"other": "x"}),
    ),
    "a text under an index": ((INDEX, {"a": "x"}), IN_A_VALUE, (INDEX, "x")),
    "a list under an index": ((INDEX, {"a": {"@list": ["x"]}}), IN_A_LIST, (PLAIN, {"@list": ["x"]})),
    "a list with a type": ((PLAIN, {"@list": ["x"], "@type": "term"}), IN_A_LIST, (PLAIN, {"@list": ["x"]})),
}


def _form(value, **meanings):
    terms = {"@version": 1.1, "id": "@id", "type": "@type", "other": TERM + "2", **meanings}
    document = {"@context": OWN, "id": "urn:x:1", "other": "x", "term": value}
    return canonicalize(document, extra_contexts={OWN: {"@context": terms}}, allow_keywords=True)


@pytest.mark.parametrize("name", LOST)
def test_a_part_that_makes_no_statement_is_refused_with_the_reason(name):
    (meaning, lost), reason, (meaning_of_twin, twin) = LOST[name]
    with pytest.raises(UndefinedTerm, match=re.escape(reason)) as refused:
        _form(lost, term=meaning)
    assert refused.value.code == "unsigned_part"
    assert _form(twin, term=meaning_of_twin)


@pytest.mark.parametrize("meaning", ["_:term", "https://a.example/<term", "@none"])
def test_a_member_that_is_named_by_no_complete_iri_is_refused(meaning):
    with pytest.raises(UndefinedTerm, match=re.escape(f"The member {meaning} {NO_PLACE}")) as refused:
        _form("x", term=meaning)
    assert refused.value.code == "unsigned_part"
    assert f'<{TERM}> "x"' in _form("x", term=TERM)


def test_a_text_of_the_type_that_only_texts_with_a_language_have_is_refused():
    """It would be a text in a language without its tag, which RDF does not know (RDF 1.1, section 3.3)."""
    only_with_language = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
    with pytest.raises(MalformedIri) as refused:
        _form("x", term={"@id": TERM, "@type": only_with_language})
    assert refused.value.code == "malformed_datatype"
    assert f'"x"^^<{TERM}#kind>' in _form("x", term={"@id": TERM, "@type": TERM + "#kind"})


@pytest.mark.parametrize("datatype", ["_:kind", "kind", "", 5, [TERM]])
def test_a_datatype_that_is_no_complete_iri_is_refused(datatype):
    with pytest.raises(MalformedIri) as refused:
        statements([{TERM: [{"@value": "x", "@type": datatype}]}])
    assert refused.value.code == "malformed_datatype"
    assert statements([{TERM: [{"@value": "x", "@type": TERM}]}])


@pytest.mark.parametrize("content", [None, ["x"], {"a": "x"}, b"x"])
def test_a_value_that_is_neither_text_number_nor_truth_value_is_refused(content):
    with pytest.raises(UndefinedTerm, match="neither text, number nor truth value") as refused:
        statements([{TERM: [{"@value": content}]}])
    assert refused.value.code == "unsigned_part"
    for accepted in ("x", 5, 0.5, True):
        assert statements([{TERM: [{"@value": accepted}]}])


@pytest.mark.parametrize("identifier", ["", "x", "https://a.example/<x", 5, [TERM]])
def test_an_id_or_type_that_is_no_complete_iri_is_refused(identifier):
    for node in ({"@id": identifier, TERM: [{"@value": "x"}]}, {"@type": [identifier]}):
        with pytest.raises(MalformedIri) as refused:
            statements([node])
        assert refused.value.code == "malformed_iri"
    assert statements([{"@id": "urn:x:1", "@type": [TERM]}])


def test_a_type_that_is_the_name_of_a_member_is_held_to_the_same():
    """PyLD expands the names in a map by type without a look at what comes out."""
    by_type = {"@id": TERM, "@container": "@type"}
    with pytest.raises(MalformedIri, match="'kind' is not a complete IRI") as refused:
        _form({"kind": {"other": "x"}}, term=by_type)
    assert refused.value.code == "malformed_iri"
    assert f"<{TERM}>" in _form({"term": {"other": "x"}}, term=by_type)


@pytest.mark.parametrize("order", [1, -1])
def test_a_text_with_and_without_a_direction_makes_two_statements(order):
    """Values are one where all of their entries are: JSON-LD 1.1 API, section 7.2.2, step 4.1.2.

    PyLD leaves the direction out of the comparison and keeps the value that stands first, as jsonld.js does
    (`interop/test_worlds_peers.py`): what it gives would depend on the order, which has no meaning here.
    """
    texts = ["x", {"@value": "x", "@direction": "rtl"}][::order]
    document = {"@context": OWN, "term": texts}
    contexts = context_set({OWN: {"@context": {"@version": 1.1, "term": TERM}}})
    plain, turned = (
        f'_:c14n0 <{TERM}> "x" .\n',
        f'_:c14n0 <{TERM}> "x"^^<https://www.w3.org/ns/i18n#_rtl> .\n',
    )
    for found in (
        direct_statements(document, contexts, allow_keywords=True),
        general_statements(document, contexts, allow_keywords=True),
        by_pyld(document, contexts),
    ):
        assert canonical_form(found) == plain + turned
    assert canonical_form(by_pyld(document, contexts, as_released=True)) == [plain, turned][::order][0]


def test_a_text_that_stands_twice_with_one_direction_makes_one_statement():
    turned = {"@value": "x", "@direction": "rtl"}
    document = {"@context": OWN, "term": [turned, dict(turned)]}
    contexts = context_set({OWN: {"@context": {"@version": 1.1, "term": TERM}}})
    direct = direct_statements(document, contexts, allow_keywords=True)
    assert len(direct) == 1
    assert direct == general_statements(document, contexts, allow_keywords=True)
    assert canonical_form(direct) == canonical_form(by_pyld(document, contexts))
