"""Sealing: a batch is signed by a template, to the same bytes as one by one."""

from datetime import UTC, datetime

import pytest
from batched import learner

from issuer.proof_forms import ProofForm
from issuer.sealing import Seal
from issuer.shown_text import own_contexts
from keys import SecretKey
from ob3 import Ob3Error, add_proof
from ob3.batch import signer as signing
from ob3.strict_json import dump

KEY = SecretKey.from_seed(bytes(range(32)))
BASE = "https://badges.example.edu"
NOW = datetime(2026, 7, 3, 2, 0, tzinfo=UTC)
STAMP = "2026-07-03T02:00:00Z"


def own_seal():
    return Seal(
        form=ProofForm.EDDSA_RDFC_2022,
        signer=KEY.signer(),
        kid=KEY.signer().id,
        public_key=KEY.public_key,
        base_url=BASE,
    )


@pytest.fixture
def ordinary(monkeypatch):
    """Count what is signed in the ordinary way."""
    signed = []

    def counted(credential, **options):
        signed.append(credential)
        return add_proof(credential, **options)

    monkeypatch.setattr(signing, "add_proof", counted)
    return signed


def test_a_sealed_batch_has_the_bytes_of_single_signatures(ordinary):
    seal = own_seal()
    for number in range(20):
        text = seal.secure(learner(number), created=NOW)
        alone = add_proof(
            learner(number), signer=KEY.signer(), created=STAMP, extra_contexts=own_contexts(BASE)
        )
        assert text == dump({**alone, "proof": [alone["proof"]]})
        seal.read_back(text, learner(number))
    assert len(ordinary) == 7


def test_what_cannot_be_signed_is_refused_in_a_batch_as_alone(ordinary):
    seal = own_seal()
    for number in range(3):
        seal.secure(learner(number), created=NOW)
    with pytest.raises(Ob3Error) as refused:
        seal.secure({**learner(4), "name": "bell \x07"}, created=NOW)
    assert refused.value.code == "control_character"


def test_the_issuer_lints_and_signs_a_class_by_templates(office, ordinary):
    office.ready()
    issued = office.issue(30).credentials
    assert len(issued) == 30
    assert len(ordinary) <= 2 * 7  # signatures of the lint, and of the institution
    for urn in issued:
        record = office.issuer.credential(urn)
        assert office.verified(record).verdict == "valid"
