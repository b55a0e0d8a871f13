"""The tables of the issuing office; what a tenant owns carries `institution_id`.

`table=True` models do not validate: values come through `issuer.inputs` and `issuer.class_list` first.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from issuer.columns import UtcDateTime
from issuer.proof_forms import DEFAULT_FORM

LIST_LENGTH = 131_072  # Bitstring Status List 1.0, section 5.1: the least length, for the holders' privacy


def stored_id(row: "SQLModel") -> int:
    """Give the key of a row that was flushed."""
    key = getattr(row, "id", None)
    if not isinstance(key, int):
        raise ValueError("the row is not stored yet")
    return key


def _constraint_names() -> None:
    """Name every constraint, so that a later migration can alter it on both databases."""
    SQLModel.metadata.naming_convention = {
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }


_constraint_names()


class Institution(SQLModel, table=True):
    """A university that awards; `did` is set when its first key is made."""

    __tablename__ = "institution"
    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(max_length=63, unique=True)
    did: str | None = Field(default=None, max_length=500, unique=True)
    name: str = Field(max_length=200)
    names: str = Field(sa_type=Text)  # JSON object: the name by language
    country: str = Field(max_length=2)
    profile: str = Field(sa_type=Text)  # JSON object: what the issuer's Profile says beside id and name
    presentation: str = Field(sa_type=Text)  # JSON object: accent, initials, logo, signatory
    hashes_email: bool = Field(default=False)
    needs_approval: bool = Field(default=False)  # a second person approves batches
    undo_hours: int = Field(default=24)
    proof_form: str = Field(default=DEFAULT_FORM.value, max_length=30)  # of what is planned from now on
    created: datetime = Field(sa_type=UtcDateTime)


class InstitutionKey(SQLModel, table=True):
    """A public key of an institution; the secret one is in the key store only."""

    __tablename__ = "institution_key"
    id: int | None = Field(default=None, primary_key=True)
    institution_id: int = Field(foreign_key="institution.id", index=True)
    verification_method: str = Field(max_length=600, unique=True)
    public_multikey: str = Field(max_length=1000)  # an RSA key of 3072 bits has about 550
    created: datetime = Field(sa_type=UtcDateTime)
    retired: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked: datetime | None = Field(default=None, sa_type=UtcDateTime)  # then it is retired as well


class DefinitionRow(SQLModel, table=True):
    """What an institution offers under one code, whatever the version."""

    __tablename__ = "definition"
    __table_args__ = (UniqueConstraint("institution_id", "code"),)
    id: int | None = Field(default=None, primary_key=True)
    institution_id: int = Field(foreign_key="institution.id")
    faculty_id: int | None = Field(default=None, foreign_key="faculty.id")
    code: str = Field(max_length=100)
    created: datetime = Field(sa_type=UtcDateTime)


class DefinitionVersionRow(SQLModel, table=True):
    """One published wording; never changed, for credentials repeat it."""

    __tablename__ = "definition_version"
    __table_args__ = (UniqueConstraint("definition_id", "version"),)
    id: int | None = Field(default=None, primary_key=True)
    institution_id: int = Field(foreign_key="institution.id", index=True)
    definition_id: int = Field(foreign_key="definition.id")
    version: str = Field(max_length=100)
    public_id: str = Field(max_length=36, unique=True)  # the last part of the achievement's address
    achievement_id: str = Field(max_length=600, unique=True)
    document: str = Field(sa_type=Text)  # JSON object: the Achievement as credentials embed it
    options: str = Field(sa_type=Text)  # JSON object: language, suspension, valid_for, signatory
    badge_picture_id: int | None = Field(default=None, foreign_key="badge_picture.id")
    source_digest: str = Field(max_length=64)
    created: datetime = Field(sa_type=UtcDateTime)


class Learner(SQLModel, table=True):
    """A person by the number that the institution gave them."""

    __tablename__ = "learner"
    __table_args__ = (
        UniqueConstraint("institution_id", "student_number"),
        Index("ix_learner_search", "institution_id", "search"),
    )
    id: int | None = Field(default=None, primary_key=True)
    institution_id: int = Field(foreign_key="institution.id")
    student_number: str = Field(max_length=100)
    name: str = Field(max_length=200)
    email: str = Field(max_length=254)
    language: str = Field(max_length=35)
    search: str = Field(default="", max_length=600)  # all three folded, see issuer.credentials.folding
    updated: datetime = Field(sa_type=UtcDateTime)


class Batch(SQLModel, table=True):
    """One import of names for a run.

    draft -> approval -> open -> finished -> undone; approval -> draft when it is sent back, and draft -> open
    where the institution asks for no second person. The command line begins with `open`.
    """

    __tablename__ = "batch"
    __table_args__ = (
        CheckConstraint(
            "state in ('draft', 'approval', 'open', 'finished', 'undone', 'discarded')", name="state"
        ),
    )
    id: str = Field(max_length=36, primary_key=True)
    institution_id: int = Field(foreign_key="institution.id", index=True)
    definition_version_id: int = Field(foreign_key="definition_version.id")
    run: str = Field(max_length=100)
    state: str = Field(max_length=20, index=True)
    file_digest: str = Field(max_length=64)
    file_name: str | None = Field(default=None, max_length=200)
    header: str | None = Field(default=None, sa_type=Text)  # JSON array: the file's first row
    mapping: str | None = Field(default=None, sa_type=Text)  # JSON object: header -> column of ours, or ""
    awarded: str | None = Field(default=None, max_length=10)  # the date for rows that give none
    notes: str | None = Field(default=None, sa_type=Text)  # JSON array: what was done to read the file
    source: str | None = Field(
        default=None, sa_type=Text
    )  # JSON object: kind, delimiter, day zero of the file
    revision: int = Field(default=1)  # counts the changes of the list, so that nobody approves another one
    handled_by: str | None = Field(default=None, sa_type=Text)  # JSON array: who may not approve it
    prepared_by: str | None = Field(default=None, max_length=36)  # public ids of persons
    sent_by: str | None = Field(default=None, max_length=36)
    sent: datetime | None = Field(default=None, sa_type=UtcDateTime)
    approved_by: str | None = Field(default=None, max_length=36)
    approved: datetime | None = Field(default=None, sa_type=UtcDateTime)
    note: str | None = Field(default=None, sa_type=Text)  # of the person who sent it back
    started_by: str = Field(max_length=200)
    created: datetime = Field(sa_type=UtcDateTime)
    finished: datetime | None = Field(default=None, sa_type=UtcDateTime)
    undone: datetime | None = Field(default=None, sa_type=UtcDateTime)
    undone_by: str | None = Field(default=None, max_length=36)


class BatchRow(SQLModel, table=True):
    """One good line of a class list; what it said is kept only until its credential is issued."""

    __tablename__ = "batch_row"
    __table_args__ = (
        UniqueConstraint("batch_id", "line"),
        CheckConstraint(
            "state in ('pending', 'planned', 'issued', 'already', 'failed', 'withdrawn')", name="state"
        ),
        Index("ix_batch_row_batch_state", "batch_id", "state"),
    )
    id: int | None = Field(default=None, primary_key=True)
    institution_id: int = Field(foreign_key="institution.id", index=True)
    batch_id: str = Field(max_length=36, foreign_key="batch.id")
    line: int
    state: str = Field(max_length=20)
    input: str | None = Field(default=None, sa_type=Text)
    reason: str | None = Field(default=None, sa_type=Text)
    credential_id: int | None = Field(default=None, foreign_key="credential.id", index=True)


class CredentialRow(SQLModel, table=True):
    """One award: first the plan, then the exact bytes that were signed."""

    __tablename__ = "credential"
    __table_args__ = (
        # One award that stands: after a revocation the same person may be awarded anew.
        Index(
            "uq_credential_award",
            "institution_id",
            "definition_version_id",
            "learner_id",
            "run",
            unique=True,
            sqlite_where=text("status <> 'revoked'"),
            postgresql_where=text("status <> 'revoked'"),
        ),
        CheckConstraint("state in ('planned', 'issued')", name="state"),
        CheckConstraint("status in ('good', 'suspended', 'revoked')", name="status"),
        CheckConstraint("page in ('link', 'public', 'off')", name="page"),
        CheckConstraint("state = 'planned' or secured is not null", name="issued_has_text"),
        Index("ix_credential_batch_state", "batch_id", "state"),
        # The console finds and counts with these three: a row itself is long, for it holds the signed text.
        Index("ix_credential_certificate_number", "institution_id", "certificate_number"),
        Index("ix_credential_status", "institution_id", "status", "id"),
        Index(
            "ix_credential_term", "institution_id", "issued_at", "definition_version_id", "status", "opened"
        ),
        Index("ix_credential_figures", "institution_id", "issued_at", "learner_id", "opened", "checked"),
    )
    id: int | None = Field(default=None, primary_key=True)
    urn: str = Field(max_length=45, unique=True)
    institution_id: int = Field(foreign_key="institution.id", index=True)
    definition_version_id: int = Field(foreign_key="definition_version.id", index=True)
    learner_id: int = Field(foreign_key="learner.id", index=True)
    run: str = Field(max_length=100)
    batch_id: str | None = Field(default=None, max_length=36, foreign_key="batch.id")
    state: str = Field(max_length=20)
    proof_form: str = Field(default=DEFAULT_FORM.value, max_length=30)  # fixed in the plan
    created: datetime = Field(sa_type=UtcDateTime)  # the proof's `created`: fixed in the plan
    unsigned: str | None = Field(default=None, sa_type=Text)  # kept until issued
    secured: str | None = Field(default=None, sa_type=Text)
    verification_method: str | None = Field(default=None, max_length=600)
    issued_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    awarded: datetime = Field(sa_type=UtcDateTime)
    valid_from: datetime = Field(sa_type=UtcDateTime)
    valid_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    code: str = Field(max_length=22, unique=True)
    short_code: str = Field(max_length=8, unique=True)
    share_id: str = Field(max_length=22, unique=True)
    holder_token_hash: str = Field(max_length=64, unique=True)
    show_grade: bool = Field(default=False)
    show_parts: bool = Field(default=False)
    show_evidence: bool = Field(default=False)
    page: str = Field(default="link", max_length=10)
    status: str = Field(default="good", max_length=20)
    status_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    status_reason: str | None = Field(default=None, max_length=20)
    status_by: str | None = Field(default=None, max_length=200)
    certificate_number: str | None = Field(default=None, max_length=100)  # the institution's own
    opened: datetime | None = Field(default=None, sa_type=UtcDateTime)  # first visit of the holder's page
    downloaded: datetime | None = Field(default=None, sa_type=UtcDateTime)  # first file taken from it
    checked: datetime | None = Field(default=None, sa_type=UtcDateTime)  # first visit of the page on paper


class StatusList(SQLModel, table=True):
    """One status list of a tenant and purpose, with the text as last signed.

    `changes` counts committed changes of its bits, `signed_changes` how many of them the text shows.
    """

    __tablename__ = "status_list"
    __table_args__ = (UniqueConstraint("institution_id", "purpose", "number"),)
    id: int | None = Field(default=None, primary_key=True)
    institution_id: int = Field(foreign_key="institution.id")
    purpose: str = Field(max_length=20)
    number: int
    public_id: str = Field(max_length=120, unique=True)
    length: int = Field(default=LIST_LENGTH)
    used: int = Field(default=0)
    changes: int = Field(default=0)
    signed_changes: int = Field(default=-1)
    text: str | None = Field(default=None, sa_type=Text)
    etag: str | None = Field(default=None, max_length=64)
    valid_from: datetime | None = Field(default=None, sa_type=UtcDateTime)
    valid_until: datetime | None = Field(default=None, sa_type=UtcDateTime)


class StatusEntry(SQLModel, table=True):
    """The place of a credential in a list; the list's bits are rendered from these rows."""

    __tablename__ = "status_entry"
    __table_args__ = (
        UniqueConstraint("status_list_id", "list_index"),
        UniqueConstraint("credential_id", "purpose"),
    )
    id: int | None = Field(default=None, primary_key=True)
    institution_id: int = Field(foreign_key="institution.id", index=True)
    status_list_id: int = Field(foreign_key="status_list.id")
    list_index: int
    credential_id: int = Field(foreign_key="credential.id")
    purpose: str = Field(max_length=20)
    is_set: bool = Field(default=False)


class StatusChange(SQLModel, table=True):
    """One revocation, suspension or reinstatement, kept for good."""

    __tablename__ = "status_change"
    id: int | None = Field(default=None, primary_key=True)
    institution_id: int = Field(foreign_key="institution.id", index=True)
    credential_id: int = Field(foreign_key="credential.id", index=True)
    act: str = Field(max_length=20)
    reason: str | None = Field(default=None, max_length=20)
    note: str | None = Field(default=None, sa_type=Text)  # for staff and auditors only
    bulk: str | None = Field(default=None, max_length=36, index=True)  # what was done to many at once
    done_by: str = Field(max_length=200)
    done_at: datetime = Field(sa_type=UtcDateTime)


class OutboxMailRow(SQLModel, table=True):
    """A mail that is owed; its words are made when it is sent."""

    __tablename__ = "outbox_mail"
    __table_args__ = (
        UniqueConstraint("credential_id", "kind", "number"),
        CheckConstraint("state in ('queued', 'sent', 'failed', 'withdrawn')", name="state"),
        CheckConstraint("(credential_id is null) <> (staff_token_id is null)", name="one_subject"),
        Index("ix_outbox_mail_due", "state", "next_attempt"),
        Index("ix_outbox_mail_sent", "sent", "institution_id"),  # how many went within the hour
    )
    id: int | None = Field(default=None, primary_key=True)
    institution_id: int | None = Field(default=None, foreign_key="institution.id", index=True)
    credential_id: int | None = Field(default=None, foreign_key="credential.id", index=True)
    staff_token_id: int | None = Field(default=None, foreign_key="staff_token.id")
    kind: str = Field(max_length=20)
    number: int = Field(default=1)  # 2 and more: sent again because somebody asked for it
    message_id: str = Field(max_length=300, unique=True)
    recipient: str = Field(max_length=254)
    state: str = Field(max_length=20)
    attempts: int = Field(default=0)
    next_attempt: datetime = Field(sa_type=UtcDateTime)
    error: str | None = Field(default=None, max_length=500)
    tries: str | None = Field(default=None, sa_type=Text)  # JSON array: when, and what the server answered
    created: datetime = Field(sa_type=UtcDateTime)
    sent: datetime | None = Field(default=None, sa_type=UtcDateTime)
