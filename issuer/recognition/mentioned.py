"""Whether anything at all stands about a course: one question, since nearly always nothing does."""

from functools import cache
from typing import Any

from sqlalchemy import bindparam, exists, or_
from sqlmodel import col, select

from issuer.deployment import Deployment
from issuer.recognition_tables import ReceivedStatementRow, StatementRow


def something_is_stated(deployment: Deployment, achievement_id: str, issuer_id: str) -> bool:
    """Tell whether a statement names the course or its issuer, in whatever state; raises StorageFailed."""
    about = {"course": achievement_id, "issuer": issuer_id}
    with deployment.reading() as session:
        return bool(session.exec(_question(), params=about).one())


@cache
def _question() -> Any:
    return select(or_(*(_names(row.about) for row in (StatementRow, ReceivedStatementRow))))


def _names(about: Any) -> Any:
    return exists().where(col(about).in_([bindparam("course"), bindparam("issuer")]))
