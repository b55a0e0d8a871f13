"""The tables of the people who work here: who they are, what they may do, and how they get in.

Passwords, codes and tokens are kept as hashes, second factors sealed (`issuer.staff.sealing`).
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from issuer.columns import UtcDateTime


class Faculty(SQLModel, table=True):
    """A part of an institution to which a role may be confined and a definition may belong."""

    __tablename__ = "faculty"
    __table_args__ = (UniqueConstraint("institution_id", "code"),)
    id: int | None = Field(default=None, primary_key=True)
    institution_id: int = Field(foreign_key="institution.id")
    code: str = Field(max_length=63)
    name: str = Field(max_length=200)
    created: datetime = Field(sa_type=UtcDateTime)


class Person(SQLModel, table=True):
    """Someone who can sign in, whatever institutions they work for."""

    __tablename__ = "person"
    __table_args__ = (CheckConstraint("state in ('invited', 'active', 'closed')", name="state"),)
    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(max_length=36, unique=True)
    email: str = Field(max_length=254, unique=True)  # folded to lower case
    name: str = Field(max_length=200)
    language: str = Field(default="en", max_length=35)
    state: str = Field(default="invited", max_length=10)
    password_hash: str | None = Field(default=None, max_length=200)
    totp_sealed: str | None = Field(default=None, max_length=300)
    totp_confirmed: datetime | None = Field(default=None, sa_type=UtcDateTime)
    totp_last_step: int = Field(default=0)  # RFC 6238, section 5.2: a code is good once
    created: datetime = Field(sa_type=UtcDateTime)
    last_sign_in: datetime | None = Field(default=None, sa_type=UtcDateTime)


class RoleGrantRow(SQLModel, table=True):
    """One role of a person: in an institution, in a faculty of it, or, without either, in the consortium."""

    __tablename__ = "role_grant"
    __table_args__ = (
        UniqueConstraint("person_id", "institution_id", "faculty_id", "role"),
        CheckConstraint("faculty_id is null or institution_id is not null", name="faculty_of_institution"),
    )
    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    institution_id: int | None = Field(default=None, foreign_key="institution.id", index=True)
    faculty_id: int | None = Field(default=None, foreign_key="faculty.id")
    role: str = Field(max_length=30)
    granted_by: str = Field(max_length=200)
    created: datetime = Field(sa_type=UtcDateTime)


class StaffSession(SQLModel, table=True):
    """A signed-in browser; the cookie's token is kept as a hash."""

    __tablename__ = "staff_session"
    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(max_length=64, unique=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    second_factor: bool = Field(default=False)
    created: datetime = Field(sa_type=UtcDateTime)
    last_seen: datetime = Field(sa_type=UtcDateTime)
    expires: datetime = Field(sa_type=UtcDateTime, index=True)


class RecoveryCode(SQLModel, table=True):
    """One way in for a person whose authenticator is lost; good once."""

    __tablename__ = "recovery_code"
    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    code_hash: str = Field(max_length=64)
    used: datetime | None = Field(default=None, sa_type=UtcDateTime)


class StaffTokenRow(SQLModel, table=True):
    """An invitation or a new password on its way by mail; its secret is derived and never stored."""

    __tablename__ = "staff_token"
    __table_args__ = (CheckConstraint("kind in ('invitation', 'password')", name="kind"),)
    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(max_length=36, unique=True)
    kind: str = Field(max_length=20)
    token_hash: str = Field(max_length=64, unique=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    institution_id: int | None = Field(default=None, foreign_key="institution.id", index=True)
    created_by: str = Field(max_length=200)
    created: datetime = Field(sa_type=UtcDateTime)
    expires: datetime = Field(sa_type=UtcDateTime)
    used: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SignInFailure(SQLModel, table=True):
    """A sign-in that failed, by the hash of the account or network it came for; known or not."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (Index("ix_sign_in_failure_subject_at", "subject", "at"),)
    id: int | None = Field(default=None, primary_key=True)
    subject: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)


class ApiTokenRow(SQLModel, table=True):
    """A token with which a program acts for one institution, for the acts named in it."""

    __tablename__ = "api_token"
    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(max_length=36, unique=True)
    institution_id: int = Field(foreign_key="institution.id", index=True)
    name: str = Field(max_length=100)
    token_hash: str = Field(max_length=64, unique=True)
    shown: str = Field(max_length=20)  # its first letters, by which people tell it from others
    acts: str = Field(sa_type=Text)  # JSON array
    created_by: str = Field(max_length=200)
    created: datetime = Field(sa_type=UtcDateTime)
    expires: datetime = Field(sa_type=UtcDateTime)
    last_used: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked: datetime | None = Field(default=None, sa_type=UtcDateTime)
