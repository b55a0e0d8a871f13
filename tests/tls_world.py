"""A certificate authority of the tests' own, and a server of ours behind TLS on loopback."""

import datetime
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from loopback import served

_PEM = serialization.Encoding.PEM


def certificate(subject, *, issuer=None, issuer_key=None):
    """Make a certificate and its key: self-signed for an authority, else signed by one for a host name."""
    now = datetime.datetime.now(datetime.UTC)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer.subject if issuer else name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
    )
    if issuer:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(subject)]), critical=False)
    return builder.sign(issuer_key or key, hashes.SHA256()), key


def _written(folder: Path, host: str, authority) -> tuple[Path, Path]:
    leaf, key = certificate(host, issuer=authority[0], issuer_key=authority[1])
    (folder / "cert.pem").write_bytes(leaf.public_bytes(_PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder / "cert.pem", folder / "key.pem"


@contextmanager
def served_over_tls(app, host: str, folder: Path) -> Iterator[tuple[int, ssl.SSLContext]]:
    """Serve a WSGI application for `host`; give the loopback port and what trusts its certificate."""
    authority = certificate("Test authority")
    cert, key = _written(folder, host, authority)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    client = ssl.create_default_context()
    client.load_verify_locations(cadata=authority[0].public_bytes(_PEM).decode())
    with served(app, ssl_context=context) as port:
        yield port, client
