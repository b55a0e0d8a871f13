"""The text of a signature in a proof: base58btc behind a `z`, in its only spelling."""

from __future__ import annotations

from typing import Any

from keys import KeysError
from keys.multibase import multibase_decode, multibase_encode
from ob3.errors import ProofInvalid

_PLACE = "/proof/proofValue"


def write_signature(signature: bytes) -> str:
    """Give the proof value of a signature (VC-DI-EdDSA 1.0, 3.2.1; VC-DI-ECDSA 1.0, 3.2.1)."""
    return multibase_encode(signature)


def read_signature(proof: dict[str, Any], length: int) -> bytes:
    """Give the signature of this many bytes that a proof carries, accepting one spelling only (THREATS P4).

    Raises ProofInvalid (`malformed_proof_value`). Source: VC-DI-EdDSA 1.0, section 3.2.2, step 3.
    """
    value: Any = proof.get("proofValue")
    message = f"The proof value is not {length} bytes in base58btc with its leading z."
    try:
        signature = multibase_decode(value)  # which refuses what is no text
    except KeysError as error:
        raise ProofInvalid("malformed_proof_value", message, _PLACE) from error
    if len(signature) != length or value[0] != "z":  # in base58btc all bytes have one spelling only
        raise ProofInvalid("malformed_proof_value", message, _PLACE)
    return signature
