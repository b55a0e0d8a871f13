"""Issue a batch: plan, lint, sign, verify, store; whatever is interrupted is finished by the next call.

Transaction A stores plans (`issuer.plan`). Each plan is then linted, signed and verified without a
transaction, and transaction B stores the exact bytes, the key and the state `issued` together with the mail
that is owed. Two workers may do the same plan: ids, times and the form of the proof stand in it and every
form is deterministic (`issuer.sealing`), so both make the same bytes, and only one finds the row still
`planned`.
"""

import hashlib
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, update
from sqlmodel import Session, col, select

from issuer.audit.record import AuditedAct, record
from issuer.batches import batch_progress, batch_result, finish_batch, open_batches
from issuer.deployment import Deployment
from issuer.errors import IssuerError
from issuer.institutions import issuer_profile
from issuer.keyring import Keyring
from issuer.links import LinkSecret
from issuer.lint import Lint, LintRefused, VerifierFactory, own_verifier
from issuer.plan import plan_rows
from issuer.proof_forms import ProofForm
from issuer.records import BatchResult
from issuer.sealing import Seal, institution_seal
from issuer.status_lists import sign_new_lists
from issuer.tables import (
    Batch,
    BatchRow,
    CredentialRow,
    Institution,
    Learner,
    OutboxMailRow,
    StatusEntry,
    StatusList,
)
from ob3.strict_json import parse

CHUNK = 10  # rows to a transaction: one fsync for each, and what a crash makes to be done again
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class _Plan:
    """A stored plan, read without a lock."""

    credential_id: int
    urn: str
    unsigned: str
    form: ProofForm
    created: datetime
    valid_from: datetime
    lists: Mapping[str, str]
    list_ids: tuple[int, ...]


@dataclass(frozen=True)
class _Signed:
    """A plan with the bytes that fulfil it, or the reason why it must not be signed."""

    plan: _Plan
    text: str | None
    method: str = ""
    refusal: str = ""


class _Seals:
    """What lints and signs in each form for the institution of a batch, made once it is needed."""

    def __init__(
        self, deployment: Deployment, keyring: Keyring, factory: VerifierFactory, batch_id: str
    ) -> None:
        self._deployment, self._keyring, self._factory = deployment, keyring, factory
        self._of_batch = (
            select(Institution).where(Institution.id == Batch.institution_id).where(Batch.id == batch_id)
        )
        self._made: dict[ProofForm, tuple[Seal, Lint]] = {}

    def of_today(self) -> None:
        """Raise IssuerError if nothing can be signed in the form that the institution has chosen."""
        with self._deployment.reading() as session:
            form = ProofForm(session.exec(self._of_batch).one().proof_form)
        self.of(form)

    def of(self, form: ProofForm) -> tuple[Seal, Lint]:
        """Give both for a form; raises IssuerError if there is no key for it."""
        if form not in self._made:
            self._made[form] = self._make(form)
        return self._made[form]

    def _make(self, form: ProofForm) -> tuple[Seal, Lint]:
        with self._deployment.reading() as session:
            institution = session.exec(self._of_batch).one()
            seal = institution_seal(self._deployment, self._keyring, session, institution, form)
        lint = Lint(
            base_url=self._deployment.base_url,
            issuer_id=str(issuer_profile(institution)["id"]),
            method=seal.signer.id,
            country=institution.country,
            verifier_factory=self._factory,
            form=form,
            kid=seal.kid,
        )
        return seal, lint


class Issuing:
    """Issue batches with the keys of this process."""

    def __init__(
        self,
        deployment: Deployment,
        keyring: Keyring,
        links: LinkSecret | None,
        verifier_factory: VerifierFactory = own_verifier,
    ) -> None:
        self._deployment = deployment
        self._keyring = keyring
        self._links = links
        self._verifier_factory = verifier_factory

    def issue_batch(
        self,
        batch_id: str,
        *,
        progress: Progress | None = None,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> BatchResult:
        """Issue what a batch still waits for; `progress` is told rows done and rows in all.

        Raises NotFound for an unknown batch, IssuerError if this process cannot sign.
        """
        if self._links is None:
            raise IssuerError("no_links", "This process cannot make holder links: the worker issues.")
        waiting, total = batch_progress(self._deployment, batch_id)
        seals = self._seals(batch_id)
        if waiting:
            seals.of_today()
        while waiting and not should_stop():
            planned = self._planned(batch_id)
            if not planned:
                plan_rows(self._deployment, self._links, batch_id, at_most=CHUNK)
                planned = self._planned(batch_id)
            self._fulfil(batch_id, planned, seals)
            waiting, total = batch_progress(self._deployment, batch_id)
            if progress is not None:
                progress(total - waiting, total)
        finish_batch(self._deployment, batch_id)
        return batch_result(self._deployment, batch_id)

    def resume(
        self, *, progress: Progress | None = None, should_stop: Callable[[], bool] = lambda: False
    ) -> list[BatchResult]:
        """Finish every batch that was left behind; one that cannot be finished does not hold up the others.

        Raises the first IssuerError at the end.
        """
        results, refusals = [], []
        for batch_id in open_batches(self._deployment):
            if should_stop():
                break
            try:
                results.append(self.issue_batch(batch_id, progress=progress, should_stop=should_stop))
            except IssuerError as refused:
                refusals.append(refused)
        if refusals:
            raise refusals[0]
        return results

    def _seals(self, batch_id: str) -> _Seals:
        return _Seals(self._deployment, self._keyring, self._verifier_factory, batch_id)

    def _planned(self, batch_id: str) -> list[_Plan]:
        """Read some plans of a batch, at random, so that two workers seldom take the same ones."""
        with self._deployment.reading() as session:
            mine = select(CredentialRow.id).where(CredentialRow.batch_id == batch_id)
            ids = list(session.exec(mine.where(CredentialRow.state == "planned")))
            chosen = self._deployment.random.sample(ids, min(CHUNK, len(ids)))
            return [
                self._plan(session, credential_id) for credential_id in chosen if credential_id is not None
            ]

    def _plan(self, session: Session, credential_id: int) -> _Plan:
        row = session.exec(select(CredentialRow).where(CredentialRow.id == credential_id)).one()
        lists = session.exec(
            select(StatusList)
            .where(StatusEntry.credential_id == credential_id)
            .where(StatusEntry.status_list_id == StatusList.id)
        ).all()
        return _Plan(
            credential_id=credential_id,
            urn=row.urn,
            unsigned=row.unsigned or "{}",
            form=ProofForm(row.proof_form),
            created=row.created,
            valid_from=row.valid_from,
            lists={self._deployment.status_list_url(each.public_id): each.purpose for each in lists},
            list_ids=tuple(each.id for each in lists if each.id is not None),
        )

    def _fulfil(self, batch_id: str, plans: Sequence[_Plan], seals: _Seals) -> None:
        """Sign plans and store the outcome; first the lists they point to, so that all can be checked."""
        sign_new_lists(self._deployment, self._keyring, {one for plan in plans for one in plan.list_ids})
        signed = [_signed(plan, *seals.of(plan.form)) for plan in plans]
        with self._deployment.writing() as session:
            told = []
            for one in signed:
                if one.text is None:
                    _take_back(session, one)
                elif self._store(session, one.plan, one.text, one.method):
                    told.append(_signature(one.plan, one.text, one.method))
            if told:
                owner = select(Institution).where(Institution.id == Batch.institution_id)
                institution = session.exec(owner.where(Batch.id == batch_id)).one()
                record(session, self._deployment, told, institution=institution)

    def _store(self, session: Session, plan: _Plan, text: str, method: str) -> bool:
        """Transaction B for one plan; nothing happens if it is none any more.

        Another worker has stored it then, or the batch was undone.
        """
        now = self._deployment.now()
        stored = session.exec(
            update(CredentialRow)
            .where(col(CredentialRow.id) == plan.credential_id)
            .where(col(CredentialRow.state) == "planned")
            .values(state="issued", secured=text, unsigned=None, verification_method=method, issued_at=now)
        )
        if stored.rowcount != 1:
            return False
        session.exec(
            update(BatchRow)
            .where(col(BatchRow.credential_id) == plan.credential_id)
            .values(state="issued", input=None)
        )
        institution_id, email = session.exec(
            select(CredentialRow.institution_id, Learner.email)
            .where(CredentialRow.id == plan.credential_id)
            .where(CredentialRow.learner_id == Learner.id)
        ).one()
        session.exec(
            insert(OutboxMailRow).values(
                institution_id=institution_id,
                credential_id=plan.credential_id,
                kind="award",
                message_id=self._message_id(),
                recipient=email,
                state="queued",
                attempts=0,
                next_attempt=now,
                created=now,
            )
        )
        return True

    def _message_id(self) -> str:
        unique = uuid.UUID(int=self._deployment.random.getrandbits(128), version=4)
        return f"<{unique}@{self._deployment.host}>"


def _signed(plan: _Plan, seal: Seal, lint: Lint) -> _Signed:
    unsigned: dict[str, Any] = parse(plan.unsigned)
    try:
        lint.check(unsigned, valid_from=plan.valid_from, lists=plan.lists)
    except LintRefused as refused:
        return _Signed(plan, None, refusal=refused.message)
    text = seal.secure(unsigned, created=plan.created)
    seal.read_back(text, unsigned)
    return _Signed(plan, text, seal.signer.id)


def _signature(plan: _Plan, text: str, method: str) -> AuditedAct:
    """Tell of a signature what identifies it, and nothing of whom it is about (THREATS K1)."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    return AuditedAct("credential.issue", plan.urn, after={"key": method, "sha256": digest})


def _take_back(session: Session, refused: _Signed) -> None:
    """Remove a plan that must not be signed; its line keeps the reason. Nobody outside has seen it."""
    credential_id = refused.plan.credential_id
    mine = select(CredentialRow.state).where(CredentialRow.id == credential_id)
    still = session.exec(mine.with_for_update()).first()
    if still != "planned":
        return
    session.exec(
        update(BatchRow)
        .where(col(BatchRow.credential_id) == credential_id)
        .values(state="failed", reason=refused.refusal, credential_id=None)
    )
    session.exec(delete(StatusEntry).where(col(StatusEntry.credential_id) == credential_id))
    session.exec(delete(CredentialRow).where(col(CredentialRow.id) == credential_id))
