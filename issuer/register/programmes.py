"""The programmes that a version counts towards, and who has confirmed that it does (QC-28).

Another institution confirms by its signed standing recognition (R1) towards the very programme; the
institution itself by a decision that a reviewer records here, since nobody recognises what they award (R-2).
A recognition names the address of a published version, so that this is a finding about what is published:
until it is answered the programme is what the issuer intends, and is shown as that.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from issuer.audit.record import AuditedAct, record
from issuer.catalogue_tables import ProgrammeConfirmationRow
from issuer.deployment import Deployment
from issuer.drafts.rows import institution_of
from issuer.errors import Conflict, IssuerError, NotFound
from issuer.recognition.published import found_course, public_statements
from issuer.recognition.records import PublicStatement
from issuer.staff.roles import Act
from issuer.staff.within import must_within
from issuer.tables import DefinitionRow, DefinitionVersionRow, Institution, stored_id
from microcredential import Finding, Severity
from microcredential.recognition import Kind
from microcredential.shapes import concept_id, language_map, mapping, objects, text
from ob3.strict_json import parse

LONGEST_REFERENCE = 300
_STACKABLE = tuple(
    f"https://w3id.org/testamur/ns/v1#{word}" for word in ("stackable", "standaloneAndStackable")
)


@dataclass(frozen=True)
class ProgrammeStanding:
    """A programme that a version names; `by` are those who confirm it, empty where nobody has.

    `place` is its place in `isPartOf`; `reference` and `recorded` are of the institution's own decision.
    `finding` is what QC-28 says while nobody has confirmed it.
    """

    place: int
    title: Mapping[str, str]
    id: str
    code: str
    by: tuple[str, ...]
    reference: str = ""
    recorded: datetime | None = None
    finding: Finding | None = None


def programmes_of(deployment: Deployment, public_id: str) -> tuple[ProgrammeStanding, ...]:
    """Give the programmes of a published version with who confirms each; raises NotFound."""
    stated = _stated(public_statements(deployment, public_id))
    with deployment.reading() as session:
        version, institution = _version(session, public_id)
        rows = session.exec(
            select(ProgrammeConfirmationRow).where(
                ProgrammeConfirmationRow.definition_version_id == version.id
            )
        )
        own = {row.place: row for row in rows}
        achievement = mapping(parse(version.document))
        named = [
            _standing(place, one, own.get(place), institution, stated)
            for place, one in objects(achievement.get("isPartOf"))
        ]
        severity = _severity(achievement)
        return tuple(one if one.by else replace(one, finding=_unconfirmed(one, severity)) for one in named)


def _severity(achievement: Mapping[str, Any]) -> Severity:
    """Give what the list of indicators says: block when stackable."""
    stacks = concept_id(achievement.get("stackability")) in _STACKABLE
    return Severity.BLOCK if stacks else Severity.WARN


def _unconfirmed(one: ProgrammeStanding, severity: Severity) -> Finding:
    return Finding(
        "QC-28",
        severity,
        f"isPartOf[{one.place}]",
        "Nobody who offers this programme has confirmed that the micro-credential counts towards it.",
        "Ask them for a recognition of this version towards the programme's address, or record the decision "
        "of this institution where the programme is its own.",
        "not_confirmed",
        ("QC-28",),
    )


def confirm_programme(desk: Deployment, public_id: str, place: int, *, reference: str) -> None:
    """Record that the institution itself has decided so, under a reference that can be looked for.

    Raises NotFound, NotAllowed for whoever may not review in its faculty, Conflict if it is recorded already,
    IssuerError without a reference.
    """
    words = " ".join(reference.replace("\0", "").split())
    if not words or len(words) > LONGEST_REFERENCE:
        raise IssuerError("reference", f"Name the decision in 1 to {LONGEST_REFERENCE} characters.")
    with desk.writing() as session:
        version, institution = _version(session, public_id)
        definition = session.exec(
            select(DefinitionRow).where(DefinitionRow.id == version.definition_id)
        ).one()
        must_within(desk.actor, Act.REVIEW_DEFINITIONS, definition.faculty_id)
        named = dict(objects(mapping(parse(version.document)).get("isPartOf")))
        if place not in named:
            raise NotFound("unknown_programme", "The version names no such programme.")
        if session.exec(_recorded(version, place)).first() is not None:
            raise Conflict("confirmed", "This is recorded already.")
        session.add(
            ProgrammeConfirmationRow(
                institution_id=stored_id(institution),
                definition_version_id=stored_id(version),
                place=place,
                reference=words,
                confirmed_by=desk.actor.ref,
                confirmed=desk.now(),
            )
        )
        told = {"programme": text(named[place].get("id")) or place, "reference": words}
        act = AuditedAct("definition.programme", version.public_id, after=told)
        record(session, desk, act, institution=institution_of(session, desk))


def _recorded(version: DefinitionVersionRow, place: int) -> Any:
    return select(ProgrammeConfirmationRow.id).where(
        ProgrammeConfirmationRow.definition_version_id == version.id,
        ProgrammeConfirmationRow.place == place,
    )


def _version(session: Session, public_id: str) -> tuple[DefinitionVersionRow, Institution]:
    found = found_course(session, public_id)
    if found is None:
        raise NotFound("unknown_version", "There is no such version here, or it belongs to another faculty.")
    return found


def _stated(statements: list[PublicStatement]) -> dict[str, list[str]]:
    """Give who recognises towards which programme, by the programme's id."""
    found: dict[str, list[str]] = {}
    for one in statements:
        if one.kind is Kind.STANDING:
            subject = mapping(mapping(parse(one.text)).get("credentialSubject"))
            for _place, programme in objects(subject.get("recognisedTowards")):
                found.setdefault(text(programme.get("id")), []).append(one.who)
    return found


def _standing(
    place: int,
    programme: Mapping[str, Any],
    own: ProgrammeConfirmationRow | None,
    institution: Institution,
    stated: Mapping[str, list[str]],
) -> ProgrammeStanding:
    address = text(programme.get("id"))
    others = stated.get(address, []) if address else []
    return ProgrammeStanding(
        place=place,
        title=language_map(programme.get("title")),
        id=address,
        code=text(programme.get("qualificationCode")),
        by=tuple(dict.fromkeys([*([institution.name] if own else []), *others])),
        reference=own.reference if own else "",
        recorded=own.confirmed if own else None,
    )
