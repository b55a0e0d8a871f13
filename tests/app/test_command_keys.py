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


def test_keys_of_other_algorithms_stand_beside_the_first(tmp_path):
    public = make_office(tmp_path / "public", **HTTPS)
    for algorithm in ("P-256", "P-384", "RSA"):
        made = call("keys", "create", "uef", "--algorithm", algorithm, "--dir", public)
        assert (made.status, "left as it was" in made.out) == (0, False)
    again = call("keys", "create", "uef", "--algorithm", "RSA", "--dir", public)
    assert (again.status, "left as it was" in again.out) == (0, True)
    assert call("keys", "rotate", "uef", "--algorithm", "P-256", "--dir", public).status == 0
    lines = call("keys", "list", "--dir", public).out.splitlines()[1:]
    assert [(line.split()[1], "retired" in line) for line in lines] == [
        ("Ed25519", False),
        ("P-256", True),
        ("P-384", False),
        ("RSA", False),
        ("P-256", False),
    ]


def test_keys_that_make_no_sense_are_refused_with_the_reason(tmp_path):
    on_loopback = make_office(tmp_path / "loopback")
    refused = call("keys", "create", "uef", "--algorithm", "RSA", "--dir", on_loopback)
    assert (refused.status, "begins with https" in refused.err) == (1, True)
    public = make_office(tmp_path / "public", **HTTPS)
    refused = call("keys", "rotate", "uef", "--algorithm", "RSA", "--dir", public)
    assert (refused.status, "keys create uef --algorithm RSA" in refused.err) == (1, True)
    assert call("keys", "create", "uef", "--algorithm", "P-521", "--dir", public).status == 64


def test_an_unknown_institution_and_a_wrong_passphrase(tmp_path):
    office = make_office(tmp_path / "data")
    assert call("keys", "create", "nobody", "--dir", office).status == 1
    (office / "passphrase").write_text("another passphrase of enough length")
    wrong = call("keys", "create", "uef", "--dir", office)
    assert (wrong.status, "does not open the key store" in wrong.err) == (1, True)
    (office / "passphrase").chmod(0o644)
    shown = call("keys", "create", "uef", "--dir", office)
    assert (shown.status, "Others on this machine can read" in shown.err) == (64, True)


def test_a_file_may_choose_the_form_of_proof_and_has_a_key_made_for_it(tmp_path):
    public = make_office(tmp_path / "public", **HTTPS)
    second = tmp_path / "second.yaml"
    text = INSTITUTION.replace("slug: uef", "slug: second")
    second.write_text(f"{text}\nproof_form: jwt-rs256\n", encoding="utf-8")
    made = call("keys", "create", second, "--dir", public)
    assert (made.status, made.out.count("second: did:web:badges.example.edu:institutions:second#")) == (0, 2)
    lines = call("keys", "list", "--dir", public).out.splitlines()
    assert [line.split()[1] for line in lines if "institutions:second#" in line] == ["Ed25519", "RSA"]
    again = call("keys", "create", second, "--dir", public)
    assert (again.status, again.out.count("left as it was")) == (0, 1)
    second.write_text(f"{text}\nproof_form: sd-jwt\n", encoding="utf-8")
    refused = call("keys", "create", second, "--dir", public)
    assert (refused.status, "ecdsa-sd-2023" in refused.err) == (1, True)
    on_loopback = make_office(tmp_path / "loopback")
    second.write_text(f"{text}\nproof_form: jwt-rs256\n", encoding="utf-8")
    refused = call("keys", "create", second, "--dir", on_loopback)
    assert (refused.status, "begins with https" in refused.err) == (1, True)
    assert "second" not in call("keys", "list", "--dir", on_loopback).out


def test_a_key_is_revoked_only_when_that_is_confirmed(tmp_path):
    public = make_office(tmp_path / "public", **HTTPS)
    first = call("keys", "list", "--dir", public).out.split()[-4]
    planned = call("keys", "revoke", "uef", first, "--dir", public)
    assert planned.status == 1
    assert "Revoking it ends 0 credentials for good" in planned.out
    assert "It signs today: a new key takes its place" in planned.out
    assert "Nothing was done. Say --yes" in planned.out
    assert "revoked" not in call("keys", "list", "--dir", public).out
    listed = call("keys", "revoke", "uef", first, "--list", "--dir", public)
    assert (listed.status, listed.out) == (0, "")
    done = call(
        "keys", "revoke", "uef", first.partition("#")[2], "--yes", "--by", "registrar", "--dir", public
    )
    assert (done.status, f"uef: {first} is revoked" in done.out) == (0, True)
    assert "signs from now on; the status lists are signed with it." in done.out
    lines = call("keys", "list", "--dir", public).out.splitlines()[1:]
    assert [("retired" in line, "revoked" in line) for line in lines] == [(True, True), (False, False)]
    again = call("keys", "revoke", "uef", first, "--yes", "--dir", public)
    assert (again.status, "which is final" in again.err) == (1, True)
    told = call("audit", "export", "uef", "--dir", public).out
    assert '"key.revoke"' in told
    assert call("audit", "verify", "--dir", public).status == 0


def test_a_revocation_without_a_key_to_revoke_is_refused(tmp_path):
    on_loopback = make_office(tmp_path / "loopback")
    refused = call("keys", "revoke", "uef", "z6Mk", "--yes", "--dir", on_loopback)
    assert (refused.status, "loopback" in refused.err) == (1, True)
    public = make_office(tmp_path / "public", **HTTPS)
    for yes in ([], ["--yes"]):
        refused = call("keys", "revoke", "uef", "z6Mk", *yes, "--dir", public)
        assert (refused.status, "has no such key" in refused.err) == (1, True)
