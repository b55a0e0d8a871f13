"""What is learned about one key: whose it is, in a check, and the key itself where there is one."""

from collections.abc import Mapping
from dataclasses import dataclass

from keys import KeysError, PublicKey
from verifier.report import Check, failed, passed, unknown

_CHECK_ID = "issuer_key"
Detail = Mapping[str, str]


@dataclass(frozen=True)
class LearnedKey:
    """A public key, or None, with the check that says whose it is."""

    check: Check
    public_key: PublicKey | None = None


def is_the_issuers(code: str, key: PublicKey, detail: Detail) -> LearnedKey:
    """Say that a key is the issuer's own."""
    return LearnedKey(passed(_CHECK_ID, code, **detail), key)


def is_not_the_issuers(code: str, detail: Detail) -> LearnedKey:
    """Say that a key is shown not to be the issuer's, or that what would show it breaks a rule."""
    return LearnedKey(failed(_CHECK_ID, code, **detail))


def breaks_a_rule(code: str, error: KeysError, detail: Detail) -> LearnedKey:
    """Say that a key or a list of keys may not be used, and why."""
    return LearnedKey(failed(_CHECK_ID, code, **{**detail, "reason": error.message[:300]}))


def is_open(code: str, detail: Detail, key: PublicKey | None = None) -> LearnedKey:
    """Say that it could not be learned; with a key the signature may still be found consistent."""
    return LearnedKey(unknown(_CHECK_ID, code, **detail), key)
