"""The text that a picture carries: one JSON object or one compact JWS, and nothing around it."""

import re

from ob3.baking.limits import BakingLimits
from ob3.baking.refusal import ImageRefused

_COMPACT_JWS = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+", re.ASCII)
_JSON_SPACE = " \t\r\n"


def is_compact_jws(text: str) -> bool:
    """Say whether text has the form of a compact JWS (RFC 7515, section 7.1)."""
    return _COMPACT_JWS.fullmatch(text) is not None


def credential_to_bake(credential: str | bytes, *, limits: BakingLimits) -> tuple[str, bytes]:
    """Check the credential that is to be baked and give it as text and as UTF-8.

    Raises BakingRefused `malformed_credential` or `credential_too_large`.
    """
    data = credential if isinstance(credential, bytes) else _encoded(credential)
    _check_size(data, limits)
    whole = _decoded(data) if isinstance(credential, bytes) else credential
    text = _without_space(whole, data)
    if len(text) != len(whole):
        raise ImageRefused(
            "malformed_credential", "The credential has white space around it; remove it first."
        )
    return text, data


def extracted_text(data: bytes, *, limits: BakingLimits) -> str:
    """Read what a picture carried, without the white space that some tools put around JSON.

    Raises BakingRefused `malformed_credential` or `credential_too_large`.
    """
    _check_size(data, limits)
    return _without_space(_decoded(data), data)


def _check_size(data: bytes, limits: BakingLimits) -> None:
    if len(data) > limits.credential_bytes:
        raise ImageRefused(
            "credential_too_large",
            f"The credential in the picture has more than {limits.credential_bytes:,} bytes.",
            limit=True,
        )


def _without_space(text: str, data: bytes) -> str:
    """Take white space off and refuse what has neither the form of a JSON object nor of a compact JWS.

    `data` is the same text as UTF-8, in which a null character is found much faster.
    """
    text = text.strip(_JSON_SPACE)
    looks_like_json = text.startswith("{") and text.endswith("}") and b"\0" not in data
    if not looks_like_json and not is_compact_jws(text):
        raise ImageRefused(
            "malformed_credential", "The text in the picture is neither a JSON credential nor a compact JWS."
        )
    return text


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ImageRefused(
            "malformed_credential", "The credential in the picture is not UTF-8 text."
        ) from error


def _encoded(text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ImageRefused("malformed_credential", "The credential holds half a character.") from error
