"""What is read within one snapshot is read in one transaction, and sees nothing that others write then."""

import pytest
from issuing_office import Office, institution
from sqlalchemy import text

from issuer.errors import StorageFailed
from issuer.institutions import institutions


@pytest.fixture
def office(tmp_path):
    found = Office(tmp_path / "office")
    found.ready()
    yield found
    found.close()


def names(deployment):
    return [one.slug for one in institutions(deployment)]


def test_a_snapshot_is_of_one_moment_and_ends_with_its_block(office):
    here, beside = office.issuer.deployment, office.another()
    with here.one_snapshot():
        assert names(here) == ["uef"]
        beside.register_institution(institution("other", name="Other University", names={}))
        assert names(here) == ["uef"]
        assert len(names(beside.deployment)) == 2
    assert len(names(here)) == 2


def test_a_snapshot_is_one_session_also_within_itself(office):
    here = office.issuer.deployment
    with here.one_snapshot(), here.reading() as first, here.one_snapshot(), here.reading() as second:
        assert first is second
    with here.reading() as third:
        assert third is not first


def test_a_failure_within_a_snapshot_leaves_none_behind(office):
    here = office.issuer.deployment
    with pytest.raises(KeyError), here.one_snapshot():
        raise KeyError
    with here.reading() as one, here.reading() as other:
        assert one is not other


def test_what_the_database_refuses_within_a_snapshot_is_told_as_ever(office):
    here = office.issuer.deployment
    with here.one_snapshot(), pytest.raises(StorageFailed), here.reading() as session:
        session.connection().execute(text("select * from no_such_table"))
