"""@digitalbazaar/data-integrity finds our trust lists well signed, and changed where they were changed."""

import json

import pytest
from node_scripts import run_script
from trust_world import document, institution, signed

pytestmark = [pytest.mark.interop, pytest.mark.usefixtures("node_peers")]


def verified(tmp_path, *lists):
    """Ask the script beside this file about each list."""
    paths = [tmp_path / f"{number}.json" for number in range(len(lists))]
    for path, listed in zip(paths, lists, strict=True):
        path.write_text(json.dumps(listed, ensure_ascii=False), "utf-8")
    return [answer["verified"] for answer in run_script("trust_list.mjs", *paths)]


def test_a_list_is_found_good_and_a_changed_one_is_not(tmp_path):
    entries = institution(name="Ðại học \U0001f393 ໃບຢັ້ງຢືນ"), institution(id="did:web:b.example", since=None)
    listed = signed(document(*entries))
    changed = [{**listed, "sequence": 8}, {**listed, "institutions": listed["institutions"][:1]}]
    assert verified(tmp_path, listed, *changed) == [True, False, False]
