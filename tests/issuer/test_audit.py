"""The audit: a chain in which any entry that was removed, added, moved or edited is found."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from issuing_office import Office
from sqlalchemy import text

from issuer import IssuerError, OfficeSecret
from issuer.audit.entries import AuditEntry, entries_of, export, exported_entry
from issuer.audit.record import AuditedAct, entry_hash, record
from issuer.audit.verify import Anchor, anchors_now, verify_audit, verify_export
from issuer.audit_tables import AuditEntryRow
from issuer.errors import NotAllowed
from issuer.institutions import institution_row
from issuer.staff.actor import Actor, ActorKind, Grant
from issuer.staff.roles import Role

ENTRIES = 6


@pytest.fixture
def office(tmp_path):
    office = Office(tmp_path / "office")
    office.ready()
    with office.issuer.deployment.writing() as session:
        institution = institution_row(session, "uef")
        for number in range(ENTRIES):
            act = AuditedAct(
                "definition.draft", f"MC-{number}", before={"n": number}, after={"n": number + 1}
            )
            record(session, office.issuer.deployment, act, institution=institution, by="registrar")
    yield office
    office.close()


def chain(office, slug="uef"):
    with office.issuer.deployment.reading() as session:
        return list(entries_of(session, slug))


def faults(office, **options):
    return [fault for report in verify_audit(office.issuer.deployment, **options) for fault in report.faults]


def change(office, statement, **values):
    with office.engine.begin() as connection:
        assert connection.execute(text(statement), values).rowcount >= 1


def test_a_chain_that_nobody_touched_is_intact(office):
    (report,) = [each for each in verify_audit(office.issuer.deployment) if each.chain == "uef"]
    assert report.intact
    assert report.entries == len(chain(office)) >= ENTRIES
    assert report.end == chain(office)[-1].hash


def test_entries_say_who_did_what_when(office):
    entry = chain(office)[-1]
    assert (entry.act, entry.subject, entry.actor_kind, entry.actor_name) == (
        "definition.draft",
        f"MC-{ENTRIES - 1}",
        "command_line",
        "registrar",
    )
    assert json.loads(entry.before) == {"n": ENTRIES - 1}
    assert entry.time == office.clock.now


def test_every_removed_entry_is_found(office):
    for entry in chain(office):
        with office.engine.begin() as connection:
            kept = (
                connection.execute(
                    text("select * from audit_entry where chain = 'uef' and number = :n"), {"n": entry.number}
                )
                .mappings()
                .one()
            )
            connection.execute(text("delete from audit_entry where id = :id"), {"id": kept["id"]})
        found = faults(office)
        assert {fault.code for fault in found} & {"removed", "cut"}, entry.number
        with office.engine.begin() as connection:
            names = ", ".join(kept)
            holes = ", ".join(f":{name}" for name in kept)
            insert = f"insert into audit_entry ({names}) values ({holes})"  # noqa: S608
            connection.execute(text(insert), dict(kept))
        assert faults(office) == []


EDITS = {
    "at": "2020-01-01 00:00:00+00:00",
    "actor_kind": "service",
    "actor": "somebody",
    "actor_name": "Somebody Else",
    "act": "credential.revoke",
    "subject": "another",
    "before": '{"n": 99}',
    "after": None,
    "previous": "1" * 64,
    "hash": "2" * 64,
    "seal": "3" * 64,
}


@pytest.mark.parametrize("column", EDITS)
def test_every_edited_field_is_found(office, column):
    middle = chain(office)[ENTRIES // 2].number
    change(
        office,
        f"update audit_entry set {column} = :value where chain = 'uef' and number = :n",  # noqa: S608
        value=EDITS[column],
        n=middle,
    )
    assert any(fault.number in (middle, middle + 1) for fault in faults(office))


def test_a_chain_written_anew_without_the_office_secret_is_found(office):
    """Whoever has the database alone can make every hash fit, but no seal."""
    stranger = OfficeSecret(b"\1" * 32)
    with office.engine.begin() as connection:
        connection.execute(text("delete from audit_entry where chain = 'uef'"))
        connection.execute(text("delete from audit_head where chain = 'uef'"))
    forged = replace(office.issuer.deployment, secret=stranger)
    with forged.writing() as session:
        record(
            session, forged, AuditedAct("credential.issue", "x"), institution=institution_row(session, "uef")
        )
    assert {fault.code for fault in faults(office)} == {"forged"}
    assert [report.intact for report in verify_audit(forged) if report.chain == "uef"] == [True]


def test_a_chain_that_was_taken_away_whole_is_found_by_its_anchor(office):
    anchors = anchors_now(office.issuer.deployment)
    assert faults(office, anchors=anchors) == []
    with office.engine.begin() as connection:
        connection.execute(text("delete from audit_entry where chain = 'uef'"))
        connection.execute(text("delete from audit_head where chain = 'uef'"))
    assert {fault.code for fault in faults(office, anchors=anchors)} == {"no_head", "not_as_anchored"}


def test_the_newest_entries_taken_away_with_their_head_set_back_are_found(office):
    entries = chain(office)
    change(office, "delete from audit_entry where chain = 'uef' and number = :n", n=entries[-1].number)
    change(
        office,
        "update audit_head set number = :n, hash = :hash where chain = 'uef'",
        n=entries[-2].number,
        hash=entries[-2].hash,
    )
    assert {fault.code for fault in faults(office)} == {"forged"}
    anchored = {"uef": Anchor(entries[-1].number, entries[-1].hash)}
    assert {fault.code for fault in faults(office, anchors=anchored)} == {"forged", "not_as_anchored"}


def test_without_the_office_secret_nothing_is_written(office):
    bare = replace(office.issuer.deployment, secret=None)
    before = chain(office)
    with pytest.raises(IssuerError, match="audit"), bare.writing() as session:
        record(
            session, bare, AuditedAct("credential.issue", "x"), institution=institution_row(session, "uef")
        )
    assert chain(office) == before


def actor(office, *roles):
    with office.issuer.deployment.reading() as session:
        institution_id = institution_row(session, "uef").id
    grants = tuple(Grant(role) for role in roles)
    return Actor(ActorKind.PERSON, "p1", "Auditor", institution_id, "uef", grants)


def test_an_export_can_be_checked_by_itself(office):
    lines = list(export(office.issuer.deployment.acting(actor(office, Role.AUDITOR))))
    (report,) = verify_export(exported_entry(line) for line in lines)
    assert report.intact
    assert report.entries == len(lines)
    del lines[2]
    (report,) = verify_export(exported_entry(line) for line in lines)
    assert [fault.code for fault in report.faults] == ["removed"]


def test_only_who_may_read_the_audit_exports_it(office):
    with pytest.raises(NotAllowed):
        list(export(office.issuer.deployment.acting(actor(office, Role.ISSUER))))


@given(st.text(max_size=300))
def test_whatever_is_not_an_export_is_refused_in_words(line):
    with pytest.raises(IssuerError, match="export"):
        exported_entry(line)


VALUES = st.one_of(st.none(), st.text(max_size=20), st.integers())


@given(st.fixed_dictionaries(dict.fromkeys(AuditEntry.__dataclass_fields__, VALUES)))
def test_an_export_with_strange_values_is_refused_or_checked(values):
    try:
        entry = exported_entry(json.dumps(values))
    except IssuerError:
        return
    try:
        assert not verify_export([entry])[0].intact
    except ValueError:
        pytest.fail("a strange value came through")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), st.integers(1, 2**40))
def test_an_entry_is_hashed_in_the_form_of_rfc_8785(text_, number):
    told = dict.fromkeys(("chain", "actor_kind", "actor", "actor_name", "act", "subject", "after"), text_)
    told |= {"number": number, "before": None, "previous": "0" * 64}
    row = AuditEntryRow(**told, at=datetime(2026, 7, 3, 2, tzinfo=UTC))
    form = rfc8785.dumps(told | {"at": "2026-07-03T02:00:00+00:00"})
    assert entry_hash(row) == sha256(form).hexdigest()
