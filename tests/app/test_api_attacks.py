"""Attacks on the interface for programs: invented tokens, deep bodies, a session in place of a token."""

from datetime import timedelta

import pytest
from console_office import ConsoleOffice

from app.limits import REFUSALS
from issuer.staff.api_tokens import create_token
from issuer.staff.roles import Act, Role

LIST = "/api/v1/uef/definitions"
REVOKE = "/api/v1/uef/credentials/00000000-0000-4000-8000-000000000000/revoke"


@pytest.fixture
def office(tmp_path):
    made = ConsoleOffice(tmp_path / "var")
    yield made
    made.close()


def token(office, *acts):
    admin = office.desk(office.person("Ada", Role.INSTITUTION_ADMIN))
    expires = office.deployment.now() + timedelta(days=30)
    return create_token(admin, name="Register", acts=acts, expires=expires)[1]


def ask(office, path, bearer, **options):
    headers = {"Authorization": f"Bearer {bearer}"}
    return office.browser().open(path, base_url=office.base_url, headers=headers, **options)


def test_who_invents_a_token_for_each_call_is_one_caller(office):
    good, most = token(office, Act.READ_DEFINITIONS), int(REFUSALS.split()[0])
    statuses = [ask(office, LIST, f"tmr_{number}").status_code for number in range(most + 1)]
    assert statuses == [401] * most + [429]
    assert ask(office, LIST, "tmr_more", environ_base={"REMOTE_ADDR": "192.0.2.1"}).status_code == 401
    assert ask(office, LIST, good, environ_base={"REMOTE_ADDR": "192.0.2.1"}).status_code == 200


def test_a_good_token_is_not_slowed_down_by_its_own_calls(office):
    good = token(office, Act.READ_DEFINITIONS)
    assert {ask(office, LIST, good).status_code for _ in range(70)} == {200}


@pytest.mark.parametrize(
    "body", [b"[" * 200_000, b'{"reason":' * 50_000, b"[]", b"7", b"{", b'{"note": NaN}', b"\xff"]
)
def test_a_body_that_is_no_object_is_refused_however_deep_it_is(office, body):
    bearer = token(office, Act.CHANGE_STATUS)
    answer = ask(office, REVOKE, bearer, method="POST", data=body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json["code"] == "body"


def test_a_plain_body_goes_on_to_the_credential(office):
    bearer = token(office, Act.CHANGE_STATUS)
    assert ask(office, REVOKE, bearer, method="POST", json={"reason": "error"}).status_code == 404


def test_a_session_of_staff_calls_nothing(office):
    client = office.client(office.person("Ivo", "issuer", "institution_admin"))
    assert client.get(LIST, base_url=office.base_url).status_code == 401
    answer = client.post(REVOKE, base_url=office.base_url, json={"reason": "error"})
    assert answer.status_code == 401
