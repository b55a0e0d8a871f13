"""A certificate of one's own for TLS on loopback, kept in the data folder."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from app.private_file import create_private

_LIFE = timedelta(days=90)
_RENEWED_BEFORE = timedelta(days=7)
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_PEM = serialization.Encoding.PEM


@dataclass(frozen=True)
class CertificateFiles:
    """Where the certificate and its secret key stand, both as PEM."""

    certificate: Path
    key: Path


def self_signed(folder: Path, now: datetime) -> CertificateFiles:
    """Give the certificate of a data folder; it is made anew a week before it runs out.

    It stands for this machine's loopback names alone. Whoever connects must be told to trust the file
    `DIR/tls/certificate.pem`.
    """
    files = CertificateFiles(folder / "tls" / "certificate.pem", folder / "tls" / "key.pem")
    if not _is_good(files, now):
        _make(files, now)
    return files


def _is_good(files: CertificateFiles, now: datetime) -> bool:
    try:
        certificate = x509.load_pem_x509_certificate(files.certificate.read_bytes())
        key = serialization.load_pem_private_key(files.key.read_bytes(), None)
    except (OSError, ValueError):
        return False
    fits = key.public_key() == certificate.public_key()
    return fits and now < certificate.not_valid_after_utc - _RENEWED_BEFORE


def _make(files: CertificateFiles, now: datetime) -> None:
    files.certificate.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = ec.generate_private_key(ec.SECP256R1())
    files.key.unlink(missing_ok=True)
    written = key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    create_private(files.key, written.decode())
    files.certificate.write_bytes(_certificate(key, now).public_bytes(_PEM))


def _certificate(key: ec.EllipticCurvePrivateKey, now: datetime) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Testamur on loopback")])
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + _LIFE)
        .add_extension(x509.SubjectAlternativeName([_named(one) for one in _LOOPBACK]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _named(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)
