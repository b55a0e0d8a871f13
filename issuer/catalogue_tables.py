"""The tables of the register: one row for each published version, and the terms by which it is found."""

from datetime import datetime

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from issuer.columns import UtcDateTime

LONGEST_TERM = 80
# Prefixes are ranges of code points: another order of letters would put words outside their own prefix.
_TERM = String(LONGEST_TERM).with_variant(String(LONGEST_TERM, collation="C"), "postgresql")


class CatalogueEntryRow(SQLModel, table=True):
    """What the register knows of a version beside its wording, which never changes.

    `evidence` is what was found and who decided when it was published, kept as it was; only `newest` and what
    is said of retiring change later.
    """

    __tablename__ = "catalogue_entry"
    __table_args__ = (
        Index("ix_catalogue_entry_offered", "newest", "retired", "id"),
        Index("ix_catalogue_entry_ects", "ects", "id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    institution_id: int = Field(foreign_key="institution.id", index=True)
    definition_version_id: int = Field(foreign_key="definition_version.id", unique=True)
    newest: bool = Field(default=True)
    ects: int | None = Field(default=None)  # hundredths of a credit
    programmes: int = Field(default=0)  # how many it counts towards
    evidence: str = Field(sa_type=Text)  # JSON object
    retired: datetime | None = Field(default=None, sa_type=UtcDateTime)
    retired_by: str | None = Field(default=None, max_length=200)
    retired_reason: str | None = Field(default=None, max_length=500)  # public


class CatalogueTermRow(SQLModel, table=True):
    """One word, field, level or language by which an entry is found."""

    __tablename__ = "catalogue_term"
    __table_args__ = (
        UniqueConstraint("entry_id", "kind", "term"),
        Index("ix_catalogue_term_found", "kind", "term", "entry_id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    institution_id: int = Field(foreign_key="institution.id", index=True)
    entry_id: int = Field(foreign_key="catalogue_entry.id")
    kind: str = Field(max_length=10)
    term: str = Field(sa_type=_TERM)


class ProgrammeConfirmationRow(SQLModel, table=True):
    """A recorded confirmation that a version counts towards a programme of the same institution (QC-28)."""

    __tablename__ = "programme_confirmation"
    __table_args__ = (UniqueConstraint("definition_version_id", "place"),)
    id: int | None = Field(default=None, primary_key=True)
    institution_id: int = Field(foreign_key="institution.id", index=True)
    definition_version_id: int = Field(foreign_key="definition_version.id")
    place: int  # in `isPartOf` of the wording, which never changes
    reference: str = Field(max_length=300)  # the decision, so that somebody can look for it
    confirmed_by: str = Field(max_length=200)
    confirmed: datetime = Field(sa_type=UtcDateTime)
