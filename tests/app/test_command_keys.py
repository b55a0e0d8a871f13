"""`testamur keys`: registering, the passphrase, rotation where it is possible and where it is not."""

import pytest
from command_line import INSTITUTION, call, make_office

HTTPS = {"TESTAMUR_BASE_URL": "https://badges.example.edu"}


@pytest.fixture
def described(tmp_path):
    path = tmp_path / "uef.yaml"
    path.write_text(INSTITUTION, encoding="utf-8")
    return path


def test_without_a_passphrase_nothing_is_registered(tmp_path, described):
    folder = tmp_path / "data"
    refused = call("keys", "create", described, "--dir", folder)
    assert (refused.status, "head -c 32 /dev/urandom" in refused.err) == (64, True)
    assert list(folder.iterdir()) == []


def test_a_second_time_leaves_everything_as_it_was(tmp_path, described):
    office = make_office(tmp_path / "data")
    listed = call("keys", "list", "--dir", office)
    assert listed.out.startswith("uef: Example University of Economics and Finance\n  did:key:z6Mk")
    again = call("keys", "create", described, "--dir", office)
    assert (again.status, "left as it was" in again.out) == (0, True)
    assert call("keys", "list", "--dir", office).out == listed.out


def test_rotation_needs_https(tmp_path):
    on_loopback = make_office(tmp_path / "loopback")
    refused = call("keys", "rotate", "uef", "--dir", on_loopback)
    assert (refused.status, "loopback" in refused.err) == (1, True)
    public = make_office(tmp_path / "public", **HTTPS)
    assert call("keys", "rotate", "uef", "--dir", public).status == 0  # the folder remembers its address
    lines = call("keys", "list", "--dir", public).out.splitlines()
    assert len(lines) == 3
    assert lines[1].startswith("  did:web:badges.example.edu:institutions:uef#z6Mk")
    assert ["retired" in line for line in lines] == [False, True, False]


def test_an_unknown_institution_and_a_wrong_passphrase(tmp_path):
    office = make_office(tmp_path / "data")
    assert call("keys", "create", "nobody", "--dir", office).status == 1
    (office / "passphrase").write_text("another passphrase of enough length")
    wrong = call("keys", "create", "uef", "--dir", office)
    assert (wrong.status, "does not open the key store" in wrong.err) == (1, True)
    (office / "passphrase").chmod(0o644)
    shown = call("keys", "create", "uef", "--dir", office)
    assert (shown.status, "Others on this machine can read" in shown.err) == (64, True)
