"""`testamur bench` runs from the tree, prints what it promises, and says so where the tree is missing."""

import json

import pytest
from click.testing import CliRunner
from demonstration import run

from app.commands import bench as command

ROW = {"name", "clock", "per_second", "microseconds", "of_floor", "times_peer"}


@pytest.fixture(scope="module")
def printed():
    return json.loads(run("bench", "--quick", "--json").stdout)


@pytest.mark.slow
def test_every_kind_of_work_is_measured(printed):
    rows = {each["name"]: each for each in printed["rates"]}
    assert all(set(each) == ROW for each in rows.values())
    assert all(each["per_second"] > 0 for each in rows.values())
    for promised in (
        "sign one credential",
        "verify its proof",
        "verify all of it, status list included",
        "floor: SHA-256 and libsodium sign",
        "certificate as PDF/A-3 with the credential in it",
        "badge as PNG, drawn and baked",
        "QR code as SVG",
    ):
        assert promised in rows


@pytest.mark.slow
def test_the_floor_is_below_and_the_peer_is_named_or_said_to_be_missing(printed):
    rows = {each["name"]: each for each in printed["rates"]}
    assert 0 < rows["sign one credential"]["of_floor"] < 1
    if printed["peer"].startswith("no peer"):
        assert "@digitalbazaar/vc issue" not in rows
        assert rows["sign one credential"]["times_peer"] is None
    else:
        assert rows["@digitalbazaar/vc issue"]["times_peer"] == 1
        assert rows["sign one credential"]["times_peer"] > 0


@pytest.mark.slow
def test_a_class_list_is_issued_and_its_time_accounted_for(printed):
    (issued,) = printed["issuing"]
    assert issued["rows"] == 12
    assert issued["cpu_seconds"] > 0
    assert issued["peak_mib"] > 10
    for shares in (issued["stages"], issued["parts"]):
        assert sum(shares.values()) == pytest.approx(1)
        assert shares.get("elsewhere", 0) < 0.2
    assert issued["stages"]["sign"] > 0


def test_without_the_tree_it_says_what_is_missing(tmp_path, monkeypatch):
    monkeypatch.setattr(command, "_TREE", tmp_path)
    done = CliRunner().invoke(command.bench, ["--quick"])
    assert done.exit_code == 1
    assert "no folder `benchmarks`" in done.output


def test_settings_of_a_deployment_stay_out_of_it(monkeypatch):
    monkeypatch.setenv("TESTAMUR_DATABASE_URL", "sqlite:////nowhere/real.db")
    monkeypatch.setenv("LANG", "C")
    environment = command._environment()
    assert "TESTAMUR_DATABASE_URL" not in environment
    assert environment["LANG"] == "C"
