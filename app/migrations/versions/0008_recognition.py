"""Tables for recognition: statements made here, statements received, hours of credits."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "recognition_statement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("urn", sa.String(length=45), nullable=False),
        sa.Column("kind", sa.String(length=2), nullable=False),
        sa.Column("about", sa.String(length=1000), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.Column("unsigned", sa.Text(), nullable=True),
        sa.Column("secured", sa.Text(), nullable=True),
        sa.Column("verification_method", sa.String(length=600), nullable=True),
        sa.Column("status_list_id", sa.Integer(), nullable=False),
        sa.Column("list_index", sa.Integer(), nullable=False),
        sa.Column("decided", moment, nullable=False),
        sa.Column("created", moment, nullable=False),
        sa.Column("valid_until", moment, nullable=True),
        sa.Column("issued_at", moment, nullable=True),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("withdrawn", moment, nullable=True),
        sa.Column("withdrawn_by", sa.String(length=200), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=500), nullable=True),
        sa.CheckConstraint("state in ('planned', 'issued', 'refused')", name="state"),
        sa.CheckConstraint("kind in ('T', 'Q', 'R1', 'R2')", name="kind"),
        sa.CheckConstraint("state <> 'issued' or secured is not null", name="issued_has_text"),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"]),
        sa.ForeignKeyConstraint(["status_list_id"], ["status_list.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("urn"),
        sa.UniqueConstraint("status_list_id", "list_index"),
    )
    op.create_index("ix_recognition_statement_about", "recognition_statement", ["about", "state"])
    op.create_index("ix_recognition_statement_institution_id", "recognition_statement", ["institution_id"])
    op.create_index("ix_recognition_statement_state", "recognition_statement", ["state"])
    op.create_table(
        "received_statement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(length=1000), nullable=False),
        sa.Column("kind", sa.String(length=2), nullable=False),
        sa.Column("urn", sa.String(length=1000), nullable=False),
        sa.Column("issuer_id", sa.String(length=1000), nullable=False),
        sa.Column("issuer_name", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=1000), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("received", moment, nullable=False),
        sa.Column("checked", moment, nullable=False),
        sa.CheckConstraint("kind in ('T', 'Q', 'R1')", name="kind"),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("institution_id", "digest"),
    )
    op.create_index("ix_received_statement_about", "received_statement", ["about", "verdict"])
    op.create_index("ix_received_statement_checked", "received_statement", ["checked"])
    op.create_index("ix_received_statement_institution_id", "received_statement", ["institution_id"])
    op.create_table(
        "credit_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("system", sa.String(length=200), nullable=False),
        sa.Column("hours", sa.String(length=10), nullable=False),
        sa.Column("reference", sa.String(length=500), nullable=False),
        sa.Column("stated_by", sa.String(length=200), nullable=False),
        sa.Column("stated", moment, nullable=False),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("institution_id", "system"),
    )
    op.create_index("ix_credit_hours_institution_id", "credit_hours", ["institution_id"])
