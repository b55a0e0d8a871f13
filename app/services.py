"""Services: the issuing office, the verifiers and the drawings that the pages stand on."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar
from urllib.parse import urlsplit

from app.database import open_database, readiness, upgrade
from app.pages.office import Checker, Services
from app.settings import Settings
from app.trust_in_force import TrustInForce
from app.trust_lists import TrustLists
from issuer import Issuer, LinkSecret, NotFound, OfficeSecret
from issuer.public_page import PageRecord, page_record
from issuer.records import (
    CredentialRecord,
    DefinitionVersion,
    InstitutionRecord,
    OutboxMail,
    StoredStatusList,
    Visibility,
)
from issuer.register.entering import enter_missing
from issuer.register.searching import Search, search
from issuer.trust_files import TrustFiles
from verifier import Policy, TrustList, Verifier
from verifier.fetch import Fetcher, Limits
from verifier.memory import InMemory, Memory
from verifier.sources import Fetches

Found = TypeVar("Found")
_ON_FIRST_PAGE = 40
_PUBLIC_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9./_-]{0,199}", re.ASCII)


def build_services(
    settings: Settings, *, clock: Callable[[], datetime], fetcher: Fetches | None = None
) -> Services:
    """Open the database and make what the pages need. The web process gets no signing key."""
    settings.dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = open_database(settings.database_url)
    upgrade(engine)
    # Only the demonstration shows mails; elsewhere the web process cannot make a holder's link.
    links = LinkSecret.open(settings.dir / "link-secret") if settings.demo else None
    issuer = Issuer(
        engine,
        base_url=settings.base_url,
        clock=clock,
        links=links,
        demonstration=settings.demo,
        secret=OfficeSecret.open(settings.dir / "office-secret"),
    )
    enter_missing(issuer.deployment)
    outside = fetcher or default_fetcher(settings)
    memory = InMemory()
    others = TrustLists(settings.dir, settings.trust_lists, settings.trust_publishers)
    trust = TrustInForce(issuer.deployment, TrustFiles(settings.dir), others, clock)

    return Services(
        office=Registry(issuer),
        own=lambda: own_verifier(issuer, outside, clock, memory, Policy(isolate=False), trust()),
        outside=lambda: own_verifier(
            issuer, _together(outside), clock, memory, Policy(isolate=True), trust()
        ),
        pictures=issuer.documents,
        clock=clock,
        ready=readiness(engine),
        database=engine,
        issuer=issuer,
    )


def _together(fetcher: Fetches) -> Fetches:
    """Give the files of one upload the time of one verification: fifteen slow ones took minutes (V7)."""
    return fetcher.together() if isinstance(fetcher, Fetcher) else fetcher


def default_fetcher(settings: Settings) -> Fetcher:
    """Make the fetcher that reaches other hosts, and never our own."""
    return Fetcher(own_hosts=own_hosts(settings), limits=Limits(ports=frozenset(settings.fetch_ports)))


def own_hosts(settings: Settings) -> tuple[str, ...]:
    """Give the names of this service, which its fetchers never ask."""
    return (urlsplit(settings.base_url).hostname or "",)


def own_verifier(
    issuer: Issuer,
    fetcher: Fetches,
    clock: Callable[[], datetime],
    memory: Memory,
    policy: Policy,
    trust: TrustList,
) -> Checker:
    """Make a verifier that reads this deployment's own addresses from its store."""
    return Verifier(
        fetcher=fetcher,
        clock=clock,
        trust=trust,
        policy=policy,
        memory=memory,
        local=issuer.local,
    )


class Registry:
    """The issuing office as the pages ask it: None instead of an error for what is not there."""

    def __init__(self, issuer: Issuer) -> None:
        self._issuer = issuer

    def institutions(self) -> list[InstitutionRecord]:
        """List the institutions."""
        return self._issuer.institutions()

    def institution(self, slug: str) -> InstitutionRecord | None:
        """Find one of them."""
        return next((each for each in self.institutions() if each.slug == slug), None)

    def definitions(self) -> list[DefinitionVersion]:
        """List the newest wordings of what can be earned, the latest first; the catalogue has all."""
        found = search(self._issuer.deployment, Search(limit=_ON_FIRST_PAGE)).entries
        return [each.version for each in found]

    def credential_by_code(self, code: str) -> PageRecord | None:
        """Find what its page needs by the code in the link on paper."""
        return _found(lambda named: page_record(self._issuer.deployment, named), code)

    def credential(self, urn: str) -> CredentialRecord | None:
        """Find by the credential's own id."""
        return _found(self._issuer.credential, urn)

    def by_short_code(self, text: str) -> CredentialRecord | None:
        """Find by the code that a person types."""
        return _found(self._issuer.by_short_code, text)

    def by_holder_token(self, token: str) -> CredentialRecord | None:
        """Find by the holder's secret token."""
        return _found(self._issuer.by_holder_token, token)

    def by_share_id(self, share_id: str) -> CredentialRecord | None:
        """Find the page that a holder shares."""
        return _found(self._issuer.by_share_id, share_id)

    def set_visibility(self, token: str, visibility: Visibility) -> None:
        """Store the holder's choice."""
        self._issuer.set_visibility(token, visibility)

    def status_list(self, public_id: str) -> StoredStatusList | None:
        """Find a status list by the end of its address."""
        return _found(self._issuer.status_list, public_id) if _PUBLIC_ID.fullmatch(public_id) else None

    def did_document(self, slug: str) -> str | None:
        """Find the DID document of an institution, as text."""
        return _found(self._issuer.did_document, slug) if _PUBLIC_ID.fullmatch(slug) else None

    def key_set(self) -> str:
        """Give the keys of all institutions as a JWK Set, as text."""
        return self._issuer.key_set()

    def public_jwk(self, slug: str, name: str) -> str | None:
        """Find one key of an institution as a JWK, as text."""
        if not _PUBLIC_ID.fullmatch(slug):
            return None
        return _found(lambda last: self._issuer.public_jwk(slug, last), name)

    def achievement(self, public_id: str) -> DefinitionVersion | None:
        """Find a wording by the end of its address."""
        return _found(self._issuer.achievement, public_id) if _PUBLIC_ID.fullmatch(public_id) else None

    def outbox(self) -> list[OutboxMail]:
        """List the mails."""
        return self._issuer.outbox()


def _found(find: Callable[[str], Found], name: str) -> Found | None:
    try:
        return find(name)
    except NotFound:
        return None
