"""Keys and certificates of an institution's seal, made for the tests alone."""

import functools
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@functools.cache
def secret(kind, number=0):
    """Give a secret key of a kind; each number another one."""
    if kind == "RSA":
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    if kind == "Ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    return ec.generate_private_key({"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1()}[kind])


def key_pem(kind, number=0, passphrase=None):
    encryption = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    return secret(kind, number).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)


def certificate(kind, *, number=0, by=None, starts=NOW - timedelta(days=30), days=365, signing=True):
    """Give a certificate for the key, signed by `by` (a certificate and a key), else by itself."""
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, f"Example University {number}"),
            x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, "NTRVN-0123456"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Seal {kind} {number}"),
        ]
    )
    issuer, signing_key = (by[0].subject, by[1]) if by else (name, secret(kind, number))
    usage = x509.KeyUsage(
        digital_signature=signing,
        content_commitment=False,
        key_encipherment=not signing,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(secret(kind, number).public_key())
        .serial_number(1_000 + number)
        .not_valid_before(starts)
        .not_valid_after(starts + timedelta(days=days))
        .add_extension(usage, critical=True)
        .sign(signing_key, SHA256())
    )


@functools.cache
def authority():
    """Give the certificate and the key of an authority that issues seals."""
    return certificate("P-256", number=99), secret("P-256", 99)


@functools.cache
def chain_pem(kind, **options):
    """Give the chain of a seal: its own certificate and that of the authority."""
    above = authority()
    return b"".join(
        one.public_bytes(Encoding.PEM) for one in (certificate(kind, by=above, **options), above[0])
    )


def pem(one):
    return one.public_bytes(Encoding.PEM)
