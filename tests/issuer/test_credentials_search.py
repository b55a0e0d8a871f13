"""Finding credentials: by every handle, whatever the accents, within one's institution and faculties."""

import pytest
from credential_office import CredentialOffice
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from issuer import IssuerError
from issuer.credentials.folding import LONGEST, folded, search_text
from issuer.credentials.rows import MailOutcome
from issuer.credentials.search import COUNTED, Order, Sought, find, find_keys, matching, runs_of, short_codes
from issuer.records import Status
from issuer.staff.roles import Act, Role
from issuer.tables import Learner

PEOPLE = (
    "Đặng Quỳnh Nhu,UEF-2231-0391,nhu@student.example",
    "Nguyễn Văn Ấn,UEF-2231-0392,an@student.example",
    "ສົມສະຫວາດ ພົມມະຈັນ,UEF-2231-0393,somsavath@student.example",
    "Řeháková Žofie,UEF-2231-0394,zofie@student.example",
    "50%_off Straße,UEF-2231-0395,odd@student.example",
)


@pytest.fixture
def world(tmp_path):
    world = CredentialOffice(tmp_path / "var")
    yield world
    world.close()


@pytest.fixture(scope="module")
def register(tmp_path_factory):
    """Give an office in which the people above have their credentials; its tests only read."""
    world = CredentialOffice(tmp_path_factory.mktemp("register") / "var")
    world.records = world.named(*PEOPLE)
    yield world
    world.close()


def names(desk, text="", **sought):
    return sorted(row.name for row in find(desk, Sought(text, **sought)).rows)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("dang quynh", "Đặng Quỳnh Nhu"),
        ("ĐẶNG", "Đặng Quỳnh Nhu"),
        ("nhu đặng", "Đặng Quỳnh Nhu"),
        ("nguyen an", "Nguyễn Văn Ấn"),
        ("Nguyê\u0303n", "Nguyễn Văn Ấn"),  # decomposed, as a Mac types it
        ("ສົມສະຫວາດ", "ສົມສະຫວາດ ພົມມະຈັນ"),
        ("rehakova", "Řeháková Žofie"),
        ("ŽOFIE", "Řeháková Žofie"),
        ("strasse", "50%_off Straße"),
        ("50%_", "50%_off Straße"),
        ("UEF-2231-0392", "Nguyễn Văn Ấn"),
        ("uef-2231-0392", "Nguyễn Văn Ấn"),
        ("0393", "ສົມສະຫວາດ ພົມມະຈັນ"),
        ("Zofie@Student.example", "Řeháková Žofie"),
        ("MC-2026-000391", "Đặng Quỳnh Nhu"),
        ("mc-2026-000392", "Nguyễn Văn Ấn"),
    ],
)
def test_people_are_found_as_staff_type_them(register, typed, name):
    assert names(register.desk(), typed) == [name]


@pytest.mark.parametrize("typed", ["nobody", "%%", "_%_%_", "0399", "\u200b", "' or 1=1 --", "\u0301"])
def test_what_nobody_has_finds_nobody(register, typed):
    assert names(register.desk(), typed) == []


@pytest.mark.parametrize("handle", ["urn", "code", "short_code", "shown_code", "url"])
def test_every_code_finds_its_credential_alone(register, handle):
    for record in register.records:
        assert names(register.desk(), getattr(record, handle)) == [record.learner_name]
    assert names(register.desk(), register.records[0].shown_code.lower()) == ["Đặng Quỳnh Nhu"]


def test_another_institution_finds_nothing_of_it_by_any_handle(world):
    (record,) = world.named(PEOPLE[0])
    world.named(PEOPLE[1], slug="other")
    other = world.desk(slug="other")
    for typed in (record.urn, record.code, record.shown_code, "MC-2026-000391x", "dang", "UEF-2231-0391", ""):
        assert "Đặng Quỳnh Nhu" not in names(other, typed)
    assert names(other) == ["Nguyễn Văn Ấn"]
    assert names(world.desk()) == ["Đặng Quỳnh Nhu"]


def test_a_role_in_a_faculty_sees_the_credentials_of_its_definitions_alone(world):
    world.named(*PEOPLE[:2])
    mine, elsewhere = world.faculty("eco"), world.faculty("law", with_definition=False)
    assert len(names(world.desk(faculty=mine))) == 2
    assert names(world.desk(faculty=elsewhere)) == []
    assert runs_of(world.desk(faculty=mine)) == ["Spring 2026"]
    assert runs_of(world.desk(faculty=elsewhere)) == []


def test_a_role_that_reads_no_credentials_finds_none(world):
    world.named(PEOPLE[0])
    with pytest.raises(IssuerError) as refused:
        find(world.desk(Role.AUTHOR), Sought())
    assert refused.value.code == "not_allowed"
    assert find(world.desk(Role.AUDITOR), Sought()).total == 1


def test_filters_keep_what_fits(world):
    first, second, *_ = world.named(*PEOPLE)
    world.named("Trần Bảo,UEF-7,bao@student.example", run="Autumn 2026")
    world.issuer.revoke(first.urn, reason="error", by="registrar")
    world.issuer.suspend(second.urn, by="registrar")
    desk = world.desk()
    assert names(desk, status=Status.REVOKED) == [first.learner_name]
    assert names(desk, status=Status.SUSPENDED) == [second.learner_name]
    assert names(desk, run="Autumn 2026") == ["Trần Bảo"]
    assert names(desk, run="Winter") == []
    assert names(desk, "dang", status=Status.GOOD) == []
    assert names(desk, versions=(1,)) == names(desk)
    assert names(desk, versions=(2,)) == []
    assert names(desk, mail=MailOutcome.WITHDRAWN) == [first.learner_name]
    assert len(names(desk, mail=MailOutcome.QUEUED)) == 5
    world.mails_sent()
    assert len(names(desk, mail=MailOutcome.SENT)) == 5
    assert names(desk, mail=MailOutcome.FAILED) == []
    assert names(desk, mail=MailOutcome.NONE) == []
    assert set(runs_of(desk)) == {"Autumn 2026", "Spring 2026"}


def test_a_list_is_sorted_and_cut_into_pages(world):
    world.issue(7)
    desk = world.desk()
    numbers = [f"UEF-{number:04}" for number in range(1, 8)]

    def page(**asked):
        return [row.student_number for row in find(desk, Sought(), limit=3, **asked).rows]

    assert page(order=Order.NUMBER, descending=False) == numbers[:3]
    assert page(order=Order.NUMBER, descending=False, offset=6) == numbers[6:]
    assert page(order=Order.NUMBER, descending=False, offset=600) == numbers[6:]
    assert page(order=Order.NUMBER, descending=True) == numbers[:3:-1]
    assert len(set(page(order=Order.ISSUED) + page(order=Order.ISSUED, offset=3))) == 6
    assert page(order=Order.NAME, descending=False) == numbers[:3]
    found = find(desk, Sought(), limit=3)
    assert (found.total, found.more) == (7, False)


def test_keys_and_codes_of_a_whole_search(world):
    records = world.issue(4)
    keys = find_keys(world.desk(), Sought(), at_most=10)
    assert sorted(short_codes(world.desk(), keys)) == sorted(record.short_code for record in records)
    assert len(find_keys(world.desk(), Sought(), at_most=2)) == 3


def test_a_name_that_many_have_is_found_without_naming_each(world, monkeypatch):
    monkeypatch.setattr("issuer.credentials.search.FEW_LEARNERS", 2)
    monkeypatch.setattr("issuer.credentials.search.COUNTED", 3)
    world.issue(5)
    found = find(world.desk(), Sought("nguyen"), limit=10)
    assert (len(found.rows), found.total, found.more) == (5, 3, True)


def test_learners_are_stored_with_their_folded_text(world):
    world.named(PEOPLE[0])
    (learner,) = world.rows(Learner)
    assert learner.search == "dang quynh nhu uef-2231-0391 nhu@student.example"


@pytest.mark.sqlite
@pytest.mark.parametrize("handle", ["urn", "code", "shown_code", "number", "certificate"])
def test_codes_and_numbers_are_looked_up_in_an_index_and_nothing_is_read_through(register, handle):
    typed = {"number": "UEF-2231-0391", "certificate": "MC-2026-000391"}.get(handle)
    plan = _plan(register, Sought(typed or getattr(register.records[0], handle)))
    assert any(line.startswith("SEARCH credential") for line in plan)
    assert all(line.startswith(("SEARCH", "LIST SUBQUERY", "CREATE BLOOM")) for line in plan), plan


@pytest.mark.sqlite
def test_names_are_sought_in_the_index_of_folded_texts(register):
    assert not any(line.startswith("SCAN") for line in _plan(register, Sought("dang")))
    with register.office.engine.connect() as connection:
        sought = "select id from learner where institution_id = 1 and search like '%dang%'"
        (line,) = [row[3] for row in connection.execute(text(f"explain query plan {sought}"))]
    assert "COVERING INDEX ix_learner_search" in line


def _plan(world, sought):
    """Say how SQLite would answer a search."""
    desk = world.desk()
    with desk.reading() as session:
        query = matching(session, desk, sought)
    said = query.compile(world.office.engine, compile_kwargs={"literal_binds": True})
    with world.office.engine.connect() as connection:
        return [row[3] for row in connection.exec_driver_sql(f"explain query plan {said}")]


def test_the_most_that_is_counted_is_within_reach_of_pages():
    assert COUNTED % 50 == 0


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once_and_capitals_do_not_matter(typed):
    once = folded(typed)
    assert folded(once) == once
    assert "\0" not in once
    assert "  " not in once
    assert once == once.strip()


@given(st.text(max_size=200), st.text(max_size=100), st.text(max_size=254))
def test_what_is_stored_fits_its_column(name, number, email):
    assert len(search_text(name, number, email)) <= LONGEST


@given(st.sampled_from(["Nguyễn Thị Minh Ánh", "Đỗ Đức", "Žluťoučký kůň", "Łukasz", "ÆSIR"]))
def test_accents_and_case_are_the_same_person(name):
    assert folded(name) == folded(name.upper()) == folded(name.lower())
    assert folded(name).isascii()


def test_reading_and_changing_ask_for_their_own_act(world):
    world.named(PEOPLE[0])
    with pytest.raises(IssuerError):
        find_keys(world.desk(Role.AUDITOR), Sought(act=Act.CHANGE_STATUS), at_most=5)
    assert find_keys(world.desk(Role.ISSUER), Sought(act=Act.CHANGE_STATUS), at_most=5)
