"""`testamur audit`: intact chains, removed and edited entries, exports, the anchor beside the database."""

import json

import pytest
from command_line import call, make_office
from database import url_for
from issuing_office import START
from sqlalchemy import text

from app.audit_anchor import ANCHOR_FILE, read_anchor, write_anchor
from app.database import open_database
from issuer import IssuerError, OfficeSecret
from issuer.audit.record import AuditedAct, record
from issuer.audit.verify import Anchor
from issuer.deployment import Deployment
from issuer.institutions import institution_row


@pytest.fixture
def office(tmp_path):
    folder = make_office(tmp_path / "data")
    engine = open_database(url_for(folder))
    secret = OfficeSecret.open(folder / "office-secret")
    deployment = Deployment(engine, "http://127.0.0.1:8080", lambda: START, secret=secret)
    with deployment.writing() as session:
        institution = institution_row(session, "uef")
        acts = [AuditedAct("definition.draft", f"MC-{number}") for number in range(3)]
        record(session, deployment, acts, institution=institution, by="author")
    engine.dispose()
    return folder


def change(folder, statement):
    engine = open_database(url_for(folder))
    with engine.begin() as connection:
        assert connection.execute(text(statement)).rowcount >= 1
    engine.dispose()


def test_what_was_done_here_is_intact(office):
    found = call("audit", "verify", "--dir", office)
    assert found.status == 0, found.out
    assert "uef: " in found.out
    assert "intact" in found.out


def test_an_edited_entry_is_named_and_the_command_ends_with_1(office):
    change(office, "update audit_entry set actor_name = 'Nobody' where chain = 'uef' and number = 1")
    found = call("audit", "verify", "--dir", office)
    assert (found.status, "Entry 1 was changed" in found.out) == (1, True)


def test_a_removed_entry_is_named_and_the_command_ends_with_1(office):
    change(office, "delete from audit_entry where chain = 'uef' and number = 1")
    found = call("audit", "verify", "--dir", office)
    assert (found.status, "Entries 1 to 1 are missing" in found.out) == (1, True)


def test_an_export_is_checked_without_the_data_folder(office, tmp_path):
    exported = call("audit", "export", "uef", "--dir", office)
    path = tmp_path / "audit.jsonl"
    path.write_text(exported.out, encoding="utf-8")
    assert call("audit", "verify", "--file", path).status == 0
    lines = exported.out.splitlines()
    entry = json.loads(lines[0])
    path.write_text("\n".join([json.dumps({**entry, "act": "other"}), *lines[1:]]), encoding="utf-8")
    assert call("audit", "verify", "--file", path).status == 1


def test_a_file_that_is_no_export_is_refused_in_words(tmp_path):
    path = tmp_path / "other.txt"
    path.write_text("Dear colleagues\n")
    refused = call("audit", "verify", "--file", path)
    assert (refused.status, "not an entry of an audit export" in refused.err) == (1, True)


def test_the_anchor_keeps_the_farthest_that_a_chain_had_come(tmp_path):
    write_anchor(tmp_path, {"uef": Anchor(7, "a" * 64)})
    write_anchor(tmp_path, {"uef": Anchor(3, "b" * 64), "": Anchor(1, "c" * 64)})
    assert read_anchor(tmp_path) == {"uef": Anchor(7, "a" * 64), "": Anchor(1, "c" * 64)}
    assert (tmp_path / ANCHOR_FILE).stat().st_mode & 0o077 == 0


def test_a_broken_anchor_is_told_and_not_ignored(tmp_path):
    (tmp_path / ANCHOR_FILE).write_text("{")
    with pytest.raises(IssuerError, match="anchor"):
        read_anchor(tmp_path)
    (tmp_path / ANCHOR_FILE).unlink()
    assert read_anchor(tmp_path) == {}
