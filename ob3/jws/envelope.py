"""Credentials in an envelope: a JSON object whose id holds the signed token (VCDM 2.0, section 4.13)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn

from ob3.contexts import VC2
from ob3.jws.compact import JwsInvalid

ENVELOPE = "EnvelopedVerifiableCredential"
_MEMBERS = frozenset({"@context", "id", "type"})
_TOKEN = "data:application/vc+jwt,"  # noqa: S105 - the start of an address, not a secret
_OTHERS = ("data:application/vc+sd-jwt", "data:application/vc+cose")


def enveloped_token(document: object) -> str | None:
    """Give the token in an EnvelopedVerifiableCredential, unread; None for anything that is no envelope.

    Nothing but `@context`, `id` and `type` may stand in an envelope, for no signature covers it.
    Raises JwsInvalid `malformed_envelope`, or `unsupported_envelope` for selective disclosure and COSE.
    """
    if not isinstance(document, Mapping) or not _is_envelope(document.get("type")):
        return None
    if not set(document) <= _MEMBERS:
        _refuse("malformed_envelope", "The envelope holds words that no signature covers.")
    if "@context" in document and document["@context"] not in (VC2, [VC2]):
        _refuse("malformed_envelope", "The envelope names other contexts than that of the data model 2.0.")
    address = document.get("id")
    if not isinstance(address, str):
        _refuse("malformed_envelope", "The id of the envelope is not text.")
    if address.lower().startswith(_OTHERS):
        _refuse("unsupported_envelope", "The envelope holds a credential in a form that is not read here.")
    if not address.lower().startswith(_TOKEN):
        _refuse("malformed_envelope", "The id of the envelope is not a data: address of a signed token.")
    return address[len(_TOKEN) :]


def _is_envelope(kind: object) -> bool:
    return ENVELOPE in kind if isinstance(kind, list) else kind == ENVELOPE


def _refuse(code: str, message: str) -> NoReturn:
    raise JwsInvalid(code, message)
