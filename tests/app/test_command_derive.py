"""`testamur derive`: a part of a credential goes to standard output, refusals in words to standard error."""

import json

import pytest
from command_line import call
from plain_badge import badge
from selective_badge import OPTIONS, check, rich_badge, shown, signed

from microcredential import CONTEXT_PATH, context, context_digest
from ob3.baking import bake
from ob3.strict_json import dump

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'
CHOSEN = ("/evidence/0/name", "/credentialSubject/result/1/value")


@pytest.fixture
def mine(tmp_path):
    """Give a file with a holder's own copy."""
    path = tmp_path / "mine.json"
    path.write_text(dump(signed()), encoding="utf-8")
    return path


def options(pointers):
    return [word for pointer in pointers for word in ("--pointers", pointer)]


def test_what_is_chosen_goes_to_standard_output(mine):
    called = call("derive", *options(CHOSEN), mine)
    assert (called.status, called.err) == (0, "")
    made = json.loads(called.out)
    assert made == shown(*CHOSEN)
    check(made)


def test_without_a_pointer_only_what_is_mandatory_is_shown(mine):
    called = call("derive", mine)
    assert called.status == 0
    assert json.loads(called.out).keys() == {
        "@context",
        "id",
        "type",
        "issuer",
        "validFrom",
        "credentialSubject",
        "proof",
    }


def test_standard_input_and_baked_pictures_are_read_too(tmp_path):
    text = dump(signed())
    called = call("derive", *options(CHOSEN), "-", stdin=text.encode())
    assert json.loads(called.out) == shown(*CHOSEN)
    picture = tmp_path / "mine.svg"
    picture.write_bytes(bake(SVG, text))
    assert json.loads(call("derive", *options(CHOSEN), picture).out) == shown(*CHOSEN)


def test_the_context_of_a_deployment_is_known_by_its_digest(tmp_path):
    """A credential of ours names the context at its university's own address."""
    url = "https://badges.example.edu" + CONTEXT_PATH
    document = badge(
        **{"@context": [*badge()["@context"], url]},
        relatedResource=[{"id": url, "digestMultibase": context_digest()}],
    )
    path = tmp_path / "mine.json"
    contexts = {url: context()}
    path.write_text(dump(signed(document, mandatory=None, extra_contexts=contexts)), encoding="utf-8")
    called = call("derive", *options(["/name"]), path)
    assert called.status == 0, called.err
    made = json.loads(called.out)
    check(made, extra_contexts=contexts)
    assert made["relatedResource"] == document["relatedResource"]


@pytest.mark.parametrize(
    ("pointer", "words"),
    [
        ("/credentialSubject/grade", "It has: type, achievement, id, result."),
        ("/evidence/3", "is a list of 3"),
        ("evidence", "does not begin with a slash"),
        ("/validFrom/year", "can be shown only as a whole"),
        ("/credentialSubject/achievement/resultDescription/0/allowedValue/0", "only as a whole"),
    ],
    ids=["member", "item", "slash", "value", "ordered list"],
)
def test_a_pointer_that_cannot_be_followed_is_refused_in_words(mine, pointer, words):
    called = call("derive", *options([pointer]), mine)
    assert (called.status, called.out) == (1, "")
    assert called.err.startswith("Error: ")
    assert words in called.err
    assert "Traceback" not in called.err
    assert call("derive", *options(["/evidence/0"]), mine).status == 0


def _files():
    other = {**OPTIONS, "cryptosuite": "eddsa-rdfc-2022", "proofValue": "z3"}
    changed = {**signed(), "name": "Another name"}
    yield "another proof", dump({**rich_badge(), "proof": other}), "no ecdsa-sd-2023 proof"
    yield "no proof", dump(rich_badge()), "no ecdsa-sd-2023 proof"
    yield "a selection", dump(shown(*CHOSEN)), "is a selection already"
    yield "changed", dump(changed), "something was changed"
    yield "a list", "[]", "no credential"
    yield "no JSON", "{", "JSON"
    yield (
        "another context",
        dump({**signed(), "@context": ["https://evil.example/"]}),
        "not one that is known",
    )
    yield "a token", "eyJhbGciOiJub25lIn0.eyJpc3MiOiJ4In0.c2ln", "signed token"
    yield "too large", " " * (5 * 1024 * 1024 + 1), "5 MiB"


@pytest.mark.parametrize(("name", "text", "words"), list(_files()), ids=lambda one: one[:20])
def test_a_file_from_which_nothing_can_be_shown_is_refused_in_words(tmp_path, name, text, words):
    path = tmp_path / "file"
    path.write_text(text, encoding="utf-8")
    called = call("derive", *options(["/name"]), path)
    assert (called.status, called.out) == (1, "")
    assert words in called.err
    assert "Traceback" not in called.err


def test_a_file_that_is_not_there_is_wrong_usage(tmp_path):
    called = call("derive", tmp_path / "lost.json")
    assert called.status == 64
    assert "is not a file" in called.err
    assert call("derive").status == 64
