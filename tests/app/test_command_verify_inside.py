"""`testamur verify` on files that hold several credentials: each with its verdict, in words and as JSON."""

import json

import pytest
from command_line import call
from foreign_badge import Stranger
from simulator import as_bytes
from wrappers import presentation


@pytest.fixture
def file(tmp_path):
    stranger = Stranger()
    good = stranger.sign(stranger.badge(subject={"name": "Anna\u202eAnna"}))
    bad = {**stranger.sign(stranger.badge()), "name": "Another"}
    path = tmp_path / "presentation.json"
    path.write_bytes(as_bytes(presentation([good, bad])))
    return path


def test_json_holds_each_inside(file):
    answered = call("verify", "--json", "--offline", file)
    assert answered.status == 1
    told = json.loads(answered.out)
    assert [told["verdict"], *(one["verdict"] for one in told["within"])] == ["invalid", "valid", "invalid"]
    assert set(told["within"][0]) == {"verdict", "issuer_trust", "checks", "credential"}
    assert told["within"][1]["credential"] is None
    explained = json.loads(call("verify", "--json", "--explain", "--offline", file).out)
    assert any("next_step" in check for check in explained["within"][1]["checks"])


def test_words_name_each_inside(file):
    answered = call("verify", "--offline", file)
    lines = answered.out.splitlines()
    assert lines[0].endswith("invalid, issuer unknown")
    assert any(line.strip().startswith(f"{file} [1]: valid") for line in lines)
    assert any(line.strip().startswith(f"{file} [2]: invalid") for line in lines)
    assert any("x within: Certificates inside: 2; good: 1." in line for line in lines)
    assert "\u202e" not in answered.out
