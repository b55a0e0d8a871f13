"""The values of single settings: each is read from its text, or refused in a sentence."""

import stat
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from limits import parse_many

from app.trust_file import publisher

MOST_TRUST_LISTS = 10
_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")


class SettingsError(Exception):
    """Say in a plain sentence why the service does not start.

    `code` is a machine word, `message` the sentence for the person at the keyboard.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def base_url(text: str) -> str:
    """Read the public address: https and a host, or http on a loopback name. Raises SettingsError."""
    try:
        parts = urlsplit(text.rstrip("/"))
        named = (
            parts.hostname and ":" not in parts.hostname
        )  # Werkzeug compares no IPv6 address with a Host header
        plain = named and not (parts.path or parts.query or parts.fragment or parts.username)
        safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
        fits = plain and safe and (parts.port is None or parts.port > 0)
    except ValueError:
        fits = False
    if not fits or not text.isascii() or not text.isprintable() or " " in text:
        raise SettingsError(
            "base_url",
            f"TESTAMUR_BASE_URL is {text!r}. It must be https and a host, without a path, for example "
            "https://badges.example.edu; http will do on a loopback address only.",
        )
    return f"{parts.scheme}://{parts.netloc.lower()}"


def private_file(what: str, path: Path) -> None:
    """Refuse a file that group or others can read. Raises SettingsError."""
    if path.exists() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SettingsError(
            "readable_secret", f"Others on this machine can read {path} ({what}). Run: chmod 600 {path}"
        )


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine alone."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host in _LOOPBACK_NAMES


def in_folder(folder: Path, text: str) -> Path:
    """Read a path, of which `DIR/` means the data folder."""
    return (
        folder / text.removeprefix("DIR/") if text.startswith("DIR/") else Path(text).expanduser().absolute()
    )


def number(variable: str, text: str, lowest: int, highest: int) -> int:
    """Read a whole number within bounds. Raises SettingsError."""
    if not text.isdecimal() or not text.isascii() or not lowest <= int(text[:9]) <= highest:
        raise SettingsError(
            "number", f"{variable} is {text!r}. It must be a number from {lowest} to {highest}."
        )
    return int(text)


def ports(text: str) -> tuple[int, ...]:
    """Read a list of ports. Raises SettingsError."""
    return tuple(number("TESTAMUR_FETCH_PORTS", each.strip(), 1, 65535) for each in text.split(","))


def limit(variable: str, text: str) -> str:
    """Refuse a limit that cannot be read: it would be no limit at all."""
    try:
        parse_many(text)
    except ValueError:
        raise SettingsError(
            "limit", f"{variable} is {text!r}. It must be like `30 per minute;300 per hour`."
        ) from None
    return text


def trust_lists(folder: Path, text: str, publishers: str) -> tuple[str, ...]:
    """Read where lists of institutions are: https addresses and files. Raises SettingsError."""
    sources = tuple(
        each if each.startswith("https://") else str(in_folder(folder, each)) for each in text.split()
    )
    for each in text.split():
        if "://" in each and not (each.startswith("https://") and each.isascii() and len(each) <= 1000):
            raise SettingsError(
                "trust_lists",
                f"TESTAMUR_TRUST_LISTS names {each[:200]!r}. A list is an https address in ASCII or a file.",
            )
    if len(sources) > MOST_TRUST_LISTS or len(set(sources)) != len(sources):
        raise SettingsError(
            "trust_lists", f"TESTAMUR_TRUST_LISTS names at most {MOST_TRUST_LISTS} lists, each once."
        )
    if any(each.startswith("https://") for each in sources) and not publishers.split():
        raise SettingsError(
            "trust_publishers",
            "TESTAMUR_TRUST_LISTS names an address: set TESTAMUR_TRUST_PUBLISHERS too, whose signature is "
            "believed. A list cannot vouch for itself.",
        )
    return sources


def trust_publishers(text: str) -> tuple[str, ...]:
    """Read who may have signed such lists. Raises SettingsError."""
    try:
        return tuple(publisher(each) for each in text.split())
    except ValueError as error:
        raise SettingsError("trust_publishers", f"TESTAMUR_TRUST_PUBLISHERS: {error}") from None


def switch(variable: str, text: str) -> bool:
    """Read a switch, 0 or 1. Raises SettingsError."""
    if text not in ("0", "1"):
        raise SettingsError("switch", f"{variable} is {text!r}. It must be 0 or 1.")
    return text == "1"


def on_off(variable: str, text: str) -> bool:
    """Read a switch, on or off. Raises SettingsError."""
    if text not in ("on", "off"):
        raise SettingsError("switch", f"{variable} is {text!r}. It must be on or off.")
    return text == "on"


def zone(text: str) -> str:
    """Read the name of a time zone. Raises SettingsError."""
    try:
        if text != "UTC":  # known without a time zone database
            ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise SettingsError("time_zone", f"TESTAMUR_TIME_ZONE is {text!r}: no such time zone.") from None
    return text
