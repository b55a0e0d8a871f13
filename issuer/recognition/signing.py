"""Sign what waits: the worker lints each planned statement, signs it with the key, and reads it back.

As with credentials (`issuer.issuing`): nothing is signed that our own verifier would not call valid, ids and
times are fixed in the plan, so that signing it again gives the same bytes, and one transaction stores them.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

from issuer.audit.record import AuditedAct, record
from issuer.deployment import Deployment
from issuer.errors import IssuerError
from issuer.institutions import public_key_of, signing_key
from issuer.keyring import Keyring
from issuer.lint import VerifierFactory, own_verifier
from issuer.recognition_tables import StatementRow
from issuer.status_lists import sign_new_lists, signed_list
from issuer.status_places import REVOCATION
from issuer.tables import Institution, StatusList, stored_id
from keys import PublicKey, SecretKey, Signer
from microcredential import CONTEXT_PATH, context
from microcredential.credential import rfc3339
from ob3 import Ob3Error, add_proof, verify_proof
from ob3.strict_json import dump, parse
from verifier import Outcome, Verdict

_AT_ONCE = 100


@dataclass(frozen=True)
class _Plan:
    """One statement to be signed, and with what."""

    key: int
    urn: str
    unsigned: str
    created: datetime
    method: str
    public_key: PublicKey
    issuer_id: str
    list_id: int
    list_url: str


class _NotGood(Exception):  # noqa: N818  (a reason, kept with the row)
    pass


def sign_statements(
    deployment: Deployment, keyring: Keyring, *, verifier_factory: VerifierFactory = own_verifier
) -> int:
    """Sign all statements that wait; give how many were signed.

    One that the lint refuses keeps the reason and is not tried again. Raises the first IssuerError at the
    end: an institution has no key, or what was signed does not verify.
    """
    with deployment.reading() as session:
        waiting = list(session.exec(_waiting()).all())
    done, refusals = 0, []
    for key in waiting:
        try:
            done += _sign_one(deployment, keyring, key, verifier_factory)
        except IssuerError as refused:
            refusals.append(refused)
    if refusals:
        raise refusals[0]
    return done


def _waiting() -> Any:
    return (
        select(StatementRow.id)
        .where(StatementRow.state == "planned")
        .order_by(col(StatementRow.id))
        .limit(_AT_ONCE)
    )


def _sign_one(
    deployment: Deployment, keyring: Keyring, key: int | None, verifier_factory: VerifierFactory
) -> int:
    plan = _plan(deployment, key)
    contexts = {deployment.base_url + CONTEXT_PATH: context()}
    unsigned: dict[str, Any] = parse(plan.unsigned)
    try:
        _lint(plan, unsigned, contexts, verifier_factory)
    except _NotGood as fault:
        _keep_refusal(deployment, plan, str(fault))
        return 0
    text = _secured(unsigned, keyring.signer(plan.method), plan.created, contexts)
    _read_back(text, unsigned, plan.public_key, contexts)
    sign_new_lists(deployment, keyring, [plan.list_id])
    return int(_store(deployment, plan, text))


def _plan(deployment: Deployment, key: int | None) -> _Plan:
    with deployment.reading() as session:
        row = session.exec(select(StatementRow).where(StatementRow.id == key)).one()
        institution = _owner(session, row)
        signer = signing_key(session, institution)
        status_list = session.exec(select(StatusList).where(StatusList.id == row.status_list_id)).one()
        return _Plan(
            key=stored_id(row),
            urn=row.urn,
            unsigned=row.unsigned or "",
            created=row.created,
            method=signer.verification_method,
            public_key=public_key_of(signer),
            issuer_id=institution.did or "",
            list_id=stored_id(status_list),
            list_url=deployment.status_list_url(status_list.public_id),
        )


def _owner(session: Session, row: StatementRow) -> Institution:
    return session.exec(select(Institution).where(Institution.id == row.institution_id)).one()


def _secured(unsigned: dict[str, Any], signer: Signer, created: datetime, contexts: dict[str, Any]) -> str:
    """Sign and write as stored: one proof, in an array (rule 7 of docs/recognition.md)."""
    secured = add_proof(unsigned, signer=signer, created=rfc3339(created), extra_contexts=contexts)
    return dump({**secured, "proof": [secured["proof"]]})


def _lint(
    plan: _Plan, unsigned: dict[str, Any], contexts: dict[str, Any], verifier_factory: VerifierFactory
) -> None:
    """Sign with a key that is forgotten at once, and ask our own verifier. Raises _NotGood."""
    trial = SecretKey.generate()
    signer = trial.signer(plan.method)
    own_list = signed_list(
        url=plan.list_url,
        issuer_id=plan.issuer_id,
        purpose=REVOCATION,
        set_indexes=(),
        valid_from=plan.created,
        signer=signer,
    ).encode()
    mine = (plan.issuer_id, plan.method)
    verifier = verifier_factory(
        clock=lambda: plan.created,
        keys=lambda issuer, method: trial.public_key if (issuer, method) == mine else None,
        local=lambda url: own_list if url == plan.list_url else None,
    )
    try:
        report = verifier.verify(_secured(unsigned, signer, plan.created, contexts).encode())
    except Ob3Error as error:
        raise _NotGood(error.message) from error
    if report.verdict is not Verdict.valid:
        wrong = [one for one in report.checks if one.outcome in (Outcome.failed, Outcome.unknown)]
        raise _NotGood(" ".join(f"{one.id}: {one.message}" for one in wrong) or report.verdict.value)


def _read_back(text: str, unsigned: dict[str, Any], key: PublicKey, contexts: dict[str, Any]) -> None:
    try:
        verified = verify_proof(parse(text), verification_key=key, extra_contexts=contexts)
    except Ob3Error as error:
        raise IssuerError("signed_wrong", f"What was signed does not verify: {error.message}") from error
    if verified.document != unsigned:
        raise IssuerError("signed_wrong", "What was signed is not what was planned.")


def _store(deployment: Deployment, plan: _Plan, text: str) -> bool:
    """Put the bytes in the place of the plan, unless another worker was faster."""
    with deployment.writing() as session:
        stored = session.exec(
            update(StatementRow)
            .where(col(StatementRow.id) == plan.key)
            .where(col(StatementRow.state) == "planned")
            .values(
                state="issued",
                secured=text,
                unsigned=None,
                verification_method=plan.method,
                issued_at=deployment.now(),
            )
        )
        if stored.rowcount != 1:
            return False
        row = session.exec(select(StatementRow).where(StatementRow.id == plan.key)).one()
        told = {"key": plan.method, "sha256": hashlib.sha256(text.encode()).hexdigest()}
        act = AuditedAct("recognition.sign", plan.urn, after=told)
        record(session, deployment, act, institution=_owner(session, row))
    return True


def _keep_refusal(deployment: Deployment, plan: _Plan, reason: str) -> None:
    with deployment.writing() as session:
        session.exec(
            update(StatementRow)
            .where(col(StatementRow.id) == plan.key)
            .where(col(StatementRow.state) == "planned")
            .values(state="refused", refusal=reason[:2000], unsigned=None)
        )
