"""The doors of the VC-API: off by default, behind its token, bounded, and never a yes or a 500 by mistake."""

import json

import pytest
from database import settings_for
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from simulator import World
from vc_api_desk import BASE, KEYS, V2, Desk, refused

from app.factory import create_app
from app.settings import Settings, SettingsError
from keys.did import did_web

TOKEN = "a-token-of-the-tests"
PATHS = [
    "/credentials/issue",
    "/credentials/derive",
    "/credentials/verify",
    "/credentials/status",
    "/presentations/verify",
]
PUBLIC = {
    "TESTAMUR_BASE_URL": "https://badges.example.edu",
    "TESTAMUR_SECRET_KEY": "a-secret-of-the-tests-that-is-long-enough-0123456789",
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "@context",
                    "id",
                    "type",
                    "proof",
                    "issuer",
                    "credentialSubject",
                    "verifiableCredential",
                    "@value",
                    "x",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    return Desk(tmp_path_factory.mktemp("vc-api"))


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("guarded")
    return create_app(
        Settings.from_env(
            {
                "TESTAMUR_DIR": str(folder),
                **settings_for(folder),
                "TESTAMUR_VC_API": "on",
                "TESTAMUR_VC_API_TOKEN": TOKEN,
            }
        )
    )


def test_without_the_setting_there_is_no_route(tmp_path):
    app = create_app(Settings.from_env({"TESTAMUR_DIR": str(tmp_path), **settings_for(tmp_path)}))
    assert not [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("vc_api")]
    client = app.test_client()
    assert client.get("/vc-api", base_url=BASE).status_code == 404
    for path in PATHS:
        assert client.post(path, json={}, base_url=BASE).status_code == 404


@pytest.mark.parametrize("text", ["yes", "1", "ON"])
def test_the_setting_is_on_or_off(text):
    with pytest.raises(SettingsError, match="TESTAMUR_VC_API"):
        Settings.from_env({"TESTAMUR_VC_API": text})


def test_off_loopback_it_does_not_start_without_a_token(tmp_path):
    public = {**PUBLIC, "TESTAMUR_DIR": str(tmp_path)}
    assert Settings.from_env(public).vc_api is False
    with pytest.raises(SettingsError, match="TESTAMUR_VC_API_TOKEN"):
        Settings.from_env({**public, "TESTAMUR_VC_API": "on"})
    with pytest.raises(SettingsError, match="needs 16 characters"):
        Settings.from_env({**public, "TESTAMUR_VC_API": "on", "TESTAMUR_VC_API_TOKEN": "short"})
    assert (
        Settings.from_env({**public, "TESTAMUR_VC_API": "on", "TESTAMUR_VC_API_TOKEN": TOKEN}).vc_api is True
    )


def test_every_route_but_the_status_list_asks_for_the_token(guarded):
    client = guarded.test_client()
    rules = [rule for rule in guarded.url_map.iter_rules() if rule.endpoint.startswith("vc_api")]
    assert len(rules) == 21
    for rule in rules:
        path = rule.rule.replace("<issuer>", "jose").replace("<path:did>", "did:key:z6Mk")
        method = "POST" if "POST" in rule.methods else "GET"
        found = {
            name: client.open(path, method=method, base_url=BASE, headers=headers).status_code
            for name, headers in {
                "none": {},
                "wrong": {"Authorization": f"Bearer {TOKEN[:-1]}x"},
                "basic": {"Authorization": f"Basic {TOKEN}"},
                "right": {"Authorization": f"Bearer {TOKEN}"},
            }.items()
        }
        if rule.rule.endswith("/status/vc-api-1"):
            assert set(found.values()) == {200}, rule
        else:
            assert (found["none"], found["wrong"], found["basic"]) == (401, 401, 401), rule
            assert found["right"] in (200, 400), rule


def test_the_keys_are_of_this_process_and_written_nowhere(tmp_path):
    first, second = Desk(tmp_path / "one"), Desk(tmp_path / "two")
    assert set(first.dids) == {"ed25519", "p256", "p384"}
    assert set(first.dids.values()).isdisjoint(second.dids.values())
    kept = [path.name for path in (tmp_path / "one").rglob("*") if path.is_file()]
    assert not [name for name in kept if "key" in name and name != "secret-key"]


def test_routes_without_a_name_sign_with_the_first_suite(desk):
    for prefix in ("", "/vc-api", "/vc-api/eddsa-rdfc-2022"):
        response = desk.post(f"{prefix}/credentials/issue", {"credential": desk.credential()})
        assert response.status_code == 201
        assert response.json["proof"]["cryptosuite"] == "eddsa-rdfc-2022"
        assert (
            desk.post(f"{prefix}/credentials/verify", {"verifiableCredential": response.json}).status_code
            == 200
        )
    assert desk.post("/vc-api/nobody/credentials/issue", {"credential": desk.credential()}).status_code == 404


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "application/json"),
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"{}", "application/json"),
        (b'{"credential": 4, "verifiableCredential": 4, "verifiablePresentation": 4}', "application/json"),
        (b'{"credential": {}, "credential": {}}', "application/json"),
        (b'{"credential": {}, "options": []}', "application/json"),
        (b'{"credential": {"a": NaN}}', "application/json"),
        (b'{"credential": ' + b"[" * 200 + b"]" * 200 + b"}", "application/json"),
        (b"\xff\xfe", "application/json"),
        (b'{"credential": {}}', "text/plain"),
        (b"credential=1", "application/x-www-form-urlencoded"),
    ],
    ids=[
        "empty",
        "cut",
        "list",
        "nothing",
        "numbers",
        "twice",
        "options",
        "NaN",
        "deep",
        "no UTF-8",
        "text",
        "form",
    ],
)
@pytest.mark.parametrize("path", PATHS)
def test_a_malformed_request_is_a_400(desk, path, body, content_type):
    response = desk.client.post(path, data=body, content_type=content_type, base_url=BASE)
    assert response.status_code == 400
    assert response.json["detail"]


def test_a_body_beyond_the_limit_is_refused(desk):
    body = json.dumps({"credential": {"x": "a" * 1_100_000}})
    assert (
        desk.client.post(PATHS[0], data=body, content_type="application/json", base_url=BASE).status_code
        == 413
    )
    body = {"verifiableCredential": {**desk.issued(), "x": ["a"] * 30_000}}
    assert refused(desk.post("/credentials/verify", body))


def test_work_beyond_the_budget_is_refused(desk):
    """Many unnamed things that differ in nothing make the canonical form hard."""
    ring = [{"type": "Thing", "knows": [{"type": "Thing"} for _ in range(12)]} for _ in range(30)]
    response = desk.issue(desk.credential(credentialSubject={"id": "did:example:a", "knows": ring}))
    assert refused(response)


def test_calls_are_counted_as_checks_are(tmp_path):
    environ = {
        "TESTAMUR_DIR": str(tmp_path),
        **settings_for(tmp_path),
        "TESTAMUR_VC_API": "on",
        "TESTAMUR_LIMIT_VERIFY": "2 per minute",
    }
    client = create_app(Settings.from_env(environ)).test_client()
    got = [client.post("/credentials/verify", json={}, base_url=BASE).status_code for _ in range(3)]
    assert got == [400, 400, 429]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(document=JSON, options=JSON)
def test_nothing_handed_in_is_a_yes_or_a_fault_of_ours(desk, document, options):
    for path in PATHS:
        body = {
            "credential": document,
            "verifiableCredential": document,
            "verifiablePresentation": document,
            "options": options,
        }
        assert desk.post(path, body).status_code in (400, 422)


# -- status


def test_the_status_issuer_gives_each_credential_a_place_of_its_own(desk):
    entries = [desk.issued("status")["credentialStatus"] for _ in range(5)]
    assert len({one["statusListIndex"] for one in entries}) == 5
    for entry in entries:
        assert entry["type"] == "BitstringStatusListEntry"
        assert entry["statusPurpose"] == "revocation"
        assert entry["statusListCredential"] == f"{BASE}/status/vc-api-1"
        assert entry["id"] != entry["statusListCredential"]
        assert str(int(entry["statusListIndex"])) == entry["statusListIndex"]


def test_the_status_list_is_a_credential_that_verifies(desk):
    listed = desk.get("/status/vc-api-1")
    assert listed.status_code == 200
    assert listed.json["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
    assert listed.json["credentialSubject"]["encodedList"].startswith("u")
    assert desk.verify(listed.json).status_code == 200
    assert refused(desk.verify({**listed.json, "validUntil": "2399-01-01T00:00:00Z"}))


def test_a_revoked_credential_is_not_verified_whatever_is_asked(desk):
    secured = desk.issued("status", desk.credential(id="urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33"))
    other = desk.issued("status", desk.credential(id="urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc44"))
    act = {"credentialId": secured["id"], "credentialStatus": {"statusPurpose": "revocation"}}
    assert desk.verify(secured, checks=["proof", "credentialStatus"]).status_code == 200
    assert desk.post("/credentials/status", act).status_code == 200
    for checks in (["proof"], ["proof", "credentialStatus"], []):
        answer = desk.verify(secured, checks=checks)
        assert (answer.status_code, answer.json["verdict"]) == (422, "revoked")
    assert desk.verify(other).status_code == 200
    assert desk.post("/credentials/status", {**act, "status": False}).status_code == 200
    assert desk.verify(secured).status_code == 200


def test_a_status_for_nobody_or_for_another_purpose_is_refused(desk):
    act = {"credentialId": "urn:uuid:nobody", "credentialStatus": {"statusPurpose": "revocation"}}
    assert desk.post("/credentials/status", act).status_code == 404
    assert refused(
        desk.post("/credentials/status", {**act, "credentialStatus": {"statusPurpose": "suspension"}})
    )
    assert refused(desk.post("/credentials/status", {**act, "status": "yes"}))


def test_a_status_that_cannot_be_read_is_no_yes_where_it_is_asked(desk):
    status = {"id": "https://example.edu/s/1", "type": "ExampleStatus"}
    secured = desk.issued(credential=desk.credential(credentialStatus=status))
    assert desk.verify(secured, checks=["proof"]).status_code == 200
    for checks in (["proof", "credentialStatus"], []):
        answer = desk.verify(secured, checks=checks)
        assert (answer.status_code, answer.json["verdict"]) == (422, "undetermined")


# -- identifiers


@pytest.mark.parametrize("kind", sorted(set(KEYS.values())))
def test_the_keys_resolve(desk, kind):
    did = desk.dids[kind]
    document = desk.get(f"/identifiers/{did}").json["didDocument"]
    assert document["id"] == did
    assert document["verificationMethod"][0]["publicKeyMultibase"].startswith("z")
    assert document["assertionMethod"] == [f"{did}#{did.removeprefix('did:key:')}"]


def test_identifiers_of_others_are_read_at_their_address_through_the_one_fetcher(tmp_path):
    world = World()
    issuer = world.issuer("badges.keystone.example")
    desk = Desk(tmp_path, fetcher=world.fetcher())
    found = desk.get(f"/identifiers/{issuer.did}")
    assert (found.status_code, found.json["didDocument"]["id"]) == (200, issuer.did)
    assert desk.get(f"/identifiers/{did_web('https://nobody.example')}").status_code == 404


@pytest.mark.parametrize(
    "did", ["did:key:z6Mk", "did:key:", "did:web:", "did:web:127.0.0.1", "did:ion:abc", "nothing"]
)
def test_what_is_no_identifier_is_refused(desk, did):
    assert desk.get(f"/identifiers/{did}").status_code in (400, 404)


def test_badges_are_judged_as_strictly_as_before():
    """The freedoms stand in a policy of their own: by default nothing of them holds."""
    from verifier.policy import DEFAULT

    assert DEFAULT.any_credential is False
    assert DEFAULT.status_may_stay_open is False
    assert DEFAULT.of_credentials.purpose == "assertionMethod"


def test_the_page_that_checks_certificates_takes_none_of_these_for_a_badge(desk):
    text = json.dumps(
        desk.issued(
            credential=desk.credential(
                **{"@context": [V2, {"degree": "https://e.x/#d", "alumniOf": "https://e.x/#a"}]}
            )
        )
    )
    page = desk.client.post("/verify", data={"text": text}, content_type="multipart/form-data", base_url=BASE)
    assert page.status_code == 200
    assert "no Open Badge" in page.text
