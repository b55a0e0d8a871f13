"""The repository's own files: short, and silent about machines and package hosts."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("app", "issuer", "verifier", "microcredential", "ob3", "keys")
VAGUE = {"utils", "helpers", "common", "misc", "core", "base", "shared"}

# Hosts of package registries and absolute paths of one machine, spelt so that this file does not hold them.
FORBIDDEN = re.compile(
    "|".join(
        [
            r"pypi\.or" + "g",
            r"pythonhosted\.or" + "g",
            r"registry\.npmj" + "s",
            r"npmjs\.co" + "m",
            r"deb\.debia" + "n",
            r"docker\.i" + "o",
            r"/wor" + r"k/main",
            r"/roo" + r"t/",
        ]
    )
)


def _tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def _python_of_packages() -> list[Path]:
    return [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]


def test_no_file_names_a_registry_or_a_machine():
    found = []
    for path in _tracked():
        text = path.read_bytes().decode("utf-8", "ignore")
        found += [f"{path.relative_to(ROOT)}: {match.group()}" for match in FORBIDDEN.finditer(text)]
    assert found == []


def test_files_stay_readable():
    long = {
        str(path.relative_to(ROOT)): count
        for path in _python_of_packages()
        if (count := len(path.read_text().splitlines())) > 400
    }
    assert long == {}


def test_no_module_has_a_vague_name():
    assert [path for path in _python_of_packages() if path.stem in VAGUE or path.parent.name in VAGUE] == []


def test_every_module_says_what_it_is_for():
    silent = [
        str(path.relative_to(ROOT))
        for path in _python_of_packages()
        if path.read_text().strip() and not path.read_text().lstrip().startswith(('"""', "'''"))
    ]
    assert silent == []
