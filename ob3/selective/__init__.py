"""Selective disclosure: credentials of which the holder shows a part (cryptosuite `ecdsa-sd-2023`)."""

from ob3.selective.deriving import derive
from ob3.selective.mandatory import mandatory_pointers_of
from ob3.selective.suite import ECDSA_SD_2023

__all__ = ["ECDSA_SD_2023", "derive", "mandatory_pointers_of"]
