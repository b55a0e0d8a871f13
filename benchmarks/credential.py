"""Sign and verify one credential: the product, the floor under it, and the peer, on the same document."""

import hashlib
import itertools
import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from nacl.signing import SigningKey

from benchmarks import peer
from benchmarks.goals import BATCH, ISSUED, SIGN, VERIFY
from benchmarks.interleaved import Contender, cpu, wall
from benchmarks.office import Office, class_list, temporary_office
from benchmarks.running_clock import NOW, running_clock
from issuer import CredentialRecord
from issuer.deployment import Deployment
from issuer.shown_text import own_contexts
from keys import PublicKey, SecretKey
from microcredential.credential import rfc3339
from ob3 import BatchSigner, LearningContexts, add_proof, canonicalize, verify_proof
from ob3.strict_json import parse
from verifier import Policy, Verdict, Verifier, limited

FLOOR_SIGN, FLOOR_VERIFY = "floor: SHA-256 and libsodium sign", "floor: SHA-256 and libsodium verify"
PEER_SIGN, PEER_VERIFY = f"{peer.NAME} issue", f"{peer.NAME} verifyCredential"
FULL = "verify all of it, status list included"
SIGN_OF_A_CLASS = "sign one of a class, by itself"
VERIFY_OF_A_CLASS = "verify its proof, one of a class"
_MORE_THAN_REMEMBERED = 64
ISOLATED = "the same, read in a limited child (by the clock)"


@dataclass(frozen=True)
class Sample:
    """Issued credentials of one shape, and what is needed to verify them without a database."""

    records: list[CredentialRecord]
    documents: dict[str, bytes]
    office: Office

    @property
    def deployment(self) -> Deployment:
        """The place that issued them."""
        return self.office.issuer.deployment

    @property
    def contexts(self) -> Mapping[str, dict[str, Any]]:
        """The context that is not pinned, by its address."""
        return own_contexts(self.deployment.base_url)

    @property
    def secured(self) -> dict[str, Any]:
        """The first credential, with its proof."""
        document: dict[str, Any] = json.loads(self.records[0].text)
        return document

    @property
    def unsigned(self) -> dict[str, Any]:
        """The same without its proof."""
        return {key: value for key, value in self.secured.items() if key != "proof"}


@contextmanager
def issued_sample(rows: int) -> Iterator[Sample]:
    """Issue some credentials and keep their office open: documents are drawn from its records."""
    with temporary_office() as office:
        urns = office.issue(office.read(class_list(rows))).credentials
        records = [office.issuer.credential(urn) for urn in urns]
        lists = {json.loads(each.text)["credentialStatus"]["statusListCredential"] for each in records}
        found = {url: office.issuer.local(url) for url in lists}
        documents = {url: data for url, data in found.items() if data is not None}
        yield Sample(records, documents, office)


def describe(sample: Sample) -> dict[str, int]:
    """Say how large the document is: bytes of JSON and of its canonical form, and statements in it."""
    canonical = canonicalize(sample.unsigned, extra_contexts=sample.contexts)
    return {
        "json_bytes": len(sample.records[0].text.encode()),
        "statements": canonical.count("\n"),
        "canonical_bytes": len(canonical.encode()),
    }


def signing(sample: Sample) -> list[Contender]:
    """Make what signs: the product, one credential and one of many alike, and the floor."""
    contexts = sample.contexts
    signer = SecretKey.generate().signer()
    batch = BatchSigner(signer, extra_contexts=contexts)
    created = rfc3339(NOW)
    options, body = _hashed_parts(sample)
    key = SigningKey.generate()

    def floor() -> object:
        return key.sign(hashlib.sha256(options).digest() + hashlib.sha256(body).digest())

    numbers = itertools.count(1)

    learners = itertools.cycle(_unsigned_pool(sample))

    def next_learner() -> dict[str, Any]:  # the form of the last few documents is remembered
        return {**next(learners), "id": _urn(next(numbers))}

    unmet = itertools.cycle(_unmet_pool(sample))

    def sign() -> object:
        return add_proof(next(unmet), signer=signer, created=created, extra_contexts=contexts)

    def sign_one_of_a_class() -> object:
        return add_proof(next_learner(), signer=signer, created=created, extra_contexts=contexts)

    def sign_one_of_a_batch() -> object:
        return batch.secured(next_learner(), created=created)

    return [
        Contender(FLOOR_SIGN, cpu(floor), 100),
        Contender(SIGN, cpu(sign), 20),
        Contender(SIGN_OF_A_CLASS, cpu(sign_one_of_a_class), 20),
        Contender(BATCH, cpu(sign_one_of_a_batch), 30),
    ]


def verifying(sample: Sample) -> list[Contender]:
    """Make what verifies: the product with the proof alone and with every check, and the floor."""
    contexts = sample.contexts
    key = SecretKey.generate()
    public_key = key.public_key
    unmet = itertools.cycle(_signed(sample, key, _unmet_pool(sample)))
    alike = itertools.cycle(_signed(sample, key, _unsigned_pool(sample)))
    options, body = _hashed_parts(sample)
    signing_key = SigningKey.generate()
    data = hashlib.sha256(options).digest() + hashlib.sha256(body).digest()
    signature = signing_key.sign(data).signature

    def floor() -> object:
        hashed = hashlib.sha256(options).digest() + hashlib.sha256(body).digest()
        return signing_key.verify_key.verify(hashed, signature)

    def verify() -> object:
        return verify_proof(next(unmet), verification_key=public_key, extra_contexts=contexts)

    def verify_one_of_a_class() -> object:
        return verify_proof(next(alike), verification_key=public_key, extra_contexts=contexts)

    texts = itertools.cycle([record.text for record in sample.records])
    issuer_key = _issuer_key(sample)
    limited.warm_up(sample.deployment.base_url)  # as a service does when it starts

    learning = LearningContexts(contexts)  # as the verifier has; they know nothing of what signed

    def verify_issued() -> object:
        return verify_proof(parse(next(texts)), verification_key=issuer_key, extra_contexts=learning)

    return [
        Contender(FLOOR_VERIFY, cpu(floor), 100),
        Contender(VERIFY, cpu(verify), 20),
        Contender(VERIFY_OF_A_CLASS, cpu(verify_one_of_a_class), 20),
        Contender(ISSUED, cpu(verify_issued), 20),
        Contender(FULL, cpu(_whole(sample, isolate=False)), 10),
        Contender(ISOLATED, wall(_whole(sample, isolate=True)), 3),
    ]


@contextmanager
def peers(sample: Sample, *, warm_up: int) -> Iterator[list[Contender]]:
    """Start the peer, if it can run here; it needs about a thousand calls before its compiler is done."""
    with ExitStack() as stack:
        if peer.missing():
            yield []
            return
        given = {
            "contexts": dict(sample.contexts),
            "unsigned": sample.unsigned,
            "secured": sample.secured,
            "now": rfc3339(NOW),
        }
        running = stack.enter_context(peer.running(given))
        yield [
            Contender(PEER_SIGN, lambda times: running.work("sign", times), warm_up),
            Contender(PEER_VERIFY, lambda times: running.work("verify", times), warm_up),
        ]


def _unsigned_pool(sample: Sample) -> list[dict[str, Any]]:
    """Give the credentials of all learners without their proofs."""
    documents = [json.loads(record.text) for record in sample.records]
    return [{name: one for name, one in each.items() if name != "proof"} for each in documents]


def _issuer_key(sample: Sample) -> PublicKey:
    """Give the key that signed them: the issuer of the demonstration is a did:key."""
    return PublicKey.from_multikey(sample.secured["issuer"]["id"].removeprefix("did:key:"))


def _signed(sample: Sample, key: SecretKey, unsigned: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Sign credentials by themselves, with the key of nobody in particular."""
    return [
        add_proof(one, signer=key.signer(), created=rfc3339(NOW), extra_contexts=sample.contexts)
        for one in unsigned
    ]


def _unmet_pool(sample: Sample) -> list[dict[str, Any]]:
    """Give more credentials than are remembered, of a course of its own each."""
    return [_unmet(sample.unsigned, number) for number in range(_MORE_THAN_REMEMBERED)]


def _unmet(unsigned: Mapping[str, Any], number: int) -> dict[str, Any]:
    """Give a credential with a number in each of its sentences, and an id of its own."""
    numbered: dict[str, Any] = _with_number(unsigned, f" {number}")
    return {**numbered, "@context": unsigned["@context"], "id": _urn(number)}


def _with_number(value: Any, number: str) -> Any:
    if isinstance(value, Mapping):
        return {name: _with_number(one, number) for name, one in value.items()}
    if isinstance(value, list):
        return [_with_number(one, number) for one in value]
    return value + number if isinstance(value, str) and " " in value else value


def _urn(number: int) -> str:
    return f"urn:uuid:{uuid.UUID(int=number, version=4)}"


def _whole(sample: Sample, *, isolate: bool) -> Any:
    """Make a verification with every check: the issuer is a did:key, the status list is at hand."""
    texts = itertools.cycle([record.text.encode() for record in sample.records])
    verifier = Verifier(
        fetcher=None,
        clock=running_clock,
        trust=[sample.secured["issuer"]["id"]],
        policy=Policy(isolate=isolate),
        local=sample.documents.get,
    )

    def verify() -> None:
        report = verifier.verify(next(texts))
        if report.verdict is not Verdict.valid:
            raise ValueError(f"the credential of the benchmark is {report.verdict}")

    return verify


def _hashed_parts(sample: Sample) -> tuple[bytes, bytes]:
    """Give the two texts that are hashed: proof options and document, in canonical form."""
    secured = sample.secured
    proof = secured["proof"][0]
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    options["@context"] = secured["@context"]
    return (
        canonicalize(options, extra_contexts=sample.contexts).encode(),
        canonicalize(sample.unsigned, extra_contexts=sample.contexts).encode(),
    )


def in_turn(records: list[CredentialRecord]) -> Iterator[CredentialRecord]:
    """Give one record after the other, without end: a drawing of the same one twice might be remembered."""
    return itertools.cycle(records)
