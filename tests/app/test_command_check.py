"""`testamur check`: which file it took for what, what it says, and with which status it ends."""

import json
from pathlib import Path

import pytest
import yaml
from command_line import call
from varied_definitions import SHAPES

EXAMPLE = Path(__file__).parents[1] / "microcredential" / "documents" / "credential-vn-3ects.json"
DEMONSTRATION = Path(__file__).parents[2] / "app" / "demonstration"
NOW = "2026-11-21T12:00:00Z"
PLAIN = SHAPES["one examination in a room"]


def written(folder, name, document):
    path = folder / name
    text = (
        json.dumps(document) if path.suffix == ".json" else yaml.safe_dump(json.loads(json.dumps(document)))
    )
    path.write_text(text, "utf-8")
    return path


@pytest.fixture
def files(tmp_path):
    """One good file of each kind."""
    credential = json.loads(EXAMPLE.read_bytes())
    return {
        "definition": written(tmp_path, "definition.yaml", PLAIN),
        "achievement": written(tmp_path, "achievement.json", credential["credentialSubject"]["achievement"]),
        "credential": written(tmp_path, "credential.json", credential | {"proof": [{"type": "x"}]}),
    }


def lines(called):
    return [json.loads(line) for line in called.out.splitlines()]


def test_each_kind_of_file_is_told_and_passes(files):
    called = call("check", "--json", "--now", NOW, *files.values())
    assert called.status == 0
    assert [(one["kind"], one["findings"]) for one in lines(called)] == [(kind, []) for kind in files]
    assert [one["input"] for one in lines(called)] == [str(path) for path in files.values()]
    text = call("check", "--now", NOW, *files.values())
    assert text.status == 0
    assert [text.out.count(f": {kind}, nothing found") for kind in files] == [1, 1, 1]


def test_the_definitions_of_the_demonstration_pass():
    for name, country in (("credit-risk", "VN"), ("water-management", "LA"), ("open-data", "CZ")):
        called = call("check", "--json", "--now", NOW, "--country", country, DEMONSTRATION / f"{name}.yaml")
        assert (called.status, lines(called)[0]["findings"]) == (0, []), name


def test_an_achievement_may_name_its_contexts(files):
    contexts = {"@context": ["https://www.w3.org/ns/credentials/v2"]}
    document = contexts | json.loads(files["achievement"].read_bytes())
    called = call("check", "--json", "--now", NOW, "-", stdin=json.dumps(document).encode())
    assert (called.status, lines(called)[0]["findings"]) == (0, [])


def test_a_finding_says_what_where_and_what_to_do(tmp_path):
    broken = json.loads(json.dumps(PLAIN))
    broken["achievement"]["volumeOfLearning"] = "PT20H"
    del broken["achievement"]["entryRequirement"]
    path = written(tmp_path, "broken.yaml", broken)
    called = call("check", "--json", path)
    line = lines(called)[0]
    assert called.status == 1
    assert line["counts"] == {"block": 1, "warn": 1, "info": 0}
    first = line["findings"][0]
    assert set(first) == {"id", "severity", "path", "message", "fix", "code", "indicators"}
    assert (first["id"], first["severity"], first["path"], first["indicators"]) == (
        "M7", "block", "achievement.volumeOfLearning", ["QC-13"],
    )  # fmt: skip
    assert {"QC-13", "QC-16"} == set(line["indicators"]["unmet"])
    assert "x M7 (QC-13) achievement.volumeOfLearning: " in call("check", path).out


def test_what_only_warns_stops_nothing(tmp_path):
    document = json.loads(json.dumps(PLAIN))
    del document["achievement"]["entryRequirement"]
    called = call("check", written(tmp_path, "warned.json", document))
    assert called.status == 0
    assert "0 to mend, 1 to check" in called.out


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"{", "not_json"),
        (b'{"a": 1, "a": 2}', "duplicate_key"),
        (b"a: &a [x]\nb: *a", "alias"),
        (b"x" * 5_000_000, "too_large"),
        (b"\x89PNG\r\n\x1a\n\0", "not_utf8"),
        (b"", "not_a_map"),
        (b"[1]", "not_a_map"),
    ],
    ids=["no JSON", "a key twice", "an alias", "five megabytes", "a picture", "nothing", "a list"],
)
def test_a_file_that_cannot_be_read_is_no_traceback(data, code, tmp_path):
    path = tmp_path / "bad"
    path.write_bytes(data)
    called = call("check", "--json", path)
    assert (called.status, called.err) == (2, "")
    assert (lines(called)[0]["kind"], lines(called)[0]["findings"][0]["code"]) == ("unreadable", code)


@pytest.mark.parametrize(
    ("names", "status"),
    [
        (("good",), 0),
        (("good", "unreadable"), 2),
        (("unreadable", "blocked", "good"), 1),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else str(value),
)
def test_the_gravest_file_decides(names, status, tmp_path):
    documents = {"good": PLAIN, "blocked": {"definition": {}, "achievement": {}}, "unreadable": []}
    assert (
        call("check", *(written(tmp_path, f"{name}.json", documents[name]) for name in names)).status
        == status
    )


@pytest.mark.parametrize(
    "arguments",
    [(), ("nowhere.json",), ("-", "-"), ("--now", "today", "-"), ("--country", "XX", "-"), (".",)],
    ids=["nothing", "no such file", "twice standard input", "no time", "no country", "a folder"],
)
def test_wrong_usage_is_told(arguments):
    called = call("check", *arguments)
    assert called.status == 64
    assert "Error: " in called.err


def test_standard_input_and_the_country_of_the_institution():
    data = EXAMPLE.read_bytes()
    assert call("check", "--now", NOW, "--country", "VN", "-", stdin=data).status == 0
    called = call("check", "--json", "--now", NOW, "--country", "IE", "-", stdin=data)
    assert called.status == 1
    assert ("M3", "other_country") in {(one["id"], one["code"]) for one in lines(called)[0]["findings"]}


def test_the_time_is_the_one_that_was_given():
    called = call("check", "--json", "--now", "2026-07-01T00:00:00Z", EXAMPLE)
    assert [one["code"] for one in lines(called)[0]["findings"]] == ["date_in_future"]


def test_a_line_cannot_move_the_cursor(tmp_path):
    document = {"achievement": {"title": "T", "\x1b[31mred\u202e": 1}}
    called = call("check", written(tmp_path, "hostile.json", document))
    assert called.status == 1
    assert "\x1b" not in called.out
    assert "\u202e" not in called.out


def test_the_examples_of_the_reference_pass(reference):
    folder = reference.parent / "microcredentials" / "example"
    called = call("check", "--json", "--now", NOW, "--country", "VN", folder / "credential-vn-3ects.json")
    assert (called.status, lines(called)[0]["findings"]) == (0, [])
    called = call("check", "--json", "--now", NOW, folder / "endorsement-recognition.json")
    line = lines(called)[0]
    assert (called.status, line["kind"], line["findings"]) == (0, "statement", [])
