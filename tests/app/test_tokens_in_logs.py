"""The token of a program: taken from its header alone, and in no log (THREATS T7)."""

from datetime import timedelta

import pytest
from console_office import ConsoleOffice

from issuer.staff.api_tokens import create_token
from issuer.staff.roles import Act, Role

PATH = "/api/v1/uef/definitions"


@pytest.fixture
def office(tmp_path):
    made = ConsoleOffice(tmp_path / "var")
    yield made
    made.close()


@pytest.fixture
def token(office):
    desk = office.desk(office.person("Ada", Role.INSTITUTION_ADMIN))
    expires = desk.now() + timedelta(days=30)
    return create_token(desk, name="Register", acts=[Act.READ_DEFINITIONS], expires=expires)[1]


def asked(office, **options):
    return office.app.test_client().get(PATH, base_url=office.base_url, **options)


def test_a_token_in_its_header_is_taken_and_not_logged(office, token, capfd):
    assert asked(office, headers={"Authorization": f"Bearer {token}"}).status_code == 200
    said = "".join(capfd.readouterr())
    assert "/api/v1/<slug>/definitions" in said
    assert token not in said


@pytest.mark.parametrize("name", ["access_token", "token", "key"])
def test_a_token_in_the_address_opens_nothing_and_is_not_logged(office, token, name, capfd):
    refused = asked(office, query_string={name: token})
    assert refused.status_code == 401
    assert token not in refused.text
    assert token not in "".join(capfd.readouterr())
