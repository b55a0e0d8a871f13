"""Judge one proof of a document: its form, its suite, whose key it names, and whether it fits.

Only a proof that is plain and of a suite we read is looked at any further; then the key is learned, and only
then anything is computed. A proof in a chain fits only if each before it does, under the key of whomever that
one names, who need not be the issuer.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from keys import PublicKey
from keys.did import did_of
from ob3 import Ob3Error, Verified, canonicalize, verify_proof
from ob3.cryptosuite import DATA_INTEGRITY, Cryptosuite, cryptosuite_of
from ob3.errors import ProofInvalid, TooMuchWork
from ob3.proof import Checked
from verifier.canonical import contexts_to_read
from verifier.issuer_keys import IssuerKeys, LearnedKey
from verifier.json_types import as_list
from verifier.proven import Document, ProvenDocument, unproven
from verifier.report import Check, Outcome, failed, passed, skipped, unknown, warning
from verifier.verdict import is_unsupported

Contexts = Mapping[str, Mapping[str, Any]]

_TEXT_MEMBERS = ("type", "verificationMethod", "proofPurpose")
_KNOWN_MEMBERS = frozenset(
    {
        *_TEXT_MEMBERS,
        "proofValue",
        "cryptosuite",
        "created",
        "expires",
        "id",
        "previousProof",
        "nonce",
        "domain",
        "challenge",
        "@context",
    }
)
_OF_CHAINS = frozenset(
    {
        "previous_proof_fails",
        "previous_proof_missing",
        "malformed_previous_proof",
        "proof_id_twice",
        "proof_cycle",
        "proof_chain_long",
    }
)
_OWN_WORDS = {
    **dict.fromkeys(_OF_CHAINS, "proof_chain"),
    "wrong_domain": "proof_domain",
    "wrong_challenge": "proof_challenge",
}


class Rank(StrEnum):
    """How good an answer about one proof is: of several, the one that stands first here is given."""

    confirmed = "confirmed"
    unconfirmed = "unconfirmed"
    misfit = "misfit"
    absent = "absent"
    unlearned = "unlearned"
    unsupported = "unsupported"
    refused = "refused"
    other_purpose = "other_purpose"
    foreign = "foreign"


@dataclass(frozen=True)
class Judged:
    """What was found of one proof."""

    rank: Rank
    proven: ProvenDocument


@dataclass
class _KeysBefore:
    """Answer for the keys of proofs on which another depends, and keep the first that is not learned."""

    keys: IssuerKeys
    issuer: str
    purpose: str
    missing: LearnedKey | None = field(default=None)

    def __call__(self, method: str) -> PublicKey | None:
        learned = self.keys.learn(self.issuer, method, purpose=self.purpose)
        if learned.check.outcome is not Outcome.passed:  # somebody else's, such as a notary's
            learned = self.keys.learn(did_of(method), method, purpose=self.purpose)
        if learned.check.outcome is Outcome.passed:
            return learned.public_key
        self.missing = self.missing or learned
        return None


@dataclass(frozen=True, kw_only=True)
class ProofJudge:
    """Judge the proofs of one document for one question."""

    document: dict[str, Any]
    issuer: str
    keys: IssuerKeys
    contexts: Contexts
    purpose: str
    domain: str | Sequence[str] | None
    challenge: str | None
    allow_keywords: bool
    learn: bool = True
    checked: Checked = field(default_factory=dict)

    def judge(self, proof: Any) -> Judged:
        """Judge one of the document's proofs; never raises for a bad one."""
        for code in _faults(proof, inline_contexts=self.allow_keywords):
            return Judged(Rank.refused, unproven(failed("signature", code)))
        if proof["proofPurpose"] != self.purpose:  # P2; beside a good proof it does no harm
            return Judged(Rank.other_purpose, unproven(failed("signature", "proof_purpose")))
        method, detail = proof["verificationMethod"], _detail(proof)
        suite = _suite_of(proof)
        if suite is None:
            return self._unsupported(method, detail)
        learned = self.keys.learn(self.issuer, method, purpose=self.purpose)
        if learned.public_key is None:
            return _without_key(learned)
        return self._fits(proof, suite, learned, learned.public_key, detail)

    def _unsupported(self, method: str, detail: Mapping[str, str]) -> Judged:
        """Say of a proof in an unknown suite only whether it claims to be the issuer's."""
        if did_of(method) != self.issuer:
            learned = self.keys.learn(self.issuer, method, purpose=self.purpose)
            if learned.check.outcome is Outcome.failed:
                return _without_key(learned)
        return Judged(Rank.unsupported, unproven(unknown("signature", "unsupported_suite", **detail)))

    def _fits(
        self,
        proof: dict[str, Any],
        suite: Cryptosuite,
        learned: LearnedKey,
        key: PublicKey,
        detail: Mapping[str, str],
    ) -> Judged:
        before = _KeysBefore(self.keys, self.issuer, self.purpose)
        try:
            verified = verify_proof(
                self.document,
                verification_key=key,
                proof=proof,
                expected_purpose=self.purpose,
                keys=before,
                checked=self.checked,
                domain=self.domain,
                challenge=self.challenge,
                extra_contexts=contexts_to_read(self.contexts, learn=self.learn),
                allow_keywords=self.allow_keywords,
                copy=False,
            )
            self._check_meaning(verified)
        except Ob3Error as error:
            return _misfit(error, learned, before.missing, detail)
        confirmed = learned.check.outcome is Outcome.passed
        signature = _fitting(suite, confirmed, detail)
        proven = ProvenDocument(learned.check, signature, verified.document, proof)
        return Judged(Rank.confirmed if confirmed else Rank.unconfirmed, proven)

    def _check_meaning(self, verified: Verified) -> None:
        """Hold what is covered to its meaning where that was not asked yet: under fewer contexts (step 7)."""
        if verified.document.get("@context") != self.document.get("@context"):
            contexts = contexts_to_read(self.contexts, learn=False)
            canonicalize(verified.document, extra_contexts=contexts, allow_keywords=self.allow_keywords)


def _faults(proof: Any, *, inline_contexts: bool = False) -> Iterator[str]:
    """Give the reasons for which a proof is refused unread, the plainest first."""
    if not isinstance(proof, dict) or not all(isinstance(proof.get(one), str) for one in _TEXT_MEMBERS):
        yield "proof_malformed"
        return
    if proof["type"] == DATA_INTEGRITY and not isinstance(proof.get("cryptosuite"), str):
        yield "proof_malformed"
    try:
        cryptosuite_of(proof)
    except ProofInvalid as error:
        if not error.code.startswith("unsupported_"):
            yield "proof_malformed"
        return
    if not isinstance(proof.get("proofValue"), str) or not _is_plain(proof, inline_contexts):
        yield "proof_malformed"


def _suite_of(proof: Document) -> Cryptosuite | None:
    try:
        return cryptosuite_of(proof)
    except ProofInvalid:
        return None


def _is_plain(proof: Document, inline_contexts: bool) -> bool:
    """Tell whether a proof holds only its own text members: nothing nested may make work or hide words.

    Where contexts may stand in a document, a proof may repeat them; they are compared with the document's.
    """
    if not set(proof) <= _KNOWN_MEMBERS:
        return False
    free = {"@context"} if inline_contexts else set()
    values = [value for name, value in proof.items() if name not in free]
    return all(isinstance(one, str) for value in values for one in as_list(value))


def _detail(proof: Document) -> dict[str, str]:
    suite = proof.get("cryptosuite") if proof["type"] == DATA_INTEGRITY else None
    detail = {
        "suite": (suite if isinstance(suite, str) else proof["type"])[:100],
        "verification_method": proof["verificationMethod"][:500],
    }
    created = proof.get("created")
    return {**detail, "created": created[:40]} if isinstance(created, str) else detail


def _without_key(learned: LearnedKey) -> Judged:
    signature = skipped("signature", "no_key")
    if learned.check.outcome is Outcome.unknown:
        return Judged(Rank.unlearned, ProvenDocument(learned.check, unknown("signature", "no_key")))
    foreign = learned.check.code in ("key_of_another", "method_malformed")
    return Judged(Rank.foreign if foreign else Rank.absent, ProvenDocument(learned.check, signature))


def _misfit(
    error: Ob3Error, learned: LearnedKey, missing: LearnedKey | None, detail: Mapping[str, str]
) -> Judged:
    signature = _why(error, missing, {**detail, "reason": error.message[:300]})
    rank = Rank.unsupported if is_unsupported(signature.code) else Rank.unlearned
    failing = signature.outcome is Outcome.failed
    return Judged(Rank.misfit if failing else rank, ProvenDocument(learned.check, signature))


def _why(error: Ob3Error, missing: LearnedKey | None, detail: Mapping[str, str]) -> Check:
    """Say in the reader's words why a proof does not fit, or why that cannot be told."""
    if isinstance(error, TooMuchWork):
        return failed("signature", "limit_work", **detail)
    if error.code == "base_proof":
        return unknown("signature", "unsupported_base_proof", **detail)
    if error.code == "previous_key":
        is_open = missing is not None and missing.check.outcome is Outcome.unknown
        return (unknown if is_open else failed)("signature", "proof_chain_key", **detail)
    cause = error.__cause__
    if isinstance(cause, ProofInvalid) and cause.code.startswith("unsupported_"):
        return unknown("signature", "unsupported_chain", **detail)
    return failed("signature", _OWN_WORDS.get(error.code, "signature_misfit"), **detail)


def _fitting(suite: Cryptosuite, confirmed: bool, detail: Mapping[str, str]) -> Check:
    if not suite.may_issue:
        return warning("signature", "older_suite", **detail)
    return passed("signature", "signature_fits" if confirmed else "signature_consistent", **detail)
