"""The command line as a whole: its help, wrong usage, and faults told in words."""

import errno

import pytest
from command_line import call
from sqlalchemy.exc import OperationalError

from app.cli import COMMANDS
from app.commands.faults import in_words
from app.setting_values import SettingsError
from issuer import IssuerError
from issuer.definitions import DefinitionRefused
from microcredential import Finding, MicroCredentialError, Severity


def test_help_names_every_command():
    helped = call("--help")
    assert helped.status == 0
    for name, (_, line) in COMMANDS.items():
        assert f"  {name} " in helped.out
        assert line in helped.out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command):
    helped = call(command, "-h")
    assert helped.status == 0
    assert helped.out.startswith(f"Usage: testamur {command}")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--bogus"],
        ["nonsense"],
        ["keys"],
        ["keys", "create", "missing.yaml"],
        ["demo", "--port", "x"],
        ["issue"],
        ["issue", "missing.csv", "--institution", "a", "--definition", "b", "--run", "c"],
        ["revoke", "x"],
        ["revoke", "x", "--reason", "whim"],
        ["serve", "--port", "0"],
        ["serve", "--host", "0.0.0.0"],  # noqa: S104
        ["worker", "extra"],
        ["verify"],
        ["verify", "missing.json"],
        ["verify", "/"],
        ["verify", "--bogus", "-"],
        ["verify", "--now", "yesterday", "-"],
        ["verify", "--now", "2026-06-30T12:00:00", "-"],
        ["verify", "--trust", "missing.txt", "-"],
        ["verify", "-", "-"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_64_everywhere(arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    answered = call(*arguments)
    assert answered.status == 64
    assert answered.out == ""
    assert answered.err
    assert "Traceback" not in answered.err


@pytest.mark.parametrize("command", ["revoke", "suspend", "reinstate"])
def test_a_mistyped_folder_is_refused_and_not_made(command, tmp_path):
    reason = ["--reason", "wish"] if command == "revoke" else []
    refused = call(command, "ABCD-EFGH", *reason, "--dir", tmp_path / "wrong")
    assert refused.status == 64
    assert "There is no data" in refused.err
    assert not (tmp_path / "wrong").exists()


def test_settings_that_cannot_stand_are_wrong_usage(tmp_path):
    refused = call("keys", "list", "--dir", tmp_path, TESTAMUR_TIMEZONE="UTC")
    assert refused.status == 64
    assert "TESTAMUR_TIMEZONE" in refused.err


@pytest.mark.sqlite
def test_a_damaged_database_is_told_in_words(tmp_path):
    (tmp_path / "testamur.db").write_bytes(b"this was a database once" * 100)
    refused = call("keys", "list", "--dir", tmp_path)
    assert refused.status == 1
    assert "not a database" in refused.err


def test_faults_in_words():
    full = OSError(errno.ENOSPC, "No space left on device", "/data/testamur.db")
    assert in_words(full) == (
        "/data/testamur.db: No space left on device. Make room and start again: what was issued is safe.",
        1,
    )
    assert in_words(SettingsError("code", "Set it.")) == ("Set it.", 64)
    assert in_words(IssuerError("code", "It is not so.")) == ("It is not so.", 1)
    placed = MicroCredentialError("code", "It is empty.", path="achievement.title", fix="Give a title.")
    assert in_words(placed) == ("achievement.title: It is empty. Give a title.", 1)


def test_every_finding_of_a_refused_definition_is_told():
    findings = [Finding(f"M{n}", Severity.BLOCK, f"path{n}", "It is missing.", "Add it.") for n in (1, 2)]
    sentence, status = in_words(DefinitionRefused(findings))
    assert status == 1
    assert "  M1 path1: It is missing. Add it.\n  M2 path2: It is missing. Add it." in sentence


def test_what_a_statement_held_is_not_told():
    error = OperationalError("INSERT INTO learner", {"name": "Nguyễn"}, Exception("database is locked"))
    sentence, _ = in_words(error)
    assert "database is locked" in sentence
    assert "Nguyễn" not in sentence
    assert "learner" not in sentence


def test_a_fault_of_ours_keeps_its_traceback():
    assert in_words(ValueError("a bug")) is None
