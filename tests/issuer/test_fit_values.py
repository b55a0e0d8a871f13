"""What no database can hold is not found, or refused in words; the same on SQLite and on PostgreSQL."""

import pytest
from issuing_office import CODE, class_list
from sqlmodel import select

from issuer import IssuerError, NotFound
from issuer.fit_values import _is_unfit
from issuer.tables import Batch, Institution
from issuer.transactions import reading, writing

UNFIT = ["\x00", "urn:uuid:\x00", "uef\x00", "\ud800", "x" * 150 + "\udfff"]


@pytest.mark.parametrize("name", UNFIT)
def test_nothing_is_found_by_an_unfit_name(office, name):
    office.ready()
    asked = office.issuer
    for find in (
        asked.status_list,
        asked.achievement,
        asked.did_document,
        asked.credentials,
        asked.batch_result,
    ):
        with pytest.raises(NotFound):
            find(name)
    with pytest.raises(NotFound):
        asked.import_class_list(name, CODE, "r", class_list(1))


@pytest.mark.parametrize("name", UNFIT)
def test_an_unfit_text_is_refused_and_leaves_nothing(office, name):
    office.ready()
    preview = office.issuer.import_class_list("uef", CODE, "r", class_list(1))
    with pytest.raises(IssuerError) as refused:
        office.issuer.start_batch(preview, by=name)
    assert (refused.value.code, type(refused.value)) == ("unfit_value", IssuerError)
    with reading(office.engine) as session:
        assert session.exec(select(Batch)).all() == []
    assert office.issuer.start_batch(preview, by="registrar")


@pytest.mark.parametrize("number", [2**31, 2**63, -(2**70)])
def test_nothing_is_found_by_a_number_beyond_measure(office, number):
    office.ready()
    try:
        with reading(office.engine) as session:
            found = session.exec(select(Institution).where(Institution.id == number)).first()
    except NotFound:
        found = None
    assert found is None


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1])
def test_a_number_of_more_than_64_bits_is_unfit_and_the_next_one_is_not(number):
    nearest = number - 1 if number > 0 else number + 1
    assert _is_unfit([nearest, 0, True, None, "a"]) is False
    assert _is_unfit([nearest, number, "a"]) is True
    assert _is_unfit([]) is False


@pytest.mark.postgresql
def test_a_text_too_long_for_its_column_is_refused_in_words(office):
    office.ready()
    with pytest.raises(IssuerError) as refused:
        rename(office, "x" * 201)
    assert (refused.value.code, type(refused.value)) == ("unfit_value", IssuerError)
    rename(office, "ạ" * 200)
    assert office.issuer.institutions()[0].name == "ạ" * 200


def rename(office, name):
    with writing(office.engine) as session:
        institution = session.exec(select(Institution)).one()
        institution.name = name
        session.add(institution)
