"""Earlier versions of renewed credentials: the exact bytes that others may still hold."""

from datetime import datetime

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from issuer.columns import UtcDateTime


class CredentialVersionRow(SQLModel, table=True):
    """One version that another has followed; the newest stands in the credential's own row."""

    __tablename__ = "credential_version"
    __table_args__ = (UniqueConstraint("credential_id", "number"),)
    id: int | None = Field(default=None, primary_key=True)
    institution_id: int = Field(foreign_key="institution.id", index=True)
    credential_id: int = Field(foreign_key="credential.id")
    number: int  # 1 is what was issued
    secured: str = Field(sa_type=Text)
    verification_method: str | None = Field(default=None, max_length=600)
    valid_from: datetime = Field(sa_type=UtcDateTime)
    valid_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    followed: datetime = Field(sa_type=UtcDateTime)  # when the next version took its place
    followed_by: str = Field(max_length=200)  # who renewed it
