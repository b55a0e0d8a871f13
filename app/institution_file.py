"""Read a file that describes institutions: YAML or JSON, one of them or a list under `institutions`."""

import dataclasses
from pathlib import Path
from typing import Any

from issuer import InstitutionInput, IssuerError
from microcredential import MicroCredentialError
from microcredential.definition_text import read

_KNOWN = {field.name for field in dataclasses.fields(InstitutionInput)} - {"logo_svg"} | {"logo"}
_REQUIRED = ("slug", "name", "country", "url")


def read_institutions(path: Path) -> list[InstitutionInput]:
    """Read every institution that a file describes; `logo` names an SVG file beside it.

    Raises IssuerError that names the institution and the key.
    """
    try:
        document = read(path.read_bytes(), "yaml" if path.suffix in (".yaml", ".yml") else None)
    except MicroCredentialError as error:
        raise IssuerError(error.code, f"{path.name}: {error.message}") from error
    listed = document.get("institutions", [document])
    if not isinstance(listed, list):
        raise IssuerError("institution_file", f"{path.name}: `institutions` must be a list.")
    return [_institution(each, path) for each in listed]


def _institution(given: Any, path: Path) -> InstitutionInput:
    if not isinstance(given, dict):
        raise IssuerError("institution_file", f"{path.name}: an institution is described by keys and values.")
    where = f"{path.name}, {given.get('slug', 'institution without a slug')}"
    given = {k: v for k, v in given.items() if k not in ("country_name", "on_accent", "accent_dark", "on_accent_dark")}
    unknown = sorted(set(given) - _KNOWN)
    missing = [key for key in _REQUIRED if not given.get(key)]
    if unknown:
        raise IssuerError(
            "institution_file",
            f"{where}: {unknown[0]} is not a key here; known: {', '.join(sorted(_KNOWN))}.",
        )
    if missing:
        raise IssuerError("institution_file", f"{where}: {missing[0]} is missing.")
    values = {key: value for key, value in given.items() if key != "logo" and value is not None}
    _check_kinds(values, where)
    values["other_identifiers"] = tuple((kind, value) for kind, value in values.get("other_identifiers", ()))
    if given.get("logo"):
        values["logo_svg"] = _logo(
            path.parent / "logos" / str(given["logo"]), path.parent / str(given["logo"]), where
        )
    return InstitutionInput(**values)


def _check_kinds(values: dict[str, Any], where: str) -> None:
    """Refuse values of the wrong kind before they reach a table."""
    for key, value in values.items():
        if key in ("names", "signatory"):
            fits = isinstance(value, dict) and all(
                isinstance(each, str) for pair in value.items() for each in pair
            )
        elif key == "other_identifiers":
            fits = isinstance(value, list) and all(
                isinstance(pair, list) and len(pair) == 2 and all(isinstance(each, str) for each in pair)
                for pair in value
            )
        elif key == "hashes_email":
            fits = isinstance(value, bool)
        else:
            fits = isinstance(value, str)
        if not fits:
            raise IssuerError("institution_file", f"{where}: {key} has a value of the wrong kind.")


def _logo(*places: Path | str) -> str:
    *paths, where = places
    for path in paths:
        if isinstance(path, Path) and path.is_file():
            return path.read_text(encoding="utf-8")
    raise IssuerError("institution_file", f"{where}: there is no logo at {paths[-1]}.")
