"""What a selection from a credential leaves open: an end, and a list of withdrawals, that may be hidden.

With `ecdsa-sd-2023` a holder shows a part of what was signed, and a reader cannot see what the issuer let be
left out. So that no end date and no list of withdrawals is shown is no word of the issuer's, as it is in a
whole credential: both checks become warnings. Source: VC-DI-ECDSA 1.0, sections 3.6 and 5.1.
"""

from collections.abc import Mapping
from typing import Any

from verifier.json_types import as_list, has_type
from verifier.report import Check, Outcome, warning
from verifier.status import PLAIN_LIST

_SELECTIVE = "ecdsa-sd-2023"
_ENDS = ("validUntil", "expirationDate")
_GOOD = (Outcome.passed, Outcome.warning)
_SILENT = frozenset({"no_status", "not_withdrawn", "no_message", "no_newer_version"})


def is_selection(proof: Mapping[str, Any]) -> bool:
    """Tell whether a proof that fits is one under which parts can have been left out."""
    return proof.get("cryptosuite") == _SELECTIVE


def dates_of_selection(dates: Check, document: Mapping[str, Any], proof: Mapping[str, Any]) -> Check:
    """Give the check of dates, as a warning where a selection is in force and shows no end of its own."""
    shown = not document.keys().isdisjoint(_ENDS)
    if not is_selection(proof) or shown or dates.outcome not in _GOOD:
        return dates
    return warning("dates", "end_not_shown", **dates.detail)


def status_of_selection(status: Check, document: Mapping[str, Any], proof: Mapping[str, Any]) -> Check:
    """Give the check of the status, as a warning where a selection shows no list of revocations.

    What a list that is shown says against the credential, or leaves open, stands as it is.
    """
    if not is_selection(proof) or status.code not in _SILENT or _names_revocations(document):
        return status
    return warning("status", "status_not_shown", **status.detail)


def _names_revocations(document: Mapping[str, Any]) -> bool:
    """Tell whether a list of revocations is among the status entries; one for suspensions alone is none."""
    return any(
        has_type(one, PLAIN_LIST) or one.get("statusPurpose") == "revocation"
        for one in as_list(document.get("credentialStatus"))
        if isinstance(one, Mapping)
    )
