"""The entry that says where a credential's status stands: list, index, purpose, size, and words for values.

>>> entry = read_status_entry({
...     "type": "BitstringStatusListEntry",
...     "statusPurpose": "revocation",
...     "statusListIndex": "94567",
...     "statusListCredential": "https://example.com/credentials/status/3",
... })
>>> entry.index, entry.size
(94567, 1)
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ob3.errors import StatusListInvalid

LARGEST_SIZE = 8  # bits a status; 256 different messages are more than a person can be told
_INDEX = re.compile(r"0|[1-9][0-9]{0,15}", re.ASCII)
_LARGEST_INDEX = 10**16
_VALUE = re.compile(r"0x([0-9A-Fa-f]{1,2})", re.ASCII)


@dataclass(frozen=True)
class StatusListEntry:
    """A well-formed entry: the list's address, the place in it, and what its value would say.

    `size` is in bits. `messages` gives the issuer's words for a value; it is empty where the entry has none,
    and where `size` is larger than LARGEST_SIZE.
    """

    url: str
    index: int
    purpose: str
    size: int = 1
    messages: Mapping[int, str] = field(default_factory=dict)


def read_status_entry(entry: object) -> StatusListEntry:
    """Read a BitstringStatusListEntry.

    Raises StatusListInvalid `status_entry`, `status_list_index`, `status_size` or `status_message` for what
    breaks a MUST. Source: Bitstring Status List v1.0, section 2.1.
    """
    if not isinstance(entry, Mapping):
        raise StatusListInvalid("status_entry", "A status entry must be an object.")
    url, purpose = entry.get("statusListCredential"), entry.get("statusPurpose")
    if not isinstance(url, str) or not isinstance(purpose, str) or not url or not purpose:
        raise StatusListInvalid("status_entry", "A status entry must name its list and its purpose.")
    if entry.get("id") == url:
        raise StatusListInvalid(
            "status_entry", "The id of a status entry must be another than that of its list."
        )
    size = status_size(entry)
    return StatusListEntry(
        url, parse_index(entry.get("statusListIndex")), purpose, size, _messages(entry, size)
    )


def parse_index(text: object) -> int:
    """Read `statusListIndex`: decimal text in ASCII digits, without sign, space or leading zero (THREATS S4).

    A JSON integer is read too: 1EdTech's own revoked sample has one, and it can mean one thing only.
    Raises StatusListInvalid `status_list_index`.
    """
    if isinstance(text, int) and not isinstance(text, bool):
        text = str(text) if 0 <= text < _LARGEST_INDEX else ""
    if not isinstance(text, str) or not _INDEX.fullmatch(text):
        raise StatusListInvalid(
            "status_list_index",
            "The statusListIndex of a status entry must be a whole number written as text.",
        )
    return int(text)


def status_size(entry: Mapping[str, Any]) -> int:
    """Give the number of bits that each status takes, one where the entry says nothing.

    Raises StatusListInvalid `status_size` for anything but a whole number above zero.
    """
    size = entry.get("statusSize", 1)
    if isinstance(size, bool) or not isinstance(size, int) or size < 1:
        raise StatusListInvalid("status_size", "The statusSize must be a whole number above zero.")
    return size


def _messages(entry: Mapping[str, Any], size: int) -> dict[int, str]:
    """Read `statusMessage`: one for each possible value, none twice, in any order."""
    stated = entry.get("statusMessage")
    if stated is None and size == 1:
        return {}
    if not isinstance(stated, list):
        raise StatusListInvalid("status_message", "A status of several bits needs a list of messages.")
    if size > LARGEST_SIZE:
        return {}
    messages = dict(_message(one) for one in stated)
    if len(stated) != 2**size or set(messages) != set(range(2**size)):
        raise StatusListInvalid(
            "status_message", f"A status of {size} bits needs {2**size} messages, one for each value."
        )
    return messages


def _message(stated: object) -> tuple[int, str]:
    found = stated if isinstance(stated, Mapping) else {}
    value, message = found.get("status"), found.get("message")
    match = _VALUE.fullmatch(value) if isinstance(value, str) else None
    if match is None or not isinstance(message, str):
        raise StatusListInvalid(
            "status_message", "Each message needs a status such as 0x1 and a message of text."
        )
    return int(match[1], 16), message
