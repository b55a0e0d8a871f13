"""Room for the public keys of RSA, which are longer than those of elliptic curves."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Widen the column of public keys."""
    with op.batch_alter_table("institution_key") as table:
        table.alter_column(
            "public_multikey",
            existing_type=sa.String(length=200),
            type_=sa.String(length=1000),
            existing_nullable=False,
        )
