"""The register of published versions, drafts that are approved, and what reports count."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; entries of what was published before are made by the service when it starts."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "catalogue_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("definition_version_id", sa.Integer(), nullable=False),
        sa.Column("newest", sa.Boolean(), nullable=False),
        sa.Column("ects", sa.Integer(), nullable=True),
        sa.Column("programmes", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("retired", moment, nullable=True),
        sa.Column("retired_by", sa.String(length=200), nullable=True),
        sa.Column("retired_reason", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"]),
        sa.ForeignKeyConstraint(["definition_version_id"], ["definition_version.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("definition_version_id"),
    )
    op.create_index("ix_catalogue_entry_institution_id", "catalogue_entry", ["institution_id"])
    op.create_index("ix_catalogue_entry_offered", "catalogue_entry", ["newest", "retired", "id"])
    op.create_index("ix_catalogue_entry_ects", "catalogue_entry", ["ects", "id"])
    term = sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql")
    op.create_table(
        "catalogue_term",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("term", term, nullable=False),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"]),
        sa.ForeignKeyConstraint(["entry_id"], ["catalogue_entry.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("entry_id", "kind", "term"),
    )
    op.create_index("ix_catalogue_term_institution_id", "catalogue_term", ["institution_id"])
    op.create_index("ix_catalogue_term_found", "catalogue_term", ["kind", "term", "entry_id"])
    op.create_table(
        "programme_confirmation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("definition_version_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=300), nullable=False),
        sa.Column("confirmed_by", sa.String(length=200), nullable=False),
        sa.Column("confirmed", moment, nullable=False),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"]),
        sa.ForeignKeyConstraint(["definition_version_id"], ["definition_version.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("definition_version_id", "place"),
    )
    op.create_index("ix_programme_confirmation_institution_id", "programme_confirmation", ["institution_id"])
    with op.batch_alter_table("definition_draft") as draft:
        draft.drop_constraint(op.f("ck_definition_draft_state"), type_="check")
        draft.add_column(sa.Column("approved_by", sa.String(length=36), nullable=True))
        draft.add_column(sa.Column("approved", moment, nullable=True))
        draft.create_check_constraint(
            op.f("ck_definition_draft_state"),
            "state in ('draft', 'review', 'approved', 'published', 'withdrawn')",
        )
    op.add_column("credential", sa.Column("checked", moment, nullable=True))
    op.create_index(
        "ix_credential_figures",
        "credential",
        ["institution_id", "issued_at", "learner_id", "opened", "checked"],
    )
    op.add_column("recognition_statement", sa.Column("country", sa.String(length=2), nullable=True))
    op.add_column("recognition_statement", sa.Column("outcome", sa.String(length=20), nullable=True))
