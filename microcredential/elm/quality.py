"""Write quality assurance: external kinds as accreditations, the institution's own in words."""

from __future__ import annotations

from microcredential.elm.losses import Part
from microcredential.elm.people import Organisations
from microcredential.elm.writer import Node, Writer, present, single
from microcredential.shapes import concept_id

EXTERNAL = "http://data.europa.eu/snb/accreditation/"
_OWN = "No accreditation by another body: it stands in words in a note, with its kind as the subject."
_STANDARD = (
    "It stands among the documents of the accreditation: the vocabulary of EDC has no member for standards."
)
_DATES = {"dateIssued": "issued", "reviewDate": "to be reviewed", "expiryDate": "ends"}
_MIDNIGHT = "T00:00:00Z"


def write_quality(
    achievement: Part, organisations: Organisations, writer: Writer
) -> tuple[list[Node], list[Node]]:
    """Give the accreditations and the notes on everything else."""
    accreditations: list[Node] = []
    notes: list[Node] = []
    for one in achievement.each("qualityAssurance"):
        if not isinstance(one.value, dict):
            continue
        one.types("QualityAssurance")
        if concept_id(one["qaType"].value).startswith(EXTERNAL):
            accreditations.append(_accreditation(one, organisations, writer))
        else:
            notes.append(_in_words(one, writer))
    return accreditations, notes


def _accreditation(one: Part, organisations: Organisations, writer: Writer) -> Node:
    decision, report = one["decision"].words(), one["report"].words()
    standards = [url for part in one.each("standard") if (url := part.words())]
    if standards:
        one["standard"].change(_STANDARD)
    return present(
        {
            "id": one["id"].words() or writer.new_id("accreditation"),
            "type": "Accreditation",
            "title": one["title"].language_map(),
            "dcType": writer.concept(one["qaType"]),
            "accreditingAgent": organisations.write(one["accreditingAgent"]),
            "decision": writer.own_concept(decision) if decision else None,
            "report": writer.web_resource(report) if report else None,
            "supplementaryDocument": single([writer.web_resource(url) for url in standards]),
            **{term: one[term].words() for term in _DATES},
        }
    )


def _in_words(one: Part, writer: Writer) -> Node:
    """Write one note: its title in each language, and in all of them what needs no translation."""
    one.change(_OWN)
    agent = one["accreditingAgent"]
    agent.types("Profile")
    kind = writer.concept(one["qaType"])
    told = {
        "by": [agent["name"].words()],
        "decision:": [one["decision"].words()],
        "standard:": [part.words() for part in one.each("standard")],
        "report:": [one["report"].words()],
        **{word: [one[term].words().removesuffix(_MIDNIGHT)] for term, word in _DATES.items()},
    }
    more = "; ".join(f"{word} {said}" for word, each in told.items() for said in each if said)
    titles = one["title"].language_map() or ({"en": ""} if more else {})
    words = {tag: ". ".join(filter(None, (title.rstrip("."), more))) for tag, title in titles.items()}
    return writer.note(words or writer.spoken(str((kind or {}).get("id", ""))), subject=kind)
