"""Whether anything at all stands about a course: one question, since nearly always nothing does."""

from typing import Any

from sqlalchemy import bindparam, exists, or_, select

from issuer.columns import plain_columns
from issuer.deployment import Deployment
from issuer.recognition_tables import ReceivedStatementRow, StatementRow


def something_is_stated(deployment: Deployment, achievement_id: str, issuer_id: str) -> bool:
    """Tell whether a statement names the course or its issuer, in whatever state; raises StorageFailed."""
    about = {"course": achievement_id, "issuer": issuer_id}
    with deployment.reading() as session:
        return bool(session.exec(_QUESTION, params=about).scalar())


def names_one_of(*addresses: Any) -> Any:
    """Give the same as part of another question, about columns."""
    return or_(*(exists().where(plain_columns(row).about.in_(addresses)) for row in _STATEMENTS))


_STATEMENTS = (StatementRow, ReceivedStatementRow)
_QUESTION: Any = select(names_one_of(bindparam("course"), bindparam("issuer")))
