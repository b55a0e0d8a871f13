"""The form of proof that an institution has chosen, and that of each credential."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; what there is was signed, or planned, in the one form that there was."""
    for table in ("institution", "credential"):
        form = sa.Column("proof_form", sa.String(length=30), nullable=False, server_default="eddsa-rdfc-2022")
        op.add_column(table, form)
