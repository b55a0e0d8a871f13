"""Definition files: a draft or a published version as JSON or YAML, and a file as the document of a draft."""

import json
from collections.abc import Mapping
from typing import Any

import yaml

from issuer.drafts.documents import check_storable, definition_of, publishable
from issuer.drafts.elm_files import read_elm_file
from issuer.drafts.shortening import shortened
from issuer.errors import IssuerError
from issuer.records import DefinitionVersion
from microcredential import Definition, MicroCredentialError, definition_text, load_definition
from microcredential.workload import PARTS
from ob3.errors import JsonRefused

# What a form cannot mend: everything else may be imported and is then shown beside its field.
_CANNOT_BE_MENDED = frozenset({"unknown_key", "no_achievement", "forbidden_character"})


def read_file(data: bytes) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Read a JSON or YAML file into the document of a draft, with notes of what was left out.

    Accepted is what `load_definition` accepts, a definition that still lacks something, and a document of the
    European Learning Model. Raises IssuerError with the place and what to do.
    """
    try:
        foreign = read_elm_file(data)
        document = foreign[0] if foreign else _parted(definition_text.read(data, None))
        check_storable(document)
        checked, notes = _checked(document)
        return checked, (*(foreign[1] if foreign else ()), *notes)
    except MicroCredentialError as error:
        raise IssuerError(error.code, str(error)) from error
    except JsonRefused as error:
        raise IssuerError("not_json", f"The file cannot be kept: {error.message}") from error


def written_json(document: Mapping[str, Any]) -> bytes:
    """Write a definition file as JSON."""
    return (json.dumps(publishable(document), ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def written_yaml(document: Mapping[str, Any]) -> bytes:
    """Write a definition file as YAML; raises IssuerError (`not_in_yaml`) for what YAML would change."""
    kept = publishable(document)
    data = yaml.dump(kept, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110).encode("utf-8")
    try:
        same = definition_text.read(data, "yaml") == kept
    except MicroCredentialError:
        same = False
    if not same:
        raise IssuerError("not_in_yaml", "Something in this definition cannot be written as YAML. Take JSON.")
    return data


def document_of_version(version: DefinitionVersion) -> dict[str, Any]:
    """Give a published version as the document of a draft, in the short form that people write."""
    options = {
        "code": version.code,
        "version": version.version,
        "language": version.language,
        "suspension": version.suspension or None,
        "refresh": version.refresh or None,
        "valid_for": version.valid_for,
        "signatory": dict(version.signatory) if version.signatory else None,
    }
    document = {
        "definition": {option: value for option, value in options.items() if value is not None},
        "achievement": dict(version.achievement),
    }
    loaded = load_definition(json.dumps(document).encode(), kind="json")
    return shortened({"definition": document["definition"], "achievement": loaded.achievement})


def _parted(document: dict[str, Any]) -> dict[str, Any]:
    """Give options and achievement of whichever form of file it is (microcredential.definition)."""
    if "credentialSubject" in document:
        subject = document["credentialSubject"]
        achievement = subject.get("achievement") if isinstance(subject, dict) else None
        return {"definition": {}, "achievement": achievement}
    if "definition" not in document and "achievement" not in document:
        return {"definition": {}, "achievement": document}
    return document


def _checked(document: dict[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    try:
        loaded = definition_of(document)
    except MicroCredentialError as error:
        if error.code in _CANNOT_BE_MENDED:
            raise
        return document, ()
    bare = {**document, "achievement": loaded.achievement} if loaded.notes else document
    return _with_hours(shortened(bare), loaded), loaded.notes


def _with_hours(document: dict[str, Any], loaded: Definition) -> dict[str, Any]:
    """Put the parts of the workload where the form has them, with what was calculated from them."""
    options = dict(document.get("definition") or {})
    workload = options.pop("workload", None)
    if workload is None:
        return document
    made: dict[str, Any] = {"volumeOfLearning": loaded.achievement["volumeOfLearning"]}
    if points := loaded.achievement.get("creditPoint"):
        made["creditPoint"] = [{key: value for key, value in one.items() if key != "type"} for one in points]
    return {
        **document,
        "definition": options,
        "achievement": {**document["achievement"], **made},
        "working": {"hours": {part: workload[part] for part in PARTS if part in workload}},
    }


class _Dumper(yaml.SafeDumper):
    """Write without anchors: the strict reader takes none."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write everything out."""
        return True
