"""ECDSA on P-256 with SHA-256 and on P-384 with SHA-384, signatures as r and s side by side (IEEE P1363).

Signing is deterministic (RFC 6979): doing it again gives the same bytes, as it does with Ed25519.
"""

from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, HashAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from keys.errors import KeysError


@dataclass(frozen=True)
class Curve:
    """One curve with its hash; `size` is the length of a coordinate, of r and of s, in bytes."""

    name: str
    curve: ec.EllipticCurve
    hash: HashAlgorithm
    size: int
    order: int

    def check_public(self, raw: bytes) -> None:
        """Refuse what is no compressed point of the curve; raises KeysError `malformed_key`."""
        if len(raw) != self.size + 1 or raw[0] not in (2, 3):
            raise KeysError(
                "malformed_key", f"A {self.name} public key must have {self.size + 1} bytes, compressed."
            )
        self._point(raw)

    def verify(self, raw: bytes, signature: bytes, data: bytes) -> bool:
        """Say whether r and s, side by side, are the key's signature of the data."""
        if len(signature) != 2 * self.size:
            return False
        r, s = (int.from_bytes(half) for half in (signature[: self.size], signature[self.size :]))
        try:
            self._point(raw).verify(encode_dss_signature(r, s), data, ec.ECDSA(self.hash))
        except InvalidSignature:
            return False
        return True

    def generate(self) -> bytes:
        """Give a new secret number as bytes."""
        return ec.generate_private_key(self.curve).private_numbers().private_value.to_bytes(self.size)

    def expand(self, seed: bytes) -> tuple[bytes, ec.EllipticCurvePrivateKey] | None:
        """Give the compressed public point and the secret of a number; None for one out of range."""
        if len(seed) != self.size or not 0 < int.from_bytes(seed) < self.order:
            return None
        secret = ec.derive_private_key(int.from_bytes(seed), self.curve)
        return secret.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint), secret

    def sign(self, secret: ec.EllipticCurvePrivateKey, data: bytes) -> bytes:
        """Give r and s side by side."""
        r, s = decode_dss_signature(secret.sign(data, ec.ECDSA(self.hash, deterministic_signing=True)))
        return r.to_bytes(self.size) + s.to_bytes(self.size)

    def coordinates(self, raw: bytes) -> tuple[bytes, bytes]:
        """Give x and y of a compressed point."""
        numbers = self._point(raw).public_numbers()
        return numbers.x.to_bytes(self.size), numbers.y.to_bytes(self.size)

    def compressed(self, x: bytes, y: bytes) -> bytes:
        """Give the compressed point of two coordinates; raises KeysError `malformed_key`."""
        if len(x) != self.size or len(y) != self.size:
            raise KeysError(
                "malformed_key", f"A coordinate of a {self.name} key must have {self.size} bytes."
            )
        return self._point(b"\x04" + x + y).public_bytes(Encoding.X962, PublicFormat.CompressedPoint)

    def _point(self, encoded: bytes) -> ec.EllipticCurvePublicKey:
        try:
            return ec.EllipticCurvePublicKey.from_encoded_point(self.curve, encoded)
        except ValueError as error:
            raise KeysError("malformed_key", f"A {self.name} public key is no point of the curve.") from error


# the orders of the groups: NIST SP 800-186, sections 3.2.1.3 and 3.2.1.4
P256 = Curve(
    "P-256",
    ec.SECP256R1(),
    SHA256(),
    32,
    0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
)
P384 = Curve(
    "P-384",
    ec.SECP384R1(),
    SHA384(),
    48,
    0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
)
