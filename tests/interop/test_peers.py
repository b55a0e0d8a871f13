"""Implementations that are not ours accept what we issue, and this verifier accepts what they issue."""

import json
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import pytest
from demonstration import Demonstration
from node_scripts import run_script
from simulator import World

from microcredential import CONTEXT_PATH, context
from ob3 import canonicalize
from verifier import Outcome, Verdict

pytestmark = [pytest.mark.interop, pytest.mark.usefixtures("node_peers")]


@pytest.fixture(scope="session")
def extra(demo: Demonstration, served_demo: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the peers may load: our context and the status lists, as served."""
    urls = {served_demo + CONTEXT_PATH}
    for each in demo.credentials():
        entries = json.loads(Path(each["json"]).read_text())["credentialStatus"]
        urls |= {
            entry["statusListCredential"] for entry in (entries if isinstance(entries, list) else [entries])
        }
    documents = {url: json.loads(urllib.request.urlopen(url, timeout=10).read()) for url in urls}
    path = tmp_path_factory.mktemp("peers") / "extra.json"
    path.write_text(json.dumps(documents))
    return path


def test_digitalbazaar_vc_agrees_with_every_state(demo: Demonstration, extra: Path):
    states = {each["json"]: each["state"] for each in demo.credentials()}
    answers = {each["file"]: each for each in run_script("verify.mjs", extra, *states)}
    assert set(answers) == set(states)
    for file, state in states.items():
        answer = answers[file]
        if state == "expired":
            assert not answer["verified"]
            assert any("validUntil" in each for each in answer["errors"]), answer
            continue
        assert answer["verified"], answer
        expected = {"issued": [], "revoked": ["revocation"], "suspended": ["suspension"]}[state]
        assert answer["set"] == expected


def test_verifier_core_agrees_with_every_state(demo: Demonstration, served_demo: str):
    """It reads the purpose `revocation` alone: to it a suspended credential has not been revoked."""
    listed = demo.credentials()
    for each, answer in zip(listed, run_script("core.mjs", *[each["json"] for each in listed]), strict=True):
        assert answer["errors"] == [], answer
        assert answer["log"]["valid_signature"] is True
        assert answer["log"]["revocation_status"] is (each["state"] != "revoked"), (each["state"], answer)
        assert answer["log"]["expiration"] is (each["state"] != "expired")


def test_canonical_form_equals_that_of_jsonld_js(demo: Demonstration, extra: Path, tmp_path: Path):
    files = [Path(each["json"]) for each in demo.credentials()]
    run_script("quads.mjs", extra, tmp_path, *files)
    for file in files:
        document = json.loads(file.read_text())
        del document["proof"]
        ours = canonicalize(document, extra_contexts={demo.base_url + CONTEXT_PATH: context()})
        assert ours == (tmp_path / f"{file.stem}.nq").read_text()


def test_this_verifier_accepts_what_they_issue(tmp_path: Path):
    list_url = "https://badges.other.example/status/1"
    run_script("issue.mjs", tmp_path, list_url)
    world = World(now=datetime(2026, 6, 1, tzinfo=UTC))
    world.publish(list_url, (tmp_path / "list.json").read_bytes())
    verifier = world.verifier()
    verdicts = {
        name: verifier.verify((tmp_path / f"{name}.json").read_bytes()).verdict
        for name in ("no-status", "good", "revoked")
    }
    assert verdicts == {"no-status": Verdict.valid, "good": Verdict.valid, "revoked": Verdict.revoked}


def test_this_verifier_refuses_what_they_issue_once_it_is_changed(tmp_path: Path):
    run_script("issue.mjs", tmp_path, "https://badges.other.example/status/1")
    document = json.loads((tmp_path / "no-status.json").read_text())
    document["credentialSubject"]["creditsEarned"] = 25
    report = World(now=datetime(2026, 6, 1, tzinfo=UTC)).verifier().verify(json.dumps(document).encode())
    assert report.verdict is Verdict.invalid
    assert [each.id for each in report.checks if each.outcome is Outcome.failed] == ["signature"]
