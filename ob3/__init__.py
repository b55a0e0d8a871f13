"""The Open Badges 3.0 document: contexts, canonical form, proofs, status lists, schemas and baking.

Nothing here knows a network, a database or a clock; documents come in and go out as JSON values.
"""

from ob3.baking import bake, unbake
from ob3.batch.signer import BatchSigner
from ob3.canonical import canonicalize
from ob3.errors import Ob3Error
from ob3.frozen_contexts import FrozenContexts
from ob3.learning_contexts import LearningContexts
from ob3.proof import Verified, add_proof, verify_proof
from ob3.status_list import BitstringStatusList

__all__ = [
    "BatchSigner",
    "BitstringStatusList",
    "FrozenContexts",
    "LearningContexts",
    "Ob3Error",
    "Verified",
    "add_proof",
    "bake",
    "canonicalize",
    "unbake",
    "verify_proof",
]
