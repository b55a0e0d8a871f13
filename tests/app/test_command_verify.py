"""`testamur verify` on everything that the demonstration produces: files, addresses, pipes, exit statuses."""

import json
import os
from pathlib import Path

import pytest
from command_line import call

KINDS = ("json", "png", "svg", "pdf")
CHECKS = "kind container parse shape schema context canonical issuer_key signature dates status refresh"
CHECKS = [*CHECKS.split(), "endorsements", "profile", "recipient", "trust"]


@pytest.fixture
def trusting(demo, served_demo):
    """The options with which this demonstration's institutions are known and its lists can be read."""
    return ["--dir", demo.folder, "--trust", demo.folder / "trust.txt"]


def one(demo, state="issued"):
    return demo.credentials(state)[0]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_file_is_valid(demo, trusting, kind):
    answered = call("verify", *trusting, one(demo)[kind])
    assert answered.status == 0, answered.said
    assert ": valid, issued by " in answered.out
    assert " + trust: The issuer is on the trust list." in answered.out


def test_the_base_url_in_the_environment_is_enough(demo, served_demo):
    answered = call("verify", "--json", one(demo)["pdf"], TESTAMUR_BASE_URL=served_demo)
    assert answered.status == 0
    assert json.loads(answered.out)["issuer_trust"] == "unknown"
    in_words = call("verify", one(demo)["pdf"], TESTAMUR_BASE_URL=served_demo).out
    assert in_words.splitlines()[0].endswith("valid, issuer unknown: not on a trust list")


@pytest.mark.parametrize("state", ["revoked", "suspended", "expired"])
def test_what_is_not_valid_any_more_ends_with_1(demo, trusting, state):
    answered = call("verify", "--json", *trusting, one(demo, state)["png"])
    assert (answered.status, json.loads(answered.out)["verdict"]) == (1, state)


def test_json_is_one_object_a_line_with_these_members(demo, trusting):
    given = [one(demo)["json"], one(demo, "revoked")["svg"], one(demo)["pdf"]]
    answered = call("verify", "--json", *trusting, *given)
    lines = [json.loads(line) for line in answered.out.splitlines()]
    assert answered.status == 1
    assert [line["input"] for line in lines] == given
    assert [line["verdict"] for line in lines] == ["valid", "revoked", "valid"]
    for line in lines:
        assert list(line) == ["input", "verdict", "issuer_trust", "checks", "credential"]
        assert [check["id"] for check in line["checks"]] == CHECKS
        assert all(list(check) == ["id", "outcome", "code", "message"] for check in line["checks"])
        assert line["credential"]["credentialSubject"]["achievement"]


def test_offline_nothing_can_be_said_for_sure(demo):
    answered = call("verify", "--offline", "--dir", demo.folder, one(demo)["json"])
    assert answered.status == 2
    assert ": undetermined, " in answered.out


def test_a_bad_one_outweighs_an_open_one(demo, tmp_path):
    bad = tmp_path / "bad.json"
    bad.write_text(Path(one(demo)["json"]).read_text("utf-8").replace("MC-", "MX-"), encoding="utf-8")
    assert call("verify", "--offline", one(demo)["json"], bad).status == 1
    assert call("verify", "--offline", bad).status == 1


def test_an_earlier_time(demo, trusting):
    answered = call("verify", "--json", "--now", "2000-01-01T00:00:00Z", *trusting, one(demo)["json"])
    dates = next(check for check in json.loads(answered.out)["checks"] if check["id"] == "dates")
    assert (dates["outcome"], answered.status != 0) == ("failed", True)


@pytest.mark.parametrize("now", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "", "2026-02-30"])
def test_no_such_time(demo, now):
    assert call("verify", "--offline", "--now", now, one(demo)["json"]).status == 64


def test_the_recipient_changes_no_verdict(demo, trusting):
    credential = one(demo)
    name = json.loads(Path(credential["json"]).read_text("utf-8"))["credentialSubject"]["identifier"][0]
    for given, outcome in ((name["identityHash"], "passed"), ("Somebody Else", "failed")):
        answered = call("verify", "--json", *trusting, "--recipient", given, credential["json"])
        checks = {check["id"]: check["outcome"] for check in json.loads(answered.out)["checks"]}
        assert (answered.status, checks["recipient"]) == (0, outcome)


def test_standard_input(demo, trusting):
    answered = call("verify", "--json", *trusting, "-", stdin=Path(one(demo)["png"]).read_bytes())
    assert (answered.status, json.loads(answered.out)["input"]) == (0, "-")


@pytest.mark.parametrize("stdin", [b"", b"nothing that anybody signed", b"{}", b"\xff" * 20])
def test_input_without_a_credential_is_invalid(stdin):
    answered = call("verify", "--json", "-", stdin=stdin)
    assert (answered.status, json.loads(answered.out)["verdict"]) == (1, "invalid")


def test_a_file_beyond_the_limit_is_refused(tmp_path):
    large = tmp_path / "large.json"
    with large.open("wb") as file:
        file.truncate(3 * 1024**3)  # a sparse file: reading all of it would show
    answered = call("verify", "--json", large)
    assert (answered.status, json.loads(answered.out)["verdict"]) == (1, "refused")


def test_a_pipe_is_read(demo, tmp_path):
    reading, writing = os.pipe()
    os.write(writing, Path(one(demo)["json"]).read_bytes()[:60_000])
    os.close(writing)
    answered = call("verify", "--offline", f"/dev/fd/{reading}")
    os.close(reading)
    assert answered.status == 2, answered.said


def test_nothing_in_a_file_can_move_the_cursor(tmp_path):
    named = tmp_path / "a\x1b[2J\u202eb.json"
    named.write_text("{}")
    answered = call("verify", named)
    assert answered.status == 1
    assert not {"\x1b", "\u202e"} & set(answered.out)


def test_another_loopback_address_stays_closed(demo, served_demo):
    answered = call("verify", "--json", one(demo)["json"], TESTAMUR_BASE_URL="http://127.0.0.1:1")
    assert (answered.status, json.loads(answered.out)["verdict"]) == (2, "undetermined")
    refused = call("verify", "--json", "http://127.0.0.1:1/x")
    assert (refused.status, json.loads(refused.out)["verdict"]) == (1, "refused")


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("# known\n{id} Vltava University\n", 0),
        ('["{id}"]', 0),
        ('[{{"id": "{id}", "name": "Vltava"}}]', 0),
        ('{{"id": "{id}"}}', 64),
        ("[1]", 64),
        ('[{{"id": "{id}", "name": 1}}]', 64),
        ('["{id}"', 64),
        ("Vltava University\n", 64),
        ("\udcff", 64),
    ],
)
def test_trust_files(demo, trusting, tmp_path, written, status):
    credential = json.loads(Path(one(demo)["json"]).read_text("utf-8"))
    known = tmp_path / "known"
    known.write_text(written.format(id=credential["issuer"]["id"]), "utf-8", errors="surrogateescape")
    answered = call("verify", "--json", *trusting[:2], "--trust", known, one(demo)["json"])
    assert answered.status == status, answered.said
    if status == 0:
        assert json.loads(answered.out)["issuer_trust"] == "trusted"


def test_a_file_that_may_not_be_read(demo, monkeypatch):
    monkeypatch.setattr(os, "access", lambda _path, mode: mode != os.R_OK)
    refused = call("verify", one(demo)["json"])
    assert (refused.status, "cannot be read" in refused.err) == (64, True)


def test_findings_are_explained_only_when_asked_for(demo, trusting):
    revoked = one(demo, "revoked")["json"]
    plain, asked = call("verify", *trusting, revoked), call("verify", "--explain", *trusting, revoked)
    assert "Next:" not in plain.out
    lines = asked.out.splitlines()
    (found,) = [number for number, line in enumerate(lines) if line.startswith("  x status: ")]
    assert lines[found + 1].strip().startswith("The issuer has withdrawn it for good.")
    assert lines[found + 2].startswith("      Next: ")
    assert asked.out.count("Next:") == sum(line.startswith(("  x", "  !", "  ?")) for line in lines)


def test_explanations_stand_in_the_json_beside_what_was_found(demo, trusting):
    line = json.loads(call("verify", "--json", "--explain", *trusting, one(demo, "revoked")["json"]).out)
    explained = {check["id"] for check in line["checks"] if "meaning" in check}
    assert explained == {
        check["id"] for check in line["checks"] if check["outcome"] not in ("passed", "skipped")
    }
    assert all(check["next_step"] for check in line["checks"] if check["id"] in explained)
