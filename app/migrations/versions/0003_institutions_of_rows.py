"""The first tables know approval, undo, pictures, faculties, resent mails, and each row its institution."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

from issuer.credentials.folding import search_text

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns to the tables that were there, and rows' institutions from what they hang on."""
    for name, columns in _NEW_COLUMNS.items():
        for column in columns:
            op.add_column(name, column)
    op.execute("update institution set needs_approval = false, undo_hours = 24")
    op.execute("update outbox_mail set number = 1")
    op.execute("update batch set revision = 1")
    for name, owner, key in (
        ("batch_row", "batch", "batch_id"),
        ("status_entry", "status_list", "status_list_id"),
    ):
        op.execute(
            f"update {name} set institution_id = "  # noqa: S608 (names of this file)
            f"(select o.institution_id from {owner} o where o.id = {name}.{key})"
        )
    _fold_names()
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
    with _altered("batch") as table:
        table.alter_column("revision", existing_type=sa.Integer(), nullable=False)
    with _altered("batch_row") as table:
        _bind(table, "batch_row")
    with op.batch_alter_table("status_entry") as table:
        _bind(table, "status_entry")
    with _altered("credential") as table:
        table.drop_constraint("uq_credential_award", type_="unique")
    _number_certificates()
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
    for name, table_name, indexed in _NEW_INDEXES:
        op.create_index(name, table_name, indexed)


def _fold_names() -> None:
    """Store beside each learner what the console searches; the service itself must fold in the same way."""
    rows = op.get_bind().execute(sa.text("select id, name, student_number, email from learner")).all()
    for key, *texts in rows:
        op.get_bind().execute(
            sa.text("update learner set search = :search where id = :id"),
            {"search": search_text(*texts), "id": key},
        )
    with op.batch_alter_table("learner") as table:
        table.alter_column("search", existing_type=sa.String(length=600), nullable=False)


def _number_certificates() -> None:
    """Take the institution's own numbers out of the credentials in which they stand."""
    connection = op.get_bind()
    keys = connection.execute(sa.text("select id from credential")).scalars().all()
    for key in keys:  # one at a time: each is a whole signed document
        kept = sa.text("select coalesce(secured, unsigned) from credential where id = :id")
        document = json.loads(connection.execute(kept, {"id": key}).scalar() or "{}")
        number = document.get("credentialSubject", {}).get("licenseNumber")
        if number:
            connection.execute(
                sa.text("update credential set certificate_number = :number where id = :id"),
                {"number": number, "id": key},
            )


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
_NEW_INDEXES = (
    ("ix_learner_search", "learner", ["institution_id", "search"]),
    ("ix_status_change_bulk", "status_change", ["bulk"]),
    ("ix_outbox_mail_sent", "outbox_mail", ["sent", "institution_id"]),
    ("ix_credential_certificate_number", "credential", ["institution_id", "certificate_number"]),
    ("ix_credential_status", "credential", ["institution_id", "status", "id"]),
    (
        "ix_credential_term",
        "credential",
        ["institution_id", "issued_at", "definition_version_id", "status", "opened"],
    ),
)
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
        sa.Column("source", sa.Text()),
        sa.Column("revision", sa.Integer()),
        sa.Column("handled_by", sa.Text()),
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
    "learner": [sa.Column("search", sa.String(length=600))],
    "status_change": [sa.Column("note", sa.Text()), sa.Column("bulk", sa.String(length=36))],
    "credential": [
        sa.Column("certificate_number", sa.String(length=100)),
        sa.Column("opened", sa.DateTime(timezone=True)),
        sa.Column("downloaded", sa.DateTime(timezone=True)),
    ],
    "outbox_mail": [
        sa.Column("staff_token_id", sa.Integer()),
        sa.Column("number", sa.Integer()),
        sa.Column("tries", sa.Text()),
    ],
}
