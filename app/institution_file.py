"""Read a file that describes institutions: YAML or JSON, one of them or a list under `institutions`."""

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from issuer import InstitutionInput, IssuerError
from microcredential import MicroCredentialError
from microcredential.definition_text import read

_REQUIRED = ("slug", "name", "country", "url")
_KNOWN = {field.name for field in dataclasses.fields(InstitutionInput)} - {"logo_svg"} | {"logo"}
_LONGEST_LOGO = 100_000  # bytes; issuer.inputs counts characters


def read_institutions(path: Path) -> list[InstitutionInput]:
    """Read every institution that a file describes.

    `logo` names an SVG file beside it or in its folder `logos`. Raises IssuerError that names the
    institution and the key.
    """
    try:
        document = read(path.read_bytes(), "yaml" if path.suffix in (".yaml", ".yml") else None)
    except MicroCredentialError as error:
        raise IssuerError(error.code, f"{path.name}: {error.message}") from error
    listed = document.get("institutions", [document]) if isinstance(document, dict) else None
    if not isinstance(listed, list) or not listed:
        raise _refused(path.name, "describe an institution, or several in a list under `institutions`")
    given = [_institution(each, path) for each in listed]
    twice = {each.slug for each in given if [other.slug for other in given].count(each.slug) > 1}
    if twice:
        raise _refused(path.name, f"the slug {min(twice)} stands twice; each institution has its own")
    return given


def _institution(given: Any, path: Path) -> InstitutionInput:
    if not isinstance(given, dict):
        raise _refused(path.name, "an institution is described by keys and values, such as `slug: example`")
    where = f"{path.name}, {given.get('slug', 'institution without a slug')}"
    unknown = sorted(set(given) - _KNOWN)
    if unknown:
        raise _refused(where, f"{unknown[0]} is not a key here; known are {', '.join(sorted(_KNOWN))}")
    missing = [key for key in _REQUIRED if not given.get(key)]
    if missing:
        raise _refused(where, f"{missing[0]} is missing; needed are {', '.join(_REQUIRED)}")
    values = {key: value for key, value in given.items() if value is not None}
    for key, value in values.items():
        fits, wanted = _KINDS.get(key, _TEXT)
        if not fits(value):
            raise _refused(where, f"{key} must be {wanted}")
    if "other_identifiers" in values:
        values["other_identifiers"] = tuple((kind, value) for kind, value in values["other_identifiers"])
    if logo := values.pop("logo", None):
        values["logo_svg"] = _logo(path.parent, logo, where)
    institution = InstitutionInput(**values)
    _check(institution, where)
    return institution


def _check(institution: InstitutionInput, where: str) -> None:
    """Check all of a file before anything of it is stored."""
    try:
        institution.check()
    except IssuerError as error:
        raise IssuerError(error.code, f"{where}: {error.message}") from error


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_texts_by_key(value: Any) -> bool:
    return isinstance(value, Mapping) and all(
        isinstance(each, str) for pair in value.items() for each in pair
    )


def _is_pairs(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(pair, list) and len(pair) == 2 and all(isinstance(each, str) for each in pair)
        for pair in value
    )


def _is_switch(value: Any) -> bool:
    return isinstance(value, bool)


_Kind = tuple[Callable[[Any], bool], str]
_TEXT: _Kind = (_is_text, "text")
_KINDS: Mapping[str, _Kind] = {
    "names": (_is_texts_by_key, "names by language, such as `{vi: Đại học Ví dụ}`"),
    "signatory": (_is_texts_by_key, "`{name: ..., role: ...}`"),
    "other_identifiers": (_is_pairs, 'a list of pairs of type and value, such as `[["ext:ROR", ...]]`'),
    "hashes_email": (_is_switch, "true or false"),
}


def _logo(folder: Path, name: str, where: str) -> str:
    """Read a logo from beside the file; a name that leads elsewhere is refused."""
    if Path(name).name != name:
        raise _refused(where, f"the logo {name[:80]} must be the name of an SVG file beside this one")
    for path in (folder / "logos" / name, folder / name):
        if path.is_file():
            data = path.read_bytes()
            if len(data) > _LONGEST_LOGO:
                raise _refused(where, f"the logo {name} is larger than {_LONGEST_LOGO // 1000} kB")
            try:
                return data.decode("utf-8")
            except UnicodeDecodeError:
                raise _refused(where, f"the logo {name} is not an SVG file in UTF-8") from None
    raise _refused(where, f"there is no logo {name[:80]} beside it")


def _refused(where: str, what: str) -> IssuerError:
    return IssuerError("institution_file", f"{where}: {what}.")
