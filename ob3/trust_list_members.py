"""Read the members of a trust list one by one, each in its form or refused in a sentence for people."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any, NoReturn, TypeVar
from urllib.parse import urlsplit

from keys import KeysError, PublicKey
from ob3.errors import TrustListInvalid
from ob3.proof_options import is_date_time_stamp
from ob3.strict_json import LARGEST_INTEGER

Read = TypeVar("Read")
_LONGEST_TEXT, _LONGEST_ID = 300, 1_000
_MOST_NAMES, _MOST_KEYS, _MOST_FORMER = 40, 20, 20
_DID = re.compile(r"did:[a-z0-9]+:[A-Za-z0-9._:%-]+", re.ASCII)  # DID Core 1.0, section 3.1
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}", re.ASCII)  # the form of BCP 47, section 2.1
_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)
_TURNS_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_MISSING = object()


class Members:
    """The members of one object of a list; `where` names it for people, `path` is its JSON Pointer.

    Every method raises TrustListInvalid for a member that is missing or out of form.
    """

    def __init__(self, value: object, where: str, path: str = "") -> None:
        self._where, self._path = where, path
        if not isinstance(value, dict):
            raise TrustListInvalid("malformed", f"{_begun(where)} must be an object.", path)
        self._members: Mapping[str, Any] = value
        self._read: set[str] = set()

    def given(self, name: str, default: object = _MISSING) -> Any:
        """Give a member as it stands, or the default."""
        self._read.add(name)
        value = self._members.get(name, default)
        if value is _MISSING:
            self.refuse(name, "is missing", code="missing")
        return value

    def optional(self, name: str, read: Callable[[str], Read]) -> Read | None:
        """Read a member that may be left out."""
        return read(name) if name in self._members else None

    def inner(self, name: str, where: str) -> Members:
        """Give the members of an object inside."""
        return Members(self.given(name), where, f"{self._path}/{name}")

    def text(self, name: str) -> str:
        """Read a text that may be shown to people."""
        return self._shown(name, self.given(name))

    def names(self, name: str) -> dict[str, str]:
        """Read texts by language tag."""
        value = self.given(name, {})
        if not isinstance(value, dict) or len(value) > _MOST_NAMES:
            self.refuse(name, f"must be an object with at most {_MOST_NAMES} languages")
        for tag in value:
            if not _TAG.fullmatch(tag):
                self.refuse(name, f"{_quoted(tag)} is no language tag such as en or vi")
        return {tag: self._shown(name, text) for tag, text in value.items()}

    def number(self, name: str) -> int:
        """Read a whole number from 1."""
        value = self.given(name)
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= LARGEST_INTEGER:
            self.refuse(name, "must be a whole number from 1")
        return value

    def moment(self, name: str) -> datetime:
        """Read a dateTimeStamp as a time in UTC (XSD 1.1)."""
        value, moment = self.given(name), None
        with suppress(ValueError, OverflowError):
            moment = datetime.fromisoformat(value).astimezone(UTC) if is_date_time_stamp(value) else None
        if moment is None:
            self.refuse(name, "must be a date and time with its zone, such as 2026-07-03T02:00:00Z")
        return moment

    def day(self, name: str) -> date:
        """Read a day."""
        value, day = self.given(name), None
        with suppress(ValueError):
            day = date.fromisoformat(value) if isinstance(value, str) and _DAY.fullmatch(value) else None
        if day is None:
            self.refuse(name, "must be a day such as 2026-03-02")
        return day

    def country(self, name: str) -> str | None:
        """Read a code of ISO 3166-1 alpha-2 by its form; None where it is left out."""
        value = self.given(name, None)
        if name in self._members and not (isinstance(value, str) and _COUNTRY.fullmatch(value)):
            self.refuse(name, "must be a code of two capitals such as VN (ISO 3166-1 alpha-2)")
        return value if isinstance(value, str) else None

    def address(self, name: str) -> str:
        """Read a web address, in ASCII so that look-alike letters show (`xn--`, THREATS W10)."""
        value = self.given(name)
        if not is_web_address(value, schemes=("https", "http")):
            self.refuse(name, "must be a web address in ASCII; a host in other letters is written as xn--...")
        return str(value)

    def issuer_id(self, name: str) -> str:
        """Read the id of an issuer: a DID, or an https address."""
        return self._issuer_id(name, self.given(name))

    def issuer_ids(self, name: str) -> tuple[str, ...]:
        """Read ids that an institution had before."""
        return tuple(self._issuer_id(name, one) for one in self._list(name, _MOST_FORMER))

    def multikeys(self, name: str) -> tuple[str, ...]:
        """Read public keys as Multikeys."""
        keys = self._list(name, _MOST_KEYS)
        for one in keys:
            try:
                PublicKey.from_multikey(one)
            except KeysError as error:
                self.refuse(name, f"holds what is no Multikey: {error.message}")
        return tuple(keys)

    def refuse_others(self) -> None:
        """Refuse members that were not read: nothing may be signed that nobody reads."""
        for name in self._members:
            if name not in self._read:
                self.refuse(str(name)[:60], "is no member of this form", code="unknown_member")

    def refuse(self, name: str, why: str, *, code: str = "malformed") -> NoReturn:
        """Say what is wrong with a member, and where."""
        pointer = name.replace("~", "~0").replace("/", "~1")
        raise TrustListInvalid(
            code, f"{_begun(self._where)}, member {_quoted(name)}: {why}.", f"{self._path}/{pointer}"
        )

    def _list(self, name: str, most: int) -> list[Any]:
        value = self.given(name, [])
        if not isinstance(value, list) or len(value) > most:
            self.refuse(name, f"must be a list of at most {most}")
        return value

    def _issuer_id(self, name: str, value: object) -> str:
        if isinstance(value, str) and len(value) <= _LONGEST_ID and _DID.fullmatch(value):
            return value
        if not is_web_address(value, schemes=("https",)):
            self.refuse(name, "must be a DID or an https address in ASCII, as it stands in credentials")
        return str(value)

    def _shown(self, name: str, value: object) -> str:
        if not isinstance(value, str) or not value.strip() or len(value) > _LONGEST_TEXT:
            self.refuse(name, f"must be a text of 1 to {_LONGEST_TEXT} characters")
        if any(unicodedata.category(one) in _UNSHOWN or one in _TURNS_DIRECTION for one in value):
            self.refuse(name, "holds a control character, or one that turns the direction of reading")
        return value


_UNSHOWN = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})


def is_web_address(value: object, *, schemes: tuple[str, ...]) -> bool:
    """Tell whether a value is a complete web address with a host, in printable ASCII, without a user name."""
    if not isinstance(value, str) or len(value) > _LONGEST_ID:
        return False
    if not value.isascii() or not value.isprintable() or any(one in ' "<>\\^`{|}' for one in value):
        return False
    try:
        parts = urlsplit(value)
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return named and value.startswith(tuple(f"{scheme}://" for scheme in schemes)) and not parts.username


def _begun(where: str) -> str:
    return where[:1].upper() + where[1:]


def _quoted(text: str) -> str:
    shown = "".join(one if one.isprintable() else "\ufffd" for one in text[:60])
    return f"“{shown}”"
