"""Files made to cost much, each as large as a limit lets it be, beside honest ones of the same kind."""

import base64
import gzip
import zlib
from collections.abc import Callable
from typing import Any

from editions import older
from foreign_badge import Stranger, as_bytes
from pdf_files import pdf, wide_names, xref_bomb
from simulator import EXTENSIONS, OB3, VC2, Issuer, World
from tokens import b64
from wrappers import CLR, enveloped, learner_record, presentation

from keys import SecretKey, Signer
from ob3 import add_proof
from ob3.jws import credential_jwt
from ob3.selective import derive
from verifier import Verdict

CREATED = "2026-02-02T00:00:00Z"
P256 = SecretKey.from_seed(b"\2" * 32, "P-256")
P384 = SecretKey.from_seed(b"\3" * 48, "P-384")
_ALIKE = {"type": ["Alignment"], "targetName": "x", "targetUrl": "https://a.example/x"}
Builder = Callable[["Forge"], bytes]


def clique(size: int = 20) -> dict[str, Any]:
    """Give the subject of a poison graph: parts that nothing tells apart."""
    return {"result": [{"type": ["Result"], "alignment": [_ALIKE] * size} for _ in range(size)]}


def alike(count: int) -> list[dict[str, Any]]:
    return [{"type": ["Evidence"], "name": "x"}] * count


def evidence(count: int, size: int = 1) -> list[dict[str, Any]]:
    return [{"type": ["Evidence"], "name": f"{at} " + "y" * size} for at in range(count)]


class Forge:
    """Make the files in a world of one stranger and one issuer with lists."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.stranger = Stranger()
        self.issuer = world.issuer("badges.keystone.example")

    def badge(self, key: SecretKey | None = None, **changes: Any) -> dict[str, Any]:
        made = self.stranger.badge(**changes)
        if key:
            made["issuer"]["id"] = key.public_key.did_key
        return made

    def token(self, **changes: Any) -> str:
        return credential_jwt(self.badge(**changes), signer=self.stranger.key.signer())

    def poisoned_token(self, **changes: Any) -> str:
        """Give a token whose signature was borrowed, for ours would not sign it."""
        head, _, signature = self.token().split(".")
        return f"{head}.{b64(self.badge(**changes))}.{signature}"

    def endorsement_token(self, at: int, count: int) -> str:
        praise = self.stranger.endorsement(at, evidence=evidence(count, at + 1))
        del praise["proof"]
        return credential_jwt(praise, signer=self.stranger.key.signer())

    def endorsed(self, count: int, **changes: Any) -> dict[str, Any]:
        tokens = [self.endorsement_token(at, count) for at in range(8)]
        return {"endorsementJwt": tokens, "evidence": evidence(900), **changes}

    def presented(self, tokens: list[str]) -> bytes:
        return as_bytes(presentation([enveloped(one) for one in tokens]))

    def issuers(self, count: int) -> list[dict[str, Any]]:
        """Give badges of as many issuers, each with two lists and a refresh service of its own."""
        return [self._of(self.world.issuer(f"i{at}.example")) for at in range(count)]

    def _of(self, issuer: Issuer) -> dict[str, Any]:
        entries = [issuer.entry(1), issuer.entry(2, "suspension")]
        refresh = {"id": f"https://{issuer.host}/refresh", "type": "1EdTechCredentialRefresh"}
        contexts = {"@context": [VC2, OB3, EXTENSIONS]}
        return issuer.sign(issuer.credential(**contexts, credentialStatus=entries, refreshService=refresh))

    def record(self, inside: list[dict[str, Any]]) -> bytes:
        contexts = {"@context": [VC2, CLR, OB3, EXTENSIONS]}
        return as_bytes(self.issuer.sign(learner_record(self.issuer, inside, **contexts)))

    def listed(self, encoded: str | None = None, kind: str = "BitstringStatusList") -> bytes:
        """Give a badge on a list of this kind; with `encoded` the list holds that."""
        url, old = self.issuer.list_url("revocation"), kind == "StatusList2021"
        contexts = [VC2]
        if old:
            contexts = ["https://www.w3.org/2018/credentials/v1", "https://w3id.org/vc/status-list/2021/v1"]
            contexts.append("https://w3id.org/security/data-integrity/v2")
        bits = encoded or base64.urlsafe_b64encode(gzip.compress(bytes(16_384))).rstrip(b"=").decode()
        content = {"id": f"{url}#list", "type": kind, "statusPurpose": "revocation"}
        made = {
            "@context": contexts,
            "id": url,
            "type": ["VerifiableCredential", f"{kind}Credential"],
            "issuer": self.issuer.did,
            "issuanceDate" if old else "validFrom": "2026-01-01T00:00:00Z",
            "credentialSubject": {**content, "encodedList": bits if old else f"u{bits}"},
        }
        self.world.publish(url, self.issuer.sign(made))
        badge = self.issuer.credential(credentialStatus={**self.issuer.entry(3), "type": f"{kind}Entry"})
        badge["@context"] += contexts[1:2]
        return as_bytes(self.issuer.sign(badge))

    def heavy_lists(self, count: int, *, proofs: int = 1) -> list[dict[str, Any]]:
        """Publish lists with as many parts as a document may have, and give an entry in each."""
        return [
            self._heavy_list(f"https://{self.issuer.host}/{proofs}/{at}", at, proofs) for at in range(count)
        ]

    def _heavy_list(self, url: str, at: int, proofs: int) -> dict[str, Any]:
        made = self.issuer.status_list("revocation")
        del made["proof"]
        made |= {"id": url, "credentialSubject": {**made["credentialSubject"], "id": f"{url}#list"}}
        made["relatedResource"] = [
            {"id": f"https://e.example/{n}", "digestSRI": "sha256-x"} for n in range(900)
        ]
        signer = self.issuer.key.signer(self.issuer.verification_method)
        self.world.publish(url, self._chained(made, signer, proofs, "eddsa-rdfc-2022"))
        return {**self.issuer.entry(at), "id": f"{url}#{at}", "statusListCredential": url}

    def several_proofs(self) -> bytes:
        document = self.badge(P384, evidence=evidence(900, 1_000))
        suites = ("ecdsa-rdfc-2019", "ecdsa-jcs-2019")
        proofs = [self._proof(document, at, suites[at % 2]) for at in range(8)]
        return as_bytes({**document, "proof": proofs})

    def _proof(self, document: dict[str, Any], at: int, suite: str) -> dict[str, Any]:
        created = f"2026-02-02T00:00:0{at}Z"
        return add_proof(document, signer=P384.signer(), created=created, cryptosuite=suite)["proof"]

    def chain(self) -> bytes:
        document = self.badge(P384, evidence=evidence(900, 1_000))
        return as_bytes(self._chained(document, P384.signer(), 8, "ecdsa-rdfc-2019"))

    def _chained(self, document: dict[str, Any], signer: Signer, count: int, suite: str) -> dict[str, Any]:
        """Sign several times, each proof over all before it."""
        names = [f"urn:uuid:00000000-0000-4000-8000-00000000000{at}" for at in range(count)]
        for at, name in enumerate(names):
            more = {"previous_proof": names[:at]} if at else {}
            signing = {"signer": signer, "created": CREATED, "cryptosuite": suite}
            document = add_proof(document, id=name, **signing, **more)
        return document

    def selection(self) -> bytes:
        signing = {"signer": P256.signer(), "created": CREATED, "cryptosuite": "ecdsa-sd-2023"}
        document = self.badge(P256, evidence=evidence(330))
        base = add_proof(document, mandatory_pointers=("/issuer",), **signing)
        chosen = ["/evidence", "/credentialSubject", "/validFrom", "/id", "/name"]
        return as_bytes(derive(base, selective_pointers=chosen))

    def refreshed(self) -> bytes:
        """Give a heavy badge with heavy lists whose newer version is as heavy."""
        url = f"https://{self.issuer.host}/refresh"
        service = {"refreshService": {"id": url, "type": "1EdTechCredentialRefresh"}}
        common = {"@context": [VC2, OB3, EXTENSIONS], **service}
        first = self.issuer.credential(**common, **self.endorsed(880, credentialStatus=self.heavy_lists(7)))
        later = {"validFrom": "2026-03-02T00:00:00Z", "credentialStatus": None}
        self.world.publish(
            url, self.issuer.sign(self.issuer.credential(**common, **self.endorsed(300, **later)))
        )
        return as_bytes(self.issuer.sign(first))

    def many_keys(self) -> bytes:
        """Give a badge whose issuer publishes 100 RSA keys of 8,192 bits; the signature fits none."""
        did, one = "did:web:keys.example", (1 << 8191) + 1
        moduli = [b64((one + 2 * at).to_bytes(1024, "big")) for at in range(100)]
        jwk = {"kty": "RSA", "e": b64((2**32 - 1).to_bytes(4, "big"))}
        methods = [
            {"id": f"{did}#{at}", "type": "JsonWebKey", "controller": did, "publicKeyJwk": {**jwk, "n": each}}
            for at, each in enumerate(moduli)
        ]
        named = [each["id"] for each in methods]
        document = {"@context": ["https://www.w3.org/ns/did/v1"], "id": did, "verificationMethod": methods}
        self.world.publish(
            "https://keys.example/.well-known/did.json", {**document, "assertionMethod": named}
        )
        payload = {**self.badge(issuer={"id": did}), "iss": did}
        head = {"alg": "RS256", "typ": "JWT", "kid": named[5]}
        return f"{b64(head)}.{b64(payload)}.{b64(bytes([1]) * 1024)}".encode()

    def nested(self) -> bytes:
        made = presentation([enveloped(self.token(evidence=evidence(500))) for _ in range(5)])
        for _ in range(30):
            made = presentation([made])
        return as_bytes(made)


def _bomb() -> str:
    return base64.urlsafe_b64encode(gzip.compress(bytes(300_000_000), 9)).rstrip(b"=").decode()


def _chunk(name: bytes, content: bytes) -> bytes:
    return len(content).to_bytes(4, "big") + name + content + zlib.crc32(name + content).to_bytes(4, "big")


_PNG = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", bytes([0, 0, 0, 1]) * 2 + bytes([8, 0, 0, 0, 0]))
_VALID, _REFUSED, _INVALID, _OPEN = (
    {Verdict.valid},
    {Verdict.refused},
    {Verdict.invalid},
    {Verdict.undetermined},
)
_IF_QUICK_ENOUGH = {Verdict.valid, Verdict.refused, Verdict.undetermined}

FILES: dict[str, tuple[Builder, set[Verdict]]] = {
    "parts that nothing tells apart": (lambda f: f.stranger.poison(subject=clique()), _REFUSED),
    "900 alike": (lambda f: f.stranger.poison(evidence=alike(900)), _REFUSED),
    "590 alike": (lambda f: f.stranger.file(evidence=alike(590)), _VALID),
    "900 parts in 0.9 MiB": (lambda f: f.stranger.file(evidence=evidence(900, 1_000)), _VALID),
    "parts alike in the older edition": (
        lambda f: as_bytes(older(f.badge(subject=clique()), proof=f.stranger.sign(f.badge())["proof"])),
        _REFUSED,
    ),
    "a token of parts alike": (lambda f: f.poisoned_token(subject=clique()).encode(), _REFUSED),
    "a token of 2 MiB": (lambda f: f.poisoned_token(name="x" * 2**20).encode(), _REFUSED),
    "a token of 900 parts": (lambda f: f.token(evidence=evidence(900)).encode(), _VALID),
    "8 endorsements of 100 parts": (lambda f: as_bytes(f.stranger.sign(f.badge(**f.endorsed(100)))), _VALID),
    "8 endorsements of 880 parts": (
        lambda f: as_bytes(f.stranger.sign(f.badge(**f.endorsed(880)))),
        _IF_QUICK_ENOUGH,
    ),
    "14 tokens of 840 parts": (
        lambda f: f.presented([f.token(evidence=evidence(840, at)) for at in range(1, 15)]),
        _IF_QUICK_ENOUGH,
    ),
    "20 tokens of 100 parts": (
        lambda f: f.presented([f.token(evidence=evidence(100, at)) for at in range(1, 21)]),
        _VALID,
    ),
    "20 tokens of parts alike": (
        lambda f: f.presented([f.poisoned_token(subject=clique()) for _ in range(20)]),
        _REFUSED,
    ),
    "20 tokens with 8 endorsements": (
        lambda f: f.presented([f.token(**f.endorsed(20, evidence=evidence(1)))] * 20),
        _REFUSED,
    ),
    "21 tokens": (lambda f: f.presented([f.token()] * 21), _REFUSED),
    "20 tokens": (lambda f: f.presented([f.token()] * 20), _VALID),
    "presentations in presentations": (lambda f: f.nested(), _INVALID),
    "a record of 20 issuers": (lambda f: f.record(f.issuers(20)), _OPEN),
    "a record of 2 issuers": (lambda f: f.record(f.issuers(2)), _VALID),
    "a selection of 1,000 signatures": (lambda f: f.selection(), _VALID),
    "8 proofs over 0.9 MiB": (lambda f: f.several_proofs(), _VALID),
    "a chain of 8 proofs": (lambda f: f.chain(), _VALID),
    "a list of 300 MB": (lambda f: f.listed(_bomb()), _OPEN),
    "an older list of 300 MB": (lambda f: f.listed(_bomb(), "StatusList2021"), _OPEN),
    "a list": (lambda f: f.listed(), _VALID),
    "an older list": (lambda f: f.listed(kind="StatusList2021"), _VALID),
    "8 lists of 900 parts": (
        lambda f: as_bytes(f.issuer.sign(f.issuer.credential(credentialStatus=f.heavy_lists(8)))),
        _VALID,
    ),
    "8 lists of 900 parts with chains of 8 proofs": (
        lambda f: as_bytes(f.issuer.sign(f.issuer.credential(credentialStatus=f.heavy_lists(8, proofs=8)))),
        _IF_QUICK_ENOUGH,
    ),
    "a newer version as heavy": (lambda f: f.refreshed(), _IF_QUICK_ENOUGH),
    "100 keys of 8,192 bits": (lambda f: f.many_keys(), _INVALID),
    "200,000 levels": (lambda f: b'{"a":' * 200_000, _REFUSED),
    "300,000 objects": (lambda f: b"[" + b"{}," * 300_000 + b"{}]", _REFUSED),
    "400,000 attributes": (lambda f: b"<svg " + b"a='b' " * 400_000 + b"/>", _REFUSED),
    "400,000 chunks": (lambda f: _PNG + _chunk(b"tEXt", b"a\0b") * 300_000, _REFUSED),
    "a billion names": (lambda f: pdf(build=wide_names), _INVALID),
    "a table of 600 MiB": (lambda f: xref_bomb(600), _INVALID),
}
