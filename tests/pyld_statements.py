"""The statements of a document as PyLD makes them on its own, without anything of ours in the way."""

from pyld import jsonld

from ob3.nquads import iri, literal


def by_pyld(document, contexts):
    """Give the statements of a document of which nothing is lost, under PyLD's names for blank nodes."""

    def load(url, options=None):
        return {
            "contentType": None,
            "contextUrl": None,
            "documentUrl": url,
            "document": contexts.documents[url],
        }

    options = {"documentLoader": load, "rdfDirection": "i18n-datatype", "base": ""}
    return {
        (_term(quad["subject"]), _term(quad["predicate"]), _term(quad["object"]), _named(graph))
        for graph, quads in jsonld.to_rdf(document, options).items()
        for quad in quads
    }


def _term(term):
    if term["type"] == "literal":
        return literal(term["value"], datatype=term["datatype"], language=term.get("language", ""))
    return term["value"] if term["type"] == "blank node" else iri(term["value"])


def _named(graph):
    if graph == "@default":
        return ""
    return graph if graph.startswith("_:") else iri(graph)
