"""@digitalbazaar/data-integrity finds our trust lists well signed, and changed where they were changed."""

import json
import subprocess
from pathlib import Path

import pytest
from trust_world import document, institution, signed

HERE = Path(__file__).parent
pytestmark = [pytest.mark.interop, pytest.mark.usefixtures("node_peers")]


def verified(tmp_path, *lists):
    """Ask the script beside this file about each list."""
    paths = [tmp_path / f"{number}.json" for number in range(len(lists))]
    for path, listed in zip(paths, lists, strict=True):
        path.write_text(json.dumps(listed, ensure_ascii=False), "utf-8")
    done = subprocess.run(
        ["node", "trust_list.mjs", *map(str, paths)], cwd=HERE, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line)["verified"] for line in done.stdout.splitlines()]


def test_a_list_is_found_good_and_a_changed_one_is_not(tmp_path):
    entries = institution(name="Ðại học \U0001f393 ໃບຢັ້ງຢືນ"), institution(id="did:web:b.example", since=None)
    listed = signed(document(*entries))
    changed = [{**listed, "sequence": 8}, {**listed, "institutions": listed["institutions"][:1]}]
    assert verified(tmp_path, listed, *changed) == [True, False, False]
