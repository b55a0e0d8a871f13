"""The statements of a document as PyLD makes them on its own, without anything of ours in the way.

In one place PyLD is corrected: it takes two values for one where they have the same text, type and language,
and drops the second though its direction is another. The standard compares all entries of the two. Source:
JSON-LD 1.1 API, section 7.2.2, step 4.1.2.
"""

from contextlib import nullcontext
from unittest.mock import patch

from pyld import jsonld
from pyld.jsonld import JsonLdProcessor

from ob3.nquads import iri, literal


def by_pyld(document, contexts, *, as_released=False):
    """Give the statements of a document of which nothing is lost, under PyLD's names for blank nodes."""
    same = JsonLdProcessor.compare_values

    def same_in_direction_too(one, other):
        return same(one, other) and _direction(one) == _direction(other)

    def load(url, options=None):
        return {
            "contentType": None,
            "contextUrl": None,
            "documentUrl": url,
            "document": contexts.documents[url],
        }

    options = {"documentLoader": load, "rdfDirection": "i18n-datatype", "base": ""}
    corrected = patch.object(JsonLdProcessor, "compare_values", staticmethod(same_in_direction_too))
    with nullcontext() if as_released else corrected:
        graphs = jsonld.to_rdf(document, options)
    return {
        (_term(quad["subject"]), _term(quad["predicate"]), _term(quad["object"]), _named(graph))
        for graph, quads in graphs.items()
        for quad in quads
    }


def _direction(value):
    return value.get("@direction") if isinstance(value, dict) and "@value" in value else None


def _term(term):
    if term["type"] == "literal":
        return literal(term["value"], datatype=term["datatype"], language=term.get("language", ""))
    return term["value"] if term["type"] == "blank node" else iri(term["value"])


def _named(graph):
    if graph == "@default":
        return ""
    return graph if graph.startswith("_:") else iri(graph)
