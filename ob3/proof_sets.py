"""Several proofs on one document: which are there, and on which of the others each depends.

A proof that names others in `previousProof` signs the document together with them, so it holds only if every
one of them holds, and those before them. Each is found by its `id`, which therefore stands only once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from ob3.errors import ProofInvalid

Proof = dict[str, Any]
_LONGEST_CHAIN = 16


def proofs_of(document: Mapping[str, Any]) -> list[Any]:
    """Give what stands as the proofs of a document, as a list; an empty one for a document without."""
    present = document.get("proof", [])
    return present if isinstance(present, list) else [present]


def previous_of(proof: Mapping[str, Any], present: Sequence[Any]) -> list[Proof]:
    """Give the proofs on which one depends directly, in the document's order.

    Raises ProofInvalid: `malformed_previous_proof`; `previous_proof_missing` for one that is not there;
    `proof_id_twice` where its own id, or one that it names, is that of several.
    Source: VC-DI 1.0, section 4.3, steps 4 and 5; section 4.5, step 3.
    """
    if "id" in proof:
        _with_id(proof["id"], present)
    if "previousProof" not in proof:
        return []
    named = proof["previousProof"]
    names = named if isinstance(named, list) else [named]
    if not names or not all(isinstance(one, str) for one in names) or len(set(names)) != len(names):
        _refuse("malformed_previous_proof", "previousProof is no id and no list of ids.")
    found = [_with_id(name, present) for name in names]
    return [one for one in present if any(one is other for other in found)]


def ancestors_of(proof: Proof, present: Sequence[Any]) -> list[Proof]:
    """Give every proof on which one depends, directly or through others, each once.

    `proof` is one of those present, the very object.
    Raises ProofInvalid: `proof_cycle` for a proof that depends on itself, `proof_chain_long`, and what
    `previous_of` raises.
    Source: VC-DI 1.0, section 2.1.2 and appendix "Proof Set and Chain Security"; THREATS P7.
    """
    finished: list[Proof] = []
    _walk(proof, present, [], finished)
    return finished[:-1]


def with_previous(unsecured: dict[str, Any], previous: Sequence[Proof]) -> dict[str, Any]:
    """Give what a proof signs: the document with the proofs on which it depends.

    Source: VC-DI 1.0, section 4.3, step 6; section 4.5, step 3.
    """
    return {**unsecured, "proof": list(previous)} if previous else unsecured


def _walk(proof: Proof, present: Sequence[Any], path: list[Proof], finished: list[Proof]) -> None:
    if any(one is proof for one in finished):
        return
    if any(one is proof for one in path):
        _refuse("proof_cycle", "The proof depends, through others, on itself.")
    if len(path) >= _LONGEST_CHAIN:
        _refuse("proof_chain_long", f"More than {_LONGEST_CHAIN} proofs depend on each other.")
    for one in previous_of(proof, present):
        _walk(one, present, [*path, proof], finished)
    finished.append(proof)


def _with_id(name: object, present: Sequence[Any]) -> Proof:
    found = [one for one in present if isinstance(one, dict) and one.get("id") == name]
    if not found:
        _refuse("previous_proof_missing", "The proof depends on another that is not there.")
    if len(found) > 1:
        _refuse("proof_id_twice", "Two proofs have the same id, so none can be meant by it.")
    return found[0]


def _refuse(code: str, message: str) -> NoReturn:
    raise ProofInvalid(code, message, "/proof/previousProof")
