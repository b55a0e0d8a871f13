"""Write the alignments of a badge: levels as far as their basis bears them, each in words with that basis.

A level goes where programs look for one only if it is set by law or rests on an adopted report. Any other is
told in a note: no reader of the model would see that it is only a comparison.
"""

from __future__ import annotations

from collections.abc import Mapping

from microcredential import vocabulary
from microcredential.elm.losses import Part
from microcredential.elm.writer import NS, Node, Writer
from microcredential.frameworks import LEVEL_TYPES
from microcredential.shapes import concept_id, has_type, text

BACKED = frozenset({f"{NS}legislated", f"{NS}referenced"})
_MEMBERS = {
    "ext:EQF": "eqfLevel",
    "ext:NQF": "nqfLevel",
    "ext:QFEHEA": "educationLevel",
    "ext:AQRF": "educationLevel",
}
_IN_WORDS = (
    "The basis of the claim does not bear a level for programs; the level and its basis stand in a note."
)
_BASIS = "The model has no place for what a level rests on; it is the subject of a note."
_REPEATED = {"ESCO": "ext:ESCO", "ISCED-F 2013": "ext:ISCED-F"}


def write_levels(
    achievement: Part, carried: Mapping[str, Mapping[str, str]], writer: Writer
) -> tuple[dict[str, list[Node]], list[Node]]:
    """Give the levels by the member that they belong to, and the notes that tell every level in words.

    `carried` has the labels of the skills and fields that stand elsewhere, by IRI: alignments that repeat
    them say nothing more.
    """
    members: dict[str, list[Node]] = {}
    notes: list[Node] = []
    for one in achievement.each("alignment"):
        if text(one["targetType"].value) in LEVEL_TYPES or has_type(one.value, "LevelAlignment"):
            _write_level(one, members, writer)
            notes.append(_in_words(one, writer))
        elif concept_id(one["targetUrl"].value) in carried:
            _take_repeated(one, carried[concept_id(one["targetUrl"].value)])
    return members, notes


def _write_level(one: Part, members: dict[str, list[Node]], writer: Writer) -> None:
    kind = text(one["targetType"].value)
    if kind not in _MEMBERS or concept_id(one["referencingBasis"].value) not in BACKED:
        one.change(_IN_WORDS)
        return
    member = _MEMBERS[kind]
    if member == "eqfLevel" and member in members:  # the model takes one
        one.change(_IN_WORDS)
        return
    if iri := one["targetUrl"].words():
        one["targetType"].words()
        name = one["targetName"].words()
        labels = dict(vocabulary.labels(iri)) or ({"en": name} if name else {})
        members.setdefault(member, []).append(
            writer.known_concept(
                iri,
                {tag: labels[tag] for tag in ("en",) if tag in labels},
                notation=one["targetCode"].words(),
            )
        )
        one["referencingBasis"].change(_BASIS)


def _in_words(one: Part, writer: Writer) -> Node:
    one.types("Alignment", "LevelAlignment")
    name, code, framework, more = (
        one[term].words() for term in ("targetName", "targetCode", "targetFramework", "targetDescription")
    )
    level = f"level {code}" if code else ""
    told = ", ".join(filter(None, (name, framework, level)))
    sentence = ". ".join(filter(None, (told.rstrip("."), more)))
    return writer.note(writer.spoken(sentence), subject=writer.concept(one["referencingBasis"]))


def _take_repeated(one: Part, labels: Mapping[str, str]) -> None:
    iri = one["targetUrl"].words()
    one.types("Alignment")
    one["targetName"].repeats(*labels.values(), *vocabulary.labels(iri).values())
    one["targetCode"].repeats(iri.rsplit("/", 1)[-1])
    one["targetFramework"].repeats(*_REPEATED)
    one["targetType"].repeats(*_REPEATED.values())
