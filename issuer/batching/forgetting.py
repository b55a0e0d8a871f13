"""What a class list said is forgotten once its batch is done with and cannot be undone any more."""

from datetime import timedelta

from sqlalchemy import update
from sqlmodel import col, or_, select

from issuer.batching.lines import delete_lines
from issuer.deployment import Deployment
from issuer.office_tables import BatchLineRow
from issuer.tables import Batch, BatchRow, Institution

_DONE = ("finished", "undone")


def forget_lines(deployment: Deployment) -> int:
    """Delete the lines of batches whose undo window is over, and what their rows said; give how many batches.

    For the worker, which serves every institution.
    """
    now = deployment.now()
    kept = select(BatchLineRow.batch_id)
    said = select(BatchRow.batch_id).where(col(BatchRow.input).is_not(None))
    with deployment.reading() as session:
        rows = session.exec(
            select(Batch.id, Batch.finished, Batch.undone, Institution.undo_hours)
            .where(Batch.institution_id == Institution.id)
            .where(col(Batch.state).in_(_DONE))
            .where(or_(col(Batch.id).in_(kept), col(Batch.id).in_(said)))
            .order_by(col(Batch.id))
        ).all()
    over = [
        batch_id
        for batch_id, finished, undone, hours in rows
        if (end := undone or finished) is not None and end + timedelta(hours=hours) < now
    ]
    for batch_id in over:
        with deployment.writing() as session:
            delete_lines(session, batch_id)
            session.exec(update(BatchRow).where(col(BatchRow.batch_id) == batch_id).values(input=None))
    return len(over)
