"""Read the text of a definition file strictly: JSON, or the part of YAML that has one meaning to everyone.

YAML here has no aliases (no bombs), no tags, no merge keys, no dates and no yes/no/on/off: what is not a
plain number, true, false or null is text. So `language: no` is Norwegian and `version: 2026-01-01` stays
what was typed.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from microcredential.errors import MicroCredentialError
from ob3.errors import JsonRefused
from ob3.strict_json import parse

MAX_BYTES = 256 * 1024
MAX_DEPTH = 32


class _Refused(Exception):  # noqa: N818  (never leaves this module)
    """Carry a reason out of PyYAML's machinery."""

    def __init__(self, code: str, message: str, mark: yaml.Mark | None) -> None:
        super().__init__(message)
        self.code = code
        self.mark = mark


class _PlainLoader(yaml.SafeLoader):
    """Load maps, lists, texts, plain numbers, true, false and null; refuse everything else."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  (PyYAML's own class attribute)
    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Compose one node after looking at what it is."""
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Refused("alias", "Anchors (&) and aliases (*) are not allowed.", event.start_mark)
        if getattr(event, "tag", None) not in (None, "!"):
            raise _Refused("tag", "Tags (!...) are not allowed.", event.start_mark)
        if self.depth >= MAX_DEPTH:
            raise _Refused("too_deep", f"More than {MAX_DEPTH} levels inside one another.", event.start_mark)
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        """Build a map whose keys are texts, each once."""
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _Refused("key", "A key must be a word.", key.start_mark)
            if key.value in seen:
                raise _Refused("duplicate_key", f"The key “{key.value[:80]}” stands twice.", key.start_mark)
            seen.add(key.value)
        return {key.value: self.construct_object(value, deep=True) for key, value in node.value}


_SCALARS = (
    ("tag:yaml.org,2002:null", r"(?:~|null|)", ["~", "n", ""]),
    ("tag:yaml.org,2002:bool", r"(?:true|false)", list("tf")),
    ("tag:yaml.org,2002:int", r"-?(?:0|[1-9][0-9]{0,14})", list("-0123456789")),
    ("tag:yaml.org,2002:float", r"-?(?:0|[1-9][0-9]{0,11})\.[0-9]{1,9}", list("-0123456789")),
)
for _tag, _pattern, _first in _SCALARS:
    _PlainLoader.add_implicit_resolver(_tag, re.compile(rf"^(?:{_pattern})$(?!\n)"), _first)


def read(data: bytes, kind: str | None) -> dict[str, Any]:
    """Read a definition file into a document of dicts, lists, texts, numbers, booleans and None.

    `kind` is "json", "yaml" or None (a file that starts with a brace is JSON).
    Raises MicroCredentialError (`too_large`, `not_json`, `not_yaml`, `not_a_map`, ...).
    """
    if len(data) > MAX_BYTES:
        raise MicroCredentialError(
            "too_large",
            f"The file has {len(data):,} bytes; a definition has at most {MAX_BYTES:,}.",
            fix="Leave out everything but the description of the micro-credential.",
        )
    if kind not in (None, "json", "yaml"):
        raise MicroCredentialError(
            "unknown_kind", "A definition is a JSON or a YAML file.", fix="Choose one."
        )
    is_json = kind == "json" or (kind is None and data.lstrip()[:1] == b"{")
    document = _read_json(data) if is_json else _read_yaml(data)
    if not isinstance(document, dict):
        raise MicroCredentialError(
            "not_a_map",
            "The file holds no keys with values.",
            fix="Start it with “achievement:” and describe the micro-credential below it.",
        )
    return document


def _read_json(data: bytes) -> Any:
    try:
        return parse(data)
    except JsonRefused as error:
        raise MicroCredentialError(
            "not_json", f"The file is not JSON that can be read safely: {error.message}", path=error.path
        ) from error


def _read_yaml(data: bytes) -> Any:
    try:
        return yaml.load(data.decode("utf-8-sig"), Loader=_PlainLoader)  # noqa: S506  (a narrowed SafeLoader)
    except UnicodeDecodeError as error:
        raise _not_yaml("not_utf8", "The file is not UTF-8 text.", None) from error
    except _Refused as error:
        raise _not_yaml(error.code, str(error), error.mark) from error
    except yaml.YAMLError as error:
        problem = getattr(error, "problem", None) or "it has characters that YAML does not allow"
        raise _not_yaml(
            "not_yaml", f"The file is not YAML: {problem}.", getattr(error, "problem_mark", None)
        ) from error
    except (ValueError, RecursionError, AttributeError) as error:
        raise _not_yaml("not_yaml", "The file is not YAML that can be read.", None) from error


def _not_yaml(code: str, message: str, mark: yaml.Mark | None) -> MicroCredentialError:
    path = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
    return MicroCredentialError(code, message, path=path, fix="Correct the file and load it again.")
