"""When a key of an institution was revoked."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; no key was revoked before there was a way to do so."""
    op.add_column("institution_key", sa.Column("revoked", sa.DateTime(timezone=True), nullable=True))
