"""One thing, one description: what may be repeated in a micro-credential, and how."""

import pytest
from simulator import World, as_bytes

from verifier import Verdict
from verifier.descriptions import described_differently

UEF = {"id": "did:web:uef.example", "type": ["Profile"], "name": "UEF", "url": "https://uef.example"}
LEVEL = {"id": "https://levels.example/6", "type": "Concept", "prefLabel": {"en": "Level 6"}}


def without(node, *members):
    return {name: value for name, value in node.items() if name not in members}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (UEF, UEF),
        (UEF, {"id": UEF["id"]}),
        (UEF, without(UEF, "url")),
        (UEF, without(UEF, "url", "name")),
        (LEVEL, LEVEL),
        (LEVEL, {"id": LEVEL["id"]}),
        (UEF, LEVEL),
        (without(UEF, "id"), without(UEF, "id", "url")),
    ],
)
def test_what_agrees(first, second):
    for one, two in ((first, second), (second, first)):
        assert described_differently({"issuer": one, "other": [{"deep": two}]}) is None


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (UEF, without(UEF, "name")),
        (UEF, without(UEF, "type")),
        (UEF, {**UEF, "name": "Other"}),
        (UEF, {**UEF, "email": "a@uef.example"}),
        (without(UEF, "url"), without(UEF, "url", "name")),
        (LEVEL, without(LEVEL, "prefLabel")),
        (LEVEL, {**LEVEL, "prefLabel": {}}),
        (LEVEL, {**LEVEL, "prefLabel": {"en": "Level 6", "cs": "Úroveň 6"}}),
    ],
)
def test_what_does_not_agree(first, second):
    for one, two in ((first, second), (second, first)):
        assert described_differently({"issuer": one, "other": [{"deep": two}]}) == first["id"]


def test_what_others_signed_is_theirs():
    assert described_differently({"issuer": UEF, "endorsement": [{"issuer": without(UEF, "name")}]}) is None


def test_a_badge_of_another_profile_is_not_asked():
    world = World()
    issuer = world.issuer("badges.keystone.example")
    badge = issuer.credential()
    badge["credentialSubject"]["achievement"]["creator"] = without(issuer.profile(), "name")
    assert world.verifier().verify(as_bytes(issuer.sign(badge))).verdict is Verdict.valid
