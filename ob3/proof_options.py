"""The options that every proof has, whatever its suite, and what they must look like."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NoReturn

from ob3.errors import ProofInvalid
from ob3.iri import is_absolute_iri

# XSD 1.1, "dateTimeStamp": a zone is required. Years beyond 9999, 24:00 and leap seconds are left out:
# implementations read them differently (THREATS J11).
_DATE_TIME_STAMP = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]{1,12})?"
    r"(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)"
)


def check_options(proof: Mapping[str, Any], purpose: str) -> None:
    """Check the options that every proof has.

    Raises ProofInvalid (`wrong_purpose`, `malformed_method`, `malformed_time`).
    Source: VC-DI 1.0, "Proofs"; VC-DI-EdDSA 1.0, section 3.2.5.
    """
    if proof.get("proofPurpose") != purpose:
        _refuse("wrong_purpose", f"The proof was not made for the purpose {purpose}.", "proofPurpose")
    if not is_absolute_iri(proof.get("verificationMethod")):
        _refuse(
            "malformed_method", "The verification method is not a complete address.", "verificationMethod"
        )
    for name in ("created", "expires"):
        if name in proof and not is_date_time_stamp(proof[name]):
            _refuse("malformed_time", f"{name} is no date and time with a zone.", name)


def check_contexts(proof: Mapping[str, Any], document: Mapping[str, Any]) -> None:
    """Refuse contexts in a proof that the document does not begin with.

    Raises ProofInvalid (`proof_context`). Source: VC-DI-EdDSA 1.0, section 3.3.2, step 3.
    """
    if "@context" not in proof:
        return
    own, whole = (
        context if isinstance(context, list) else [context]
        for context in (proof["@context"], document.get("@context"))
    )
    if whole[: len(own)] != own:
        _refuse("proof_context", "The contexts of the proof are not those of the document.", "@context")


def is_date_time_stamp(text: object) -> bool:
    """Tell whether a value is a complete date and time with a zone (XSD 1.1 dateTimeStamp)."""
    match = _DATE_TIME_STAMP.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        return False
    try:
        datetime.fromisoformat(match[1])
    except ValueError:
        return False
    return True


def _refuse(code: str, message: str, member: str) -> NoReturn:
    raise ProofInvalid(code, message, f"/proof/{member}")
