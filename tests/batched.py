"""A batch to be signed both ways: credentials of one shape, and a signer that counts the ordinary ones."""

import copy
import json
import random
from contextlib import suppress

import pytest
from plain_badge import badge

from keys import SecretKey
from ob3 import BatchSigner, Ob3Error, add_proof, verify_proof
from ob3.batch import shapes
from ob3.batch import signer as signing
from ob3.strict_json import dump, parse

KEY = SecretKey.from_seed(bytes(range(32)))
CREATED = "2026-07-03T02:00:00Z"

# Each text may stand at each place below; those that are no IRIs are refused as ids.
TEXTS = (
    'He said "no" \\ twice',
    "two\nlines\r\nand a\ttab",
    "ນາງ ສຸພາພອນ",
    "Nguyễn Thị Minh Anh",
    "e\u0301 \u00e9",
    "🎓👩\u200d🎓",
    "\ue000 before \U0001f393",
    "_:b0",
    '" .\n_:c14n0 <https://example.org/p> "x',
    "%s %d %% {0}",
    "",
    " ",
    "\u2028",
    "https://w3.org/not an iri",
    "relative",
    "Profile",
    "Completed",
    "2026-07-03T02:00:00Z",
    "3.0",
    "42",
    "uEiAk7e98QFVk7-Vsv6pV6efL4hFZxjBiFHWeg9NOzGBHtw",
)
REFUSED = ("\x85", "\x7f", "\x00", "\ud800", "\udc00", "\ufffe")
IRIS = (
    "did:example:learner",
    "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp",
    "https://badges.example.edu/achievements/1",
    "https://badges.example.edu/achievements/%41#ž",
    "http://example.org/\ue000",
    "urn:uuid:5b2f6a52-0a3e-4e58-9a1e-1a4d6d2f7c10",
    "urn:uuid:9a1e1a4d-0a3e-4e58-9a1e-5b2f6a520a3e",
    "https://w3id.org/security#assertionMethod",
    "mailto:a@example.org",
    "xsd:date",
    "xsd://date",
    "_://x",
)
VALUES = (
    *(None, 3.0, 3, 42, 0.1, 1e21, -0.0, 0.0, 1e-7, 2**53 + 2, True, False),
    *([], {}, ["x"], ["x", "y"], [None], {"id": "urn:x:1"}),
)


def learner(number):
    """Give the credential of a learner: thirteen texts and two numbers are the learner's own."""
    document = badge(
        id=f"urn:uuid:5b2f6a52-0a3e-4e58-9a1e-{number:012}",
        validFrom=f"2026-07-03T02:00:{number % 60:02}Z",
        awardedDate=f"2026-06-{number % 28 + 1:02}T00:00:00Z",
        evidence=[{"type": ["Evidence"], "name": "One"}, {"type": ["Evidence"], "name": f"Work {number}"}],
        credentialStatus={
            "id": f"https://badges.example.edu/status/1#{number}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(number),
            "statusListCredential": "https://badges.example.edu/status/1",
        },
    )
    document["credentialSubject"] |= {
        "id": f"urn:uuid:1c2b4a37-8f0e-2a9f-9a1e-{number:012}",
        "activityEndDate": f"2026-05-{number % 28 + 1:02}T00:00:00Z",
        "creditsEarned": 3.5,
        "identifier": [
            {
                "type": "IdentityObject",
                "hashed": True,
                "identityHash": f"sha256${number:064x}",
                "identityType": "emailAddress",
                "salt": f"{number:x}" * 3,
            }
        ],
        "result": [
            {
                "type": ["Result"],
                "resultDescription": "https://badges.example.edu/achievements/1#exam",
                "value": f"{number % 10}",
                "status": ("Completed", "Enrolled")[number % 2],
            }
        ],
    }
    return document


IDS = (("id",), ("credentialStatus", "id"), ("credentialSubject", "id"))
PLACES = (
    *IDS,
    ("validFrom",),
    ("awardedDate",),
    ("evidence", 0, "name"),
    ("evidence", 1, "name"),
    ("credentialStatus", "statusListIndex"),
    ("credentialSubject", "activityEndDate"),
    ("credentialSubject", "identifier", 0, "identityHash"),
    ("credentialSubject", "identifier", 0, "salt"),
    ("credentialSubject", "result", 0, "value"),
    ("credentialSubject", "result", 0, "status"),
)
ODD_PLACES = (
    ("credentialSubject", "creditsEarned"),
    ("credentialSubject", "identifier", 0, "hashed"),
    ("credentialSubject", "type", 0),
    ("@context", 1),
    ("issuer", "id"),
    ("type", 1),
)


def variant(number):
    """Give the credential of a learner with one to four values changed, by chance seeded with a number."""
    chance = random.Random(number)  # noqa: S311 - reproducible variety, no secret
    document = learner(chance.randrange(10_000))
    for _ in range(chance.randint(1, 4)):
        place = chance.choice(PLACES)
        luck = chance.random()
        if luck < 0.9:
            put(document, place, chance.choice(IRIS if place in IDS or luck < 0.2 else TEXTS))
        elif luck < 0.95:
            put(document, chance.choice(ODD_PLACES), chance.choice(VALUES + TEXTS))
        else:
            put(document, place, chance.choice(VALUES + TEXTS + REFUSED))
    return document


def put(document, path, value):
    """Put a value at a place, unless there is no such place any more."""
    with suppress(TypeError, IndexError, KeyError):
        for step in path[:-1]:
            document = document[step]
        document[path[-1]] = value


def changed(document, *changes):
    """Give a copy with values put at places."""
    document = copy.deepcopy(document)
    for path, value in changes:
        put(document, path, value)
    return document


def outcome(make):
    """Give the text of what was signed, or the code of the refusal."""
    try:
        return dump(make())
    except Ob3Error as refused:
        return type(refused), refused.code, str(refused.path)


class Counted:
    """A batch signer that knows how many documents it signed in the ordinary way, and learns at once."""

    def __init__(self, monkeypatch, worth=1, **options):
        self.ordinary = 0
        self._extra = options
        monkeypatch.setattr(shapes, "_WORTH_A_TEMPLATE", worth)
        self.batch = BatchSigner(KEY.signer(), **options)
        monkeypatch.setattr(signing, "add_proof", self._ordinary)

    def _ordinary(self, *given, **options):
        self.ordinary += 1
        return add_proof(*given, **options)

    def is_same(self, document, created=CREATED):
        """Sign both ways, compare all that comes of it, verify it, and tell whether the template was used."""
        before = self.ordinary
        made = outcome(lambda: self.batch.add_proof(document, created=created))
        fast = self.ordinary == before
        usual = outcome(lambda: add_proof(document, signer=KEY.signer(), created=created, **self._extra))
        assert made == usual
        if isinstance(made, str):
            text = self.batch.secured(document, created=created)
            whole = parse(made)
            assert text == dump({**whole, "proof": [whole["proof"]]})
            assert self.batch.secured_text(dump(document), created=created) == text
            assert (
                verify_proof(parse(text), verification_key=KEY.public_key, **self._extra).document == document
            )
        else:
            text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
            with pytest.raises(Ob3Error):
                self.batch.secured_text(text, created=created)
        return fast

    def know(self, *documents):
        """Show the signer documents to learn from."""
        for document in documents:
            self.batch.add_proof(document, created=CREATED)
