"""Do one kind of work so many times, for callgrind; what is made once is made before, whatever the work."""

import json
import sys
import uuid
from itertools import count
from pathlib import Path

from keys import SecretKey
from microcredential import context
from ob3 import BatchSigner, add_proof, verify_proof
from ob3.strict_json import parse

CREATED = "2026-07-03T02:00:00Z"
KEY = SecretKey.from_seed(b"a key whose work is counted.....")
_SECURED = json.loads((Path(__file__).parent / "app/credential.json").read_text("utf-8"))
DOCUMENT = {name: one for name, one in _SECURED.items() if name != "proof"}
CONTEXTS = {DOCUMENT["@context"][-1]: context()}
_VERIFIED = 10
_LEARNED = 10  # a shape is known after some credentials
_BATCH = BatchSigner(KEY.signer(), extra_contexts=CONTEXTS)
_NUMBERS = count()


def _fresh():
    return {**DOCUMENT, "id": f"urn:uuid:{uuid.UUID(int=next(_NUMBERS), version=4)}"}


def copy():
    """Do what the others are measured by."""
    json.loads(json.dumps(DOCUMENT))


def sign():
    """Sign the credential of another learner."""
    return add_proof(_fresh(), signer=KEY.signer(), created=CREATED, extra_contexts=CONTEXTS)


def sign_of_a_batch():
    """Sign it as one of many alike."""
    return _BATCH.secured(_fresh(), created=CREATED)


def verify():
    """Read the text of another credential and verify its proof."""
    verify_proof(parse(next(_TEXTS)), verification_key=KEY.public_key, extra_contexts=CONTEXTS)


WORK = {work.__name__: work for work in (copy, sign, sign_of_a_batch, verify)}

if __name__ == "__main__":
    for _ in range(_LEARNED):
        sign_of_a_batch()
    # what a template signed was not canonicalised, so no form of it is remembered
    _TEXTS = iter([sign_of_a_batch() for _ in range(_VERIFIED)])
    copy()
    verify()
    for _ in range(int(sys.argv[2])):
        WORK[sys.argv[1]]()
