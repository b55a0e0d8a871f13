"""Transaction A: fix everything about a credential before anything is signed.

Ids, times, codes and the place in the status list are chosen and stored with the exact unsigned document, so
that a crash afterwards leaves a plan that can be finished, and finishing it twice gives the same bytes.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final

from sqlalchemy import insert
from sqlmodel import Session, col, select

from issuer.awards import Awarded, awarded_before
from issuer.batches import loaded_row
from issuer.class_list import LearnerRow
from issuer.codes import new_code, new_short_code
from issuer.credentials.folding import search_text
from issuer.definitions import definition_record
from issuer.deployment import Deployment
from issuer.institutions import issuer_profile
from issuer.links import LinkSecret, token_hash
from issuer.proof_forms import ProofForm
from issuer.records import DefinitionVersion
from issuer.status_places import REVOCATION, SUSPENSION, Place, take_places
from issuer.tables import (
    Batch,
    BatchRow,
    CredentialRow,
    DefinitionVersionRow,
    Institution,
    Learner,
    StatusEntry,
    stored_id,
)
from microcredential.credential import Evidence, Subject, build_credential, status_entry
from microcredential.durations import valid_until
from microcredential.errors import MicroCredentialError
from ob3 import Ob3Error
from ob3.strict_json import dump

_MOST_LOOKED_AT = 10_000
# What every new credential begins with, as its table says.
_NOTHING_YET: Final = {
    name: field.default
    for name, field in CredentialRow.model_fields.items()
    if name != "id" and not field.is_required()
}


def plan_rows(
    deployment: Deployment, links: LinkSecret, batch_id: str, *, at_most: int, after: int = 0
) -> int:
    """Plan the next waiting rows of a batch, up to that many, in one transaction.

    Rows are looked for behind line `after`; gives the line to go on from, or 0 when none waits there.
    """
    with deployment.writing() as session:
        waiting = _waiting_rows(session, batch_id, at_most, after)
        if waiting:
            _Planner(deployment, links, session, batch_id).plan(waiting)
        return waiting[-1].line if waiting else 0


def _waiting_rows(session: Session, batch_id: str, at_most: int, after: int) -> Sequence[BatchRow]:
    """Look at the lines in their order, some at a time: to ask for waiting ones alone would sort them all."""
    mine = select(BatchRow.id, BatchRow.line, BatchRow.state).where(BatchRow.batch_id == batch_id)
    looked_at = at_most
    while seen := session.exec(
        mine.where(BatchRow.line > after).order_by(col(BatchRow.line)).limit(looked_at)
    ).all():
        waiting = [key for key, _, state in seen if state == "pending"][:at_most]
        if waiting:
            chosen = select(BatchRow).where(col(BatchRow.id).in_(waiting))
            return session.exec(chosen.order_by(col(BatchRow.line))).all()
        after = seen[-1][1]
        looked_at = min(2 * looked_at, _MOST_LOOKED_AT)  # a batch that goes on has many that are done
    return []


@dataclass(frozen=True)
class _Award:
    """One award that is being planned: the row that asks for it, its learner and what chance gave it."""

    row: BatchRow
    given: LearnerRow
    learner_id: int
    urn: str
    short_code: str
    places: Sequence[Place]


class _Planner:
    """Plan rows of one batch within one transaction: each statement is for all of them."""

    def __init__(self, deployment: Deployment, links: LinkSecret, session: Session, batch_id: str) -> None:
        self._deployment = deployment
        self._links = links
        self._session = session
        self._batch = session.exec(select(Batch).where(Batch.id == batch_id)).one()
        self._institution = session.exec(
            select(Institution).where(Institution.id == self._batch.institution_id)
        ).one()
        self._version = _version(session, self._batch.definition_version_id, self._institution)
        self._issuer = _issuer(self._version, self._institution)
        self._now = deployment.now()

    def plan(self, rows: Sequence[BatchRow]) -> None:
        """Plan what can be planned; a row that cannot keeps the reason, and leaves no trace of a plan."""
        given = [loaded_row(row.input) for row in rows]
        learners = self._learners(given)
        before = dict(self._awarded_before(learners.values()))
        new = [
            (row, one)
            for row, one in zip(rows, given, strict=True)
            if not self._was_awarded(row, one.student_number, before)
        ]
        awards, planned = self._awards(new, learners), []
        for award in awards:
            if self._was_awarded(award.row, award.given.student_number, before):  # by a row above
                self._give_back(award)
                continue
            try:
                planned.append((award, self._values(award)))
                before[award.given.student_number] = None
            except (MicroCredentialError, Ob3Error) as refused:
                award.row.state, award.row.reason = "failed", refused.message
                self._give_back(award)
        self._store(planned)

    def _was_awarded(self, row: BatchRow, student_number: str, before: Awarded) -> bool:
        if student_number not in before:
            return False
        revoked = before[student_number]
        row.state, row.input = "already", None
        row.reason = f"{revoked.reason} {revoked.fix}" if revoked else None
        return True

    def _learners(self, given: Sequence[LearnerRow]) -> dict[str, int]:
        """Write down who is awarded and give their keys by student number."""
        by_number = {one.student_number: one for one in given}
        mine = select(Learner).where(Learner.institution_id == self._batch.institution_id)
        known = self._session.exec(mine.where(col(Learner.student_number).in_(list(by_number)))).all()
        keys = {}
        for learner in known:
            one = by_number[learner.student_number]
            for name, value in self._said_of(one).items():
                setattr(learner, name, value)
            learner.language = one.language or learner.language
            keys[learner.student_number] = stored_id(learner)
        new = [
            {
                "institution_id": self._batch.institution_id,
                "student_number": number,
                "language": one.language or "en",
                **self._said_of(one),
            }
            for number, one in by_number.items()
            if number not in keys
        ]
        return keys | _inserted(self._session, Learner, new, by="student_number")

    def _said_of(self, given: LearnerRow) -> dict[str, Any]:
        return {
            "name": given.name,
            "email": given.email,
            "search": search_text(given.name, given.student_number, given.email),
            "updated": self._now,
        }

    def _awarded_before(self, learner_ids: Iterable[int]) -> Awarded:
        owner, version = self._batch.institution_id, self._batch.definition_version_id
        run = self._batch.run
        return awarded_before(self._session, owner, version, run, learner_ids=list(learner_ids))

    def _awards(
        self, new: Sequence[tuple[BatchRow, LearnerRow]], learners: Mapping[str, int]
    ) -> list[_Award]:
        """Draw what chance gives each, and take its places in the status lists."""
        purposes = [REVOCATION, *([SUSPENSION] if self._version.suspension else [])]
        random, number = self._deployment.random, len(new)
        places = [take_places(self._session, self._institution, one, number, random) for one in purposes]
        codes = self._free_short_codes(number)
        return [
            _Award(row, given, learners[given.student_number], self._new_urn(), code, taken)
            for (row, given), code, taken in zip(new, codes, zip(*places, strict=True), strict=True)
        ]

    def _give_back(self, award: _Award) -> None:
        for place in award.places:
            place.give_back()

    def _values(self, award: _Award) -> dict[str, Any]:
        """Give the row of a planned credential, with the exact unsigned document."""
        random = self._deployment.random
        ends = valid_until(self._now, self._version.valid_for)
        return {
            **_NOTHING_YET,
            "urn": award.urn,
            "institution_id": self._batch.institution_id,
            "definition_version_id": self._batch.definition_version_id,
            "learner_id": award.learner_id,
            "run": self._batch.run,
            "batch_id": self._batch.id,
            "state": "planned",
            "proof_form": self._institution.proof_form,
            "created": self._now,
            "unsigned": dump(self._document(award, ends)),
            "awarded": _midnight(award.given.awarded),
            "valid_from": self._now,
            "valid_until": ends,
            "code": new_code(random),
            "short_code": award.short_code,
            "share_id": new_code(random),
            "holder_token_hash": token_hash(self._links.token(award.urn)),
            "certificate_number": award.given.certificate_number,
        }

    def _store(self, planned: Sequence[tuple[_Award, dict[str, Any]]]) -> None:
        keys = _inserted(self._session, CredentialRow, [values for _, values in planned], by="urn")
        entries = []
        for award, _ in planned:
            award.row.state, award.row.credential_id = "planned", keys[award.urn]
            entries += [_entry(place, keys[award.urn]) for place in award.places]
        if entries:
            self._session.exec(insert(StatusEntry), params=entries)

    def _document(self, award: _Award, ends: datetime | None) -> dict[str, Any]:
        return build_credential(
            credential_id=award.urn,
            issuer_profile=self._issuer,
            achievement=dict(self._version.achievement),
            subject=self._subject(award.given),
            awarded=award.given.awarded,
            valid_from=self._now,
            valid_until=ends,
            status_entries=[self._status(place) for place in award.places],
            base_url=self._deployment.base_url,
            refresh_url=self._refresh_url(award.urn) if self._version.refresh else None,
        )

    def _status(self, place: Place) -> dict[str, Any]:
        return status_entry(
            list_url=self._deployment.status_list_url(place.status_list.public_id),
            index=place.index,
            purpose=place.status_list.purpose,
        )

    def _refresh_url(self, urn: str) -> str:
        return self._deployment.refresh_url(urn, self._links.refresh_token(urn))

    def _subject(self, given: LearnerRow) -> Subject:
        hashed = self._institution.hashes_email
        evidence = (Evidence(url=given.evidence_url, name=given.evidence_name),) if given.evidence_url else ()
        return Subject(
            id=self._subject_id(),
            student_number=given.student_number,
            name=given.name,
            given_name=given.given_name,
            family_name=given.family_name,
            email=given.email if hashed else None,
            email_salt=self._deployment.random.getrandbits(128).to_bytes(16, "big") if hashed else None,
            started=given.start,
            ended=given.end,
            term=self._batch.run,
            credits_earned=None if given.credits_earned is None else float(given.credits_earned),
            certificate_number=given.certificate_number,
            results=given.results,
            evidence=evidence,
        )

    def _subject_id(self) -> str | None:
        """Give the learner a name for tokens, whose claim `sub` is never missing (Open Badges 3.0).

        It is another one in each credential, so that no two can be joined by it.
        """
        return self._new_urn() if ProofForm(self._institution.proof_form).is_token else None

    def _new_urn(self) -> str:
        return f"urn:uuid:{uuid.UUID(int=self._deployment.random.getrandbits(128), version=4)}"

    def _free_short_codes(self, number: int) -> list[str]:
        found: list[str] = []
        while len(found) < number:
            drawn = {new_short_code(self._deployment.random): None for _ in range(number - len(found))}
            taken = select(CredentialRow.short_code).where(col(CredentialRow.short_code).in_(list(drawn)))
            gone = {*self._session.exec(taken), *found}
            found += [code for code in drawn if code not in gone]
        return found


def _inserted(
    session: Session, table: type[Learner] | type[CredentialRow], rows: list[dict[str, Any]], *, by: str
) -> dict[str, int]:
    """Insert rows and give their keys by a column that is unique among them."""
    if not rows:
        return {}
    told = insert(table).returning(getattr(table, by), col(table.id))
    return {str(name): int(key) for name, key in session.execute(told, rows)}


def _entry(place: Place, credential_id: int) -> dict[str, Any]:
    return {
        "institution_id": place.status_list.institution_id,
        "status_list_id": stored_id(place.status_list),
        "list_index": place.index,
        "credential_id": credential_id,
        "purpose": place.status_list.purpose,
        "is_set": False,
    }


def _issuer(version: DefinitionVersion, institution: Institution) -> dict[str, Any]:
    """Give the Profile that the published version carries: a document describes one issuer in one way.

    An institution that has changed its name since gives it to the versions that it publishes then.
    """
    creator = version.achievement.get("creator")
    profile = issuer_profile(institution)
    if isinstance(creator, dict) and creator.get("id") == profile["id"]:
        return dict(creator)
    return profile


def _version(session: Session, version_id: int, institution: Institution) -> DefinitionVersion:
    row = session.exec(select(DefinitionVersionRow).where(DefinitionVersionRow.id == version_id)).one()
    return definition_record(row, institution)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
