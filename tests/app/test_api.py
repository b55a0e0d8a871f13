"""The interface for programs: what it gives, what it refuses, and that its description tells the truth."""

import io
import json
import re
from datetime import timedelta

import pytest
from console_office import ConsoleOffice
from issuing_office import class_list

from issuer.staff.api_tokens import create_token
from issuer.staff.roles import TOKEN_ACTS, Act, Role


class Program:
    """A program with a token."""

    def __init__(self, office, *acts, slug="uef"):
        self.office = office
        admin = office.desk(office.person("Ada", Role.INSTITUTION_ADMIN, slug=slug), slug)
        expires = office.deployment.now() + timedelta(days=30)
        _token, self.token = create_token(admin, name="Register", acts=acts or TOKEN_ACTS, expires=expires)
        self.client = office.app.test_client()
        self.base = f"/api/v1/{slug}"

    def call(self, path, method="GET", **options):
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.client.open(
            self.base + path, method=method, base_url=self.office.base_url, headers=headers, **options
        )

    def bring(self, rows=3, *, data=None, **changes):
        form = {"definition": "MC-CRS-2026@2026-1", "run": "Autumn"}
        form["file"] = (io.BytesIO(class_list(rows) if data is None else data), "list.csv")
        return self.call("/batches", "POST", data=form | changes)


@pytest.fixture
def office(tmp_path):
    made = ConsoleOffice(tmp_path / "var")
    yield made
    made.close()


@pytest.fixture
def program(office):
    return Program(office)


def test_definitions(program):
    (listed,) = program.call("/definitions").json["definitions"]
    assert (listed["code"], listed["version"], listed["newest"]) == ("MC-CRS-2026", "2026-1", True)
    found = program.call(f"/definitions/{listed['public_id']}").json
    assert found["document"]["id"] == listed["id"]
    assert program.call("/definitions/unknown").status_code == 404


def test_a_class_list_becomes_a_draft_that_a_person_approves(program):
    made = program.bring(data=class_list(2) + b"Nobody,,not an address,2026-06-30,vi,8\n")
    assert made.status_code == 201
    told = made.json
    assert (told["state"], told["lines"]) == ("draft", {"ready": 2, "left_out": 1})
    assert [each["line"] for each in told["to_look_at"] if each["state"] == "left_out"] == [4]
    assert program.call(made.headers["Location"].removeprefix(program.base)).json == told
    assert program.call(f"/batches/{told['id']}/report").json["recipients"] == []
    assert program.call("/batches").json["total"] == 1


def test_the_same_list_again_is_the_same_draft(program):
    assert program.bring().json["id"] == program.bring().json["id"]
    assert program.bring(run="Winter").json["id"] != program.bring().json["id"]
    assert program.call("/batches").json["total"] == 2


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"definition": "NONE@1"}, 404, None),
        ({"run": ""}, 422, None),
        ({"awarded": "30.6.2026"}, 422, "awarded"),
        ({"file": "no file"}, 422, "file"),
        ({"data": b"name\n"}, 422, None),
    ],
)
def test_what_cannot_be_read_is_a_problem(program, changes, status, code):
    refused = program.bring(**changes)
    assert refused.status_code == status
    assert refused.content_type == "application/problem+json"
    assert refused.json["detail"]
    assert code in (None, refused.json["code"])
    assert program.call("/batches").json["total"] == 0


def test_credentials_are_found_and_given_as_signed(office, program):
    record = office.office.one()
    for asked in (record.student_number, record.short_code, record.code):
        (found,) = program.call("/credentials", query_string={"q": asked}).json["credentials"]
        assert found["id"] == record.urn
    given = program.call(f"/credentials/{record.short_code}").json
    assert given["text"] == record.text
    assert given["credential"] == json.loads(record.text)
    assert program.call("/credentials?q=nobody").json["credentials"] == []


def test_status_changes_and_repeats_are_harmless(office, program):
    record = office.office.one()
    path = f"/credentials/{record.short_code}"
    assert program.call(f"{path}/revoke", "POST", json={}).status_code == 422
    for _ in range(2):
        done = program.call(f"{path}/revoke", "POST", json={"reason": "error", "note": "asked by the dean"})
        assert done.json["status"] == "revoked"
    assert office.issuer.credential(record.urn).status == "revoked"
    assert len(office.issuer.status_history(record.urn)) == 1
    assert program.call(f"{path}/reinstate", "POST", json={}).status_code == 409
    assert program.call(f"{path}/suspend", "POST", json=["x"]).status_code == 422


def test_the_audit_names_the_program(program):
    program.bring()
    last = json.loads(program.call("/audit.jsonl").text.splitlines()[-1])
    assert (last["act"], last["actor_kind"], last["actor_name"]) == ("batch.upload", "token", "Register")


def test_what_a_token_lacks(office):
    reader = Program(office, Act.READ_DEFINITIONS)
    assert reader.call("/definitions").status_code == 200
    refused = reader.call("/credentials")
    assert (refused.status_code, refused.json["code"]) == (403, "not_allowed")
    other = Program(office, slug="other")
    other.base = "/api/v1/uef"
    assert other.call("/definitions").status_code == 404
    reader.token = "tmr_" + "A" * 49
    missing = reader.call("/definitions")
    assert (missing.status_code, missing.headers["WWW-Authenticate"]) == (401, 'Bearer realm="testamur"')


def test_only_bringing_gives_no_reading(office):
    bringer = Program(office, Act.PREPARE_BATCHES)
    made = bringer.bring()
    assert made.json == {"id": made.json["id"], "state": "draft"}
    assert bringer.call(f"/batches/{made.json['id']}").status_code == 403


def test_cookies_are_not_read(office, program):
    browser = office.client(office.person("Ivo", Role.ISSUER))
    assert office.get(browser, "/api/v1/uef/definitions").status_code == 401
    answer = program.call("/definitions")
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


def test_one_token_cannot_call_without_end(program, monkeypatch):
    from app.limits import CALLS

    most = int(CALLS.split()[0])
    statuses = [program.call("/definitions/x").status_code for _ in range(most + 1)]
    assert statuses == [404] * most + [429]
    assert Program(program.office).call("/definitions").status_code == 200


def test_the_description_fits_the_routes(office):
    described = office.app.test_client().get("/api/v1/openapi.json", base_url=office.base_url).json
    told = {
        (method.upper(), path) for path, operations in described["paths"].items() for method in operations
    }
    routes = set()
    for rule in office.app.url_map.iter_rules():
        if rule.rule.startswith("/api/"):
            for path in _written(rule.rule):
                routes |= {(method, path) for method in rule.methods - {"HEAD", "OPTIONS"}}
    assert told == routes


def test_the_description_names_the_acts(office):
    described = office.app.test_client().get("/api/v1/openapi.json", base_url=office.base_url).json
    for rule in office.app.url_map.iter_rules():
        act = getattr(office.app.view_functions[rule.endpoint], "api_act", None)
        if act is not None:
            for path in _written(rule.rule):
                for method in rule.methods - {"HEAD", "OPTIONS"}:
                    assert described["paths"][path][method.lower()]["x-act"] == act.value


def _written(rule):
    """Write a route as the description does, once for each word that it takes."""
    words = re.search(r"<any\(([^)]*)\):\w+>", rule)
    if words is None:
        return [re.sub(r"<(\w+)>", r"{\1}", rule)]
    return [each for word in words[1].split(",") for each in _written(rule.replace(words[0], word))]
