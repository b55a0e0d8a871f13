"""Check documents against the pinned JSON Schemas, and against the rules that those forget.

>>> check_schema({"type": "Profile", "id": "did:web:example.org"}, "Profile")
"""

import json
import re
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Never

import jsonschema_rs

from ob3.class_rules import check_classes, check_no_nothing
from ob3.errors import SchemaMismatch
from ob3.older_edition import check_older_rules, in_its_own_names, in_todays_names
from ob3.schema_words import mismatch, translated

SCHEMAS = Path(__file__).parent / "schemas"

_FILES = {
    "AchievementCredential": "ob_v3p0_achievementcredential_schema.json",
    "EndorsementCredential": "endorsement_credential.json",
    "ClrCredential": "clr_credential.json",
    "Profile": "ob_v3p0_profile_schema.json",
    "BitstringStatusListCredential": "bitstring_status_list_credential.json",
}
_MOST_ENTRIES = 8  # a verifier reads no more of them (THREATS N5)
_USUAL_MOMENT = 40  # characters; a fraction of a second may have any number
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})T(?:24:00:00(?:\.0+)?|([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]+)?)"
    r"(Z|[+-][0-9]{2}:[0-9]{2})?",
    re.ASCII,
)


def check_schema(document: object, kind: str, *, older: bool = False) -> None:
    """Refuse a document that is not in the form of its kind.

    `kind` is `AchievementCredential` (any OpenBadgeCredential), `EndorsementCredential`, `ClrCredential`,
    `Profile` or `BitstringStatusListCredential`; with `older` the credential is one of VCDM 1.1. Several
    entries in `credentialStatus` are accepted, each checked alone: the published schema knows one, and
    suspension needs a second. Nothing is ever fetched.
    Raises SchemaMismatch `schema_mismatch`, `wrong_type`, `no_recipient`, `no_criteria`, `null_value`,
    `empty_array` or `unknown_kind`; `path` is a JSON Pointer.
    """
    if kind not in _FILES:
        raise SchemaMismatch("unknown_kind", "There is no schema for a document of this kind.")
    if not isinstance(document, dict):
        raise mismatch([], "must be an object")
    check_no_nothing(document)
    if not older:
        _check_form(document, kind)
        return
    check_older_rules(document)
    try:
        _check_form(in_todays_names(document), kind)
    except SchemaMismatch as fault:
        raise in_its_own_names(fault) from fault


def _check_form(document: dict[str, Any], kind: str) -> None:
    for view, place in _with_one_status_each(document):
        _check(view, kind, place)
    check_classes(document, kind)


def _with_one_status_each(document: dict[str, Any]) -> list[tuple[dict[str, Any], int | None]]:
    """Give the document once for each status entry, with the index of that entry."""
    entries = document.get("credentialStatus")
    if not isinstance(entries, list):
        return [(document, None)]
    read = entries[:_MOST_ENTRIES]
    return [({**document, "credentialStatus": entry}, index) for index, entry in enumerate(read)]


def _check(document: dict[str, Any], kind: str, status_index: int | None) -> None:
    validator = _validator(kind)
    try:
        if validator.is_valid(document):  # which is sooner told than what is wrong
            return
        error = next(iter(validator.iter_errors(document)), None)
    except ValueError as cause:  # not JSON at all, or nested beyond the library's measure
        raise mismatch([], "is not JSON, or is nested too deep") from cause
    if error is None:
        return
    fault = translated(error)
    if status_index is not None and fault.path.startswith("/credentialStatus"):
        path = fault.path.replace("/credentialStatus", f"/credentialStatus/{status_index}", 1)
        raise SchemaMismatch(fault.code, fault.message.replace(fault.path, path, 1), path)
    raise fault


@cache
def _validator(kind: str) -> jsonschema_rs.Draft201909Validator:
    schema = json.loads((SCHEMAS / _FILES[kind]).read_bytes())
    return jsonschema_rs.Draft201909Validator(
        schema,
        validate_formats=True,
        formats={"date-time": _is_moment},
        retriever=_refuse_to_fetch,
        pattern_options=jsonschema_rs.RegexOptions(),  # linear time, whatever the text
    )


def _refuse_to_fetch(address: str) -> Never:
    raise LookupError("a pinned schema refers to another document")


def _is_moment(text: str) -> bool:
    """Say whether text is an XSD dateTime; a missing zone is judged with the dates (THREATS J11)."""
    return (_is_known_moment if len(text) <= _USUAL_MOMENT else _is_any_moment)(text)


def _is_any_moment(text: str) -> bool:
    match = _MOMENT.fullmatch(text)
    if match is None:
        return False
    try:
        datetime.fromisoformat(
            f"{match[1]}T{match[2] or '00:00:00'}{(match[3] or '').replace('Z', '+00:00')}"
        )
    except ValueError:
        return False
    return True


_is_known_moment = lru_cache(maxsize=256)(_is_any_moment)  # credentials of a class share most of theirs
