"""Write the small objects of the European Learning Model: notes, concepts, identifiers, addresses.

Every object has an id, as in the documents of the European Commission: its own where the badge gives one,
else `urn:epass:` with a running number, so that the same badge gives the same document.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from microcredential import vocabulary
from microcredential.elm.losses import Part
from microcredential.vocabulary import Vocabulary

Node = dict[str, Any]
NS = "https://w3id.org/testamur/ns/v1#"
_EU_LIST = re.compile(r"(http://data\.europa\.eu/snb/[a-z-]+)/[A-Za-z0-9_-]+", re.ASCII)
_EU_AUTHORITY = re.compile(
    r"(http://publications\.europa\.eu/resource/authority/[a-z-]+)/[A-Z0-9_]+", re.ASCII
)
_ESCO = "http://data.europa.eu/esco/"


class Writer:
    """Write objects for one document; `language` is that of words without a language of their own."""

    def __init__(self, *, language: str) -> None:
        self.language = language
        self._numbers: Counter[str] = Counter()

    def new_id(self, kind: str) -> str:
        """Give the next id of a kind of object within the document."""
        self._numbers[kind] += 1
        return f"urn:epass:{kind}:{self._numbers[kind]}"

    def spoken(self, words: str) -> dict[str, str]:
        """Give words a language: the model knows no text without one."""
        return {self.language: words}

    def note(self, words: dict[str, str], *, subject: Node | None = None) -> Node:
        """Write a note; `subject` is the concept that it is about."""
        note = {"id": self.new_id("note"), "type": "Note", "noteLiteral": words}
        return note | ({"subject": subject} if subject else {})

    def concept(self, part: Part) -> Node | None:
        """Write the concept that is embedded here or named by its IRI; None where there is neither."""
        iri = part.iri()
        if not iri:
            return None
        part.types("Concept")
        labels = part["prefLabel"].language_map()
        scheme = part["inScheme"].words()
        notation = part["notation"].words()
        return self.known_concept(iri, labels, scheme=scheme, notation=notation)

    def concepts(self, part: Part, term: str) -> list[Node]:
        """Write the concepts of a member."""
        return [one for one in map(self.concept, part.each(term)) if one]

    def known_concept(
        self, iri: str, labels: dict[str, str] | None = None, *, scheme: str = "", notation: str = ""
    ) -> Node:
        """Write a concept of a published list; without labels it takes the English one of our copy."""
        scheme = scheme or scheme_of(iri)
        known = {tag: label for tag, label in vocabulary.labels(iri).items() if tag == "en"}
        parts = {
            "id": iri,
            "type": "Concept",
            "inScheme": {"id": scheme, "type": "ConceptScheme"} if scheme else None,
            "notation": notation,
            "prefLabel": labels or known,
        }
        return present(parts)

    def own_concept(self, label: str, *, notation: str = "") -> Node:
        """Write a concept of no list, as the model asks where a badge has a plain word."""
        return self.known_concept(self.new_id("concept"), self.spoken(label), notation=notation)

    def identifier(self, notation: str, scheme: str) -> Node:
        """Write an identifier with the name of its scheme."""
        return present(
            {
                "id": self.new_id("identifier"),
                "type": "Identifier",
                "schemeName": scheme,
                "notation": notation,
            }
        )

    def web_resource(self, url: str, title: dict[str, str] | None = None) -> Node:
        """Write a page or file on the web."""
        return present(
            {"id": self.new_id("webResource"), "type": "WebResource", "title": title, "contentURL": url}
        )

    def language_concept(self, tag: str) -> Node | None:
        """Write a language (BCP 47) as the EU list names it; None for one that our copy lacks."""
        short = tag.split("-")[0].lower()
        for iri, row in vocabulary.concepts(Vocabulary.LANGUAGE).items():
            if row["bcp47"] == short:
                return self.known_concept(iri)
        return None


def present(node: Node) -> Node:
    """Leave out the members without a value."""
    return {term: value for term, value in node.items() if value not in (None, "", [], {})}


def scheme_of(iri: str) -> str:
    """Give the scheme of a concept by the form of its IRI, or the list of ours that has it; else nothing."""
    if found := _EU_LIST.fullmatch(iri):
        return f"{found[1]}/25831c2"
    if found := _EU_AUTHORITY.fullmatch(iri):
        return found[1]
    if iri.startswith(_ESCO):
        return f"{_ESCO}concept-scheme/skills"
    for name in Vocabulary:
        if vocabulary.in_vocabulary(name, iri):
            return str(vocabulary.document(name)["scheme"])
    return ""


def single(nodes: list[Node]) -> Node | list[Node] | None:
    """Give a lone object bare and several as a list, as the Commission's documents do."""
    return nodes[0] if len(nodes) == 1 else nodes or None
