"""Revoke a key that may be in other hands: nothing that it signed counts any more, whenever that was (N9).

A key that signs today is first followed by a new one. The revocation itself is one transaction: the key's
row, the audit, and a change counted on every status list of the institution. So each list is signed anew with
the new key by whoever comes first, and no worker that has begun with the old key has the last word.
"""

from dataclasses import dataclass

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from issuer.audit.record import AuditedAct, record
from issuer.deployment import Deployment
from issuer.errors import IssuerError, NotFound
from issuer.institutions import institution_row, key_rows, public_key_of, rotate_key
from issuer.keyring import Keyring
from issuer.records import Status
from issuer.status_lists import sign_status_lists
from issuer.tables import CredentialRow, Institution, InstitutionKey, StatusList


@dataclass(frozen=True)
class KeyRevocation:
    """What revoking a key means: which key, and what it signed.

    `ending` counts the credentials that stop being valid, `over` those that were revoked before. `signs`: the
    key is the one of today; `followed_by` is then the new one, once there is one.
    """

    verification_method: str
    algorithm: str
    signs: bool
    ending: int
    over: int
    followed_by: str | None = None


def plan_key_revocation(deployment: Deployment, slug: str, named: str) -> KeyRevocation:
    """Say what would end if a key were revoked; nothing is changed.

    `named` is a verification method, or what stands behind its `#`. Raises NotFound, IssuerError
    `already_revoked`, or `revocation_needs_https` on loopback, where the DID is the key.
    """
    with deployment.reading() as session:
        institution = institution_row(session, slug)
        return _plan(session, _key(session, deployment, institution, named))


def credentials_signed_by(deployment: Deployment, slug: str, named: str) -> list[str]:
    """List the ids of what a key signed and nobody has revoked, whatever became of the key.

    Raises NotFound.
    """
    with deployment.reading() as session:
        row = _named(session, institution_row(session, slug), named)
        mine = (
            select(CredentialRow.urn)
            .where(CredentialRow.institution_id == row.institution_id)
            .where(CredentialRow.verification_method == row.verification_method)
            .where(CredentialRow.state == "issued")
            .where(CredentialRow.status != Status.REVOKED.value)
        )
        return list(session.exec(mine.order_by(col(CredentialRow.id))))


def revoke_key(
    deployment: Deployment, keyring: Keyring, slug: str, named: str, *, by: str | None = None
) -> KeyRevocation:
    """Revoke a key for good, put a new one in its place if it signs today, sign the status lists anew.

    Raises as `plan_key_revocation`, and IssuerError where this process holds no keys.
    """
    planned = plan_key_revocation(deployment, slug, named)
    made = rotate_key(deployment, keyring, slug, planned.algorithm) if planned.signs else None
    with deployment.writing() as session:
        institution = institution_row(session, slug)
        row = _key(session, deployment, institution, planned.verification_method)
        done = _plan(session, row)  # as it is now: others may have signed or revoked meanwhile
        row.revoked = deployment.now()
        row.retired = row.retired or row.revoked
        session.add(row)
        session.exec(
            update(StatusList)
            .where(col(StatusList.institution_id) == institution.id)
            .values(changes=col(StatusList.changes) + 1)
        )
        told = {"revoked": row.revoked.isoformat(), "credentials": done.ending}
        act = AuditedAct("key.revoke", row.verification_method, after=told)
        record(session, deployment, act, institution=institution, by=by)
    sign_status_lists(deployment, keyring)
    return KeyRevocation(
        verification_method=done.verification_method,
        algorithm=done.algorithm,
        signs=planned.signs,
        ending=done.ending,
        over=done.over,
        followed_by=made.verification_method if made else None,
    )


def _key(session: Session, deployment: Deployment, institution: Institution, named: str) -> InstitutionKey:
    if deployment.is_loopback:
        raise IssuerError(
            "revocation_needs_https",
            "On a loopback address an institution is known by did:key, which is the key and cannot say that "
            "it was revoked. Keys can be revoked where TESTAMUR_BASE_URL begins with https.",
        )
    row = _named(session, institution, named)
    if row.revoked is not None:
        raise IssuerError(
            "already_revoked", f"This key was revoked on {row.revoked:%Y-%m-%d}, which is final."
        )
    return row


def _named(session: Session, institution: Institution, named: str) -> InstitutionKey:
    for row in key_rows(session, institution):
        if named in (row.verification_method, row.verification_method.partition("#")[2]):
            return row
    raise NotFound(
        "unknown_key", f"{institution.name} has no such key: `testamur keys list` names those that it has."
    )


def _plan(session: Session, row: InstitutionKey) -> KeyRevocation:
    signed = session.exec(
        select(CredentialRow.status, func.count())
        .where(CredentialRow.institution_id == row.institution_id)
        .where(CredentialRow.verification_method == row.verification_method)
        .where(CredentialRow.state == "issued")
        .group_by(col(CredentialRow.status))
    ).all()
    counted = dict(signed)
    over = counted.pop(Status.REVOKED.value, 0)
    return KeyRevocation(
        verification_method=row.verification_method,
        algorithm=public_key_of(row).algorithm,
        signs=row.retired is None,
        ending=sum(counted.values()),
        over=over,
    )
