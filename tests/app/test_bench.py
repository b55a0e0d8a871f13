"""`testamur bench` runs from the tree, prints what it promises, and says so where the tree is missing."""

import json

import pytest
from click.testing import CliRunner
from demonstration import run
from lxml import etree

from app.commands import bench as command
from benchmarks.page import BEGIN, END

ROW = {"name", "clock", "per_second", "microseconds", "of_floor", "times_peer", "required", "aim"}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A page and a drawing that a run wrote beside what it printed."""
    folder = tmp_path_factory.mktemp("written")
    (folder / "page.md").write_text(f"Before.\n{BEGIN}\nold\n{END}\nAfter.\n")
    return folder / "page.md", folder / "plot.svg"


@pytest.fixture(scope="module")
def printed(written):
    page, drawing = written
    return json.loads(run("bench", "--quick", "--json", "--write", str(page), "--plot", str(drawing)).stdout)


@pytest.mark.slow
def test_every_kind_of_work_is_measured(printed):
    rows = {each["name"]: each for each in printed["rates"]}
    assert all(set(each) == ROW for each in rows.values())
    assert all(each["per_second"] > 0 for each in rows.values())
    for promised in (
        "sign one credential",
        "sign one of a batch",
        "verify its proof",
        "verify what we issued, from its text",
        "verify all of it, status list included",
        "floor: SHA-256 and libsodium sign",
        "certificate as PDF/A-3 with the credential in it",
        "badge as PNG, drawn and baked",
        "bake into a picture of 270 kB",
        "Pillow, the same picture with the same text",
        "QR code of a certificate as SVG",
        "page behind the code on paper, verified live",
        "revoke one of 1 048 576 and sign the list anew",
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
    rich, short = printed["issuing"]
    assert (rich["course"], short["course"]) == ("credit-risk", "short-course")
    assert short["json_bytes"] < 0.6 * rich["json_bytes"]
    for issued in (rich, short):
        assert issued["rows"] == 12
        assert issued["cpu_seconds"] > 0
        assert issued["peak_mib"] > 10
        for shares in (issued["stages"], issued["parts"]):
            assert sum(shares.values()) == pytest.approx(1)
            assert shares.get("elsewhere", 0) < 0.2
        assert issued["stages"]["sign"] > 0


@pytest.mark.slow
def test_what_is_required_stands_beside_what_was_measured(printed, written):
    page = written[0].read_text("utf-8")
    assert page.startswith(f"Before.\n{BEGIN}\n\n20")
    assert page.endswith(f"\n\n{END}\nAfter.\n")
    assert "| required | aim |" in page
    assert "at most 300 |" in page
    rows = {each["name"]: each for each in printed["rates"]}
    assert (rows["sign one credential"]["required"], rows["sign one credential"]["aim"]) == (25, 40)
    assert rows["bake into a picture of 270 kB"]["times_peer"] > 1


@pytest.mark.slow
def test_the_drawing_is_an_svg_with_a_bar_for_each_goal_that_was_measured(printed, written):
    drawn = etree.fromstring(written[1].read_bytes())
    bars = drawn.findall(".//{http://www.w3.org/2000/svg}rect")
    measured = [one for one in printed["rates"] if one["required"] and one["times_peer"]]
    assert len(bars) == len(measured) >= 1


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
