"""An outside world in memory: other issuers, their DID documents and status lists, and failures on demand.

    world = World()
    issuer = world.issuer("badges.keystone.example")
    report = world.verifier().verify(issuer.badge())
    world.fail(issuer.list_url("revocation"), Failure.down)

Everything is signed for real with keys from fixed seeds; only the network is pretended.
"""

import copy
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import httpx

from keys import SecretKey
from keys.did import KeyRecord, did_document, did_web, did_web_url
from ob3 import add_proof
from ob3.jws import credential_jwt
from ob3.status_list import BitstringStatusList, status_list_credential
from verifier import Policy, Verifier
from verifier.fetch import Fetcher

VC2 = "https://www.w3.org/ns/credentials/v2"
OB3 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
PUBLIC_ADDRESS, PRIVATE_ADDRESS = "93.184.215.14", "10.0.0.7"
# As much time as it takes: what a file may cost is for tests of its own, and a busy machine is slow.
IN_PROCESS = Policy(isolate=False, cpu_seconds=60.0)


class Failure(StrEnum):
    """What may go wrong with one address."""

    down = "down"
    slow = "slow"
    missing = "missing"
    server_error = "server_error"
    html = "html"
    not_json = "not_json"
    redirect_elsewhere = "redirect_elsewhere"
    redirect_loop = "redirect_loop"
    huge = "huge"
    private_address = "private_address"
    no_such_host = "no_such_host"


def stamp(moment: datetime) -> str:
    """Write a moment as RFC 3339 in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def seed(name: str) -> bytes:
    """Give the fixed seed that belongs to a name."""
    return hashlib.sha256(f"testamur test key {name}".encode()).digest()


class World(httpx.BaseTransport):
    """Answer every request from what was published here, and count the requests."""

    def __init__(self, *, now: datetime = NOW) -> None:
        self.now = now
        self.pages: dict[str, tuple[bytes, dict[str, str]]] = {}
        self.failures: dict[str, Failure] = {}
        self.requests: list[str] = []

    def clock(self) -> datetime:
        return self.now

    def issuer(self, host: str, **options: Any) -> "Issuer":
        """Make an issuer at a host, named by did:web, and publish its keys and status lists."""
        return Issuer(world=self, host=host, **options)

    def publish(self, url: str, content: bytes | dict[str, Any], **headers: str) -> None:
        body = content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode()
        self.pages[url] = (body, {"content-type": "application/json", **headers})

    def fail(self, url: str, failure: Failure) -> None:
        self.failures[url] = failure

    def mend(self, url: str) -> None:
        self.failures.pop(url, None)

    def fetcher(self, **options: Any) -> Fetcher:
        return Fetcher(transport=self, resolve=self.resolve, **options)

    def verifier(self, **options: Any) -> Verifier:
        """Make a verifier that sees this world, in process unless another policy is given."""
        given = {"fetcher": self.fetcher(), "clock": self.clock, "policy": IN_PROCESS, **options}
        return Verifier(**given)

    def resolve(self, host: str) -> list[str]:
        failures = {one for url, one in self.failures.items() if httpx.URL(url).host == host}
        if Failure.no_such_host in failures:
            raise OSError(f"no address for {host}")
        return [PRIVATE_ADDRESS if Failure.private_address in failures else PUBLIC_ADDRESS]

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = str(request.url)
        self.requests.append(url)
        failure = self.failures.get(url)
        if failure is not None:
            return _failing(failure, request)
        if url not in self.pages:
            return _answer(404, b"not here", request)
        body, headers = self.pages[url]
        return _answer(200, body, request, headers)


def _answer(
    status: int, body: bytes, request: httpx.Request, headers: Mapping[str, str] | None = None
) -> httpx.Response:
    return httpx.Response(status, headers=dict(headers or {}), content=body, request=request)


def _failing(failure: Failure, request: httpx.Request) -> httpx.Response:
    if failure is Failure.down:
        raise httpx.ConnectError("connection refused", request=request)
    if failure is Failure.slow:
        raise httpx.ReadTimeout("no answer in time", request=request)
    answers: dict[Failure, Callable[[], httpx.Response]] = {
        Failure.missing: lambda: _answer(404, b"", request),
        Failure.server_error: lambda: _answer(500, b"", request),
        Failure.html: lambda: _answer(
            200, b"<!doctype html><p>Welcome", request, {"content-type": "text/html"}
        ),
        Failure.not_json: lambda: _answer(200, b'{"id": ', request),
        Failure.redirect_elsewhere: lambda: _answer(
            302, b"", request, {"location": "https://elsewhere.example/list"}
        ),
        Failure.redirect_loop: lambda: _answer(302, b"", request, {"location": str(request.url)}),
        Failure.huge: lambda: _answer(200, b" " * (600 * 1024), request),
    }
    return answers[failure]()


@dataclass
class Issuer:
    """An institution somewhere: one key, a DID, and two status lists that it publishes."""

    world: World
    host: str
    method: str = "web"
    name: str = "Keystone Institute of Applied Finance"
    withdrawn: dict[str, set[int]] = field(default_factory=lambda: {"revocation": set(), "suspension": set()})
    further_keys: list[KeyRecord] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.key = SecretKey.from_seed(seed(self.host))
        self.did = did_web(f"https://{self.host}") if self.method == "web" else self.key.public_key.did_key
        self.verification_method = (
            f"{self.did}#key-1" if self.method == "web" else self.key.public_key.did_key_method
        )
        if self.method == "web":
            self.world.publish(self.did_url, self.document())
        for purpose in self.withdrawn:
            self.publish_list(purpose)

    @property
    def did_url(self) -> str:
        return did_web_url(self.did)

    def document(self, *more: KeyRecord) -> dict[str, Any]:
        """Give the DID document, with further keys."""
        record = KeyRecord(
            verification_method=self.verification_method,
            public_key=self.key.public_key,
            created=NOW - timedelta(days=400),
        )
        return did_document(self.did, [record, *self.further_keys, *more])

    def publish_key(self, name: str, key: SecretKey) -> str:
        """Publish a further key under a name of its own and give its verification method."""
        method = f"{self.did}#{name}"
        record = KeyRecord(verification_method=method, public_key=key.public_key, created=NOW)
        self.further_keys.append(record)
        self.world.publish(self.did_url, self.document())
        return method

    def profile(self) -> dict[str, Any]:
        return {
            "id": self.did,
            "type": ["Profile"],
            "name": self.name,
            "url": f"https://{self.host}",
        }

    def list_url(self, purpose: str) -> str:
        return f"https://{self.host}/status/{purpose}"

    def entry(self, index: int, purpose: str = "revocation") -> dict[str, Any]:
        url = self.list_url(purpose)
        return {
            "id": f"{url}#{index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": purpose,
            "statusListIndex": str(index),
            "statusListCredential": url,
        }

    def credential(self, **changes: Any) -> dict[str, Any]:
        """Give an unsigned badge; each change replaces a member, and None leaves it out."""
        badge: dict[str, Any] = {
            "@context": [VC2, OB3],
            "id": "urn:uuid:3d5f1c2e-8a55-4b7f-9c1b-6f0d2a1e4b10",
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "name": "Certified Lending Professional",
            "issuer": self.profile(),
            "validFrom": "2026-02-02T00:00:00Z",
            "awardedDate": "2026-01-30T00:00:00Z",
            "credentialSubject": {
                "id": "urn:uuid:8d7f3f2e-1c2b-4a37-8f0e-2a9f6f0c4d21",
                "type": ["AchievementSubject", "Profile"],
                "name": "Marija Šimić Čović",
                "identifier": [
                    {
                        "type": "IdentityObject",
                        "hashed": False,
                        "identityHash": "KS-2231-0457",
                        "identityType": "sisSourcedId",
                    }
                ],
                "achievement": {
                    "id": f"https://{self.host}/achievements/lending",
                    "type": ["Achievement"],
                    "name": "Certified Lending Professional",
                    "description": "Judges the credit risk of small enterprises.",
                    "creditsAvailable": 2.5,
                    "tag": ["credit risk", "lending"],
                    "criteria": {"narrative": "Two supervised examinations passed."},
                },
            },
            "credentialStatus": self.entry(412),
        }
        badge.update(copy.deepcopy(changes))
        return {name: value for name, value in badge.items() if value is not None}

    def sign(
        self, credential: dict[str, Any], *, created: str = "2026-02-02T00:00:00Z", **options: Any
    ) -> dict[str, Any]:
        """Add the issuer's proof, as a list of one."""
        signer = self.key.signer(options.pop("verification_method", self.verification_method))
        secured = add_proof(credential, signer=signer, created=created, **options)
        return {**secured, "proof": [secured["proof"]]}

    def badge(self, **changes: Any) -> bytes:
        """Give a signed badge as the bytes of its file."""
        return as_bytes(self.sign(self.credential(**changes)))

    def token(self, **changes: Any) -> str:
        """Give a badge as a signed token."""
        return credential_jwt(self.credential(**changes), signer=self.key.signer(self.verification_method))

    def endorsement(self, of: str, **changes: Any) -> dict[str, Any]:
        """Give a signed endorsement of something."""
        credential = {
            "@context": [VC2, OB3],
            "id": "urn:uuid:0b3bd4a8-5d3c-4a5e-9f38-0e3a3f0a7b11",
            "type": ["VerifiableCredential", "EndorsementCredential"],
            "name": "Endorsement",
            "issuer": self.profile(),
            "validFrom": "2026-02-02T00:00:00Z",
            "credentialSubject": {
                "id": of,
                "type": ["EndorsementSubject"],
                "endorsementComment": "Taught and examined with care.",
            },
            **changes,
        }
        return self.sign({name: value for name, value in credential.items() if value is not None})

    def status_list(self, purpose: str, **changes: Any) -> dict[str, Any]:
        """Give the signed status list of a purpose; changes replace members before it is signed."""
        bits = BitstringStatusList()
        for index in self.withdrawn[purpose]:
            bits.set(index, True)
        now = self.world.now
        credential = status_list_credential(
            url=self.list_url(purpose),
            issuer=self.did,
            purpose=purpose,
            statuses=bits,
            valid_from=stamp(now - timedelta(minutes=5)),
            valid_until=stamp(now + timedelta(days=1)),
        )
        return self.sign({**credential, **changes})

    def publish_list(self, purpose: str, **changes: Any) -> None:
        self.world.publish(self.list_url(purpose), self.status_list(purpose, **changes))

    def withdraw(self, index: int, purpose: str = "revocation") -> None:
        """Set a bit and publish the list anew."""
        self.withdrawn[purpose].add(index)
        self.publish_list(purpose)


def as_bytes(document: Mapping[str, Any]) -> bytes:
    """Write a document as the bytes of a file."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
