"""Seal a document as the European Digital Credentials of the Commission are sealed: JAdES, baseline B.

The seal is a JWS in the general JSON serialisation with the payload as it is (`b64` false, RFC 7797): a
reader of JSON finds the document as one text, and those bytes are what was signed. Kept apart from `ob3.jws`,
which refuses every header parameter that a seal needs.
"""

from __future__ import annotations

import base64
import copy
import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from keys import Signer
from keys.certificates import CertificateChain
from keys.multibase import base64url_encode
from microcredential import vocabulary
from microcredential.elm.writer import Writer, present
from microcredential.errors import MicroCredentialError
from ob3 import strict_json

ALGORITHMS: Mapping[str, str] = {"P-256": "ES256", "RSA": "RS256"}
# From then on the time of signing is `iat` and no longer `sigT` (ETSI TS 119 182-1 V1.2.1, 5.1.11 and 5.2.1).
_IAT_SINCE = datetime(2025, 7, 15, tzinfo=UTC)


def seal(
    document: dict[str, Any], *, signer: Signer, certificate_chain: CertificateChain, signed_at: datetime
) -> dict[str, Any]:
    """Give the sealed document: `payload`, the exact text that was signed, and `signatures`, one.

    `signer` has a key for P-256 (ES256) or RSA (RS256), the one of the chain's first certificate; `signed_at`
    is an aware time at which that certificate is valid. Raises MicroCredentialError `seal_algorithm`,
    `seal_certificate_expired`, `seal_mismatch`, and JsonRefused for a document that cannot be written.
    Source: ETSI TS 119 182-1 V1.2.1, clauses 5.1, 5.2 and 6.3; RFC 7515, 7.2.1; RFC 7797.
    """
    _check(signer, certificate_chain, signed_at)
    payload = strict_json.dump(document)
    header = _header(signer.algorithm, certificate_chain, signed_at)
    protected = base64url_encode(strict_json.dump(header).encode())
    signing_input = f"{protected}.{payload}".encode()
    signature = signer.sign(signing_input)
    if not certificate_chain.public_key.verify(signature, signing_input):
        raise MicroCredentialError(
            "seal_mismatch",
            "The key of the seal is not the one in the certificate.",
            fix="Give the certificate that was made for this key, first in its file.",
        )
    return {
        "payload": payload,
        "signatures": [{"protected": protected, "signature": base64url_encode(signature)}],
    }


def with_legal_identifier(document: dict[str, Any], certificate_chain: CertificateChain) -> dict[str, Any]:
    """Give the document with the issuer's legal identifier as the certificate states it, where it does.

    The application profile asks every issuer for one, and no badge has it.
    """
    notation, country = certificate_chain.organization_identifier, certificate_chain.country
    known = vocabulary.countries().get(country)
    issuer = document.get("issuer")
    if not notation or known is None or not isinstance(issuer, dict) or "eIDASIdentifier" in issuer:
        return document
    writer = Writer(language="en")
    identifier = {
        "id": writer.new_id("legalIdentifier"),
        "type": "LegalIdentifier",
        "notation": notation,
        "spatial": writer.known_concept(known.iri),
    }
    identified = copy.deepcopy(document)
    identified["issuer"]["eIDASIdentifier"] = identifier
    return identified


def _check(signer: Signer, chain: CertificateChain, signed_at: datetime) -> None:
    if signer.algorithm not in ALGORITHMS or signer.algorithm != chain.public_key.algorithm:
        raise MicroCredentialError(
            "seal_algorithm",
            "A seal is made with a key for P-256 or RSA, of the same kind as in its certificate.",
            fix="Give a key and the certificate that was made for it.",
        )
    if not chain.valid_from <= signed_at <= chain.valid_until:
        raise MicroCredentialError(
            "seal_certificate_expired",
            f"The certificate of the seal is valid from {chain.valid_from:%Y-%m-%d} to"
            f" {chain.valid_until:%Y-%m-%d}, not at the time of sealing.",
            fix="Seal with a certificate that is valid now.",
        )


def _header(algorithm: str, chain: CertificateChain, signed_at: datetime) -> dict[str, Any]:
    """Give the protected header; every parameter that changes how the seal is read is named in `crit`."""
    is_late = signed_at >= _IAT_SINCE
    written = signed_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return present(
        {
            "alg": ALGORITHMS[algorithm],
            "typ": "jose+json",
            "cty": "ld+json",
            "x5t#S256": base64url_encode(hashlib.sha256(chain.certificates[0]).digest()),
            "x5c": [base64.b64encode(one).decode("ascii") for one in chain.certificates],
            "iat": int(signed_at.timestamp()) if is_late else None,
            "sigT": None if is_late else written,
        }
    ) | {"b64": False, "crit": ["b64"] if is_late else ["b64", "sigT"]}
