"""Load the definition of a micro-credential from a file, and give it the addresses of a deployment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from microcredential import definition_text
from microcredential.characters import forbidden_text
from microcredential.durations import check_duration
from microcredential.errors import MicroCredentialError
from microcredential.expansion import Expansion
from microcredential.outcome_matrix import place_outcomes, with_outcomes
from microcredential.part_ids import shorten_ids, without_deployment
from microcredential.shapes import mapping, text
from microcredential.terms import achievement_part, refuse_unknown_terms
from microcredential.workload import with_workload

# A note that begins so is the written reason for an unusual workload and travels in the credential.
WORKLOAD_REASON = "Workload: "
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.ASCII)
_SLUG = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
_OPTIONS = frozenset(
    {
        "code",
        "version",
        "language",
        "institution",
        "suspension",
        "refresh",
        "valid_for",
        "signatory",
        "workload",
        "workload_reason",
    }
)


@dataclass(frozen=True)
class Definition:
    """Describe one version of a micro-credential, ready to be bound to a deployment.

    `achievement` is the profile Achievement in full but without the addresses of a deployment:
    assessments and outcomes have ids such as `#exam`. `valid_for` is an ISO 8601 duration of years,
    months or days, None where the achievement does not lapse. With `refresh` its credentials name an address
    at which readers find their newest version. `signatory` has `name` and `role`. `notes`
    say what in the file was left out.
    """

    code: str
    version: str
    language: str
    achievement: dict[str, Any]
    suspension: bool = False
    valid_for: str | None = None
    signatory: Mapping[str, str] | None = None
    institution: str | None = None
    notes: tuple[str, ...] = ()
    refresh: bool = False


def load_definition(data: bytes, *, kind: str | None = None) -> Definition:
    """Load a definition from a JSON or YAML file.

    Accepts a definition document (`definition:` with options, `achievement:`), a bare profile
    Achievement, or a whole credential, of which only the achievement is taken. Raises
    MicroCredentialError with path and fix for a file that cannot be read; whether the description is
    complete and honest is for `check_achievement` to say.
    """
    document = definition_text.read(data, kind)
    options, raw, notes = _parts(document)
    language = _language(options, raw)
    refuse_unknown_terms(raw, achievement_part(), "achievement")
    bare, own_id, dropped = without_deployment(raw)
    bare = with_workload(bare, options.get("workload"))
    if options.get("workload_reason") is not None:
        bare["additionalNote"] = _with_reason(
            bare.get("additionalNote"), options["workload_reason"], language
        )
    for term, option in (("humanCode", "code"), ("version", "version")):
        if options.get(option) is not None:
            bare[term] = _word(options[option], f"definition.{option}")
    _refuse_hostile_text(bare)
    achievement = Expansion(bare, language=language).expand()
    shorten_ids(achievement, own_id)
    place_outcomes(achievement, before=own_id, after="")
    with_outcomes(achievement)
    return Definition(
        code=_required(achievement, "humanCode", "code", "Give a short code, such as MC-CRS-2026."),
        version=_required(achievement, "version", "version", "Give the version, such as 2026-1."),
        language=language,
        achievement=achievement,
        suspension=_flag(options.get("suspension"), "definition.suspension"),
        valid_for=_duration(options.get("valid_for")),
        signatory=_signatory(options.get("signatory")),
        institution=_institution(options.get("institution")),
        notes=(*notes, *dropped),
        refresh=_flag(options.get("refresh"), "definition.refresh"),
    )


def _parts(document: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any], tuple[str, ...]]:
    """Split a file into options, achievement and what was left out."""
    if "credentialSubject" in document:
        raw = mapping(document["credentialSubject"]).get("achievement")
        note = "The file is a whole credential: only its achievement was taken, nothing about the learner."
        return {}, _achievement(raw, "credentialSubject.achievement"), (note,)
    if "definition" not in document and "achievement" not in document:
        return {}, _achievement(document, ""), ()
    for key in document:
        if key not in ("definition", "achievement"):
            raise MicroCredentialError(
                "unknown_key",
                f"“{str(key)[:80]}” is not a word of a definition file.",
                path=str(key)[:80],
                fix="Use “definition:” for the options and “achievement:” for the description.",
            )
    options = document.get("definition") or {}
    if not isinstance(options, dict):
        raise _wrong("definition", "the options, each with a value")
    for key in options:
        if key not in _OPTIONS:
            raise MicroCredentialError(
                "unknown_key",
                f"“{str(key)[:80]}” is not an option of a definition.",
                path=f"definition.{str(key)[:80]}",
                fix=f"Use one of: {', '.join(sorted(_OPTIONS))}.",
            )
    return options, _achievement(document.get("achievement"), "achievement"), ()


def _achievement(value: Any, path: str) -> dict[str, Any]:
    known = {"achievementType", "title", "learningOutcome", "name", "creditPoint"}
    if not isinstance(value, dict) or not known & value.keys():
        raise MicroCredentialError(
            "no_achievement",
            "The file does not describe a micro-credential.",
            path=path,
            fix="Describe it below “achievement:”, beginning with “title:” and “learningOutcome:”.",
        )
    return value


def _language(options: dict[str, Any], raw: dict[str, Any]) -> str:
    language = options.get("language") or raw.get("inLanguage") or "en"
    if not isinstance(language, str) or not _LANGUAGE.fullmatch(language):
        raise MicroCredentialError(
            "bad_language",
            "The language of instruction is not a language tag.",
            path="definition.language",
            fix="Write a tag such as en, vi, lo or cs.",
        )
    return language


def _with_reason(notes: Any, reason: Any, language: str) -> list[Any]:
    words = {language: reason} if isinstance(reason, str) else reason
    if not isinstance(words, dict) or not words or not all(isinstance(one, str) for one in words.values()):
        raise _wrong("definition.workload_reason", "a text, or texts by language")
    note = {"type": "Note", "noteLiteral": {tag: WORKLOAD_REASON + one for tag, one in words.items()}}
    return [*(notes if isinstance(notes, list) else [notes] if notes else []), note]


def _refuse_hostile_text(achievement: dict[str, Any]) -> None:
    for path, _value, reason in forbidden_text(achievement):
        raise MicroCredentialError(
            "forbidden_character",
            f"The text has {reason}.",
            path=f"achievement.{path}",
            fix="Type the text again without it.",
        )


def _required(achievement: dict[str, Any], term: str, option: str, fix: str) -> str:
    value = text(achievement.get(term))
    if not value or len(value) > 60:
        raise MicroCredentialError(
            f"no_{option}",
            f"The {option} of the micro-credential is missing or longer than 60 characters.",
            path=f"definition.{option}",
            fix=fix,
        )
    return value


def _word(value: Any, path: str) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise _wrong(path, "a short text")
    return str(value)


def _flag(value: Any, path: str) -> bool:
    if value not in (None, True, False) or (isinstance(value, int) and not isinstance(value, bool)):
        raise _wrong(path, "true or false")
    return bool(value)


def _duration(value: Any) -> str | None:
    return None if value is None else check_duration(value, path="definition.valid_for")


def _signatory(value: Any) -> dict[str, str] | None:
    if value is None:
        return None
    given = mapping(value)
    if set(given) != {"name", "role"} or not all(text(one) for one in given.values()):
        raise _wrong("definition.signatory", "“name:” and “role:”, both filled")
    return {"name": text(given["name"]), "role": text(given["role"])}


def _institution(value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not _SLUG.fullmatch(value):
        raise _wrong(
            "definition.institution", "the short name of the institution, such as example-university"
        )
    return value


def _wrong(path: str, wanted: str) -> MicroCredentialError:
    return MicroCredentialError(
        "wrong_shape", f"Here belongs {wanted}.", path=path, fix="Correct it and load again."
    )
