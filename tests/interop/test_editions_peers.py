"""Badges of the older edition, learner records and presentations, beside implementations not ours."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from editions import OB_3_0_0, OB_3_0_1, OB_3_0_2, OB_3_0_3, older
from foreign_badge import Stranger
from node_scripts import run_script
from simulator import World, as_bytes
from wrappers import Holder, enveloped, learner_record, presentation

from ob3 import canonicalize
from ob3.contexts import CONTEXTS
from verifier import Verdict

pytestmark = [pytest.mark.interop, pytest.mark.usefixtures("node_peers")]
BODIES = [OB_3_0_0, OB_3_0_1, OB_3_0_2, OB_3_0_3]


@pytest.fixture(scope="module")
def extra(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pinned contexts, for the peers' loader."""
    path = tmp_path_factory.mktemp("peers") / "extra.json"
    path.write_text(json.dumps(dict(CONTEXTS)))
    return path


def written(folder: Path, documents: dict[str, dict]) -> dict[str, Path]:
    files = {name: folder / f"{name}.json" for name in documents}
    for name, file in files.items():
        file.write_bytes(as_bytes(documents[name]))
    return files


def test_the_canonical_form_equals_that_of_jsonld_js(extra: Path, tmp_path: Path):
    world = World()
    issuer = world.issuer("badges.keystone.example")
    badge = issuer.sign(issuer.credential())
    old = issuer.sign(older(issuer.credential()))
    made = {
        **{f"older-{number}": older(issuer.credential(), ob=ob) for number, ob in enumerate(BODIES)},
        "record": learner_record(issuer, [badge, "eyJh.eyJi.c2ln", badge]),
        "presentation": {**presentation([badge, badge]), "holder": issuer.did},
        "older-presentation": {**presentation([old]), "@context": old["@context"], "holder": issuer.did},
    }
    made["envelopes"] = presentation([enveloped("eyJh.eyJi.c2ln"), enveloped("eyJh.eyJi.c2lo")])
    files = written(tmp_path, made)
    run_script("quads.mjs", extra, tmp_path, *files.values())
    for name, document in made.items():
        ours = canonicalize(document, allow_keywords=name == "envelopes")
        assert ours == (tmp_path / f"{name}.nq").read_text(), name


def test_they_accept_badges_of_the_older_edition_that_we_sign(extra: Path, tmp_path: Path):
    stranger = Stranger()
    badges = {}
    for number, ob in enumerate(BODIES):
        unsigned = older(stranger.badge(validFrom="2022-07-03T02:00:00Z"), ob=ob)
        badges[f"older-{number}"] = stranger.sign(unsigned)
    files = written(tmp_path, badges)
    for answer in run_script("verify.mjs", extra, *files.values()):
        assert answer["verified"], answer
    for badge in badges.values():
        assert World().verifier().verify(as_bytes(badge)).verdict is Verdict.valid
    changed = {**badges["older-1"], "issuanceDate": "2021-07-03T02:00:00Z"}
    (answer,) = run_script("verify.mjs", extra, *written(tmp_path, {"changed": changed}).values())
    assert not answer["verified"]
    assert World().verifier().verify(as_bytes(changed)).verdict is Verdict.invalid


@pytest.fixture(scope="module")
def theirs(extra: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("theirs")
    run_script("older.mjs", extra, folder)
    return folder


@pytest.mark.parametrize("name", ["old", "old-integrity", "presentation"])
def test_this_verifier_accepts_what_they_issue(theirs: Path, name: str):
    world = World(now=datetime(2026, 6, 1, tzinfo=UTC))
    report = world.verifier().verify((theirs / f"{name}.json").read_bytes())
    assert report.verdict is Verdict.valid
    if name == "presentation":
        assert report.check("signature").code == "presentation_signed"
    document = json.loads((theirs / f"{name}.json").read_text())
    inside = document["verifiableCredential"][1] if name == "presentation" else document
    inside["credentialSubject"]["achievement"]["name"] = "Another"
    assert world.verifier().verify(as_bytes(document)).verdict is Verdict.invalid


def test_a_badge_of_theirs_ends_on_its_expiration_date(theirs: Path):
    report = World(now=datetime(2027, 6, 1, tzinfo=UTC)).verifier().verify((theirs / "old.json").read_bytes())
    assert report.verdict is Verdict.expired


def test_a_presentation_of_theirs_with_another_holder_is_refused(theirs: Path):
    document = json.loads((theirs / "presentation.json").read_text())
    document["holder"] = Holder().did
    report = World(now=datetime(2026, 6, 1, tzinfo=UTC)).verifier().verify(as_bytes(document))
    assert report.verdict is Verdict.invalid
