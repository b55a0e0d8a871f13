"""Find issued credentials by what staff have in hand: a name, a number, a code, an address.

How the cost grows, with N credentials of an institution (docs/credentials.md has measured figures):

- codes, certificate numbers and student numbers are looked up in an index: the same at any N;
- a name, or part of one, is sought in the index of folded texts alone, never in the rows: linear in the
  number of learners, but over 60 bytes each. When many learners fit, their credentials are not joined and
  sorted; the newest are read until a page is full;
- nothing counts beyond COUNTED, so that neither a count nor the way to the last page grows with N.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, exists, func
from sqlmodel import Session, col, select

from issuer.codes import is_code, read_short_code
from issuer.credentials.folding import folded
from issuer.credentials.rows import FoundCredential, MailOutcome
from issuer.deployment import Deployment
from issuer.records import RevocationReason, Status
from issuer.staff.roles import Act
from issuer.staff.within import within
from issuer.tables import Batch, CredentialRow, Learner, OutboxMailRow

COUNTED = 10_000  # rows: a list that holds more says so, and its pages end there
FEW_LEARNERS = 2_000  # as many are named in a query one by one
_URN = re.compile(r"urn:uuid:[0-9a-f-]{36}", re.ASCII)


class Order(StrEnum):
    """By what a list may be sorted."""

    ISSUED = "issued"
    NAME = "name"
    NUMBER = "number"


@dataclass(frozen=True)
class Sought:
    """What is sought: a text, and what the credentials found must be. `versions` are keys of versions."""

    text: str = ""
    versions: tuple[int, ...] | None = None
    run: str | None = None
    status: Status | None = None
    mail: MailOutcome | None = None
    act: Act = Act.READ_CREDENTIALS


@dataclass(frozen=True)
class Found:
    """A page of what was found; `total` stops at COUNTED, and `more` says that there are others."""

    rows: tuple[FoundCredential, ...]
    total: int
    more: bool


def find(
    desk: Deployment,
    sought: Sought,
    *,
    order: Order = Order.ISSUED,
    descending: bool = True,
    offset: int = 0,
    limit: int = 50,
) -> Found:
    """Give a page of the credentials that fit, of the faculties of whoever acts. Raises NotAllowed."""
    desk.actor.must(sought.act)
    with desk.reading() as session:
        query = matching(session, desk, sought)
        counted = session.exec(select(func.count()).select_from(query.limit(COUNTED + 1).subquery())).one()
        total = min(counted, COUNTED)
        start = min(offset, max(0, total - 1) // limit * limit)  # a page beyond the end is the last one
        page = _ordered(query, order, descending=descending).offset(start).limit(limit)
        keys = session.exec(page).all()
        return Found(tuple(found_rows(session, keys)), total, counted > COUNTED)


def find_keys(desk: Deployment, sought: Sought, *, at_most: int) -> list[int]:
    """Give the keys of the credentials that fit, the newest last; one more than `at_most` if there are."""
    desk.actor.must(sought.act)
    with desk.reading() as session:
        query = matching(session, desk, sought)
        found = session.exec(query.order_by(col(CredentialRow.id)).limit(at_most + 1))
        return [key for key in found if key is not None]


def short_codes(desk: Deployment, keys: Sequence[int]) -> list[str]:
    """Give the short codes of credentials by their keys."""
    found: list[str] = []
    with desk.reading() as session:
        for start in range(0, len(keys), 1_000):
            some = col(CredentialRow.id).in_(keys[start : start + 1_000])
            found += session.exec(select(CredentialRow.short_code).where(some)).all()
    return found


def matching(session: Session, desk: Deployment, sought: Sought) -> Any:
    """Write the query for what is sought; it gives keys of credentials, joined with learners, unordered."""
    query: Any = (
        select(CredentialRow.id)
        .join(Learner, col(Learner.id) == col(CredentialRow.learner_id))
        .where(CredentialRow.state == "issued")
        .where(CredentialRow.institution_id == desk.tenant)
    )
    query = within(query, desk.actor, sought.act, version=CredentialRow.definition_version_id)
    if sought.versions is not None:
        query = query.where(col(CredentialRow.definition_version_id).in_(sought.versions))
    if sought.run is not None:
        runs = select(Batch.id).where(Batch.institution_id == desk.tenant).where(Batch.run == sought.run)
        query = query.where(col(CredentialRow.batch_id).in_(runs))
    if sought.status is not None:
        query = query.where(CredentialRow.status == sought.status.value)
    if sought.mail is not None:
        query = query.where(_mail_condition(sought.mail))
    return _with_text(session, desk, query, sought.text) if sought.text else query


def found_rows(session: Session, keys: Sequence[int | None]) -> list[FoundCredential]:
    """Read lines of a list by keys, in the order of the keys."""
    columns: Any = (
        CredentialRow.id,
        CredentialRow.urn,
        CredentialRow.short_code,
        CredentialRow.certificate_number,
        Learner.name,
        Learner.language,
        Learner.student_number,
        CredentialRow.definition_version_id,
        CredentialRow.run,
        CredentialRow.awarded,
        CredentialRow.issued_at,
        CredentialRow.status,
        CredentialRow.status_reason,
        CredentialRow.opened,
        CredentialRow.downloaded,
    )
    found: dict[int, Any] = {}
    mails: dict[int | None, MailOutcome] = {}
    for start in range(0, len(keys), 1_000):
        some = keys[start : start + 1_000]
        rows = session.exec(
            select(*columns)
            .join(Learner, col(Learner.id) == col(CredentialRow.learner_id))
            .where(col(CredentialRow.id).in_(some))
        )
        found |= {row[0]: row for row in rows}
        mails |= _mail_outcomes(session, some)
    return [_found(found[key], mails) for key in keys if key in found]


def _found(row: Any, mails: dict[int | None, MailOutcome]) -> FoundCredential:
    key, urn, short, number, name, language, student, version, run, awarded, issued, status, *rest = row
    reason, opened, downloaded = rest
    return FoundCredential(
        urn=urn,
        short_code=short,
        certificate_number=number,
        name=name,
        language=language,
        student_number=student,
        version_id=version,
        run=run,
        awarded=awarded,
        issued_at=issued,
        status=Status(status),
        reason=RevocationReason(reason) if reason else None,
        mail=mails.get(key, MailOutcome.NONE),
        opened=opened,
        downloaded=downloaded,
    )


def _mail_outcomes(session: Session, keys: Sequence[int | None]) -> dict[int | None, MailOutcome]:
    """Give the outcome of the last mail about each award."""
    rows = session.exec(
        select(OutboxMailRow.credential_id, OutboxMailRow.state)
        .where(col(OutboxMailRow.credential_id).in_(keys))
        .where(OutboxMailRow.kind == "award")
        .order_by(col(OutboxMailRow.credential_id), col(OutboxMailRow.number))
    )
    return {key: MailOutcome(state) for key, state in rows}


def _mail_condition(outcome: MailOutcome) -> Any:
    """Ask for the state of the last mail about the award."""
    award = and_(
        col(OutboxMailRow.credential_id) == col(CredentialRow.id), col(OutboxMailRow.kind) == "award"
    )
    if outcome is MailOutcome.NONE:
        return ~exists().where(award)
    last = select(func.max(OutboxMailRow.number)).where(award).correlate(CredentialRow).scalar_subquery()
    in_state = select(OutboxMailRow.credential_id).where(
        OutboxMailRow.kind == "award", OutboxMailRow.state == outcome.value
    )
    is_last = exists().where(
        award, col(OutboxMailRow.state) == outcome.value, col(OutboxMailRow.number) == last
    )
    if outcome is MailOutcome.SENT:  # nearly all: walking them beats collecting them first
        return is_last
    return and_(col(CredentialRow.id).in_(in_state), is_last)


def _with_text(session: Session, desk: Deployment, query: Any, text: str) -> Any:
    """Ask for what the text names exactly, if it names something; else for what contains its words."""
    for condition in _exact(desk, text):
        named = query.where(condition)
        if session.exec(named.limit(1)).first() is not None:
            return named
    words = folded(text).split()
    if not words:
        return query.where(col(CredentialRow.id) < 0)  # nothing but signs that no name has
    fitting = [col(Learner.search).contains(word, autoescape=True) for word in words]
    learners = session.exec(
        select(Learner.id).where(Learner.institution_id == desk.tenant, *fitting).limit(FEW_LEARNERS + 1)
    ).all()
    if len(learners) <= FEW_LEARNERS:
        return query.where(col(CredentialRow.learner_id).in_(learners))
    return query.where(*fitting)


def _exact(desk: Deployment, text: str) -> list[Any]:
    """List the conditions, each answered by an index, that a text may name a credential by."""
    plain = text.strip()
    plain = plain.rstrip("/").rpartition("/c/")[2] or plain  # the link that the QR code opens
    spellings = sorted({plain, plain.upper(), plain.lower()})
    conditions: list[Any] = []
    if _URN.fullmatch(plain.lower()):
        conditions.append(col(CredentialRow.urn) == plain.lower())
    if is_code(plain):
        conditions.append(col(CredentialRow.code) == plain)
    if short := read_short_code(plain):
        conditions.append(col(CredentialRow.short_code) == short)
    if len(plain) <= 100:
        conditions.append(
            and_(
                col(CredentialRow.institution_id) == desk.tenant,
                col(CredentialRow.certificate_number).in_(spellings),
            )
        )
        learner = (
            select(Learner.id)
            .where(Learner.institution_id == desk.tenant)
            .where(col(Learner.student_number).in_(spellings))
        )
        conditions.append(col(CredentialRow.learner_id).in_(learner))
    return conditions


def _ordered(query: Any, order: Order, *, descending: bool) -> Any:
    columns = {
        Order.ISSUED: [],
        Order.NAME: [col(Learner.search)],
        Order.NUMBER: [col(Learner.student_number)],
    }[order]
    every = [*columns, col(CredentialRow.id)]
    return query.order_by(*(each.desc() if descending else each.asc() for each in every))


def runs_of(desk: Deployment, *, at_most: int = 200, chosen: str = "") -> list[str]:
    """List the names of runs that batches were issued for, undone ones too, the newest first.

    `chosen` is listed wherever it stands, beyond `at_most` as well, if there is such a run.
    """
    with desk.reading() as session:
        newest = func.max(Batch.created)
        query = within(
            select(Batch.run, newest).where(col(Batch.state).in_(("finished", "open", "undone"))),
            desk.actor,
            Act.READ_CREDENTIALS,
            version=Batch.definition_version_id,
        )
        query = query.group_by(col(Batch.run))
        rows = session.exec(query.order_by(newest.desc(), col(Batch.run)).limit(at_most))
        runs = [run for run, _created in rows]
        if chosen and chosen not in runs:
            runs += [run for run, _created in session.exec(query.where(Batch.run == chosen))]
        return runs
