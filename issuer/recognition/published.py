"""What anybody may read of recognition: statements about a course, made here or received, that stand.

Individual decisions are never among them: those are for the learner, and the tables of what is received have
no room for one.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, or_, select

from issuer.deployment import Deployment
from issuer.errors import NotFound
from issuer.recognition.records import PublicStatement
from issuer.recognition_tables import ReceivedStatementRow, StatementRow
from issuer.tables import DefinitionVersionRow, Institution
from microcredential.recognition import PUBLIC_KINDS, Kind
from verifier.speaking_for import speaks_for

MOST = 200
_PUBLIC = sorted(PUBLIC_KINDS)


def public_statements(deployment: Deployment, public_id: str) -> list[PublicStatement]:
    """List what stands about a published course and about who awards it, the newest first.

    `public_id` is the last part of the course's address. Raises NotFound.
    """
    with deployment.reading() as session:
        row, institution = course_of(session, public_id)
        about = [row.achievement_id, *([institution.did] if institution.did else [])]
        now = deployment.now()
        return [*_made_here(session, about, now), *_received(session, about)]


def made_here(deployment: Deployment) -> list[PublicStatement]:
    """List every public statement of the institutions here, for other deployments to look through."""
    with deployment.reading() as session:
        return _made_here(session, None, deployment.now())


def found_course(session: Session, public_id: str) -> tuple[DefinitionVersionRow, Institution] | None:
    """Find a published course and who awards it, if the session may see it."""
    return session.exec(
        select(DefinitionVersionRow, Institution)
        .where(DefinitionVersionRow.public_id == public_id[:36])
        .where(DefinitionVersionRow.institution_id == Institution.id)
    ).first()


def course_of(session: Session, public_id: str) -> tuple[DefinitionVersionRow, Institution]:
    """Find a published course and who awards it; raises NotFound."""
    found = found_course(session, public_id)
    if found is None:
        raise NotFound("unknown_achievement", "There is no micro-credential with that address here.")
    return found


def statements_about(deployment: Deployment, achievement_id: str, issuer_id: str) -> list[PublicStatement]:
    """List what stands about the course of a verified credential, for whoever reads that credential.

    Nothing for a credential that names a course which is not its issuer's: else anybody's badge could adorn
    itself with what others say of a good course.
    """
    with deployment.reading() as session:
        own = session.exec(
            select(Institution.did)
            .where(DefinitionVersionRow.institution_id == Institution.id)
            .where(DefinitionVersionRow.achievement_id == achievement_id)
        ).first()
        theirs = own == issuer_id if own else speaks_for(issuer_id, achievement_id)
        about = [achievement_id, issuer_id]
        return [*_made_here(session, about, deployment.now()), *_received(session, about)] if theirs else []


def _made_here(session: Session, about: Sequence[str] | None, now: datetime) -> list[PublicStatement]:
    standing = (
        select(StatementRow, Institution.name)
        .where(StatementRow.institution_id == Institution.id)
        .where(StatementRow.state == "issued")
        .where(col(StatementRow.withdrawn).is_(None))
        .where(col(StatementRow.kind).in_(_PUBLIC))
        .where(or_(col(StatementRow.valid_until).is_(None), col(StatementRow.valid_until) > now))
    )
    if about is not None:
        standing = standing.where(col(StatementRow.about).in_(about))
    rows = session.exec(standing.order_by(col(StatementRow.id).desc()).limit(MOST))
    return [PublicStatement(Kind(row.kind), name, row.secured or "") for row, name in rows]


def _received(session: Session, about: Sequence[str]) -> list[PublicStatement]:
    rows = session.exec(
        select(ReceivedStatementRow)
        .where(ReceivedStatementRow.verdict == "valid")
        .where(col(ReceivedStatementRow.about).in_(about))
        .order_by(col(ReceivedStatementRow.id).desc())
        .limit(MOST)
    )
    return [PublicStatement(Kind(row.kind), row.issuer_name, row.text, row.checked) for row in rows]
