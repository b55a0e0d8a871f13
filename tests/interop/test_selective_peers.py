"""@digitalbazaar/ecdsa-sd-2023-cryptosuite shows and checks parts of what we sign, and we the reverse."""

import json

import pytest
from node_scripts import run_script
from plain_badge import badge
from selective_badge import KEY, OPTIONS, check, rich_badge, signed

from keys.multibase import multibase_encode
from ob3.contexts import CONTEXTS
from ob3.selective import derive

PEER = "@digitalbazaar/ecdsa-sd-2023-cryptosuite"
SUBJECT = "/credentialSubject"
MANDATORY = ["/issuer", "/validFrom", f"{SUBJECT}/achievement/name"]
CHOICES = {
    "mandatory": [],
    "top": ["/name"],
    "items": ["/evidence/0/name", "/evidence/1", f"{SUBJECT}/result/1/value"],
    "turned": ["/evidence/2", "/evidence/0", f"{SUBJECT}/achievement/tag/2", f"{SUBJECT}/achievement/tag/0"],
    "objects": [f"{SUBJECT}/achievement", "/evidence"],
    "endorsement": ["/endorsement/0"],
    "all": [f"/{name}" for name in rich_badge() if name != "@context"],
}
ONLY_OURS = {
    "ordered": [f"{SUBJECT}/achievement/resultDescription/0/allowedValue"],
    "graph": ["/endorsement/0/proof"],
}
pytestmark = [pytest.mark.interop, pytest.mark.usefixtures("node_peers")]


@pytest.fixture
def peer(tmp_path):
    """Give what does tasks under Node and answers each."""
    contexts, tasks = tmp_path / "contexts.json", tmp_path / "tasks.jsonl"
    contexts.write_text(json.dumps(dict(CONTEXTS)))

    def ask(*asked):
        tasks.write_text("".join(json.dumps(one) + "\n" for one in asked))
        return run_script("selective.mjs", contexts, tasks)

    return ask


def _key():
    secret = multibase_encode(b"\x86\x26" + KEY.reveal_seed())
    return {
        "id": KEY.signer().id,
        "controller": KEY.public_key.did_key,
        "publicKeyMultibase": KEY.public_key.multikey,
        "secretKeyMultibase": secret,
    }


def _plain():
    """Give a badge without what the peer cannot select from: ordered lists, and proofs inside."""
    document = rich_badge()
    del document["credentialSubject"]["achievement"]["resultDescription"], document["endorsement"][0]["proof"]
    return document


def _sign(document):
    return {
        "do": "sign",
        "document": document,
        "key": _key(),
        "mandatoryPointers": MANDATORY,
        "created": OPTIONS["created"],
    }


def test_the_peer_accepts_what_we_show_of_what_we_signed(peer):
    choices = CHOICES | ONLY_OURS
    shown = [derive(signed(), selective_pointers=pointers) for pointers in choices.values()]
    answers = peer(*({"do": "verify", "document": one} for one in shown))
    assert [one["answer"] for one in answers] == [{"verified": True, "errors": []}] * len(choices)
    spoiled = [{**one, "validFrom": "2026-07-03T02:00:01Z"} for one in shown]
    answers = peer(*({"do": "verify", "document": one} for one in spoiled))
    assert [one["answer"]["verified"] for one in answers] == [False] * len(choices)


def test_the_peer_shows_of_what_we_signed_the_same_as_we_do(peer):
    base = signed(_plain())
    asked = list(CHOICES.values())
    answers = peer(*({"do": "derive", "document": base, "selectivePointers": one} for one in asked))
    for pointers, answer in zip(asked, answers, strict=True):
        check(answer["answer"])
        assert answer["answer"] == derive(base, selective_pointers=pointers)


def test_we_show_of_what_the_peer_signed_what_both_accept(peer):
    (answer,) = peer(_sign(_plain()))
    shown = [derive(answer["answer"], selective_pointers=pointers) for pointers in CHOICES.values()]
    for one in shown:
        check(one)
    answers = peer(*({"do": "verify", "document": one} for one in shown))
    assert all(one["answer"]["verified"] for one in answers), answers


def test_we_accept_what_the_peer_shows_of_what_it_signed(peer):
    document = badge(
        evidence=[{"type": ["Evidence"], "name": one} for one in ("Bản đồ", "ແຜນທີ່", '🗺️ "x"\n\\')]
    )
    (base,) = peer(_sign(document))
    choices = [[], ["/evidence/2/name"], ["/evidence/0", "/evidence/1"], ["/name", SUBJECT]]
    answers = peer(
        *({"do": "derive", "document": base["answer"], "selectivePointers": one} for one in choices)
    )
    for answer in answers:
        check(answer["answer"])
