"""Transaction A: fix everything about a credential before anything is signed.

Ids, times, codes and the place in the status list are chosen and stored with the exact unsigned document, so
that a crash afterwards leaves a plan that can be finished, and finishing it twice gives the same bytes.
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final

from sqlalchemy import Table, bindparam, insert, update
from sqlmodel import Session, SQLModel, col, select

from issuer.awards import Awarded, awarded_before
from issuer.batches import loaded_row
from issuer.class_list import LearnerRow
from issuer.codes import new_code, new_short_code
from issuer.credentials.folding import search_text
from issuer.definitions import definition_record
from issuer.deployment import Deployment
from issuer.fulfilling import Plan
from issuer.institutions import issuer_profile
from issuer.links import LinkSecret, token_hash
from issuer.proof_forms import ProofForm
from issuer.records import DefinitionVersion
from issuer.same_in_all import SameInAll
from issuer.status_places import REVOCATION, SUSPENSION, Place, take_places
from issuer.tables import (
    Batch,
    BatchRow,
    CredentialRow,
    DefinitionVersionRow,
    Institution,
    Learner,
    stored_id,
)
from microcredential.credential import Evidence, Subject, build_credential, status_entry
from microcredential.durations import valid_until
from microcredential.errors import MicroCredentialError
from ob3 import Ob3Error

_MOST_LOOKED_AT = 10_000
_BATCH_ROW, _CREDENTIAL, _LEARNER, _ENTRY = (
    SQLModel.metadata.tables[name] for name in ("batch_row", "credential", "learner", "status_entry")
)
# What every new credential begins with, as its table says; a column that is not named begins with NULL.
_NOTHING_YET: Final = {
    name: field.default
    for name, field in CredentialRow.model_fields.items()
    if not field.is_required() and field.default is not None
}


@dataclass(frozen=True)
class Planned:
    """What a transaction has planned, as it is stored, and the line to go on from; 0 when no row waited."""

    plans: Sequence[Plan] = ()
    line: int = 0


def plan_rows(
    deployment: Deployment, links: LinkSecret, batch_id: str, *, at_most: int, after: int = 0
) -> Planned:
    """Plan the next waiting rows of a batch, up to that many, in one transaction.

    Rows are looked for behind line `after`.
    """
    with deployment.writing() as session:
        waiting = _waiting_rows(session, batch_id, at_most, after)
        if not waiting:
            return Planned()
        plans = _Planner(deployment, links, session, batch_id).plan(waiting)
    return Planned(plans, waiting[-1].line)


@dataclass(frozen=True)
class _Row:
    """A line that waits: its key and what it says."""

    key: int
    line: int
    given: LearnerRow


def _waiting_rows(session: Session, batch_id: str, at_most: int, after: int) -> list[_Row]:
    """Look at the lines in their order, some at a time: to ask for waiting ones alone would sort them all."""
    columns = select(BatchRow.id, BatchRow.line, BatchRow.state, BatchRow.input)
    mine = columns.where(BatchRow.batch_id == batch_id).order_by(col(BatchRow.line))
    looked_at = at_most
    while seen := session.exec(mine.where(BatchRow.line > after).limit(looked_at)).all():
        waiting = [row for row in seen if row[2] == "pending"][:at_most]
        if waiting:
            return [_Row(key or 0, line, loaded_row(text)) for key, line, _, text in waiting]
        after = seen[-1][1]
        looked_at = min(2 * looked_at, _MOST_LOOKED_AT)  # a batch that goes on has many that are done
    return []


@dataclass(frozen=True)
class _Award:
    """One award that is being planned: the row that asks for it, its learner and what chance gave it."""

    row: _Row
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
        self._form = ProofForm(self._institution.proof_form)
        self._now = deployment.now()
        self._ends = valid_until(self._now, self._version.valid_for)
        self._texts = SameInAll()
        self._already: list[dict[str, Any]] = []
        self._failed: list[dict[str, Any]] = []

    def plan(self, rows: Sequence[_Row]) -> list[Plan]:
        """Plan what can be planned; a row that cannot keeps the reason, and leaves no trace of a plan."""
        known = self._known_learners(rows)
        before = dict(self._awarded_before([key for key, _ in known.values()]))
        learners = self._learners(rows, known)
        new = [row for row in rows if not self._was_awarded(row, before)]
        planned: list[tuple[_Award, dict[str, Any]]] = []
        for award in self._awards(new, learners):
            if self._was_awarded(award.row, before):  # by a row above
                self._give_back(award)
                continue
            try:
                planned.append((award, self._values(award)))
                before[award.row.given.student_number] = None
            except (MicroCredentialError, Ob3Error) as refused:
                self._failed.append({"key": award.row.key, "why": refused.message})
                self._give_back(award)
        keys = self._store(planned)
        self._change_rows(self._already, state="already", input=None, reason=bindparam("why"))
        self._change_rows(self._failed, state="failed", reason=bindparam("why"))
        return [self._plan(keys[award.urn], award, values) for award, values in planned]

    def _was_awarded(self, row: _Row, before: Awarded) -> bool:
        if row.given.student_number not in before:
            return False
        revoked = before[row.given.student_number]
        why = f"{revoked.reason} {revoked.fix}" if revoked else None
        self._already.append({"key": row.key, "why": why})
        return True

    def _change_rows(self, rows: Sequence[Mapping[str, Any]], **values: Any) -> None:
        """Change the lines whose `key` is given, with one prepared statement."""
        if rows:
            changed = update(_BATCH_ROW).where(_BATCH_ROW.c.id == bindparam("key")).values(values)
            self._session.connection().execute(changed, rows)

    def _known_learners(self, rows: Sequence[_Row]) -> dict[str, tuple[int, str]]:
        """Give key and language of those who were awarded something before, by student number."""
        numbers = [row.given.student_number for row in rows]
        mine = select(Learner.student_number, Learner.id, Learner.language).where(
            Learner.institution_id == self._batch.institution_id
        )
        found = self._session.exec(mine.where(col(Learner.student_number).in_(numbers)))
        return {number: (key or 0, language) for number, key, language in found}

    def _learners(self, rows: Sequence[_Row], known: Mapping[str, tuple[int, str]]) -> dict[str, int]:
        """Write down who is awarded, as the last row about each says it; give keys by student number."""
        owner = self._batch.institution_id
        said = {row.given.student_number: self._said_of(row.given) for row in rows}
        changed = [
            {"key": key, **said[number], "language": said[number]["language"] or language}
            for number, (key, language) in known.items()
        ]
        new = [
            {
                "institution_id": owner,
                "student_number": number,
                **values,
                "language": values["language"] or "en",
            }
            for number, values in said.items()
            if number not in known
        ]
        if changed:
            theirs = update(_LEARNER).where(_LEARNER.c.id == bindparam("key"))
            self._session.connection().execute(theirs, changed)
        keys = {number: key for number, (key, _) in known.items()}
        return keys | _inserted(self._session, _LEARNER, new, by="student_number")

    def _said_of(self, given: LearnerRow) -> dict[str, Any]:
        return {
            "language": given.language,
            "name": given.name,
            "email": given.email,
            "search": search_text(given.name, given.student_number, given.email),
            "updated": self._now,
        }

    def _awarded_before(self, learner_ids: Collection[int]) -> Awarded:
        if not learner_ids:
            return {}
        owner, version = self._batch.institution_id, self._batch.definition_version_id
        return awarded_before(self._session, owner, version, self._batch.run, learner_ids=learner_ids)

    def _awards(self, new: Sequence[_Row], learners: Mapping[str, int]) -> list[_Award]:
        """Draw what chance gives each, and take its places in the status lists."""
        purposes = [REVOCATION, *([SUSPENSION] if self._version.suspension else [])]
        random, number = self._deployment.random, len(new)
        places = [take_places(self._session, self._institution, one, number, random) for one in purposes]
        codes = self._free_short_codes(number)
        return [
            _Award(row, learners[row.given.student_number], self._new_urn(), code, taken)
            for row, code, taken in zip(new, codes, zip(*places, strict=True), strict=True)
        ]

    def _give_back(self, award: _Award) -> None:
        for place in award.places:
            place.give_back()

    def _values(self, award: _Award) -> dict[str, Any]:
        """Give the row of a planned credential, with the exact unsigned document."""
        random, given = self._deployment.random, award.row.given
        return {
            **_NOTHING_YET,
            "urn": award.urn,
            "institution_id": self._batch.institution_id,
            "definition_version_id": self._batch.definition_version_id,
            "learner_id": award.learner_id,
            "run": self._batch.run,
            "batch_id": self._batch.id,
            "state": "planned",
            "proof_form": self._form.value,
            "created": self._now,
            "unsigned": self._texts.written(self._document(award)),
            "awarded": _midnight(given.awarded),
            "valid_from": self._now,
            "valid_until": self._ends,
            "code": new_code(random),
            "short_code": award.short_code,
            "share_id": new_code(random),
            "holder_token_hash": token_hash(self._links.token(award.urn)),
            "certificate_number": given.certificate_number,
        }

    def _store(self, planned: Sequence[tuple[_Award, dict[str, Any]]]) -> dict[str, int]:
        """Store what was planned; gives keys by urn."""
        if not planned:
            return {}
        keys = _inserted(self._session, _CREDENTIAL, [values for _, values in planned], by="urn")
        entries = [_entry(place, keys[award.urn]) for award, _ in planned for place in award.places]
        self._session.connection().execute(insert(_ENTRY), entries)
        rows = [{"key": award.row.key, "credential": keys[award.urn]} for award, _ in planned]
        self._change_rows(rows, state="planned", credential_id=bindparam("credential"))
        return keys

    def _plan(self, key: int, award: _Award, values: Mapping[str, Any]) -> Plan:
        """Give what was stored as whoever reads the row finds it."""
        lists = [place.status_list for place in award.places]
        return Plan(
            credential_id=key,
            urn=award.urn,
            unsigned=values["unsigned"],
            form=self._form,
            created=values["created"],
            valid_from=values["valid_from"],
            lists={self._deployment.status_list_url(one.public_id): one.purpose for one in lists},
            list_ids=tuple(map(stored_id, lists)),
        )

    def _document(self, award: _Award) -> dict[str, Any]:
        return build_credential(
            credential_id=award.urn,
            issuer_profile=self._issuer,
            achievement=dict(self._version.achievement),
            subject=self._subject(award.row.given),
            awarded=award.row.given.awarded,
            valid_from=self._now,
            valid_until=self._ends,
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
        return self._new_urn() if self._form.is_token else None

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


def _inserted(session: Session, table: Table, rows: list[dict[str, Any]], *, by: str) -> dict[str, int]:
    """Insert rows and give their keys by a column that is unique among them."""
    if not rows:
        return {}
    told = insert(table).returning(table.c[by], table.c.id)
    return {str(name): int(key) for name, key in session.connection().execute(told, rows)}


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
