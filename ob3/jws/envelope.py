"""Credentials and presentations in an envelope: a JSON object whose id holds the signed token.

VCDM 2.0, section 4.13.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn

from ob3.contexts import VC2
from ob3.jws.compact import JwsInvalid

# what each kind of envelope holds, by the start of its id
_ENVELOPES = {
    "EnvelopedVerifiableCredential": "data:application/vc+jwt,",
    "EnvelopedVerifiablePresentation": "data:application/vp+jwt,",
}
_MEMBERS = frozenset({"@context", "id", "type"})
_OTHERS = tuple(f"data:application/{kind}+{form}" for kind in ("vc", "vp") for form in ("sd-jwt", "cose"))


def enveloped_token(document: object) -> str | None:
    """Give the token in an EnvelopedVerifiableCredential or EnvelopedVerifiablePresentation, unread; None for
    anything that is no envelope.

    Nothing but `@context`, `id` and `type` may stand in an envelope, for no signature covers it.
    Raises JwsInvalid `malformed_envelope`, or `unsupported_envelope` for selective disclosure and COSE.
    """
    start = _start(document.get("type")) if isinstance(document, Mapping) else None
    if start is None or not isinstance(document, Mapping):
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
    if not address.lower().startswith(start):
        _refuse("malformed_envelope", "The id of the envelope is not a data: address of its signed token.")
    return address[len(start) :]


def _start(kind: object) -> str | None:
    named = kind if isinstance(kind, list) else [kind]
    return next((start for name, start in _ENVELOPES.items() if name in named), None)


def _refuse(code: str, message: str) -> NoReturn:
    raise JwsInvalid(code, message)
