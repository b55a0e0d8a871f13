"""Steps 1 to 3: from bytes to one strictly parsed value: kind, container, JSON (J7 to J9, U1 to U4, T3, T5).

A signed token is read to the credential in it; so is one in an envelope (VCDM 2.0, section 4.13).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ob3 import strict_json
from ob3.errors import JsonRefused
from ob3.jws import Jws, JwsInvalid, document_of, enveloped_token, read_jws
from verifier.containers import ContainerKind, credential_from
from verifier.errors import ContainerRefused, LimitHit
from verifier.jws_proofs import unread
from verifier.report import Check, failed, passed, unknown

# the words in the codes of readers, and the limit that each of them names
_LIMITS = (
    ("large", "limit_size"),
    ("size", "limit_size"),
    ("deep", "limit_depth"),
    ("depth", "limit_depth"),
    ("many", "limit_count"),
)
Checks = tuple[Check, ...]
_NO_KIND = frozenset({"unknown_kind", "empty", "not_an_image", "kind_mismatch"})


@dataclass(frozen=True)
class Reading:
    """What was read so far: the checks made, the kind of file, and the value where all of them passed.

    `jws` is the token that the document was read from, where it was a token.
    """

    checks: tuple[Check, ...]
    kind: str | None = None
    document: Any = None
    jws: Jws | None = None

    @property
    def complete(self) -> bool:
        """Tell whether the file was read to the end."""
        return len(self.checks) == 3 and self.checks[-1].outcome == "passed"


def limit_code(error_code: str) -> str:
    """Give the word for the limit that stopped a reader: size, depth, count or work."""
    return next((limit for word, limit in _LIMITS if word in error_code), "limit_work")


def read(data: bytes, kind: str | None, *, isolate: bool) -> Reading:
    """Find the credential in a file and parse it; never raises for a bad file."""
    try:
        found, text = credential_from(data, kind, isolate=isolate)
    except ContainerRefused as error:
        return Reading(tuple(_refused(error)), kind)
    except LimitHit as error:
        return Reading((passed("kind", "kind_recognised"), _stopped(error)), kind)
    if found is ContainerKind.JWT and "~" in text:
        return Reading((unknown("kind", "unsupported_kind"),), found.value)
    checks = (passed("kind", "kind_recognised", kind=found.value), passed("container", "container_read"))
    return (_token if found is ContainerKind.JWT else _parsed)(text, checks, found.value)


def _refused(error: ContainerRefused) -> Iterator[Check]:
    reason = error.message[:300]
    if error.code in _NO_KIND:
        yield failed("kind", "no_credential", reason=reason)
        return
    yield passed("kind", "kind_recognised")
    if error.limit:
        yield failed("container", limit_code(error.code), what="parts of the file")
    else:
        code = "no_credential" if error.code == "no_credential" else "container_broken"
        yield failed("container", code, reason=reason)


def _stopped(error: LimitHit) -> Check:
    if error.code == "unavailable":
        return unknown("container", "reader_busy")
    return failed("container", limit_code(error.code), what="parts of the file")


def _parsed(text: str | bytes, checks: Checks, kind: str) -> Reading:
    try:
        document = strict_json.parse(text)
    except JsonRefused as error:
        code = limit_code(error.code) if error.limit else "json_malformed"
        return Reading((*checks, failed("parse", code, reason=error.message[:300], what="members")), kind)
    try:
        token = enveloped_token(document)
    except JwsInvalid as error:
        return Reading((*checks, unread(error, "parse")), kind)
    if token is not None:
        return _token(token, checks, kind)
    return Reading((*checks, passed("parse", "json_read")), kind, document)


def _token(text: str | bytes, checks: Checks, kind: str) -> Reading:
    try:
        jws = read_jws(text if isinstance(text, str) else text.decode("ascii"))
        document = document_of(jws)
    except JwsInvalid as error:
        if error.limit:
            refusal = failed("parse", limit_code(error.code), reason=error.message[:300], what="members")
        else:
            refusal = unread(error, "parse")
        return Reading((*checks, refusal), kind)
    return Reading((*checks, passed("parse", "json_read")), kind, document, jws)
