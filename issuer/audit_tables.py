"""The table of the audit: every act, chained by hashes for each institution and for the consortium."""

from datetime import datetime

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from issuer.columns import UtcDateTime


class AuditEntryRow(SQLModel, table=True):
    """One act; `number` counts within the chain, `hash` covers the entry and the hash before it."""

    __tablename__ = "audit_entry"
    __table_args__ = (UniqueConstraint("chain", "number"),)
    id: int | None = Field(default=None, primary_key=True)
    chain: str = Field(max_length=63, index=True)  # the institution's short name, "" for the consortium
    number: int
    institution_id: int | None = Field(default=None, foreign_key="institution.id", index=True)
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    actor_kind: str = Field(max_length=20)
    actor: str = Field(max_length=64, index=True)  # the person's or token's public id, or the program's name
    actor_name: str = Field(max_length=200)
    act: str = Field(max_length=60, index=True)
    subject: str = Field(max_length=200, index=True)
    before: str | None = Field(default=None, sa_type=Text)  # JSON
    after: str | None = Field(default=None, sa_type=Text)  # JSON
    previous: str = Field(max_length=64)
    hash: str = Field(max_length=64)
    seal: str = Field(max_length=64)  # HMAC of the hash with a key outside the database


class AuditHead(SQLModel, table=True):
    """The end of each chain: the row that writers lock, and that tells when the last entry is missing."""

    __tablename__ = "audit_head"
    chain: str = Field(max_length=63, primary_key=True)
    institution_id: int | None = Field(default=None, foreign_key="institution.id", index=True)
    number: int
    hash: str = Field(max_length=64)
    seal: str = Field(max_length=64)
