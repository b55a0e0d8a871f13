"""The options that every proof has, whatever its suite, and what they must look like."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
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
    """Check the options that every proof has, and the form of those that it may have.

    Raises ProofInvalid (`wrong_purpose`, `malformed_method`, `malformed_time`, `malformed_option`).
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
    if "id" in proof and not is_absolute_iri(proof["id"]):
        _refuse("malformed_option", "The id of the proof is not a complete address.", "id")
    for name in ("challenge", "nonce"):
        if not isinstance(proof.get(name, ""), str):
            _refuse("malformed_option", f"{name} is no text.", name)
    if "domain" in proof and not _texts(proof["domain"]):
        _refuse("malformed_option", "domain is no text and no list of texts.", "domain")


def check_audience(
    proof: Mapping[str, Any], *, domain: str | Sequence[str] | None, challenge: str | None
) -> None:
    """Refuse a proof that was made for others, or for another occasion, where one is asked for.

    Raises ProofInvalid (`wrong_domain`, `wrong_challenge`). Source: VC-DI 1.0, section 4.4, steps 6 and 7.
    """
    if domain is not None and _texts(proof.get("domain")) != _texts(domain):
        _refuse("wrong_domain", "The proof was made for another domain.", "domain")
    if challenge is not None and proof.get("challenge") != challenge:
        _refuse("wrong_challenge", "The proof does not answer this challenge.", "challenge")


def _texts(value: object) -> set[str]:
    """Give one text or a list of texts as a set; an empty one for anything else."""
    values: Sequence[object] = value if isinstance(value, list | tuple) else [value]
    texts = {one for one in values if isinstance(one, str)}
    return texts if len(texts) == len(values) else set()


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
    if not own or whole[: len(own)] != own:
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
