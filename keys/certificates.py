"""Read what an institution seals with: a secret key in PEM and the X.509 certificates that name it."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.oid import NameOID

from keys.ecdsa import P256
from keys.errors import KeysError
from keys.public_key import PublicKey
from keys.secret_key import SecretKey

LARGEST_PEM = 256 * 1024  # bytes
_LONGEST_CHAIN = 10
_SEALS = ("P-256", "RSA")
# What the reader of certificates raises for bad ones; it only warns of a few that RFC 5280 forbids.
_UNREADABLE = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
    CryptographyDeprecationWarning,
)


@dataclass(frozen=True, kw_only=True)
class CertificateChain:
    """Hold certificates in DER, the sealer's own first, each signed by the next, and what its own says.

    `organization_identifier` (ETSI EN 319 412-1, 5.1.4: `VATES-B12345678`) and `country` are empty where the
    certificate has none. Whether anybody trusts the last one is for the reader of a seal to say.
    """

    certificates: tuple[bytes, ...]
    public_key: PublicKey
    valid_from: datetime
    valid_until: datetime
    organization_identifier: str
    country: str


def read_seal_key(pem: bytes, *, passphrase: bytes | None = None) -> SecretKey:
    """Read a key for P-256 or RSA from PEM (PKCS #8), locked by a passphrase or not.

    Raises KeysError `malformed_key`, `key_locked` or `unsupported_key`, none with anything secret.
    """
    try:
        key = load_pem_private_key(pem, passphrase)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        locked = b"ENCRYPTED" in pem
        del pem, passphrase  # a traceback that prints local variables must not find them here
        code, word = ("key_locked", "opened with this passphrase") if locked else ("malformed_key", "read")
        raise KeysError(code, f"The key of the seal cannot be {word}.") from error.with_traceback(None)
    if isinstance(key, rsa.RSAPrivateKey):
        return SecretKey.from_seed(
            key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()), algorithm="RSA"
        )
    if isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1):
        return SecretKey.from_seed(key.private_numbers().private_value.to_bytes(P256.size), algorithm="P-256")
    raise KeysError("unsupported_key", f"A seal is made with a key for {' or '.join(_SEALS)}.")


def read_chain(pem: bytes) -> CertificateChain:
    """Read the certificates of a seal from PEM, the sealer's own first.

    Raises KeysError `malformed_certificate`, `broken_chain`, `certificate_usage`, `unsupported_key` or
    `weak_key`.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", CryptographyDeprecationWarning)
            return _chain(x509.load_pem_x509_certificates(pem))
    except _UNREADABLE as error:
        raise KeysError("malformed_certificate", "The certificate of the seal cannot be read.") from error


def _chain(chain: list[x509.Certificate]) -> CertificateChain:
    own = chain[0]
    _check_usage(own)
    return CertificateChain(
        certificates=tuple(_linked(chain)),
        public_key=_public_key(own),
        valid_from=own.not_valid_before_utc,
        valid_until=own.not_valid_after_utc,
        organization_identifier=_attribute(own, NameOID.ORGANIZATION_IDENTIFIER),
        country=_attribute(own, NameOID.COUNTRY_NAME),
    )


def _linked(chain: list[x509.Certificate]) -> list[bytes]:
    if len(chain) > _LONGEST_CHAIN:
        raise KeysError("broken_chain", f"The chain has more than {_LONGEST_CHAIN} certificates.")
    for below, above in pairwise(chain):
        try:
            below.verify_directly_issued_by(above)
        except (ValueError, TypeError, InvalidSignature) as error:
            raise KeysError(
                "broken_chain", "A certificate of the chain is not signed by the one after it."
            ) from error
    return [one.public_bytes(Encoding.DER) for one in chain]


def _check_usage(own: x509.Certificate) -> None:
    """Refuse a certificate that may not sign documents; one that says nothing may."""
    try:
        usage = own.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not (usage.digital_signature or usage.content_commitment):
        raise KeysError("certificate_usage", "The first certificate is not one for signing documents.")


def _public_key(own: x509.Certificate) -> PublicKey:
    key = own.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return PublicKey(raw=key.public_bytes(Encoding.DER, PublicFormat.PKCS1), algorithm="RSA")
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        return PublicKey(raw=key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint), algorithm="P-256")
    raise KeysError("unsupported_key", f"A seal is made with a key for {' or '.join(_SEALS)}.")


def _attribute(own: x509.Certificate, oid: x509.ObjectIdentifier) -> str:
    found = own.subject.get_attributes_for_oid(oid)
    return str(found[0].value) if found else ""
