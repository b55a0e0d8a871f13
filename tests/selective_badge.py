"""A badge with much to select from, signed so that parts of it can be shown, and the keys to it."""

from plain_badge import badge

from keys import SecretKey
from ob3.selective import ECDSA_SD_2023, derive
from ob3.selective.material import ProofMaterial

KEY = SecretKey.from_seed(bytes(range(1, 33)), "P-256")
ANOTHER = SecretKey.from_seed(bytes(range(2, 34)), "P-256")
MATERIAL = ProofMaterial(bytes(range(32)), SecretKey.from_seed(bytes(range(3, 35)), "P-256"))
MANDATORY = ("/issuer", "/validFrom", "/credentialSubject/achievement/name")
OPTIONS = {
    "type": "DataIntegrityProof",
    "cryptosuite": "ecdsa-sd-2023",
    "created": "2026-07-03T02:00:00Z",
    "verificationMethod": KEY.signer().id,
    "proofPurpose": "assertionMethod",
}


def rich_badge():
    """Give a fresh badge with lists, unnamed parts, an ordered list and an endorsement with its own proof."""
    document = badge(
        evidence=[
            {"type": ["Evidence"], "name": "A diary", "narrative": "Kept for a month."},
            {"type": ["Evidence"], "name": "A film", "narrative": "Shot in a day."},
            {"id": "https://work.example/3", "type": ["Evidence"], "name": "A map"},
        ],
        endorsement=[
            {
                "@context": badge()["@context"],
                "id": "urn:uuid:0c7f6b0e-4d55-4d3c-8d1c-6c1b0a7f2a11",
                "type": ["VerifiableCredential", "EndorsementCredential"],
                "issuer": {"id": "did:example:board", "type": ["Profile"]},
                "validFrom": "2026-07-04T02:00:00Z",
                "credentialSubject": {
                    "id": "https://badges.example.edu/achievements/1",
                    "type": ["EndorsementSubject"],
                    "endorsementComment": "A good course.",
                },
                "proof": [{**OPTIONS, "cryptosuite": "eddsa-rdfc-2022", "proofValue": "z3"}],
            }
        ],
    )
    subject = document["credentialSubject"]
    subject["id"] = "did:example:learner"
    subject["result"] = [
        {"type": ["Result"], "value": "1,3", "status": "Completed"},
        {"type": ["Result"], "value": "17"},
    ]
    subject["achievement"]["tag"] = ["maps", "walking", "compass"]
    subject["achievement"]["resultDescription"] = [
        {
            "id": "https://badges.example.edu/achievements/1/grade",
            "type": ["ResultDescription"],
            "name": "Grade",
            "resultType": "LetterGrade",
            "allowedValue": ["A", "B", "C"],
        }
    ]
    return document


def signed(document=None, *, mandatory=MANDATORY, material=MATERIAL, signer=None, **more):
    """Give a document with a base proof, by default with fixed numbers, so that every run is the same."""
    document = rich_badge() if document is None else document
    value = ECDSA_SD_2023.sign(
        document, OPTIONS, signer or KEY.signer(), mandatory_pointers=mandatory, material=material, **more
    )
    return {**document, "proof": {**OPTIONS, "proofValue": value}}


def shown(*pointers, document=None, **more):
    """Give what a holder shows with these pointers."""
    return derive(signed(document, **more), selective_pointers=pointers)


def check(document, *, key=None, **more):
    """Check a selection, or raise."""
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    ECDSA_SD_2023.check(unsecured, document["proof"], (key or KEY).public_key, **more)
