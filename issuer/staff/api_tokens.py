"""Tokens for programs: each acts for one institution, for the acts that it names, until a day."""

import json
import re
import secrets
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from issuer.audit.record import AuditedAct, record
from issuer.deployment import Deployment
from issuer.errors import IssuerError, NotFound
from issuer.inputs import one_line
from issuer.links import token_hash
from issuer.staff.actor import Actor, ActorKind
from issuer.staff.roles import TOKEN_ACTS, Act
from issuer.staff.within import must_within
from issuer.staff_tables import ApiTokenRow
from issuer.tables import Institution

PREFIX = "tmr_"  # by which scanners for leaked secrets know it
LONGEST = timedelta(days=366)
_TOUCHED_EVERY = timedelta(minutes=1)  # a program that asks often seldom costs a write
_SHOWN = len(PREFIX) + 8
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_FORM = re.compile(rf"{PREFIX}([A-Za-z0-9_-]{{43}})([0-9A-Za-z]{{6}})", re.ASCII)


@dataclass(frozen=True)
class ApiToken:
    """A token as people see it afterwards: `shown` are its first letters."""

    public_id: str
    name: str
    shown: str
    acts: tuple[Act, ...]
    created_by: str
    created: datetime
    expires: datetime
    last_used: datetime | None
    revoked: datetime | None

    def state(self, now: datetime) -> str:
        """Say `revoked`, `expired` or `good`."""
        if self.revoked is not None:
            return "revoked"
        return "expired" if self.expires <= now else "good"


def looks_like_token(text: str) -> bool:
    """Tell whether a text has the form of a token and its checksum fits; a slip in typing shows here."""
    found = _FORM.fullmatch(text)
    return found is not None and _checksum(found[1]) == found[2]


def api_tokens(desk: Deployment) -> list[ApiToken]:
    """List the tokens of the institution, the newest first. Raises NotAllowed."""
    must_within(desk.actor, Act.MANAGE_TOKENS, None)
    with desk.reading() as session:
        rows = session.exec(
            select(ApiTokenRow).order_by(col(ApiTokenRow.created).desc(), col(ApiTokenRow.id).desc())
        )
        return [_token(row) for row in rows]


def create_token(
    desk: Deployment, *, name: str, acts: Collection[Act], expires: datetime
) -> tuple[ApiToken, str]:
    """Make a token and give it with its text, which is shown once. Raises IssuerError and NotAllowed."""
    must_within(desk.actor, Act.MANAGE_TOKENS, None)
    name, now = one_line("name", name, longest=100), desk.now()
    if not acts or not set(acts) <= TOKEN_ACTS:
        raise IssuerError("acts", "Choose what the program may do: one act at least, of those in the list.")
    if not now < expires <= now + LONGEST:
        raise IssuerError("expires", "A token ends after today and within a year. Choose such a day.")
    text = _new_text()
    row = ApiTokenRow(
        public_id=str(UUID(int=desk.random.getrandbits(128), version=4)),
        institution_id=desk.actor.institution_id or 0,
        name=name,
        token_hash=token_hash(text),
        shown=text[:_SHOWN],
        acts=json.dumps(sorted(acts)),
        created_by=desk.actor.ref,
        created=now,
        expires=expires,
    )
    with desk.writing() as session:
        session.add(row)
        session.flush()
        told = {"name": name, "acts": sorted(acts), "expires": expires.isoformat()}
        _record(session, desk, AuditedAct("token.create", row.public_id, after=told))
        return _token(row), text


def revoke_token(desk: Deployment, public_id: str) -> None:
    """Withdraw a token at once; one that was withdrawn stays so. Raises NotFound and NotAllowed."""
    must_within(desk.actor, Act.MANAGE_TOKENS, None)
    with desk.writing() as session:
        row = session.exec(select(ApiTokenRow).where(ApiTokenRow.public_id == public_id)).first()
        if row is None:
            raise NotFound("unknown_token", "There is no such token here.")
        if row.revoked is None:
            row.revoked = desk.now()
            session.add(row)
            told = AuditedAct("token.revoke", public_id, {"name": row.name}, {"revoked": True})
            _record(session, desk, told)


def find_token(deployment: Deployment, text: str) -> Actor | None:
    """Give the program that a token belongs to, None for one that is unknown, withdrawn or at its end."""
    if not looks_like_token(text):
        return None
    now = deployment.now()
    with deployment.reading() as session:
        found = session.exec(
            select(ApiTokenRow, Institution)
            .join(Institution, col(Institution.id) == col(ApiTokenRow.institution_id))
            .where(ApiTokenRow.token_hash == token_hash(text))
            .where(col(ApiTokenRow.revoked).is_(None))
            .where(ApiTokenRow.expires > now)
        ).first()
        if found is None:
            return None
        row, institution = found
        actor = Actor(
            ActorKind.TOKEN,
            row.public_id,
            row.name,
            institution.id,
            institution.slug,
            token_acts=frozenset(Act(act) for act in json.loads(row.acts)),
        )
        stale = row.last_used is None or row.last_used < now - _TOUCHED_EVERY
    if stale:
        _touch(deployment, actor.ref)
    return actor


def _touch(deployment: Deployment, public_id: str) -> None:
    with deployment.writing() as session:
        row = session.exec(select(ApiTokenRow).where(ApiTokenRow.public_id == public_id)).one()
        row.last_used = deployment.now()
        session.add(row)


def _new_text() -> str:
    secret = secrets.token_urlsafe(32)
    return f"{PREFIX}{secret}{_checksum(secret)}"


def _checksum(secret: str) -> str:
    """Give the CRC-32 of a secret in six digits of base 62."""
    rest, digits = zlib.crc32(secret.encode()), ""
    for _ in range(6):
        rest, digit = divmod(rest, 62)
        digits = _DIGITS[digit] + digits
    return digits


def _token(row: ApiTokenRow) -> ApiToken:
    return ApiToken(
        public_id=row.public_id,
        name=row.name,
        shown=row.shown,
        acts=tuple(Act(act) for act in json.loads(row.acts)),
        created_by=row.created_by,
        created=row.created,
        expires=row.expires,
        last_used=row.last_used,
        revoked=row.revoked,
    )


def _record(session: Session, desk: Deployment, act: AuditedAct) -> None:
    record(session, desk, act, institution=session.get(Institution, desk.actor.institution_id))
