"""Receive statements about our courses that others have signed: verified before they are listed, and again.

Listed is only what our own verifier calls valid, of an issuer that this deployment trusts, about a course or
an institution that is here, and within the rules. A stranger's statement is refused: whoever vouches for a
course must be somebody that readers can know.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, or_, select

from issuer.audit.record import AuditedAct, record
from issuer.deployment import Deployment
from issuer.errors import IssuerError
from issuer.recognition.published import course_of
from issuer.recognition.records import PublicStatement
from issuer.recognition_tables import ReceivedStatementRow, StatementRow
from issuer.tables import DefinitionVersionRow, Institution, stored_id
from microcredential.recognition import PUBLIC_KINDS, Kind, blocking, check_statement, kind_of, subject_id
from ob3.strict_json import parse
from verifier import IssuerTrust, Verdict, VerificationReport

MAX_BYTES = 64 * 1024
MOST_OF_ONE_ISSUER = 20  # statements about one thing
MOST_OF_ALL = 200
CHECK_AGAIN_AFTER = timedelta(hours=1)
_CHECKED_AT_ONCE = 50
Verify = Callable[[bytes], VerificationReport]


class ReceptionRefused(IssuerError):  # noqa: N818  (named for the fault)
    """Say why a statement is not listed."""


@dataclass(frozen=True)
class _Read:
    """What was verified of a statement: the document of the report and nothing else (P11)."""

    document: Mapping[str, Any]
    kind: Kind
    about: str
    issuer_id: str
    issuer_name: str


def receive(
    deployment: Deployment, public_id: str, data: bytes, *, verify: Verify, source: str = "submitted"
) -> PublicStatement:
    """Verify a statement about a course and list it; the same again changes nothing.

    `public_id` is the last part of the course's address, `source` an address or `submitted`. Raises NotFound,
    ReceptionRefused.
    """
    with deployment.reading() as session:
        version, institution = course_of(session, public_id)
    return _receive(deployment, version, institution, data, verify, source)


def receive_about(
    deployment: Deployment, document: Mapping[str, Any], data: bytes, *, verify: Verify, source: str
) -> PublicStatement | None:
    """List a statement that came among others; None where it is about nothing here.

    `document` is what `data` holds, read only to find what it says it is about: what counts is verified.
    Raises ReceptionRefused.
    """
    about = subject_id(document)
    with deployment.reading() as session:
        mine = (
            select(DefinitionVersionRow, Institution)
            .where(DefinitionVersionRow.institution_id == Institution.id)
            .where(or_(col(DefinitionVersionRow.achievement_id) == about, col(Institution.did) == about))
        )
        found = session.exec(mine.order_by(col(DefinitionVersionRow.id).desc())).first() if about else None
        known = session.exec(
            select(ReceivedStatementRow.id).where(
                ReceivedStatementRow.digest == hashlib.sha256(data).hexdigest()
            )
        ).first()
    if found is None or known is not None:  # what is listed is verified again in its own turn
        return None
    return _receive(deployment, *found, data, verify, source)


def _receive(
    deployment: Deployment,
    version: DefinitionVersionRow,
    institution: Institution,
    data: bytes,
    verify: Verify,
    source: str,
) -> PublicStatement:
    if len(data) > MAX_BYTES:
        raise ReceptionRefused("too_large", f"A statement has at most {MAX_BYTES // 1024} kB.")
    read = _read(verify(data))
    if read.about not in (version.achievement_id, institution.did):
        raise ReceptionRefused("about_another", "It is not about this course or about who awards it.")
    findings = blocking(check_statement(read.document, achievement=parse(version.document)))
    if findings:
        first = findings[0]
        raise ReceptionRefused("rule", f"{first.id}: {first.message} {first.fix}".strip())
    return _keep(deployment, institution, data, read, source)


def _read(report: VerificationReport) -> _Read:
    if report.verdict is not Verdict.valid or report.credential is None:
        raise ReceptionRefused("not_valid", f"It is not listed: the verifier calls it {report.verdict}.")
    kind = kind_of(report.credential)
    if kind is None:
        raise ReceptionRefused("no_statement", "It is not a recognition statement.")
    if kind not in PUBLIC_KINDS:
        raise ReceptionRefused(
            "individual", "A decision about one credential is for its holder and is never published."
        )
    if report.issuer_trust is not IssuerTrust.trusted or report.issuer_id is None:
        raise ReceptionRefused("issuer_unknown", "Its issuer is on no trust list that this service reads.")
    entry = report.trust_entry
    name = entry.name if entry and entry.name else report.issuer_id
    return _Read(report.credential, kind, subject_id(report.credential), report.issuer_id, name)


def _keep(
    deployment: Deployment, institution: Institution, data: bytes, read: _Read, source: str
) -> PublicStatement:
    digest, now = hashlib.sha256(data).hexdigest(), deployment.now()
    with deployment.writing() as session:
        _refuse_own(session, read)
        mine = select(ReceivedStatementRow).where(ReceivedStatementRow.institution_id == institution.id)
        row = session.exec(mine.where(ReceivedStatementRow.digest == digest)).first()
        if row is None:
            _refuse_too_many(session, read)
            row = ReceivedStatementRow(
                institution_id=stored_id(institution),
                about=read.about[:1000],
                kind=read.kind.value,
                urn=str(read.document.get("id", ""))[:1000],
                issuer_id=read.issuer_id[:1000],
                issuer_name=read.issuer_name[:300],
                text=data.decode("utf-8"),
                digest=digest,
                source=source[:1000],
                verdict=Verdict.valid.value,
                received=now,
                checked=now,
            )
            told = {"kind": row.kind, "about": row.about, "issuer": row.issuer_id, "source": row.source}
            act = AuditedAct("recognition.receive", row.urn, after=told)
            owner = session.get_one(Institution, institution.id)
            record(session, deployment, act, institution=owner)
        row.verdict, row.checked = Verdict.valid.value, now
        session.add(row)
        return PublicStatement(read.kind, row.issuer_name, row.text, now)


def _refuse_own(session: Session, read: _Read) -> None:
    """What was made here is listed already, and disappears with its withdrawal and not an hour later."""
    own = select(StatementRow.id).where(StatementRow.urn == str(read.document.get("id", ""))[:45])
    if session.exec(own).first() is not None:
        raise ReceptionRefused("made_here", "It was made here and is listed already.")


def _refuse_too_many(session: Session, read: _Read) -> None:
    about = select(func.count()).where(col(ReceivedStatementRow.about) == read.about)
    of_issuer = about.where(col(ReceivedStatementRow.issuer_id) == read.issuer_id)
    if session.exec(of_issuer).one() >= MOST_OF_ONE_ISSUER or session.exec(about).one() >= MOST_OF_ALL:
        raise ReceptionRefused("too_many", "There are as many statements about it as this service keeps.")


def check_again(deployment: Deployment, *, verify: Verify) -> int:
    """Verify again what was last checked an hour ago; give how many were. What is not valid is not listed."""
    before = deployment.now() - CHECK_AGAIN_AFTER
    with deployment.reading() as session:
        due = session.exec(
            select(ReceivedStatementRow.id, ReceivedStatementRow.text)
            .where(col(ReceivedStatementRow.checked) <= before)
            .order_by(col(ReceivedStatementRow.checked))
            .limit(_CHECKED_AT_ONCE)
        ).all()
    for key, text in due:
        report = verify(text.encode())
        trusted = report.issuer_trust is IssuerTrust.trusted
        verdict = report.verdict.value if trusted or report.verdict is not Verdict.valid else "untrusted"
        with deployment.writing() as session:
            row = session.get_one(ReceivedStatementRow, key)
            row.verdict, row.checked = verdict, deployment.now()
            session.add(row)
    return len(due)
