"""What a revocation costs, and the list that shows it, counted: statements and calls, and never seconds."""

import json
from random import Random

import pytest
from bound_sessions import NOW, two_institutions
from sql_counts import statements
from sqlalchemy import insert, update
from sqlmodel import col, select
from work_counts import calls_of

from issuer.records import RevocationReason
from issuer.staff_tables import Faculty
from issuer.status_lists import _AT_ONCE
from issuer.tables import Institution, OutboxMailRow, StatusEntry, StatusList, stored_id
from issuer.tenancy import CrossedTenancy, bind
from issuer.transactions import reading, run, writing

LENGTH = 1_048_576
LOCK = 1  # PostgreSQL asks for it at the beginning of each writing transaction


def test_a_revocation_and_its_list_take_so_many_statements_and_calls(office):
    office.ready()
    urns = office.issue(4).credentials
    with writing(office.engine) as session:
        session.exec(update(OutboxMailRow).values(state="sent", sent=office.clock()))
    for urn in urns[:2]:  # statements are made and compiled, the list is known
        office.issuer.revoke(urn, reason=RevocationReason.ERROR, by="registrar")
        office.issuer.sign_status_lists()
    acted = calls_of(lambda: office.issuer.revoke(urns[3], reason=RevocationReason.ERROR, by="registrar"))
    signed = calls_of(office.issuer.sign_status_lists)
    with statements(office.engine) as asked:  # afterwards, since whoever listens makes calls as well
        office.issuer.revoke(urns[2], reason=RevocationReason.ERROR, by="registrar")
        of_act = len(asked)
        office.issuer.sign_status_lists()
    assert of_act <= 10 + LOCK
    assert len(asked) - of_act <= 3 + LOCK
    if office.engine.dialect.name == "sqlite":  # PostgreSQL's driver is written in Python itself
        assert acted.total() <= 1_870
        assert signed.total() <= 2_200
    assert signed.of("ob3.canonical._canonical") <= 2  # of options and list; reading back finds them again


def test_of_the_list_of_a_million_no_more_is_walked_packed_and_written_than_changed(office):
    office.ready()
    urns = office.issue(3).credentials
    with writing(office.engine) as session:
        session.exec(update(StatusList).where(StatusList.purpose == "revocation").values(length=LENGTH))
    office.issuer.sign_status_lists(only_due=False)
    with reading(office.engine) as session:
        own = set(session.exec(select(StatusEntry.list_index)).all())
    for one in office.issuer._kept_bits._kept.values():  # a twentieth revoked before, not these
        for index in set(Random(20).sample(range(LENGTH), LENGTH // 20)) - own:  # noqa: S311
            one.statuses.set(index, True)
    lengths = []
    for urn in urns:
        office.issuer.revoke(urn, reason=RevocationReason.ERROR, by="registrar")
        signed = calls_of(office.issuer.sign_status_lists)
        text = office.issuer.status_list("uef-revocation-1").text
        lengths.append(len(text))
    assert signed.of("ob3.canonical._canonical") == 1  # found again when it is read back; options as before
    assert signed.of("isal.isal_zlib.compressobj") == 1
    assert signed.of("None.bytes.translate") <= 3  # nothing looks at each of 70,000 characters
    assert max(lengths) - min(lengths) <= 256  # most often none: the database writes what differs


def test_lists_are_read_some_at_a_time_and_all_of_them_signed(office):
    office.ready()
    office.one()
    with writing(office.engine) as session:
        (first,) = session.exec(select(StatusList))
        more = range(2, 2 * _AT_ONCE + 2)
        for number in more:
            words = {"purpose": "revocation", "number": number, "public_id": f"uef-revocation-{number}"}
            session.add(StatusList(institution_id=first.institution_id, **words))
    office.clock.forward(seconds=1)
    with statements(office.engine) as asked:
        assert office.issuer.sign_status_lists() == len(more)
    assert office.issuer.sign_status_lists() == 0
    assert office.issuer.sign_status_lists(only_due=False) == len(more) + 1
    assert sum("JOIN institution " in one for one in asked) == 3  # the last of them finds nothing more
    with reading(office.engine) as session:
        assert None not in session.exec(select(StatusList.text)).all()


def test_a_list_without_a_key_holds_up_no_other(office):
    office.ready()
    office.one()
    with writing(office.engine) as session:
        keyless = Institution(
            slug="aaa", name="A", names="{}", profile="{}", presentation="{}", country="VN", created=NOW
        )
        session.add(keyless)
        session.flush()
        owned = {"institution_id": stored_id(keyless), "purpose": "revocation"}
        session.add(StatusList(**owned, number=1, public_id="aaa-revocation-1"))
        session.exec(update(StatusList).values(changes=StatusList.changes + 1))
    with pytest.raises(Exception, match="has no key yet"):
        office.issuer.sign_status_lists()
    with reading(office.engine) as session:
        waiting = select(StatusList.public_id).where(StatusList.signed_changes != StatusList.changes)
        assert session.exec(waiting).all() == ["aaa-revocation-1"]


def test_a_list_is_signed_by_the_key_of_today_whatever_others_there_are(https_office):
    https_office.ready()
    https_office.one()
    issuer = https_office.issuer
    issuer.rotate_key("uef")
    issuer.create_key("uef", "P-256")
    https_office.clock.forward(seconds=1)
    issuer.sign_status_lists(only_due=False)
    (today,) = [key for key in issuer.keys_of("uef") if key.retired is None and key.algorithm == "Ed25519"]
    signed = json.loads(issuer.status_list("uef-revocation-1").text)
    assert signed["proof"]["verificationMethod"] == today.verification_method


def test_what_was_added_before_is_there_for_a_statement_past_the_session():
    engine = two_institutions()
    with writing(engine) as session:
        session.add(Faculty(institution_id=1, code="new", name="New", created=NOW))
        found = run(session, select(Faculty.name).where(col(Faculty.code) == "new"), {}).all()
    assert found == [("New",)]


def test_a_session_that_is_bound_to_a_tenant_is_not_passed_by():
    engine = two_institutions()
    names = select(Faculty.name, Faculty.institution_id)
    row = {"code": "x", "name": "X", "created": NOW}
    with writing(engine) as session:
        assert {owner for _, owner in run(session, names, {})} == {1, 2}
    with writing(engine) as session:
        bind(session, 1)
        assert {owner for _, owner in run(session, names, {})} == {1}
        run(session, insert(Faculty), [{**row, "institution_id": 1}])
        with pytest.raises(CrossedTenancy):
            run(session, insert(Faculty), [{**row, "institution_id": 2}])
