"""The tables of recognition: statements made here, statements received, the hours of credits."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from issuer.columns import UtcDateTime


class StatementRow(SQLModel, table=True):
    """One statement that an institution makes: first the plan, then the exact bytes that were signed.

    planned -> issued, or refused by the lint; `withdrawn` is set for good. `about` is the id of an
    institution, a course or a credential: nobody is named.
    """

    __tablename__ = "recognition_statement"
    __table_args__ = (
        CheckConstraint("state in ('planned', 'issued', 'refused')", name="state"),
        CheckConstraint("kind in ('T', 'Q', 'R1', 'R2')", name="kind"),
        CheckConstraint("state <> 'issued' or secured is not null", name="issued_has_text"),
        UniqueConstraint("status_list_id", "list_index"),
        Index("ix_recognition_statement_about", "about", "state"),
    )
    id: int | None = Field(default=None, primary_key=True)
    institution_id: int = Field(foreign_key="institution.id", index=True)
    urn: str = Field(max_length=45, unique=True)
    kind: str = Field(max_length=2)
    about: str = Field(max_length=1000)
    title: str = Field(max_length=300)
    state: str = Field(max_length=10, index=True)
    refusal: str | None = Field(default=None, sa_type=Text)  # why the lint would not have it signed
    unsigned: str | None = Field(default=None, sa_type=Text)  # kept until issued
    secured: str | None = Field(default=None, sa_type=Text)
    verification_method: str | None = Field(default=None, max_length=600)
    status_list_id: int = Field(foreign_key="status_list.id")
    list_index: int
    decided: datetime = Field(sa_type=UtcDateTime)
    created: datetime = Field(sa_type=UtcDateTime)  # the proof's `created`: fixed in the plan
    valid_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    issued_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    made_by: str = Field(max_length=200)
    withdrawn: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawn_by: str | None = Field(default=None, max_length=200)
    withdrawn_reason: str | None = Field(default=None, max_length=500)
    country: str | None = Field(default=None, max_length=2)  # where what it is about was awarded, if known
    outcome: str | None = Field(default=None, max_length=20)  # of an individual decision


class ReceivedStatementRow(SQLModel, table=True):
    """One statement about a course of ours that somebody else has signed; listed while it verifies."""

    __tablename__ = "received_statement"
    __table_args__ = (
        CheckConstraint("kind in ('T', 'Q', 'R1')", name="kind"),
        UniqueConstraint("institution_id", "digest"),
        Index("ix_received_statement_about", "about", "verdict"),
    )
    id: int | None = Field(default=None, primary_key=True)
    institution_id: int = Field(foreign_key="institution.id", index=True)
    about: str = Field(max_length=1000)
    kind: str = Field(max_length=2)
    urn: str = Field(max_length=1000)
    issuer_id: str = Field(max_length=1000)
    issuer_name: str = Field(max_length=300)  # as the trust list names it, never as it names itself
    text: str = Field(sa_type=Text)  # as it was received, byte for byte
    digest: str = Field(max_length=64)
    source: str = Field(max_length=1000)  # `submitted`, or the address that it was pulled from
    verdict: str = Field(max_length=20)
    received: datetime = Field(sa_type=UtcDateTime)
    checked: datetime = Field(sa_type=UtcDateTime, index=True)


class CreditHoursRow(SQLModel, table=True):
    """How many hours one credit of a system has, as an institution has answered, with its reference."""

    __tablename__ = "credit_hours"
    __table_args__ = (UniqueConstraint("institution_id", "system"),)
    id: int | None = Field(default=None, primary_key=True)
    institution_id: int = Field(foreign_key="institution.id", index=True)
    system: str = Field(max_length=200)
    hours: str = Field(max_length=10)  # a decimal, as written
    reference: str = Field(max_length=500)
    stated_by: str = Field(max_length=200)
    stated: datetime = Field(sa_type=UtcDateTime)
