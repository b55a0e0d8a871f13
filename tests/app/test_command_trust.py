"""`testamur trust` and `verify --trust`, as an operator and a reader use them."""

import json
from pathlib import Path

import pytest
from command_line import call
from demonstration import make_demonstration
from trust_world import OTHER

ADDRESS_SETTING = "https://lists.example/trust-list.json"


@pytest.fixture(scope="module")
def published(demo):
    """The list of the demonstration, and who publishes it."""
    path = demo.folder / "trust-list" / "list.json"
    return path, json.loads(path.read_text())["publisher"]["id"]


def one(demo):
    return demo.credentials("issued")[0]["json"]


def trust_of(answered):
    return json.loads(answered.out)["issuer_trust"]


def test_the_demonstration_publishes_a_list(demo, published):
    listed = json.loads(published[0].read_text())
    assert (listed["sequence"], len(listed["institutions"])) == (1, 10)
    assert listed["id"] == f"{demo.base_url}/trust-list.json"
    answered = call("trust", "show", "--dir", demo.folder)
    assert answered.status == 0
    assert f"Ours: {demo.base_url}/trust-list.json" in answered.out
    assert f"({published[1]})" in answered.out
    assert "10 institutions, 0 of them withdrawn" in answered.out


def test_a_list_that_says_it_all_is_not_signed_again(demo, published):
    before = published[0].read_bytes()
    answered = call("trust", "publish", "--dir", demo.folder)
    assert answered.status == 0
    assert "nothing was signed" in answered.out
    assert published[0].read_bytes() == before


def test_make_prints_what_would_be_signed(demo, published):
    answered = call("trust", "make", "--dir", demo.folder)
    made = json.loads(answered.out)
    assert (answered.status, made["sequence"]) == (0, 2)
    assert made["institutions"] == json.loads(published[0].read_text())["institutions"]
    assert "proof" not in made


def test_a_reader_who_names_the_publisher_knows_its_institutions(demo, served_demo, published):
    path, did = published
    signed = ["--dir", demo.folder, "--json", "--trust", path]
    good = call("verify", *signed, "--trust-key", did, one(demo))
    assert (good.status, trust_of(good), good.err) == (0, "trusted", "")
    words = call("verify", *signed[:2], *signed[3:], "--trust-key", did, one(demo)).out
    assert "(on the list “Micro-credentials”)" in words.splitlines()[0]
    assert "The issuer is on the trust list “Micro-credentials”." in words


@pytest.mark.parametrize(
    ("change", "key", "words"),
    [
        (None, None, "No publisher that was named here has signed it. Name a publisher"),
        (None, OTHER.public_key.did_key, "No publisher that was named here has signed it."),
        (('"country":"VN"', '"country":"TH"'), "own", "was changed after it was signed"),
        (('"proof"', '"prove"'), "own", "“prove”: is no member"),
    ],
    ids=["no key", "other key", "changed", "without proof"],
)
def test_a_list_that_is_not_believed_leaves_the_issuer_unknown(
    demo, served_demo, published, tmp_path, change, key, words
):
    path, did = published
    text = path.read_text()
    if change:
        assert change[0] in text
        text = text.replace(*change)
    (tmp_path / "list.json").write_text(text)
    named = ["--trust-key", did if key == "own" else key] if key else []
    answered = call(
        "verify", "--dir", demo.folder, "--json", "--trust", tmp_path / "list.json", *named, one(demo)
    )
    assert (answered.status, trust_of(answered)) == (0, "unknown")
    assert words in answered.err
    assert "is not used" in answered.err


def test_an_unknown_issuer_is_named_as_it_is(demo, served_demo):
    out = call("verify", "--dir", demo.folder, one(demo)).out.splitlines()
    assert out[0].endswith("valid, issuer unknown: not on a trust list")
    assert out[1].startswith("  It names as its issuer: did:key:z6Mk")


def test_the_first_list_that_has_an_issuer_counts(demo, served_demo, tmp_path):
    did = json.loads(Path(one(demo)).read_text("utf-8"))["issuer"]["id"]
    (tmp_path / "one.txt").write_text(f"{did} One")
    (tmp_path / "two.json").write_text(json.dumps({"registry": {did: {"name": "Two"}}}))
    for first, second in (("one.txt", "two.json"), ("two.json", "one.txt")):
        named = ["--trust", tmp_path / first, "--trust", tmp_path / second]
        out = call("verify", "--dir", demo.folder, *named, one(demo)).out
        assert out.splitlines()[0].endswith(f"issued by {first.partition('.')[0].title()}")


@pytest.mark.parametrize("given", ["nobody", "https://lists.example", "did:web:"])
def test_a_key_that_names_nobody_is_wrong_usage(demo, given):
    for command in (["verify", one(demo)], ["trust", "check", one(demo)]):
        answered = call(*command, "--trust-key", given)
        assert (answered.status, "names no publisher" in answered.err) == (64, True)


def test_check_says_who_is_on_a_list_and_who_signed_it(published, tmp_path):
    path, did = published
    good = call("trust", "check", path, "--trust-key", did)
    assert good.status == 0
    assert f"Signed by {did}." in good.out
    assert good.out.count("  did:key:") == 10
    bad = call("trust", "check", path)
    assert bad.status == 1
    assert bad.out.startswith("Not believed: The list says that did:key:")
    assert "10 institutions" in bad.out


def test_check_marks_host_names_in_other_letters(tmp_path):
    path = tmp_path / "known.txt"
    path.write_text("did:web:keystone.example Keystone\ndid:web:xn--kystone-bhf.example Keystone\n")
    lines = call("trust", "check", path).out.splitlines()
    assert "your own word" in lines[0]
    assert lines[1] == "  did:web:keystone.example: Keystone"
    assert lines[2] == "  did:web:xn--kystone-bhf.example (host name in other letters): Keystone"


def test_check_refuses_what_is_no_list(tmp_path):
    path = tmp_path / "list.json"
    path.write_text("{}")
    answered = call("trust", "check", path)
    assert (answered.status, answered.out.startswith("Not believed: The list must be")) == (1, True)


def test_load_wants_a_list_in_the_settings(demo, tmp_path):
    assert call("trust", "load", "--dir", demo.folder).status == 64
    known = tmp_path / "known.txt"
    known.write_text("did:web:one.example One")
    answered = call("trust", "load", "--dir", demo.folder, TESTAMUR_TRUST_LISTS=str(known))
    assert answered.status == 0
    assert f"{known}: used" in answered.out
    shown = call("trust", "show", "--dir", demo.folder, TESTAMUR_TRUST_LISTS=str(known))
    assert f"{known}: used" in shown.out
    known.unlink()
    gone = call("trust", "load", "--dir", demo.folder, TESTAMUR_TRUST_LISTS=str(known))
    assert (gone.status, "There is no such file." in gone.out) == (1, True)


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"TESTAMUR_TRUST_LISTS": ADDRESS_SETTING}, "set TESTAMUR_TRUST_PUBLISHERS too"),
        ({"TESTAMUR_TRUST_LISTS": "http://lists.example/l.json"}, "an https address in ASCII or a file"),
        ({"TESTAMUR_TRUST_LISTS": "a.txt a.txt"}, "each once"),
        ({"TESTAMUR_TRUST_PUBLISHERS": "somebody"}, "names no publisher"),
    ],
)
def test_settings_that_cannot_stand_are_refused(demo, environ, words):
    answered = call("trust", "show", "--dir", demo.folder, **environ)
    assert (answered.status, words in answered.err) == (64, True)
    environ = {"TESTAMUR_TRUST_LISTS": ADDRESS_SETTING, "TESTAMUR_TRUST_PUBLISHERS": "did:web:lists.example"}
    assert call("trust", "show", "--dir", demo.folder, **environ).status == 0


@pytest.mark.slow
def test_withdraw_and_readmit(tmp_path):
    folder = make_demonstration(tmp_path / "data").folder  # one of its own, for this changes it
    done = call("trust", "withdraw", "nam-khan", "--reason", "Closed", "--dir", folder)
    assert done.status == 0, done.err
    assert call("trust", "withdraw", "nam-khan", "--dir", folder).status == 1
    assert "1 of them withdrawn" in call("trust", "publish", "--dir", folder).out
    assert call("trust", "readmit", "nam-khan", "--dir", folder).status == 0
    assert "number 3" in call("trust", "publish", "--dir", folder).out
    assert call("trust", "withdraw", "nobody", "--dir", folder).status == 1


def test_on_loopback_the_key_of_the_list_is_not_replaced(demo, published):
    answered = call("trust", "rotate", "--dir", demo.folder)
    assert (answered.status, "did:key, which is the key" in answered.err) == (1, True)
    assert published[1] in call("trust", "show", "--dir", demo.folder).out
