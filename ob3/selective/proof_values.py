"""The two proof values of `ecdsa-sd-2023`: the base proof for the holder, the derived proof for a reader.

Each is a list of five parts in CBOR behind three header bytes, in multibase base64url. Whatever is not
exactly that, in its one canonical spelling, is refused before anything is computed with it: other types,
tags, lengths left open, members twice, other lengths, bytes behind the end.
Source: VC-DI-ECDSA 1.0, section 3.5, serializeBaseProofValue, parseBaseProofValue, serializeDerivedProofValue
and parseDerivedProofValue; RFC 8949, section 4.2.1 (deterministic encoding).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NoReturn

import cbor2

from keys import KeysError, PublicKey
from keys.multibase import multibase_decode, multibase_encode
from ob3.errors import ProofInvalid, TooMuchWork

MOST_STATEMENTS = 1_000  # signatures that are made or checked for one document
_LONGEST_TEXT = 256 * 1024  # characters; room for that many signatures and pointers
_MOST_POINTERS = 1_000

_BASE, _DERIVED = b"\xd9\x5d\x00", b"\xd9\x5d\x01"
_PARTS = 5
_DEEPEST = 3
_SIGNATURE_LENGTH = 64
_DIGEST_LENGTH = 32
_P256_PREFIX = b"\x80\x24"  # Multicodec p256-pub


@dataclass(frozen=True)
class BaseProof:
    """What an issuer gives to the holder alone; with `hmac_key` every label of the document can be told."""

    base_signature: bytes
    public_key: PublicKey
    hmac_key: bytes
    signatures: tuple[bytes, ...]
    mandatory_pointers: tuple[str, ...]

    def write(self) -> str:
        """Write the proof value of the holder's own copy."""
        return _write(
            _BASE,
            [
                self.base_signature,
                multikey_bytes(self.public_key),
                self.hmac_key,
                list(self.signatures),
                list(self.mandatory_pointers),
            ],
        )

    @classmethod
    def read(cls, text: object) -> BaseProof:
        """Read a proof value; raises ProofInvalid (`not_a_base_proof`, `malformed_proof_value`)."""
        header, data = _header(text)
        if header == _DERIVED:
            raise ProofInvalid(
                "not_a_base_proof",
                "The credential is a selection already; only the holder's own copy can be selected from.",
                "/proof/proofValue",
            )
        if header != _BASE:
            _malformed("does not begin as a base proof does")
        base_signature, public_key, hmac_key, signatures, pointers = _parts(data)
        return cls(
            base_signature=_bytes(base_signature, _SIGNATURE_LENGTH),
            public_key=_public_key(public_key),
            hmac_key=_bytes(hmac_key, _DIGEST_LENGTH),
            signatures=_signatures(signatures),
            mandatory_pointers=tuple(_each(pointers, str, _MOST_POINTERS)),
        )


@dataclass(frozen=True)
class DerivedProof:
    """What a holder gives to a reader; `labels` maps numbers of canonical labels to secret ones."""

    base_signature: bytes
    public_key: PublicKey
    signatures: tuple[bytes, ...]
    labels: Mapping[int, bytes]
    mandatory_indexes: tuple[int, ...]

    def write(self) -> str:
        """Write the proof value of a selection."""
        return _write(
            _DERIVED,
            [
                self.base_signature,
                multikey_bytes(self.public_key),
                list(self.signatures),
                dict(self.labels),
                list(self.mandatory_indexes),
            ],
        )

    @classmethod
    def read(cls, text: object) -> DerivedProof:
        """Read a proof value; raises ProofInvalid (`base_proof`, `malformed_proof_value`) and TooMuchWork."""
        header, data = _header(text)
        if header == _BASE:
            raise ProofInvalid(
                "base_proof",
                "This is the holder's own copy, from which selections are made; it is not meant to be shown. "
                "Ask the holder for a selection made from it.",
                "/proof/proofValue",
            )
        if header != _DERIVED:
            _malformed("does not begin as a derived proof does")
        base_signature, public_key, signatures, labels, indexes = _parts(data)
        return cls(
            base_signature=_bytes(base_signature, _SIGNATURE_LENGTH),
            public_key=_public_key(public_key),
            signatures=_signatures(signatures),
            labels=_labels(labels),
            mandatory_indexes=_indexes(indexes),
        )


def multikey_bytes(key: PublicKey) -> bytes:
    """Give a P-256 key as the bytes of its Multikey, as they are signed."""
    return _P256_PREFIX + key.raw


def _write(header: bytes, parts: list[Any]) -> str:
    return multibase_encode(header + cbor2.dumps(parts, canonical=True), "u")


def _header(text: object) -> tuple[bytes, bytes]:
    """Split a proof value after its multibase letter is known to be `u` and its spelling the only one."""
    if not isinstance(text, str) or not text.startswith("u"):
        _malformed("is not base64url with its leading u")
    if len(text) > _LONGEST_TEXT:
        raise TooMuchWork("proof_value_size", "The proof value is longer than is read.")
    try:
        data = multibase_decode(text)
    except KeysError as error:
        raise _fault("is not base64url without padding") from error
    return data[: len(_BASE)], data[len(_BASE) :]


def _parts(data: bytes) -> list[Any]:
    """Read five parts of CBOR, in the canonical encoding only."""
    try:
        parts = cbor2.loads(
            data,
            max_depth=_DEEPEST,
            allow_indefinite=False,
            allow_duplicate_keys=False,
            semantic_decoders=_NoTags(),
        )
        again = cbor2.dumps(parts, canonical=True)
    except (cbor2.CBORError, ValueError, TypeError, RecursionError) as error:
        raise _fault("is not readable CBOR") from error
    if not isinstance(parts, list) or len(parts) != _PARTS or again != data:
        _malformed("is not five parts in canonical CBOR")
    return parts


class _NoTags(Mapping[int, Callable[..., Any]]):
    """A decoder for every tag, which refuses: tags would build dates, patterns and numbers of any size."""

    def __getitem__(self, tag: int) -> Callable[..., Any]:
        return _refuse_tag

    def __iter__(self) -> Iterator[int]:
        return iter(())

    def __len__(self) -> int:
        return 0


def _refuse_tag(*_: object) -> NoReturn:
    raise ValueError("a tag")


def _public_key(value: object) -> PublicKey:
    """Read the bytes of a Multikey; with another prefix they are no P-256 key of its one length."""
    data = _bytes(value, len(_P256_PREFIX) + 33)
    try:
        return PublicKey(raw=data.removeprefix(_P256_PREFIX), algorithm="P-256")
    except KeysError as error:
        raise _fault("holds bytes that are no key for P-256") from error


def _bytes(value: object, length: int) -> bytes:
    if type(value) is not bytes or len(value) != length:
        _malformed(f"has a part that is not {length} bytes")
    return value


def _signatures(value: object) -> tuple[bytes, ...]:
    return tuple(_bytes(one, _SIGNATURE_LENGTH) for one in _each(value, bytes, MOST_STATEMENTS))


def _labels(value: object) -> dict[int, bytes]:
    if type(value) is not dict:
        _malformed("has no map of labels")
    _each(list(value), int, MOST_STATEMENTS)
    return {number: _bytes(digest, _DIGEST_LENGTH) for number, digest in value.items()}


def _indexes(value: object) -> tuple[int, ...]:
    indexes = tuple(_each(value, int, MOST_STATEMENTS))
    if any(index < 0 for index in indexes) or any(a >= b for a, b in pairwise(indexes)):
        _malformed("names mandatory statements twice or out of order")
    return indexes


def _each(value: object, kind: type[Any], most: int) -> list[Any]:
    """Give the items of a list, all of exactly one type: a truth value is no number."""
    if type(value) is not list or any(type(one) is not kind for one in value):
        _malformed("has a part of another kind than it must be")
    if len(value) > most:
        raise TooMuchWork("proof_value_size", f"The proof value has a part of more than {most} items.")
    return value


def _fault(what: str) -> ProofInvalid:
    return ProofInvalid("malformed_proof_value", f"The proof value {what}.", "/proof/proofValue")


def _malformed(what: str) -> NoReturn:
    raise _fault(what)
