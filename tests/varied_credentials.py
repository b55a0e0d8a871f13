"""Two hundred Open Badges in which every member of the official schema occurs, the same at every run.

    for badge in varied():
        badge.unsigned, badge.algorithm, badge.cryptosuite, badge.signed, badge.token

Badge n is drawn from chance seeded with n. One in six has every optional member, the others some. A sixth
are micro-credentials, with the context of our own.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from simulator import EXTENSIONS, OB3, VC2, Issuer, World
from varied_parts import SCHEMA, Draft
from varied_words import SCRIPTS

from keys import SecretKey, Signer
from keys.jwk import to_jwk
from microcredential import (
    CONTEXT_PATH,
    Evidence,
    Subject,
    bind,
    build_credential,
    context,
    load_definition,
    result_keys,
)
from ob3 import add_proof
from ob3.jws import credential_jwt

COUNT = 200
NOW = datetime(2026, 6, 1, tzinfo=UTC)
OFFICE = "https://badges.varied.example"
OWN_CONTEXTS = {OFFICE + CONTEXT_PATH: context()}
FORMS = (
    *(("Ed25519", "eddsa-rdfc-2022"),) * 5,
    ("P-256", "ecdsa-rdfc-2019"),
    ("P-384", "ecdsa-rdfc-2019"),
    ("Ed25519", "eddsa-jcs-2022"),
    ("P-256", "ecdsa-jcs-2019"),
    (None, None),
)
TOKENS = ("Ed25519", "P-256", "P-384", "RSA")
_DEFINITIONS = Path(__file__).parents[1] / "app" / "demonstration"


@dataclass(frozen=True)
class Varied:
    """One badge: as it was before it was signed, and signed in its form: with a proof, or as a token."""

    number: int
    script: str
    algorithm: str
    cryptosuite: str | None
    unsigned: dict[str, Any]
    signed: dict[str, Any] | None
    token: str | None

    @property
    def name(self) -> str:
        return f"{self.number:03d}-{self.script}-{self.cryptosuite or 'token'}-{self.algorithm}"


class Office:
    """A world with the issuer of all badges, named by its keys, an endorser, and their status lists."""

    def __init__(self) -> None:
        self.world = World(now=NOW)
        self.issuer = self._issuer("varied.example")
        self.endorser = self._issuer("endorser.example")
        self.keys = {
            "Ed25519": self.issuer.key,
            "P-256": SecretKey.from_seed(b"\2" * 32, "P-256"),
            "P-384": SecretKey.from_seed(b"\3" * 48, "P-384"),
            "RSA": SecretKey.generate("RSA"),
        }
        self.world.publish("https://rsa.varied.example/.well-known/did.json", self._rsa_document())

    def _issuer(self, host: str) -> Issuer:
        made = self.world.issuer(host, method="key", name="Univerzita Příklad")
        for purpose in ("revocation", "suspension"):
            made.publish_list(purpose, validFrom="2026-01-01T00:00:00Z", validUntil="2099-01-01T00:00:00Z")
        return made

    def _rsa_document(self) -> dict[str, Any]:
        jwk = to_jwk(self.keys["RSA"].public_key)
        did = self.did("RSA")
        method = {"id": f"{did}#key-1", "type": "JsonWebKey", "controller": did, "publicKeyJwk": jwk}
        return {
            "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1"],
            "id": did,
            "verificationMethod": [method],
            "assertionMethod": [method["id"]],
        }

    def lists(self) -> dict[str, bytes]:
        """Give the status lists by their addresses."""
        return {url: body for url, (body, _) in self.world.pages.items() if "/status/" in url}

    def signer(self, algorithm: str) -> Signer:
        """Give what signs; RSA keys have no did:key, and stand at an address."""
        return self.keys[algorithm].signer(f"{self.did('RSA')}#key-1" if algorithm == "RSA" else None)

    def did(self, algorithm: str) -> str:
        """Give the issuer's name where it signs with a kind of key."""
        if algorithm != "RSA":
            return self.keys[algorithm].public_key.did_key
        return "did:web:rsa.varied.example"


def varied(office: Office, count: int = COUNT) -> list[Varied]:
    """Give the badges in their order."""
    return [_make(office, number) for number in range(count)]


def _make(office: Office, number: int) -> Varied:
    script = list(SCRIPTS)[(number + number // len(FORMS)) % len(SCRIPTS)]
    algorithm, suite = FORMS[number % len(FORMS)]
    algorithm = algorithm or TOKENS[number // len(FORMS) % len(TOKENS)]
    draft = Draft(number, script, endorser=office.endorser, token=suite is None)
    unsigned = badge_of(draft, office, algorithm)
    signed, token = None, None
    if suite is None:
        token = credential_jwt(unsigned, signer=office.signer(algorithm))
    else:
        signed = _with_proof(unsigned, draft, office.signer(algorithm), suite)
    return Varied(number, script, algorithm, suite, unsigned, signed, token)


def badge_of(draft: Draft, office: Office, algorithm: str) -> dict[str, Any]:
    """Give what a draft becomes before it is signed: a badge, or every sixth time a micro-credential."""
    make = _micro_credential if draft.number % 6 == 3 else _badge
    return make(draft, office, algorithm)


def _with_proof(unsigned: dict[str, Any], draft: Draft, signer: Signer, suite: str) -> dict[str, Any]:
    """Sign it; every other badge has its proof in a list of one."""
    signed = add_proof(
        unsigned,
        signer=signer,
        created="2026-02-02T00:00:00Z",
        cryptosuite=suite,
        extra_contexts=OWN_CONTEXTS,
        **draft.proof_members(),
    )
    return {**signed, "proof": [signed["proof"]]} if draft.number % 2 else signed


def _badge(draft: Draft, office: Office, algorithm: str) -> dict[str, Any]:
    own = f"urn:uuid:{draft.number:08d}-8a55-4b7f-9c1b-6f0d2a1e4b10"
    kind = "AchievementCredential" if draft.number % 5 == 4 else "OpenBadgeCredential"
    issuer = office.did(algorithm)
    named_only = draft.number % 9 == 8
    return {
        "@context": [VC2, OB3, EXTENSIONS],
        "id": own,
        "type": ["VerifiableCredential", kind],
        "name": draft.text(),
        "issuer": issuer if named_only else draft.profile(issuer),
        "validFrom": draft.moment(),
        "credentialSubject": draft.subject(),
        **_status(draft, office, algorithm),
        **draft.some(
            description=draft.text,
            image=draft.image,
            awardedDate=draft.moment,
            validUntil=lambda: draft.moment(2090),
            credentialSchema=lambda: [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
            refreshService=lambda: {"id": f"{draft.base}/refresh", "type": "1EdTechCredentialRefresh"},
            termsOfUse=lambda: {"id": f"{draft.base}/terms", "type": f"{draft.base}/Terms"},
            evidence=lambda: draft.several(draft.evidence),
            **draft.praise(own),
        ),
    }


def _status(draft: Draft, office: Office, algorithm: str) -> dict[str, Any]:
    """Give one entry in a list, or two; the lists are of the issuer's first name."""
    if algorithm != "Ed25519" or not draft.some(credentialStatus=lambda: None):
        return {}
    entries = [office.issuer.entry(draft.number), office.issuer.entry(draft.number, "suspension")]
    return {"credentialStatus": entries if draft.number % 4 == 1 else entries[0]}


def _micro_credential(draft: Draft, office: Office, algorithm: str) -> dict[str, Any]:
    """Give what the office of an institution would sign for somebody."""
    where = {"type": ["Address"], "addressCountryCode": "VN"}
    named = {"name": draft.text(), "url": OFFICE, "address": where}
    issuer = {"id": office.did(algorithm), "type": ["Profile"], **named}
    file = sorted(_DEFINITIONS.glob("*-*.yaml"))[draft.number % 3]
    address = f"{OFFICE}/achievements/{draft.number}"
    definition = load_definition(file.read_bytes(), kind="yaml")
    achievement = bind(definition, achievement_id=address, issuer_profile=issuer, base_url=OFFICE)
    begun = datetime(2026, 1, 1, 8, tzinfo=timezone(timedelta(hours=draft.number % 14)))
    return build_credential(
        credential_id=f"urn:uuid:{draft.number:08d}-8a55-4b7f-9c1b-6f0d2a1e4b10",
        issuer_profile=issuer,
        achievement=achievement,
        subject=_learner(draft, sorted(result_keys(achievement))),
        awarded=date(2025, 12, 30),
        valid_from=begun,
        valid_until=datetime(2090, 1, 1, tzinfo=UTC) if draft.number % 4 else None,
        status_entries=[office.issuer.entry(draft.number)] if algorithm == "Ed25519" else [],
        base_url=OFFICE,
    )


def _learner(draft: Draft, results: list[str]) -> Subject:
    return Subject(
        student_number=draft.words.one(),
        id=f"urn:uuid:{draft.number:08d}-1c2b-4a37-8f0e-2a9f6f0c4d21",
        name=draft.text(),
        **draft.some(
            family_name=draft.words.one,
            given_name=draft.words.one,
            additional_name=draft.words.one,
            email=lambda: "Somebody@varied.example",
            email_salt=lambda: bytes([draft.number]) * 16,
            started=lambda: date(2025, 9, 1),
            ended=lambda: date(2025, 12, 20),
            term=draft.text,
            credits_earned=lambda: draft.chance.choice((0.5, 3, 7.25)),
            certificate_number=draft.text,
            results=lambda: dict.fromkeys(results, "7.5"),
            evidence=lambda: [Evidence(url=f"{draft.base}/work", name=draft.text())],
        ),
    )
