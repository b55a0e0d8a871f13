"""Transaction A: fix everything about a credential before anything is signed.

Ids, times, codes and the place in the status list are chosen and stored with the exact unsigned document, so
that a crash afterwards leaves a plan that can be finished, and finishing it twice gives the same bytes.
"""

import uuid
from datetime import UTC, date, datetime, time
from typing import Any

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
from issuer.status_places import REVOCATION, SUSPENSION, credential_status, open_list, take_place
from issuer.tables import (
    Batch,
    BatchRow,
    CredentialRow,
    DefinitionVersionRow,
    Institution,
    Learner,
    stored_id,
)
from microcredential.credential import Evidence, Subject, build_credential
from microcredential.durations import valid_until
from microcredential.errors import MicroCredentialError
from ob3 import Ob3Error
from ob3.strict_json import dump


def plan_rows(deployment: Deployment, links: LinkSecret, batch_id: str, *, at_most: int) -> int:
    """Plan up to that many waiting rows of a batch in one transaction; give how many were waiting."""
    with deployment.writing() as session:
        waiting = session.exec(
            select(BatchRow)
            .where(BatchRow.batch_id == batch_id)
            .where(BatchRow.state == "pending")
            .order_by(col(BatchRow.line))
            .limit(at_most)
            .with_for_update(skip_locked=True)
        ).all()
        if waiting:
            planner = _Planner(deployment, links, session, batch_id)
            for row in waiting:
                planner.plan(row)
        return len(waiting)


class _Planner:
    """Plan rows of one batch within one transaction."""

    def __init__(self, deployment: Deployment, links: LinkSecret, session: Session, batch_id: str) -> None:
        self._deployment = deployment
        self._links = links
        self._session = session
        self._batch = session.exec(select(Batch).where(Batch.id == batch_id)).one()
        self._institution = session.exec(
            select(Institution).where(Institution.id == self._batch.institution_id)
        ).one()
        self._version = _version(session, self._batch.definition_version_id, self._institution)
        self._now = deployment.now()

    def plan(self, row: BatchRow) -> None:
        given = loaded_row(row.input)
        learner = self._learner(given)
        before = self._awarded_before(learner)
        if given.student_number in before:
            revoked = before[given.student_number]
            row.state, row.input = "already", None
            row.reason = f"{revoked.reason} {revoked.fix}" if revoked else None
        else:
            self._plan_new(row, given, learner)
        self._session.add(row)

    def _plan_new(self, row: BatchRow, given: LearnerRow, learner: Learner) -> None:
        try:
            with self._session.begin_nested():  # a refused row leaves no trace of its plan
                row.credential_id = self._store_plan(given, learner)
                row.state = "planned"
        except (MicroCredentialError, Ob3Error) as refused:
            row.state, row.reason, row.credential_id = "failed", refused.message, None

    def _learner(self, given: LearnerRow) -> Learner:
        mine = select(Learner).where(Learner.institution_id == self._batch.institution_id)
        learner = self._session.exec(mine.where(Learner.student_number == given.student_number)).first()
        if learner is None:
            learner = Learner(
                institution_id=self._batch.institution_id,
                student_number=given.student_number,
                name=given.name,
                email=given.email,
                language=given.language or "en",
                updated=self._now,
            )
        learner.name, learner.email, learner.updated = given.name, given.email, self._now
        learner.language = given.language or learner.language
        learner.search = search_text(given.name, given.student_number, given.email)
        self._session.add(learner)
        self._session.flush()
        return learner

    def _awarded_before(self, learner: Learner) -> Awarded:
        owner, version = self._batch.institution_id, self._batch.definition_version_id
        run = self._batch.run
        return awarded_before(self._session, owner, version, run, learner_id=stored_id(learner))

    def _store_plan(self, given: LearnerRow, learner: Learner) -> int:
        random = self._deployment.random
        urn = self._new_urn()
        row = CredentialRow(
            urn=urn,
            institution_id=self._batch.institution_id,
            definition_version_id=self._batch.definition_version_id,
            learner_id=stored_id(learner),
            run=self._batch.run,
            batch_id=self._batch.id,
            state="planned",
            proof_form=self._institution.proof_form,
            created=self._now,
            awarded=_midnight(given.awarded),
            valid_from=self._now,
            valid_until=valid_until(self._now, self._version.valid_for),
            code=new_code(random),
            short_code=self._free_short_code(),
            share_id=new_code(random),
            holder_token_hash=token_hash(self._links.token(urn)),
            certificate_number=given.certificate_number,
        )
        self._session.add(row)
        self._session.flush()
        row.unsigned = dump(self._document(row, given))
        self._session.add(row)
        self._session.flush()
        return stored_id(row)

    def _document(self, row: CredentialRow, given: LearnerRow) -> dict[str, Any]:
        return build_credential(
            credential_id=row.urn,
            issuer_profile=self._issuer(),
            achievement=dict(self._version.achievement),
            subject=self._subject(given),
            awarded=given.awarded,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            status_entries=self._status(stored_id(row)),
            base_url=self._deployment.base_url,
            refresh_url=self._refresh_url(row.urn) if self._version.refresh else None,
        )

    def _refresh_url(self, urn: str) -> str:
        return self._deployment.refresh_url(urn, self._links.refresh_token(urn))

    def _issuer(self) -> dict[str, Any]:
        """Give the Profile that the published version carries: a document describes one issuer in one way.

        An institution that has changed its name since gives it to the versions that it publishes then.
        """
        creator = self._version.achievement.get("creator")
        profile = issuer_profile(self._institution)
        if isinstance(creator, dict) and creator.get("id") == profile["id"]:
            return dict(creator)
        return profile

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

    def _status(self, credential_id: int) -> list[dict[str, Any]]:
        purposes = [REVOCATION, *([SUSPENSION] if self._version.suspension else [])]
        entries = []
        for purpose in purposes:
            status_list = open_list(self._session, self._institution, purpose)
            entry = take_place(self._session, status_list, credential_id, self._deployment.random)
            entries.append(credential_status(self._deployment, status_list, entry))
        return entries

    def _free_short_code(self) -> str:
        while True:
            code = new_short_code(self._deployment.random)
            if (
                self._session.exec(select(CredentialRow.id).where(CredentialRow.short_code == code)).first()
                is None
            ):
                return code


def _version(session: Session, version_id: int, institution: Institution) -> DefinitionVersion:
    row = session.exec(select(DefinitionVersionRow).where(DefinitionVersionRow.id == version_id)).one()
    return definition_record(row, institution)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
