"""Steps 8 and 9: which proofs count, and whether one of them fits (P1 to P8).

A document may carry several proofs. Only those count that are of a suite we support, were made for assertion
and are bound to the issuer; one that fits is enough, and every failing one among them is shown. `created`
says nothing about when a proof was made and saves nothing (P9).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from keys import PublicKey
from keys.did import did_of
from ob3 import Ob3Error, verify_proof
from ob3.errors import TooMuchWork
from verifier.issuer_keys import IssuerKeys, LearnedKey
from verifier.json_types import as_list
from verifier.report import Check, Outcome, failed, passed, skipped, unknown, warning

DATA_INTEGRITY = "DataIntegrityProof"
SUITES = frozenset({"eddsa-rdfc-2022"})
_TEXT_MEMBERS = ("type", "verificationMethod", "proofPurpose", "proofValue")
_KNOWN_MEMBERS = frozenset(
    {*_TEXT_MEMBERS, "cryptosuite", "created", "expires", "id", "nonce", "domain", "challenge", "@context"}
)

Document = Mapping[str, Any]
Contexts = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class ProvenDocument:
    """The two answers, and where a signature fits the document without its proof and the proof itself.

    `document` may be set although `issuer_key` is unknown: then the signature fits a key that nobody
    confirms.
    """

    issuer_key: Check
    signature: Check
    document: dict[str, Any] | None = None
    proof: Document | None = None

    @property
    def confirmed(self) -> bool:
        """Tell whether a signature fits *and* its key is the issuer's."""
        return self.document is not None and self.issuer_key.outcome is Outcome.passed


# of several proofs the one that stands first here gives the answer
_RANKS = ("confirmed", "unconfirmed", "misfit", "absent", "unlearned", "unsupported", "refused", "foreign")


@dataclass(frozen=True)
class _Judged:
    rank: str
    proven: ProvenDocument


def check_proofs(
    document: Document, issuer: str, keys: IssuerKeys, *, extra_contexts: Contexts, max_proofs: int
) -> ProvenDocument:
    """Judge every proof of a document and give the best answer."""
    proofs = as_list(document.get("proof"))
    if not proofs:
        return _stopped(failed("signature", "no_proof"))
    if len(proofs) > max_proofs:
        return _stopped(failed("signature", "limit_count", what=f"more than {max_proofs} signatures"))
    judged = [_judge(document, one, issuer, keys, extra_contexts) for one in proofs]
    best = min(judged, key=lambda one: _RANKS.index(one.rank))
    misfits = sum(one.rank in ("misfit", "refused", "absent") for one in judged)
    if best.rank in ("confirmed", "unconfirmed") and misfits:
        return _with_warning(best.proven, misfits)
    return best.proven


def _stopped(signature: Check) -> ProvenDocument:
    return ProvenDocument(skipped("issuer_key", "stopped_earlier"), signature)


def _with_warning(proven: ProvenDocument, misfits: int) -> ProvenDocument:
    detail = {**proven.signature.detail, "misfits": str(misfits)}
    signature = warning("signature", "another_proof_fails", **detail)
    return ProvenDocument(proven.issuer_key, signature, proven.document, proven.proof)


def _judge(document: Document, proof: Any, issuer: str, keys: IssuerKeys, contexts: Contexts) -> _Judged:
    for code in _proof_faults(proof):
        return _Judged("refused", _stopped(failed("signature", code)))
    method, detail = proof["verificationMethod"], _detail(proof)
    if not _is_supported(proof):
        return _unsupported(issuer, method, keys, detail)
    learned = keys.learn(issuer, method)
    if learned.public_key is None:
        return _without_key(learned)
    return _fits(document, proof, learned, learned.public_key, contexts, detail)


def _proof_faults(proof: Any) -> Iterator[str]:
    """Give the reasons for which a proof is refused unread, the plainest first."""
    if not isinstance(proof, dict) or not all(isinstance(proof.get(one), str) for one in _TEXT_MEMBERS):
        yield "proof_malformed"
        return
    if proof["type"] == DATA_INTEGRITY and not isinstance(proof.get("cryptosuite"), str):
        yield "proof_malformed"
    if "previousProof" in proof:  # P7: chains are refused unless the whole chain verifies; we read none
        yield "proof_chain"
    if proof["proofPurpose"] != "assertionMethod":  # P2
        yield "proof_purpose"
    if _is_supported(proof) and not _is_plain(proof):
        yield "proof_malformed"


def _is_supported(proof: Document) -> bool:
    return proof["type"] == DATA_INTEGRITY and proof.get("cryptosuite") in SUITES


def _is_plain(proof: Document) -> bool:
    """Tell whether a proof holds only its own text members: nothing nested may make work or hide words."""
    if not set(proof) <= _KNOWN_MEMBERS:
        return False
    texts = [value for name, value in proof.items() if name != "@context"]
    return all(isinstance(one, str) for value in texts for one in as_list(value))


def _detail(proof: Document) -> dict[str, str]:
    suite = proof.get("cryptosuite") if proof["type"] == DATA_INTEGRITY else None
    detail = {
        "suite": (suite if isinstance(suite, str) else proof["type"])[:100],
        "verification_method": proof["verificationMethod"][:500],
    }
    created = proof.get("created")
    return {**detail, "created": created[:40]} if isinstance(created, str) else detail


def _unsupported(issuer: str, method: str, keys: IssuerKeys, detail: Mapping[str, str]) -> _Judged:
    """Say of a proof in an unknown suite only whether it claims to be the issuer's."""
    if did_of(method) != issuer:
        return _without_key(keys.learn(issuer, method))
    signature = unknown("signature", "unsupported_suite", **detail)
    return _Judged("unsupported", ProvenDocument(skipped("issuer_key", "stopped_earlier"), signature))


def _without_key(learned: LearnedKey) -> _Judged:
    signature = skipped("signature", "no_key")
    if learned.check.outcome is Outcome.unknown:
        return _Judged("unlearned", ProvenDocument(learned.check, unknown("signature", "no_key")))
    foreign = learned.check.code in ("key_of_another", "method_malformed")
    return _Judged("foreign" if foreign else "absent", ProvenDocument(learned.check, signature))


def _fits(
    document: Document,
    proof: Document,
    learned: LearnedKey,
    key: PublicKey,
    contexts: Contexts,
    detail: Mapping[str, str],
) -> _Judged:
    extra = {url: dict(one) for url, one in contexts.items()}
    try:
        verified = verify_proof(dict(document), verification_key=key, proof=dict(proof), extra_contexts=extra)
    except TooMuchWork:
        return _Judged("misfit", ProvenDocument(learned.check, failed("signature", "limit_work", **detail)))
    except Ob3Error as error:
        signature = failed("signature", "signature_misfit", **detail, reason=error.message[:300])
        return _Judged("misfit", ProvenDocument(learned.check, signature))
    confirmed = learned.check.outcome is Outcome.passed
    code = "signature_fits" if confirmed else "signature_consistent"
    signature = passed("signature", code, **detail)
    proven = ProvenDocument(learned.check, signature, verified.document, proof)
    return _Judged("confirmed" if confirmed else "unconfirmed", proven)
