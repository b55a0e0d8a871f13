"""The forms in which an institution may secure its credentials, and the key that each of them needs."""

from collections.abc import Mapping
from enum import StrEnum


class ProofForm(StrEnum):
    """How a credential is secured: a Data Integrity proof by its cryptosuite, or a signed token (VC-JWT).

    Source: Open Badges 3.0, "Proofs (Signatures)"; VC-DI-EdDSA 1.0; VC-DI-ECDSA 1.0; RFC 7518, section 3.1.
    """

    EDDSA_RDFC_2022 = "eddsa-rdfc-2022"
    EDDSA_JCS_2022 = "eddsa-jcs-2022"
    ECDSA_RDFC_2019_P256 = "ecdsa-rdfc-2019-p256"
    ECDSA_RDFC_2019_P384 = "ecdsa-rdfc-2019-p384"
    ECDSA_JCS_2019_P256 = "ecdsa-jcs-2019-p256"
    ECDSA_SD_2023 = "ecdsa-sd-2023"
    JWT_EDDSA = "jwt-eddsa"
    JWT_ES256 = "jwt-es256"
    JWT_RS256 = "jwt-rs256"

    @property
    def algorithm(self) -> str:
        """Give the kind of key that it needs, a name of `keys.algorithms`."""
        return _ALGORITHMS[self]

    @property
    def is_token(self) -> bool:
        """Tell whether the credential is a signed token and has no proof inside."""
        return self.value.startswith("jwt-")

    @property
    def cryptosuite(self) -> str | None:
        """Give the cryptosuite of the proof, None for a token."""
        return None if self.is_token else self.value.removesuffix("-p256").removesuffix("-p384")

    @property
    def is_selective(self) -> bool:
        """Tell whether the holder may show a part: what is stored is then for the holder alone."""
        return self is ProofForm.ECDSA_SD_2023


DEFAULT_FORM = ProofForm.EDDSA_RDFC_2022  # the one that every certified reader must read

_ALGORITHMS: Mapping[ProofForm, str] = {
    ProofForm.EDDSA_RDFC_2022: "Ed25519",
    ProofForm.EDDSA_JCS_2022: "Ed25519",
    ProofForm.ECDSA_RDFC_2019_P256: "P-256",
    ProofForm.ECDSA_RDFC_2019_P384: "P-384",
    ProofForm.ECDSA_JCS_2019_P256: "P-256",
    ProofForm.ECDSA_SD_2023: "P-256",
    ProofForm.JWT_EDDSA: "Ed25519",
    ProofForm.JWT_ES256: "P-256",
    ProofForm.JWT_RS256: "RSA",
}
