"""The issuing office: people and roles, drafts, previews, words of mails, pictures, the audit."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    _people()
    _work()
    _audit()
    _extend()


def _people() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("totp_sealed", sa.String(length=300), nullable=True),
        sa.Column("totp_confirmed", sa.DateTime(timezone=True), nullable=True),
        sa.Column("totp_last_step", sa.Integer(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_sign_in", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state in ('invited', 'active', 'closed')", name="state"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("email"),
        sa.UniqueConstraint("public_id"),
    )
    op.create_table(
        "sign_in_failure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_sign_in_failure_subject_at", "sign_in_failure", ["subject", "at"])
    op.create_table(
        "api_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("shown", sa.String(length=20), nullable=False),
        sa.Column("acts", sa.Text(), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("public_id"),
        sa.UniqueConstraint("token_hash"),
    )
    op.create_index("ix_api_token_institution_id", "api_token", ["institution_id"])
    op.create_table(
        "faculty",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=63), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("institution_id", "code"),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_recovery_code_person_id", "recovery_code", ["person_id"])
    op.create_table(
        "staff_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("second_factor", sa.Boolean(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token_hash"),
    )
    op.create_index("ix_staff_session_expires", "staff_session", ["expires"])
    op.create_index("ix_staff_session_person_id", "staff_session", ["person_id"])
    op.create_table(
        "staff_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=True),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind in ('invitation', 'password')", name="kind"),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("public_id"),
        sa.UniqueConstraint("token_hash"),
    )
    op.create_index("ix_staff_token_institution_id", "staff_token", ["institution_id"])
    op.create_index("ix_staff_token_person_id", "staff_token", ["person_id"])
    op.create_table(
        "role_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=True),
        sa.Column("faculty_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("granted_by", sa.String(length=200), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("faculty_id is null or institution_id is not null", name="faculty_of_institution"),
        sa.ForeignKeyConstraint(
            ["faculty_id"],
            ["faculty.id"],
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person_id", "institution_id", "faculty_id", "role"),
    )
    op.create_index("ix_role_grant_institution_id", "role_grant", ["institution_id"])
    op.create_index("ix_role_grant_person_id", "role_grant", ["person_id"])


def _work() -> None:
    op.create_table(
        "badge_picture",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("institution_id", "digest"),
        sa.UniqueConstraint("public_id"),
    )
    op.create_table(
        "column_mapping",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("header", sa.String(length=200), nullable=False),
        sa.Column("column", sa.String(length=100), nullable=False),
        sa.Column("used", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("institution_id", "header"),
    )
    op.create_table(
        "mail_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("opening", sa.Text(), nullable=False),
        sa.Column("closing", sa.Text(), nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("institution_id", "kind", "language"),
    )
    op.create_table(
        "definition_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("faculty_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=100), nullable=False),
        sa.Column("version", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("follows", sa.String(length=36), nullable=True),
        sa.Column("badge_picture_id", sa.Integer(), nullable=True),
        sa.Column("written_by", sa.String(length=36), nullable=False),
        sa.Column("saved_by", sa.String(length=36), nullable=False),
        sa.Column("sent_by", sa.String(length=36), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("definition_version_id", sa.Integer(), nullable=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state in ('draft', 'review', 'published', 'withdrawn')", name="state"),
        sa.ForeignKeyConstraint(
            ["badge_picture_id"],
            ["badge_picture.id"],
        ),
        sa.ForeignKeyConstraint(
            ["definition_version_id"],
            ["definition_version.id"],
        ),
        sa.ForeignKeyConstraint(
            ["faculty_id"],
            ["faculty.id"],
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("public_id"),
    )
    op.create_index("ix_definition_draft_institution_id", "definition_draft", ["institution_id"])
    op.create_table(
        "batch_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.String(length=36), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("cells", sa.Text(), nullable=False),
        sa.Column("mended", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.CheckConstraint("state in ('ready', 'check', 'left_out', 'already')", name="state"),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["batch.id"],
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("batch_id", "line"),
    )
    op.create_index("ix_batch_line_batch_id", "batch_line", ["batch_id"])
    op.create_index("ix_batch_line_institution_id", "batch_line", ["institution_id"])


def _audit() -> None:
    op.create_table(
        "audit_head",
        sa.Column("chain", sa.String(length=63), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("chain"),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chain", sa.String(length=63), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("act", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("chain", "number"),
    )
    op.create_index("ix_audit_entry_act", "audit_entry", ["act"])
    op.create_index("ix_audit_entry_actor", "audit_entry", ["actor"])
    op.create_index("ix_audit_entry_at", "audit_entry", ["at"])
    op.create_index("ix_audit_entry_chain", "audit_entry", ["chain"])
    op.create_index("ix_audit_entry_institution_id", "audit_entry", ["institution_id"])
    op.create_index("ix_audit_entry_subject", "audit_entry", ["subject"])


def _extend() -> None:
    """Add columns to the tables that were there, and rows' institutions from what they hang on."""
    for table, columns in _NEW_COLUMNS.items():
        for column in columns:
            op.add_column(table, column)
    op.execute("update institution set needs_approval = false, undo_hours = 24")
    op.execute("update outbox_mail set number = 1")
    for table, owner, key in (
        ("batch_row", "batch", "batch_id"),
        ("status_entry", "status_list", "status_list_id"),
    ):
        op.execute(
            f"update {table} set institution_id = "  # noqa: S608 (names of this file)
            f"(select o.institution_id from {owner} o where o.id = {table}.{key})"
        )
    with op.batch_alter_table("institution") as table:
        table.alter_column("needs_approval", existing_type=sa.Boolean(), nullable=False)
        table.alter_column("undo_hours", existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table("definition") as table:
        table.create_foreign_key("fk_definition_faculty_id_faculty", "faculty", ["faculty_id"], ["id"])
    with op.batch_alter_table("definition_version") as table:
        table.create_foreign_key(
            "fk_definition_version_badge_picture_id_badge_picture",
            "badge_picture",
            ["badge_picture_id"],
            ["id"],
        )
    with _altered("batch"):
        pass
    with _altered("batch_row") as table:
        _bind(table, "batch_row")
    with op.batch_alter_table("status_entry") as table:
        _bind(table, "status_entry")
    with _altered("credential") as table:
        table.drop_constraint("uq_credential_award", type_="unique")
    op.create_index(
        "uq_credential_award",
        "credential",
        ["institution_id", "definition_version_id", "learner_id", "run"],
        unique=True,
        sqlite_where=sa.text("status <> 'revoked'"),
        postgresql_where=sa.text("status <> 'revoked'"),
    )
    with _altered("outbox_mail") as table:
        table.alter_column("institution_id", existing_type=sa.Integer(), nullable=True)
        table.alter_column("credential_id", existing_type=sa.Integer(), nullable=True)
        table.alter_column("number", existing_type=sa.Integer(), nullable=False)
        table.drop_constraint("uq_outbox_mail_credential_id_kind", type_="unique")
        table.create_unique_constraint(
            "uq_outbox_mail_credential_id_kind_number", ["credential_id", "kind", "number"]
        )
        table.create_foreign_key(
            "fk_outbox_mail_staff_token_id_staff_token", "staff_token", ["staff_token_id"], ["id"]
        )
    op.create_index("ix_outbox_mail_credential_id", "outbox_mail", ["credential_id"])


def _bind(table: BatchOperations, name: str) -> None:
    table.alter_column("institution_id", existing_type=sa.Integer(), nullable=False)
    table.create_index(f"ix_{name}_institution_id", ["institution_id"])
    table.create_foreign_key(
        f"fk_{name}_institution_id_institution", "institution", ["institution_id"], ["id"]
    )


@contextmanager
def _altered(table: str) -> Iterator[BatchOperations]:
    """Alter a table that has checks, all of which are written anew: the first version doubled their names."""
    with op.batch_alter_table(table) as altered:
        for name in _CHECKS_BEFORE[table]:
            altered.drop_constraint(op.f(f"ck_{table}_ck_{table}_{name}"), type_="check")
        yield altered
        for name, condition in _CHECKS[table].items():
            altered.create_check_constraint(op.f(f"ck_{table}_{name}"), condition)


_MAIL_STATES = "state in ('queued', 'sent', 'failed', 'withdrawn')"
_CHECKS = {
    "batch": {"state": "state in ('draft', 'approval', 'open', 'finished', 'undone', 'discarded')"},
    "batch_row": {"state": "state in ('pending', 'planned', 'issued', 'already', 'failed', 'withdrawn')"},
    "credential": {
        "state": "state in ('planned', 'issued')",
        "status": "status in ('good', 'suspended', 'revoked')",
        "page": "page in ('link', 'public', 'off')",
        "issued_has_text": "state = 'planned' or secured is not null",
    },
    "outbox_mail": {
        "state": _MAIL_STATES,
        "one_subject": "(credential_id is null) <> (staff_token_id is null)",
    },
}
_CHECKS_BEFORE = {
    "batch": ["state"],
    "batch_row": ["state"],
    "credential": ["state", "status", "page", "issued_has_text"],
    "outbox_mail": ["state"],
}
_NEW_COLUMNS: dict[str, list[sa.Column[Any]]] = {
    "institution": [sa.Column("needs_approval", sa.Boolean()), sa.Column("undo_hours", sa.Integer())],
    "definition": [sa.Column("faculty_id", sa.Integer())],
    "definition_version": [sa.Column("badge_picture_id", sa.Integer())],
    "batch": [
        sa.Column("file_name", sa.String(length=200)),
        sa.Column("header", sa.Text()),
        sa.Column("mapping", sa.Text()),
        sa.Column("awarded", sa.String(length=10)),
        sa.Column("notes", sa.Text()),
        sa.Column("prepared_by", sa.String(length=36)),
        sa.Column("sent_by", sa.String(length=36)),
        sa.Column("sent", sa.DateTime(timezone=True)),
        sa.Column("approved_by", sa.String(length=36)),
        sa.Column("approved", sa.DateTime(timezone=True)),
        sa.Column("note", sa.Text()),
        sa.Column("undone", sa.DateTime(timezone=True)),
        sa.Column("undone_by", sa.String(length=36)),
    ],
    "batch_row": [sa.Column("institution_id", sa.Integer())],
    "status_entry": [sa.Column("institution_id", sa.Integer())],
    "status_change": [sa.Column("note", sa.Text())],
    "credential": [
        sa.Column("opened", sa.DateTime(timezone=True)),
        sa.Column("downloaded", sa.DateTime(timezone=True)),
    ],
    "outbox_mail": [sa.Column("staff_token_id", sa.Integer()), sa.Column("number", sa.Integer())],
}
