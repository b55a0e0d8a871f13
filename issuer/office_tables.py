"""The tables of work in progress: drafts of definitions, lines of class lists, words of mails, pictures."""

from datetime import datetime

from sqlalchemy import CheckConstraint, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from issuer.columns import UtcDateTime


class DefinitionDraftRow(SQLModel, table=True):
    """A definition that is being written; `revision` counts the saves, so that none overwrites another."""

    __tablename__ = "definition_draft"
    __table_args__ = (
        CheckConstraint("state in ('draft', 'review', 'approved', 'published', 'withdrawn')", name="state"),
    )
    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(max_length=36, unique=True)
    institution_id: int = Field(foreign_key="institution.id", index=True)
    faculty_id: int | None = Field(default=None, foreign_key="faculty.id")
    code: str = Field(max_length=100)
    version: str = Field(max_length=100)
    title: str = Field(max_length=300)
    document: str = Field(sa_type=Text)  # JSON: {"definition": {...}, "achievement": {...}}
    state: str = Field(default="draft", max_length=20)
    revision: int = Field(default=1)
    follows: str | None = Field(default=None, max_length=36)  # public_id of the version before
    badge_picture_id: int | None = Field(default=None, foreign_key="badge_picture.id")
    written_by: str = Field(max_length=36)  # public id of the person who began it
    saved_by: str = Field(max_length=36)
    sent_by: str | None = Field(default=None, max_length=36)
    note: str | None = Field(default=None, sa_type=Text)  # of the reviewer who sent it back
    approved_by: str | None = Field(default=None, max_length=36)
    approved: datetime | None = Field(default=None, sa_type=UtcDateTime)
    definition_version_id: int | None = Field(default=None, foreign_key="definition_version.id")
    created: datetime = Field(sa_type=UtcDateTime)
    saved: datetime = Field(sa_type=UtcDateTime)


class BadgePictureRow(SQLModel, table=True):
    """A badge picture of an institution, as re-encoded; never changed, for credentials may name it."""

    __tablename__ = "badge_picture"
    __table_args__ = (UniqueConstraint("institution_id", "digest"),)
    id: int | None = Field(default=None, primary_key=True)
    institution_id: int = Field(foreign_key="institution.id")
    public_id: str = Field(max_length=36, unique=True)
    digest: str = Field(max_length=64)
    media_type: str = Field(max_length=40)
    data: bytes = Field(sa_type=LargeBinary)
    created: datetime = Field(sa_type=UtcDateTime)


class BatchLineRow(SQLModel, table=True):
    """One line of an imported file as it stands in the preview; forgotten once its batch is done with."""

    __tablename__ = "batch_line"
    __table_args__ = (
        UniqueConstraint("batch_id", "line"),
        CheckConstraint("state in ('ready', 'check', 'left_out', 'already')", name="state"),
    )
    id: int | None = Field(default=None, primary_key=True)
    institution_id: int = Field(foreign_key="institution.id", index=True)
    batch_id: str = Field(max_length=36, foreign_key="batch.id", index=True)
    line: int
    cells: str = Field(sa_type=Text)  # JSON array, as written or as mended
    mended: str | None = Field(
        default=None, sa_type=Text
    )  # JSON: place of a mended cell -> what the file said
    state: str = Field(max_length=20)
    findings: str = Field(sa_type=Text)  # JSON array


class ColumnMappingRow(SQLModel, table=True):
    """Which column of ours a header of an institution's files means; "" for one that is left out."""

    __tablename__ = "column_mapping"
    __table_args__ = (UniqueConstraint("institution_id", "header"),)
    id: int | None = Field(default=None, primary_key=True)
    institution_id: int = Field(foreign_key="institution.id")
    header: str = Field(max_length=200)
    column: str = Field(max_length=100)
    used: datetime = Field(sa_type=UtcDateTime)


class MailTextRow(SQLModel, table=True):
    """What an institution says in its mails in one language, in place of our own words."""

    __tablename__ = "mail_text"
    __table_args__ = (UniqueConstraint("institution_id", "kind", "language"),)
    id: int | None = Field(default=None, primary_key=True)
    institution_id: int = Field(foreign_key="institution.id")
    kind: str = Field(max_length=20)
    language: str = Field(max_length=35)
    subject: str = Field(max_length=200)
    opening: str = Field(sa_type=Text)
    closing: str = Field(sa_type=Text)
    changed: datetime = Field(sa_type=UtcDateTime)
