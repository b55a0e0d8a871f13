"""Dependencies are documented, locked with hashes, and none takes one of our import names."""

import hashlib
import importlib.metadata
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
OURS = {"app", "issuer", "verifier", "microcredential", "ob3", "keys"}


def _declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["dev"]
    return {re.split(r"[\[<>=]", each)[0].lower() for each in wanted}


def test_every_dependency_has_its_line():
    page = (ROOT / "docs/dependencies.md").read_text()
    documented = {name.lower() for name in re.findall(r"^\| ([A-Za-z0-9-]+) \|", page, re.MULTILINE)} - {
        "package"
    }
    assert documented == _declared()


def test_the_lock_has_hashes_and_names_no_place():
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-uv.txt"):
        lock = (ROOT / name).read_text()
        pins = re.findall(r"^[A-Za-z0-9_.-]+(?:\[[^]]*\])?==", lock, re.MULTILINE)
        assert pins
        assert len(re.findall(r"(?:^|\n)[A-Za-z0-9_.\[\]-]+==[^\n]*\\\n    --hash=sha256:", lock)) == len(
            pins
        )
        assert "://" not in lock


def test_the_lock_holds_what_is_declared():
    lock = (ROOT / "requirements-dev.txt").read_text().lower()
    missing = {
        name for name in _declared() if not re.search(rf"^{re.escape(name)}(\[.*\])?==", lock, re.MULTILINE)
    }
    assert not missing


def test_no_dependency_offers_one_of_our_import_names():
    taken = {
        name: packages
        for name, packages in importlib.metadata.packages_distributions().items()
        if name in OURS and set(packages) != {"testamur"}
    }
    assert taken == {}


def test_the_script_in_the_tree_is_the_released_one_and_evaluates_nothing():
    page = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
    (digest,) = re.findall(r"`static/htmx\.min\.js` .*?sha256 `([0-9a-f]{64})`", page)
    assert hashlib.sha256((ROOT / "static/htmx.min.js").read_bytes()).hexdigest() == digest
    layout = (ROOT / "templates/console/layout.html").read_text(encoding="utf-8")
    assert '"allowEval":false' in layout
