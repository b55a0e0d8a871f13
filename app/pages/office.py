"""What the pages ask of the issuing office, and what they draw from its records."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from issuer import Issuer
from issuer.public_page import PageRecord
from issuer.records import (
    CredentialRecord,
    DefinitionVersion,
    InstitutionRecord,
    OutboxMail,
    StoredStatusList,
    Visibility,
)
from verifier import VerificationReport


class Office(Protocol):
    """What the pages ask of `issuer.Issuer`; None for whatever is not there."""

    def institutions(self) -> Sequence[InstitutionRecord]: ...
    def institution(self, slug: str) -> InstitutionRecord | None: ...
    def definitions(self) -> Sequence[DefinitionVersion]: ...
    def credential_by_code(self, code: str) -> PageRecord | None: ...
    def credential(self, urn: str) -> CredentialRecord | None: ...
    def by_short_code(self, text: str) -> CredentialRecord | None: ...
    def by_holder_token(self, token: str) -> CredentialRecord | None: ...
    def by_share_id(self, share_id: str) -> CredentialRecord | None: ...
    def set_visibility(self, token: str, visibility: Visibility) -> None: ...
    def status_list(self, public_id: str) -> StoredStatusList | None: ...
    def did_document(self, slug: str) -> str | None: ...
    def key_set(self) -> str: ...
    def public_jwk(self, slug: str, name: str) -> str | None: ...
    def achievement(self, public_id: str) -> DefinitionVersion | None: ...
    def outbox(self) -> Sequence[OutboxMail]: ...


class Checker(Protocol):
    """The part of `verifier.Verifier` that the pages use."""

    def verify(self, data: bytes, *, recipient: str | None = None) -> VerificationReport: ...
    def verify_url(self, url: str, *, recipient: str | None = None) -> VerificationReport: ...


class Pictures(Protocol):
    """The part of `issuer.documents.Documents` that the pages use: what is drawn on demand."""

    def pdf(self, record: CredentialRecord) -> bytes: ...
    def png(self, record: CredentialRecord) -> bytes: ...
    def baked_png(self, record: CredentialRecord) -> bytes: ...
    def baked_svg(self, record: CredentialRecord) -> bytes: ...
    def share_card(self, record: CredentialRecord) -> bytes: ...
    def badge_png(self, definition: DefinitionVersion) -> bytes: ...
    def badge_svg(self, definition: DefinitionVersion) -> bytes: ...


@dataclass(frozen=True)
class Services:
    """Everything that the pages stand on.

    `own` makes a verifier for the bytes that this service stored itself, `outside` one for whatever strangers
    hand in: its parsers run in a limited child process. Both read the trust list afresh. The console needs
    `issuer`; without it there are only the public pages.
    """

    office: Office
    own: Callable[[], Checker]
    outside: Callable[[], Checker]
    pictures: Pictures
    clock: Callable[[], datetime]
    ready: Callable[[], None]
    database: object = None
    issuer: Issuer | None = None

    def one_snapshot(self) -> AbstractContextManager[None]:
        """Let a page read what it shows in one transaction; of pages without an office there is none."""
        return self.issuer.deployment.one_snapshot() if self.issuer is not None else nullcontext()
