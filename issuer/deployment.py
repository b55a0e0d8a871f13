"""What every use case needs of the place it runs in: database, address, clock, chance."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from random import Random, SystemRandom
from urllib.parse import urlsplit

from sqlalchemy import Engine
from sqlmodel import Session

from issuer.errors import IssuerError
from issuer.office_secret import OfficeSecret
from issuer.staff.actor import SERVICE, Actor, ActorKind
from issuer.tenancy import CONSORTIUM, bind
from issuer.transactions import joining, reading, writing

Clock = Callable[[], datetime]
_SHARED: ContextVar["tuple[Deployment, Session] | None"] = ContextVar("one_snapshot", default=None)
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Deployment:
    """The running service; `base_url` (no slash at its end) is the only source of hosts in links and ids.

    With `tenant`, the key of an institution or CONSORTIUM, each session sees and writes what is theirs alone;
    `actor` is who answers for what is done, and `secret` seals the audit.
    """

    engine: Engine
    base_url: str
    clock: Clock
    random: Random = field(default_factory=SystemRandom)
    secret: OfficeSecret | None = None
    actor: Actor = SERVICE
    tenant: int | None = None

    def acting(self, actor: Actor) -> "Deployment":
        """Give the same service as somebody uses it, bound to the institution that they act for.

        A person who acts for none acts for the consortium, and sees no institution's rows.
        """
        of_consortium = actor.institution_id is None and actor.kind is ActorKind.PERSON
        return replace(self, actor=actor, tenant=CONSORTIUM if of_consortium else actor.institution_id)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session that only reads, or within `one_snapshot` give that one. Raises StorageFailed."""
        shared = _SHARED.get()
        if shared is not None and shared[0] is self:
            with joining(shared[1]) as session:
                yield session
            return
        with reading(self.engine) as session:
            if self.tenant is not None:
                bind(session, self.tenant)
            yield session

    @contextmanager
    def one_snapshot(self) -> Iterator[None]:
        """Let all that this thread reads of this deployment within the block be read in one transaction.

        For work that reads several times, such as a page: it costs less, and what it shows stood there at
        one moment. Raises StorageFailed.
        """
        with self.reading() as session:
            before = _SHARED.set((self, session))
            try:
                yield
            finally:
                _SHARED.reset(before)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Open a session that commits at the end, or takes everything back. Raises StorageFailed."""
        with writing(self.engine) as session:
            if self.tenant is not None:
                bind(session, self.tenant)
            yield session

    def now(self) -> datetime:
        """Give the time in UTC, whole seconds: documents carry no fractions."""
        return self.clock().astimezone(UTC).replace(microsecond=0)

    @property
    def host(self) -> str:
        """The host name of the deployment, as mails and pages show it."""
        return urlsplit(self.base_url).hostname or "localhost"

    @property
    def is_loopback(self) -> bool:
        """Say whether this is a demonstration on one machine: institutions then have did:key."""
        return urlsplit(self.base_url).scheme == "http"

    def check(self) -> None:
        """Refuse a base URL that cannot be the foundation of lasting identifiers."""
        try:
            parts = urlsplit(self.base_url)
            plain_http = parts.scheme == "http" and parts.hostname in _LOOPBACK
            good = bool(parts.scheme == "https" and parts.hostname) or plain_http
        except ValueError:
            good = False
        if not good or not self.base_url.isascii() or " " in self.base_url:
            raise IssuerError(
                "base_url",
                f"{self.base_url} cannot be the base URL: use https, or http on a loopback address.",
            )
        if self.base_url.endswith("/") or parts.query or parts.fragment:
            raise IssuerError("base_url", "The base URL ends without a slash and has no query or fragment.")

    def achievement_url(self, public_id: str) -> str:
        """Give the immutable address of a definition version."""
        return f"{self.base_url}/achievements/{public_id}"

    def status_list_url(self, public_id: str) -> str:
        """Give the address, and so the id, of a status list."""
        return f"{self.base_url}/status/{public_id}"

    def credential_url(self, code: str) -> str:
        """Give the address that the QR code opens."""
        return f"{self.base_url}/c/{code}"

    def share_url(self, share_id: str) -> str:
        """Give the address of the page that a holder shares."""
        return f"{self.base_url}/s/{share_id}"

    def refresh_url(self, urn: str, token: str) -> str:
        """Give the address of a credential's newest version, which stands in the credential alone."""
        return f"{self.base_url}/refresh/{urn.removeprefix('urn:uuid:')}/{token}"

    def holder_url(self, token: str) -> str:
        """Give the secret address of the holder's own page."""
        return f"{self.base_url}/h/{token}"
