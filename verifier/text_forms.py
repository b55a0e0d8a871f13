"""Recognise text that is, or looks like, a credential, before anything parses it."""

import json
import re

_JWT = re.compile(rb"[A-Za-z0-9_-]{2,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*(?:~[A-Za-z0-9_.~-]*)?")
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_WHITE_SPACE = b" \t\r\n"
_TELLING = frozenset({"credentialSubject", "@context", "proof"})


def is_compact_jws(data: bytes) -> bool:
    """Return True for a compact JWS (RFC 7515), an SD-JWT included, that begins with a JSON object."""
    text = data.strip(_WHITE_SPACE)
    return text.startswith(b"ey") and _JWT.fullmatch(text) is not None


def is_json_text(data: bytes) -> bool:
    """Return True if `data` begins like a JSON object or array in UTF-8 or UTF-16.

    Byte order marks and UTF-16 are for the parser to refuse, in words that say so.
    """
    for mark in _BOMS:
        data = data.removeprefix(mark)
    return data[:4096].lstrip(_WHITE_SPACE + b"\0").startswith((b"{", b"["))


def looks_like_credential(data: bytes) -> bool:
    """Return True if an attachment is meant as a credential, good or broken."""
    if is_compact_jws(data):
        return True
    if not is_json_text(data):
        return False
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return b"credentialSubject" in data.replace(b"\0", b"")
    return isinstance(value, dict) and bool(_TELLING & value.keys())
