"""Say in one plain sentence where a document departs from a JSON Schema, without repeating the document."""

import jsonschema_rs

from ob3.errors import SchemaMismatch

_LONGEST_SHOWN = 80
_TYPES = {
    "string": "text",
    "object": "an object",
    "array": "an array",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "null",
}


def pointer(names: list[str | int]) -> str:
    """Write a place in a document as a JSON Pointer (RFC 6901)."""
    return "".join("/" + str(name).replace("~", "~0").replace("/", "~1") for name in names)


def mismatch(names: list[str | int], reason: str, *, code: str = "schema_mismatch") -> SchemaMismatch:
    """Make the error for a place and what is wrong there; `reason` goes on from the name of the place."""
    path = pointer(names)
    where = f"At {shortened(path)} the document" if path else "The document"
    return SchemaMismatch(code, f"{where} {reason}.", path)


def shortened(text: str) -> str:
    """Cut text from a document to a length that fits into a sentence."""
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"


def translated(error: jsonschema_rs.ValidationError) -> SchemaMismatch:
    """Make our error from the library's, looking into the alternative that came closest."""
    depth = len(error.instance_path)
    wanted = _wanted_types(error, depth)
    if wanted:
        return mismatch(error.instance_path, f"must hold {_listed(wanted)}")
    near = [branch for branch in _alternatives(error) if not _wanted_types(branch, depth)]
    if near:
        return translated(max(near, key=lambda branch: len(branch.instance_path)))
    return mismatch(error.instance_path, _reason(error))


def _alternatives(error: jsonschema_rs.ValidationError) -> list[jsonschema_rs.ValidationError]:
    """Give the first fault of each alternative of oneOf or anyOf."""
    branches = getattr(error.kind, "context", None) or []
    return [branch[0] for branch in branches if branch]


def _wanted_types(error: jsonschema_rs.ValidationError, depth: int) -> list[str]:
    """Name the types that would have fitted, when the type at that depth is all that is wrong."""
    if len(error.instance_path) != depth:
        return []
    if error.kind.name == "type":
        return [_TYPES.get(name, name) for name in error.kind.as_dict()["types"]]
    alternatives = [_wanted_types(branch, depth) for branch in _alternatives(error)]
    return [name for names in alternatives for name in names] if all(alternatives) else []


def _listed(words: list[str]) -> str:
    distinct = list(dict.fromkeys(words))
    return " or ".join(filter(None, [", ".join(distinct[:-1]), distinct[-1]]))


def _reason(error: jsonschema_rs.ValidationError) -> str:
    values = error.kind.as_dict()
    match error.kind.name:
        case "required":
            return f"lacks the member {shortened(str(values['property']))}"
        case "const":
            return f"must hold {shortened(str(values['expected_value']))}"
        case "enum":
            return f"must hold {shortened(_listed([str(option) for option in values['options']]))}"
        case "format" if values["format"] == "date":
            return "must hold a date such as 2026-06-30"
        case "format":
            return "must hold a date and time such as 2026-06-30T12:00:00Z"
        case "falseSchema" | "additionalProperties" | "unevaluatedProperties":
            return "has a member that the specification does not allow there"
        case "minItems":
            return f"needs at least {values['limit']} values"
        case "contains":
            return "lacks a value that the specification asks for in the list"
        case "oneOf" | "anyOf":
            return "has none of the forms that the specification allows"
        case _:
            return "has a value that the specification does not allow"
