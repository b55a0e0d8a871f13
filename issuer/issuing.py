"""Issue a batch: plan, lint, sign, verify, store; whatever is interrupted is finished by the next call.

Transaction A stores plans (`issuer.plan`). Each plan is then linted, signed and verified without a
transaction, and transaction B stores the exact bytes, the key and the state `issued` together with the mail
that is owed. Two workers may do the same plan: ids and times stand in it and Ed25519 is deterministic, so
both make the same bytes, and only one finds the row still `planned`.
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
from issuer.institutions import issuer_profile, published_did_document, signing_key
from issuer.keyring import Keyring
from issuer.links import LinkSecret
from issuer.lint import Lint, LintRefused, VerifierFactory, own_verifier, secure
from issuer.plan import plan_rows
from issuer.records import BatchResult
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
    stored_id,
)
from keys import PublicKey, Signer
from keys.did import keys_from_did_document
from microcredential import CONTEXT_PATH, context
from ob3 import Ob3Error, verify_proof
from ob3.strict_json import parse

CHUNK = 10  # rows to a transaction: one fsync for each, and what a crash makes to be done again
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class _Plan:
    """A stored plan, read without a lock."""

    credential_id: int
    urn: str
    unsigned: str
    created: datetime
    valid_from: datetime
    lists: Mapping[str, str]
    list_ids: tuple[int, ...]


@dataclass(frozen=True)
class _Signed:
    """A plan with the bytes that fulfil it, or the reason why it must not be signed."""

    plan: _Plan
    text: str | None
    refusal: str = ""


@dataclass(frozen=True)
class _Seal:
    """What signs for one institution, and the key as the world will find it."""

    institution_id: int
    signer: Signer
    public_key: PublicKey
    lint: Lint


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
        self._contexts = {deployment.base_url + CONTEXT_PATH: context()}

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
        seal = self._seal(batch_id) if waiting else None
        while seal is not None and waiting and not should_stop():
            planned = self._planned(batch_id)
            if not planned:
                plan_rows(self._deployment, self._links, batch_id, at_most=CHUNK)
                planned = self._planned(batch_id)
            self._fulfil(planned, seal)
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

    def _seal(self, batch_id: str) -> _Seal:
        with self._deployment.reading() as session:
            institution = session.exec(
                select(Institution).where(Institution.id == Batch.institution_id).where(Batch.id == batch_id)
            ).one()
            method = signing_key(session, institution).verification_method
            did = str(issuer_profile(institution)["id"])
            published = keys_from_did_document(published_did_document(session, institution), did)
        lint = Lint(
            base_url=self._deployment.base_url,
            issuer_id=did,
            method=method,
            country=institution.country,
            verifier_factory=self._verifier_factory,
        )
        return _Seal(stored_id(institution), self._keyring.signer(method), published[method], lint)

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
            created=row.created,
            valid_from=row.valid_from,
            lists={self._deployment.status_list_url(each.public_id): each.purpose for each in lists},
            list_ids=tuple(each.id for each in lists if each.id is not None),
        )

    def _fulfil(self, plans: Sequence[_Plan], seal: _Seal) -> None:
        """Sign plans and store the outcome; first the lists they point to, so that all can be checked."""
        sign_new_lists(self._deployment, self._keyring, {one for plan in plans for one in plan.list_ids})
        signed = [self._signed(plan, seal) for plan in plans]
        with self._deployment.writing() as session:
            told = []
            for one in signed:
                if one.text is None:
                    _take_back(session, one)
                elif self._store(session, one.plan, one.text, seal.signer.id):
                    told.append(_signature(one.plan, one.text, seal.signer.id))
            if told:
                institution = session.get_one(Institution, seal.institution_id)
                record(session, self._deployment, told, institution=institution)

    def _signed(self, plan: _Plan, seal: _Seal) -> _Signed:
        unsigned: dict[str, Any] = parse(plan.unsigned)
        try:
            seal.lint.check(unsigned, valid_from=plan.valid_from, lists=plan.lists)
        except LintRefused as refused:
            return _Signed(plan, None, refused.message)
        text = secure(unsigned, signer=seal.signer, created=plan.created, contexts=self._contexts)
        self._verify(text, unsigned, seal.public_key)
        return _Signed(plan, text)

    def _verify(self, text: str, unsigned: dict[str, Any], public_key: PublicKey) -> None:
        """Read the bytes back as the world will, with the published key (THREATS I3)."""
        try:
            verified = verify_proof(parse(text), verification_key=public_key, extra_contexts=self._contexts)
        except Ob3Error as error:
            raise IssuerError("signed_wrong", f"What was signed does not verify: {error.message}") from error
        if verified.document != unsigned:
            raise IssuerError("signed_wrong", "What was signed is not what was planned.")

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
