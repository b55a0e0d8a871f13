"""The text that a picture carries: one JSON object or one compact JWS, and nothing around it."""

import re

from ob3.baking.limits import BakingLimits
from ob3.baking.refusal import ImageRefused

_COMPACT_JWS = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+", re.ASCII)
_JSON_SPACE = " \t\r\n"


def is_compact_jws(text: str) -> bool:
    """Say whether text has the form of a compact JWS (RFC 7515, section 7.1)."""
    return _COMPACT_JWS.fullmatch(text) is not None


def credential_text(credential: str | bytes, *, limits: BakingLimits) -> str:
    """Check the credential that is to be baked and give it as text.

    Raises BakingRefused `malformed_credential` or `credential_too_large`.
    """
    data = credential if isinstance(credential, bytes) else _encoded(credential)
    text = extracted_text(data, limits=limits)
    if len(text.encode("utf-8")) != len(data):
        raise ImageRefused(
            "malformed_credential", "The credential has white space around it; remove it first."
        )
    return text


def extracted_text(data: bytes, *, limits: BakingLimits) -> str:
    """Read what a picture carried, without the white space that some tools put around JSON.

    Raises BakingRefused `malformed_credential` or `credential_too_large`.
    """
    if len(data) > limits.credential_bytes:
        raise ImageRefused(
            "credential_too_large",
            f"The credential in the picture has more than {limits.credential_bytes:,} bytes.",
            limit=True,
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ImageRefused(
            "malformed_credential", "The credential in the picture is not UTF-8 text."
        ) from error
    text = text.strip(_JSON_SPACE)
    looks_like_json = text.startswith("{") and text.endswith("}") and "\0" not in text
    if not looks_like_json and not is_compact_jws(text):
        raise ImageRefused(
            "malformed_credential", "The text in the picture is neither a JSON credential nor a compact JWS."
        )
    return text


def _encoded(text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ImageRefused("malformed_credential", "The credential holds half a character.") from error
