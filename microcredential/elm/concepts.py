"""Read the concepts of a document of the European Learning Model, as far as the profile has them."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from microcredential import vocabulary
from microcredential.elm.losses import Part
from microcredential.elm.writer import scheme_of
from microcredential.expansion import ESCO_PREFIX
from microcredential.shapes import concept_id, has_type, text
from microcredential.vocabulary import Vocabulary

_LOCAL = "urn:epass:"
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}", re.ASCII)


class ConceptReader:
    """Read concepts, and take what belongs to the form of the model alone."""

    def take_form(self, part: Part, *kinds: str) -> None:
        """Take the class of an object, and an id that only counts within the document."""
        if not isinstance(part.value, dict):
            return
        part.types(*kinds, *(f"elm:{kind}" for kind in kinds))
        if text(part["id"].value).startswith(_LOCAL):
            part["id"].words()

    def one(self, part: Part, name: Vocabulary) -> Any:
        """Give a concept of that list; None, and all of it a loss, for anything else."""
        if isinstance(part.value, list):
            return next((self.one(one, name) for one in _items(part)[:1]), None)
        iri = self._known(part, name)
        if not iri:
            return None
        labels = part["prefLabel"].language_map()
        self.take_known(part)
        return {"id": iri, "prefLabel": labels} if labels and part["id"].value == iri else iri

    def every(self, part: Part, term: str, name: Vocabulary) -> list[Any]:
        """Give the concepts of a member that are in that list."""
        return [found for one in part.each(term) if (found := self.one(one, name))]

    def iri(self, part: Part, name: Vocabulary) -> str:
        """Give the IRI of a concept of that list alone: its labels are ours."""
        iri = self._known(part, name)
        if iri:
            self.take_labels(part, iri)
            self.take_known(part)
        return iri

    def skills(self, part: Part, term: str) -> list[dict[str, Any]]:
        """Give skills with IRI and name: of ESCO, or of other lists."""
        found = []
        for one in part.each(term):
            iri = concept_id(one.value)
            of_esco = iri.startswith(ESCO_PREFIX)
            named = bool(one["prefLabel"].value) and isinstance(one["prefLabel"].value, dict)
            if not iri or not named or of_esco != (term == "relatedESCOSkill"):
                continue
            labels = one["prefLabel"].language_map()
            if not labels:
                continue
            self.take_known(one)
            one["notation"].repeats("Skill")  # what the Commission's tool writes for every one
            notation = {} if of_esco else {"notation": one["notation"].words()}
            found.append(
                {"id": iri, "prefLabel": labels} | {key: word for key, word in notation.items() if word}
            )
        return found

    def language(self, part: Part) -> str:
        """Give the tag of a language of the EU list (BCP 47), empty for one that our copy lacks."""
        row = vocabulary.concepts(Vocabulary.LANGUAGE).get(concept_id(part.value))
        if row is None:
            return ""
        self.take_labels(part, concept_id(part.value))
        part["notation"].repeats("language")  # what the Commission's tool writes for every one
        self.take_known(part)
        return str(row["bcp47"])

    def key(self, part: Part, own_id: str) -> str:
        """Give the short name of a part from its address under that of the whole; empty for any other."""
        prefix = f"{own_id}#"
        written = text(part.value)
        short = written.removeprefix(prefix)
        if own_id and written.startswith(prefix) and _KEY.fullmatch(short):
            part.words()
            return short
        return ""

    def take_labels(self, part: Part, iri: str, *own: str) -> None:
        """Take the labels of a concept that our list has too, or that are the same as one of our own."""
        known = vocabulary.labels(iri)
        for label in part["prefLabel"].members():
            label.repeats(known.get(str(label.place[-1])), *own)

    def take_subject(self, note: Part, label: str) -> None:
        """Take the concept that one of our own notes is about."""
        subject = note["subject"]
        subject["id"].words()
        subject.types("Concept")
        subject["prefLabel"]["en"].repeats(label)

    def take_known(self, part: Part) -> None:
        """Take what follows from the IRI of a concept: itself, its class and its list."""
        part.iri()
        part.types("Concept")
        part["inScheme"].types("ConceptScheme")
        scheme = scheme_of(concept_id(part.value))
        (part["inScheme"]["id"] if isinstance(part["inScheme"].value, dict) else part["inScheme"]).repeats(
            scheme
        )

    def _known(self, part: Part, name: Vocabulary) -> str:
        """Find the concept by its IRI, or by its label where the document made up an IRI."""
        iri = concept_id(part.value)
        if vocabulary.in_vocabulary(name, iri):
            return iri
        if not iri.startswith(_LOCAL) or not has_type(part.value, "Concept"):
            return ""
        found = _by_label(name).get(text(part["prefLabel"]["en"].value).casefold(), "")
        if found:
            self.take_form(part["inScheme"], "ConceptScheme")
        return found


@cache
def _by_label(name: Vocabulary) -> dict[str, str]:
    rows = vocabulary.concepts(name)
    return {row["labels"]["en"].casefold(): iri for iri, row in rows.items() if "en" in row["labels"]}


def _items(part: Part) -> list[Part]:
    return [Part(one, (*part.place, step), part.account) for step, one in enumerate(part.value)]
