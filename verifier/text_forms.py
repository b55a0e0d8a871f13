"""Recognise text that is, or looks like, a credential, before anything parses it."""

import json
import re

# Wider than what is read, so that a reader is told what is wrong with a token: any number of parts, padding,
# and the `~` of selective disclosure. A JSON object begins with `ey` in base64, or `ew` before white space.
_TOKEN = re.compile(rb"e[yw][A-Za-z0-9_=-]*\.[A-Za-z0-9_=-]*\.[A-Za-z0-9_.=~-]*")
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_WHITE_SPACE = b" \t\r\n"
_TELLING = frozenset({"credentialSubject", "@context", "proof"})


def token_in(data: bytes) -> str | None:
    """Give the token that is all there is in a file, good or broken, or None where there is none.

    White space around it is of no account, nor are the quotation marks of a JSON text: some services serve a
    token as JSON, and in its letters there is nothing that JSON could write in two ways.
    """
    text = data.strip(_WHITE_SPACE)
    if len(text) > 2 and text[:1] == text[-1:] == b'"':
        text = text[1:-1]
    return text.decode("ascii") if _TOKEN.fullmatch(text) else None


def is_compact_jws(data: bytes) -> bool:
    """Return True for a signed token, good or broken, with nothing but white space around it."""
    return token_in(data) is not None


def is_json_text(data: bytes) -> bool:
    """Return True if `data` begins like a JSON object or array in UTF-8 or UTF-16.

    Byte order marks and UTF-16 are for the parser to refuse, in words that say so.
    """
    for mark in _BOMS:
        data = data.removeprefix(mark)
    return data[:4096].lstrip(_WHITE_SPACE + b"\0").startswith((b"{", b"["))


def looks_like_credential(data: bytes) -> bool:
    """Return True if an attachment is meant as a credential, good or broken."""
    if token_in(data) is not None:
        return True
    if not is_json_text(data):
        return False
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return b"credentialSubject" in data.replace(b"\0", b"")
    return isinstance(value, dict) and bool(_TELLING & value.keys())
