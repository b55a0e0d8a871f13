"""Add a Data Integrity proof to a credential, and check one.

>>> secured = add_proof(credential, signer=key.signer(), created="2026-07-03T02:00:00Z")  # doctest: +SKIP
>>> verify_proof(secured, verification_key=key.public_key).document == credential  # doctest: +SKIP
True

What a checked proof means, in the order of the checks:

1. the proof is one of the document's own, complete, and of a supported kind (`type`, `cryptosuite`);
2. every proof on which it depends is there, and all that follows is true of each of them as well;
3. it was made for the purpose that is asked for, and its times are written as they must be;
4. its contexts do not differ from the document's;
5. the key is of the suite's kind;
6. its value is a signature in its only spelling, that key's, over proof options and document.

Whose key it is, whether it was valid then and whether the proof has expired are questions for the verifier.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NoReturn

from keys import PublicKey, Signer
from ob3.copying import copied
from ob3.cryptosuite import Cryptosuite, cryptosuite_of, cryptosuite_to_issue, own_contexts_of
from ob3.errors import ProofInvalid
from ob3.proof_options import check_audience, check_contexts, check_options
from ob3.proof_sets import Proof, ancestors_of, previous_of, proofs_of, with_previous
from ob3.soundness import is_sound
from ob3.strict_json import dump
from ob3.text import UNSIGNABLE

KeyOf = Callable[[str], PublicKey | None]
Checked = dict[tuple[int, PublicKey], dict[str, Any]]


@dataclass(frozen=True)
class Verified:
    """What a proof was found to cover: the document without its proofs, exactly as hashed, and the proof.

    `previous` are the proofs on which it depends, which were checked as well.
    """

    document: dict[str, Any]
    proof: Proof
    previous: tuple[Proof, ...] = ()


@dataclass(frozen=True)
class _Reading:
    """How documents are read here, and what each proof that was found to fit covers."""

    extra_contexts: Mapping[str, dict[str, Any]] | None
    allow_keywords: bool
    checked: Checked


def add_proof(
    credential: dict[str, Any],
    *,
    signer: Signer,
    created: str,
    cryptosuite: str = "eddsa-rdfc-2022",
    purpose: str = "assertionMethod",
    extra_contexts: Mapping[str, dict[str, Any]] | None = None,
    allow_keywords: bool = False,
    mandatory_pointers: Sequence[str] | None = None,
    secret: bytes | None = None,
    beside_others: bool = False,
    id: str | None = None,
    previous_proof: str | Sequence[str] | None = None,
    expires: str | None = None,
    domain: str | Sequence[str] | None = None,
    challenge: str | None = None,
) -> dict[str, Any]:
    """Give a copy of a credential with a proof as its last member: an object, beside others a list.

    `created` and `expires` are RFC 3339 dates and times with zone; `extra_contexts` maps the addresses of
    contexts that are not pinned here to their documents; `allow_keywords` is for documents that are no badge;
    `mandatory_pointers` (JSON Pointers to what no selection may leave out; None for the safe ones of
    `ob3.selective.mandatory`, an empty list for nothing at all) and `secret` (32 random bytes) are for
    selective disclosure alone. With `beside_others` or `previous_proof` (ids of proofs that are there)
    the proof joins those that the credential has.
    Raises ProofInvalid for a wrong use, JsonRefused for texts that must not be signed (`control_character`),
    and what `canonicalize` raises.
    Source: VC-DI 1.0, sections 4.2 and 4.3; VC-DI-EdDSA 1.0, section 3.2.1.
    """
    suite = cryptosuite_to_issue(cryptosuite)
    if "proof" in credential and not beside_others and previous_proof is None:
        _refuse("already_secured", "The credential has a proof already; remove it first.", "/proof")
    _check_kind_of_key(suite, signer.algorithm)
    rare = {
        "id": id,
        "expires": expires,
        "challenge": challenge,
        "domain": domain,
        "previousProof": previous_proof,
    }
    given = {name: _json(one) for name, one in rare.items() if one is not None}
    proof = new_options(suite, signer, created=created, purpose=purpose, more=given)
    if not is_sound(credential, unsound=UNSIGNABLE):
        dump(credential)  # which says what is wrong, and where
    unsecured, present = without_proof(credential), proofs_of(credential)
    covered = with_previous(unsecured, previous_of(proof, [*present, proof]))
    own = own_contexts_of(suite)
    if own is not None:
        proof = own.options_for(unsecured, proof)
    more: dict[str, Any] = {"secret": secret} if secret is not None else {}
    if mandatory_pointers is not None:
        more["mandatory_pointers"] = mandatory_pointers
    value = suite.sign(
        covered, proof, signer, extra_contexts=extra_contexts, allow_keywords=allow_keywords, **more
    )
    made = {**proof, "proofValue": value}
    secured: dict[str, Any] = copied({**unsecured, "proof": [*present, made] if present else made})
    return secured


def new_options(
    suite: Cryptosuite,
    signer: Signer,
    *,
    created: str,
    purpose: str,
    more: Mapping[str, Any] = MappingProxyType({}),
) -> Proof:
    """Give the options of a proof that a suite is to make; `more` are those that few proofs have.

    Raises ProofInvalid, as `check_options` does. Source: VC-DI 1.0, section 4.2.
    """
    proof: Proof = {
        "type": suite.proof_type,
        "cryptosuite": suite.name,
        "created": created,
        "verificationMethod": signer.id,
        "proofPurpose": purpose,
        **more,
    }
    check_options(proof, purpose)
    return proof


def verify_proof(
    document: dict[str, Any],
    *,
    verification_key: PublicKey,
    proof: Proof | None = None,
    expected_purpose: str = "assertionMethod",
    keys: KeyOf | None = None,
    checked: Checked | None = None,
    domain: str | Sequence[str] | None = None,
    challenge: str | None = None,
    extra_contexts: Mapping[str, dict[str, Any]] | None = None,
    allow_keywords: bool = False,
    copy: bool = True,
) -> Verified:
    """Check one proof of a secured document with a key, and give what it covers.

    `proof` chooses one of a proof set; without it the document must have exactly one. `keys` gives the key of
    each verification method, or None, for the proofs on which the chosen one depends; without it a proof that
    depends on others is refused. The caller binds the keys to their owners. Who checks several proofs of one
    and the same document hands in the same empty dict as `checked` each time, so that none is computed twice.
    Without `copy` what is given shares its parts with the document: for callers who change neither.
    Raises ProofInvalid (`previous_proof_fails` and `previous_key` are about those), and what `canonicalize`
    raises.
    Source: VC-DI 1.0, sections 4.4 and 4.5; VC-DI-EdDSA 1.0, section 3.2.2.
    """
    chosen = _chosen(document, proof)
    cryptosuite_of(chosen)
    check_options(chosen, expected_purpose)
    check_audience(chosen, domain=domain, challenge=challenge)
    if "previousProof" in chosen and keys is None:
        _refuse("proof_chain", "The proof depends on another proof.", "/proof/previousProof")
    reading = _Reading(extra_contexts, allow_keywords, {} if checked is None else checked)
    present = proofs_of(document)
    ancestors = ancestors_of(chosen, present)
    for one in ancestors:
        _check_previous(document, one, present, expected_purpose, keys, reading)
    covered = _check_one(document, chosen, present, verification_key, reading)
    given = copied if copy else _itself
    return Verified(
        document=given(without_proof(covered)),
        proof=given(chosen),
        previous=tuple(map(given, ancestors)),
    )


def without_proof(document: Mapping[str, Any]) -> dict[str, Any]:
    """Give a document without its proofs."""
    return {name: value for name, value in document.items() if name != "proof"}


def _check_one(
    document: dict[str, Any], proof: Proof, present: Sequence[Any], key: PublicKey, reading: _Reading
) -> dict[str, Any]:
    """Check the value of one proof and give the document that it covers, with the proofs before it."""
    known = reading.checked.get((id(proof), key))
    if known is not None:
        return known
    suite = cryptosuite_of(proof)
    check_contexts(proof, document)
    _check_kind_of_key(suite, key.algorithm)
    covered = with_previous(without_proof(document), previous_of(proof, present))
    own = own_contexts_of(suite)
    if own is not None:
        covered = own.covered(covered, proof)
    suite.check(
        covered, proof, key, extra_contexts=reading.extra_contexts, allow_keywords=reading.allow_keywords
    )
    reading.checked[id(proof), key] = covered
    return covered


def _check_previous(
    document: dict[str, Any],
    proof: Proof,
    present: Sequence[Any],
    purpose: str,
    keys: KeyOf | None,
    reading: _Reading,
) -> None:
    """Check a proof on which the chosen one depends (VC-DI 1.0, section 4.5)."""
    try:
        cryptosuite_of(proof)
        check_options(proof, purpose)
        key = keys(proof["verificationMethod"]) if keys else None
        if key is None:
            _refuse("previous_key", "The key of a proof on which this one depends is not known.", "/proof")
        _check_one(document, proof, present, key, reading)
    except ProofInvalid as error:
        if error.code == "previous_key":
            raise
        message = f"A proof on which this one depends does not hold: {error.message}"
        raise ProofInvalid("previous_proof_fails", message, "/proof/previousProof") from error


def _chosen(document: dict[str, Any], proof: Proof | None) -> Proof:
    """Find the proof to check among the document's own (VC-DI 1.0, "Verify Proof Sets and Chains")."""
    if not isinstance(document, dict) or "proof" not in document:
        _refuse("no_proof", "The document has no proof.")
    present = proofs_of(document)
    if proof is None:
        if len(present) != 1:
            _refuse(
                "which_proof", f"The document has {len(present)} proofs; say which one to check.", "/proof"
            )
        proof = present[0]
    own = next((one for one in present if one is proof or one == proof), None)
    if own is None:
        _refuse("foreign_proof", "The proof is not one of the document's.", "/proof")
    if not isinstance(own, dict):
        _refuse("malformed_proof", "The proof is not an object.", "/proof")
    return own


def _check_kind_of_key(suite: Cryptosuite, algorithm: str) -> None:
    """Refuse a key of another kind than the suite's (THREATS P3)."""
    if algorithm not in suite.key_algorithms:
        kinds = " or ".join(sorted(suite.key_algorithms))
        _refuse(
            "wrong_key_type",
            f"{suite.name} needs a key for {kinds}, not {algorithm}.",
            "/proof/verificationMethod",
        )


def _itself(value: Any) -> Any:
    return value


def _json(value: str | Sequence[str]) -> str | list[str]:
    return value if isinstance(value, str) else list(value)


def _refuse(code: str, message: str, path: str = "") -> NoReturn:
    raise ProofInvalid(code, message, path)
