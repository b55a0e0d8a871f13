"""First tables: institutions, definitions, learners, batches, credentials, status, outbox."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "institution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=63), nullable=False),
        sa.Column("did", sa.String(length=500), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("presentation", sa.Text(), nullable=False),
        sa.Column("hashes_email", sa.Boolean(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_institution"),
        sa.UniqueConstraint("did", name="uq_institution_did"),
        sa.UniqueConstraint("slug", name="uq_institution_slug"),
    )
    op.create_table(
        "definition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=100), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name="fk_definition_institution_id_institution"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_definition"),
        sa.UniqueConstraint("institution_id", "code", name="uq_definition_institution_id_code"),
    )
    op.create_table(
        "institution_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("verification_method", sa.String(length=600), nullable=False),
        sa.Column("public_multikey", sa.String(length=200), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name="fk_institution_key_institution_id_institution"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_institution_key"),
        sa.UniqueConstraint("verification_method", name="uq_institution_key_verification_method"),
    )
    op.create_index("ix_institution_key_institution_id", "institution_key", ["institution_id"], unique=False)

    op.create_table(
        "learner",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("student_number", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("updated", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name="fk_learner_institution_id_institution"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_learner"),
        sa.UniqueConstraint(
            "institution_id", "student_number", name="uq_learner_institution_id_student_number"
        ),
    )
    op.create_table(
        "status_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=120), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("signed_changes", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("etag", sa.String(length=64), nullable=True),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name="fk_status_list_institution_id_institution"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_status_list"),
        sa.UniqueConstraint(
            "institution_id", "purpose", "number", name="uq_status_list_institution_id_purpose_number"
        ),
        sa.UniqueConstraint("public_id", name="uq_status_list_public_id"),
    )
    op.create_table(
        "definition_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("definition_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(length=100), nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("achievement_id", sa.String(length=600), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("source_digest", sa.String(length=64), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["definition.id"], name="fk_definition_version_definition_id_definition"
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name="fk_definition_version_institution_id_institution"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_definition_version"),
        sa.UniqueConstraint("achievement_id", name="uq_definition_version_achievement_id"),
        sa.UniqueConstraint("definition_id", "version", name="uq_definition_version_definition_id_version"),
        sa.UniqueConstraint("public_id", name="uq_definition_version_public_id"),
    )
    op.create_index(
        "ix_definition_version_institution_id", "definition_version", ["institution_id"], unique=False
    )

    op.create_table(
        "batch",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("definition_version_id", sa.Integer(), nullable=False),
        sa.Column("run", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("file_digest", sa.String(length=64), nullable=False),
        sa.Column("started_by", sa.String(length=200), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state in ('open', 'finished')", name="ck_batch_state"),
        sa.ForeignKeyConstraint(
            ["definition_version_id"],
            ["definition_version.id"],
            name="fk_batch_definition_version_id_definition_version",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name="fk_batch_institution_id_institution"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_batch"),
    )
    op.create_index("ix_batch_institution_id", "batch", ["institution_id"], unique=False)
    op.create_index("ix_batch_state", "batch", ["state"], unique=False)

    op.create_table(
        "credential",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("urn", sa.String(length=45), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("definition_version_id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("run", sa.String(length=100), nullable=False),
        sa.Column("batch_id", sa.String(length=36), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unsigned", sa.Text(), nullable=True),
        sa.Column("secured", sa.Text(), nullable=True),
        sa.Column("verification_method", sa.String(length=600), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("awarded", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code", sa.String(length=22), nullable=False),
        sa.Column("short_code", sa.String(length=8), nullable=False),
        sa.Column("share_id", sa.String(length=22), nullable=False),
        sa.Column("holder_token_hash", sa.String(length=64), nullable=False),
        sa.Column("show_grade", sa.Boolean(), nullable=False),
        sa.Column("show_parts", sa.Boolean(), nullable=False),
        sa.Column("show_evidence", sa.Boolean(), nullable=False),
        sa.Column("page", sa.String(length=10), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("status_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status_reason", sa.String(length=20), nullable=True),
        sa.Column("status_by", sa.String(length=200), nullable=True),
        sa.CheckConstraint("page in ('link', 'public', 'off')", name="ck_credential_page"),
        sa.CheckConstraint("state = 'planned' or secured is not null", name="ck_credential_issued_has_text"),
        sa.CheckConstraint("state in ('planned', 'issued')", name="ck_credential_state"),
        sa.CheckConstraint("status in ('good', 'suspended', 'revoked')", name="ck_credential_status"),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name="fk_credential_batch_id_batch"),
        sa.ForeignKeyConstraint(
            ["definition_version_id"],
            ["definition_version.id"],
            name="fk_credential_definition_version_id_definition_version",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name="fk_credential_institution_id_institution"
        ),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name="fk_credential_learner_id_learner"),
        sa.PrimaryKeyConstraint("id", name="pk_credential"),
        sa.UniqueConstraint("code", name="uq_credential_code"),
        sa.UniqueConstraint("holder_token_hash", name="uq_credential_holder_token_hash"),
        sa.UniqueConstraint(
            "institution_id", "definition_version_id", "learner_id", "run", name="uq_credential_award"
        ),
        sa.UniqueConstraint("share_id", name="uq_credential_share_id"),
        sa.UniqueConstraint("short_code", name="uq_credential_short_code"),
        sa.UniqueConstraint("urn", name="uq_credential_urn"),
    )
    op.create_index("ix_credential_batch_state", "credential", ["batch_id", "state"], unique=False)
    op.create_index(
        "ix_credential_definition_version_id", "credential", ["definition_version_id"], unique=False
    )
    op.create_index("ix_credential_institution_id", "credential", ["institution_id"], unique=False)
    op.create_index("ix_credential_learner_id", "credential", ["learner_id"], unique=False)

    op.create_table(
        "batch_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.String(length=36), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("input", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("credential_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state in ('pending', 'planned', 'issued', 'already', 'failed')", name="ck_batch_row_state"
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name="fk_batch_row_batch_id_batch"),
        sa.ForeignKeyConstraint(
            ["credential_id"], ["credential.id"], name="fk_batch_row_credential_id_credential"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_batch_row"),
        sa.UniqueConstraint("batch_id", "line", name="uq_batch_row_batch_id_line"),
    )
    op.create_index("ix_batch_row_batch_state", "batch_row", ["batch_id", "state"], unique=False)
    op.create_index("ix_batch_row_credential_id", "batch_row", ["credential_id"], unique=False)

    op.create_table(
        "outbox_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("message_id", sa.String(length=300), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt", sa.DateTime(timezone=True), nullable=False),
        sa.Column("error", sa.String(length=500), nullable=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state in ('queued', 'sent', 'failed', 'withdrawn')", name="ck_outbox_mail_state"),
        sa.ForeignKeyConstraint(
            ["credential_id"], ["credential.id"], name="fk_outbox_mail_credential_id_credential"
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name="fk_outbox_mail_institution_id_institution"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_outbox_mail"),
        sa.UniqueConstraint("credential_id", "kind", name="uq_outbox_mail_credential_id_kind"),
        sa.UniqueConstraint("message_id", name="uq_outbox_mail_message_id"),
    )
    op.create_index("ix_outbox_mail_due", "outbox_mail", ["state", "next_attempt"], unique=False)
    op.create_index("ix_outbox_mail_institution_id", "outbox_mail", ["institution_id"], unique=False)

    op.create_table(
        "status_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.Column("done_by", sa.String(length=200), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["credential_id"], ["credential.id"], name="fk_status_change_credential_id_credential"
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name="fk_status_change_institution_id_institution"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_status_change"),
    )
    op.create_index("ix_status_change_credential_id", "status_change", ["credential_id"], unique=False)
    op.create_index("ix_status_change_institution_id", "status_change", ["institution_id"], unique=False)

    op.create_table(
        "status_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("status_list_id", sa.Integer(), nullable=False),
        sa.Column("list_index", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("is_set", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["credential_id"], ["credential.id"], name="fk_status_entry_credential_id_credential"
        ),
        sa.ForeignKeyConstraint(
            ["status_list_id"], ["status_list.id"], name="fk_status_entry_status_list_id_status_list"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_status_entry"),
        sa.UniqueConstraint("credential_id", "purpose", name="uq_status_entry_credential_id_purpose"),
        sa.UniqueConstraint("status_list_id", "list_index", name="uq_status_entry_status_list_id_list_index"),
    )


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_table("status_entry")
    op.drop_index("ix_status_change_institution_id", "status_change")
    op.drop_index("ix_status_change_credential_id", "status_change")

    op.drop_table("status_change")
    op.drop_index("ix_outbox_mail_institution_id", "outbox_mail")
    op.drop_index("ix_outbox_mail_due", "outbox_mail")

    op.drop_table("outbox_mail")
    op.drop_index("ix_batch_row_credential_id", "batch_row")
    op.drop_index("ix_batch_row_batch_state", "batch_row")

    op.drop_table("batch_row")
    op.drop_index("ix_credential_learner_id", "credential")
    op.drop_index("ix_credential_institution_id", "credential")
    op.drop_index("ix_credential_definition_version_id", "credential")
    op.drop_index("ix_credential_batch_state", "credential")

    op.drop_table("credential")
    op.drop_index("ix_batch_state", "batch")
    op.drop_index("ix_batch_institution_id", "batch")

    op.drop_table("batch")
    op.drop_index("ix_definition_version_institution_id", "definition_version")

    op.drop_table("definition_version")
    op.drop_table("status_list")
    op.drop_table("learner")
    op.drop_index("ix_institution_key_institution_id", "institution_key")

    op.drop_table("institution_key")
    op.drop_table("definition")
    op.drop_table("institution")
