"""`/metrics`: hidden without its token, figures that are true, and nothing about persons in it."""

import re
from pathlib import Path

import pytest
from database import url_for
from issuing_office import Office

from app.factory import create_app
from app.setting_values import SettingsError
from app.settings import Settings
from app.trust_lists import TrustLists

TOKEN = "a-token-of-the-tests-that-nobody-guesses"


@pytest.fixture
def office(tmp_path):
    office = Office(tmp_path / "office")
    office.ready()
    yield office
    office.close()


def client(office, **extra):
    environ = {
        "TESTAMUR_DIR": str(office.folder),
        "TESTAMUR_BASE_URL": office.base_url,
        "TESTAMUR_DATABASE_URL": url_for(office.folder),
        **extra,
    }
    return create_app(Settings.from_env(environ), clock=office.clock).test_client()


def asked(app, token=TOKEN):
    return app.get("/metrics", headers={"Authorization": f"Bearer {token}"})


def value(text, name):
    (found,) = re.findall(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    return float(found)


def test_without_a_token_in_the_settings_there_is_no_such_address(office):
    assert asked(client(office), "").status_code == 404
    assert asked(client(office)).status_code == 404


@pytest.mark.parametrize("sent", ["", "wrong", TOKEN[:-1], TOKEN + "x"])
def test_a_wrong_token_learns_nothing(office, sent):
    app = client(office, TESTAMUR_METRICS_TOKEN=TOKEN)
    assert asked(app, sent).status_code == 404
    assert app.get("/metrics", headers={"Authorization": f"Basic {TOKEN}"}).status_code == 404
    assert asked(app).status_code == 200


def test_the_figures_are_those_of_the_office(office):
    office.issue(3)
    record = office.one(run="other", data=None)
    office.issuer.revoke(record.urn, reason="error", by="registrar")
    app = client(office, TESTAMUR_METRICS_TOKEN=TOKEN)
    app.get("/c/nobody-has-this-code")
    text = asked(app).text
    assert value(text, 'testamur_credentials{state="good"}') == 3
    assert value(text, 'testamur_credentials{state="revoked"}') == 1
    assert value(text, 'testamur_mails{state="withdrawn"}') == 1
    assert value(text, 'testamur_batches{state="finished"}') == 2
    assert value(text, "testamur_unsigned_status_lists") == 1
    assert value(text, "testamur_worker_up") == 0
    assert value(text, 'testamur_http_requests_total{method="GET",route="/c/<code>",status="404"}') == 1


def test_nobody_is_named_in_it(office):
    office.issue(2)
    app = client(office, TESTAMUR_METRICS_TOKEN=TOKEN)
    record = office.issuer.credentials("uef")[0]
    app.get(f"/c/{record.code}")
    text = asked(app).text
    for secret in (record.code, record.learner_name, record.student_number, "uef", "example.edu", TOKEN):
        assert secret not in text


def test_what_waits_is_counted_in_seconds(office):
    office.issue(1)
    office.clock.forward(minutes=10)
    text = asked(client(office, TESTAMUR_METRICS_TOKEN=TOKEN)).text
    assert value(text, "testamur_oldest_due_mail_seconds") == 600
    assert value(text, "testamur_oldest_status_list_seconds") == 600


def test_the_page_for_operators_names_only_metrics_that_there_are(office):
    page = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
    office.issue(1)
    text = asked(client(office, TESTAMUR_METRICS_TOKEN=TOKEN)).text
    named = set(re.findall(r"`(testamur_[a-z_]+)", page))
    assert named >= {"testamur_worker_up", "testamur_http_requests_total"}
    assert {name for name in named if not re.search(rf"^# TYPE {name} ", text, re.MULTILINE)} <= {
        "testamur_http_requests_total"  # the type line of a counter has no ending
    }


def test_a_token_that_is_too_short_stops_the_start(office):
    with pytest.raises(SettingsError, match="TESTAMUR_METRICS_TOKEN needs 16"):
        client(office, TESTAMUR_METRICS_TOKEN="fifteen-letters")
    assert client(office, TESTAMUR_METRICS_TOKEN="sixteen-letters-").get("/healthz").status_code == 200


def test_trust_lists_are_counted_by_use(office, tmp_path):
    known = tmp_path / "known.txt"
    known.write_text("did:web:one.example One")
    more = {"TESTAMUR_METRICS_TOKEN": TOKEN, "TESTAMUR_TRUST_LISTS": f"{known} {tmp_path / 'none.txt'}"}
    app = client(office, **more)
    lists = TrustLists(office.folder, [str(known)], [])
    lists.refresh(fetcher=None, now=office.clock.now)
    text = asked(app).get_data(as_text=True)
    states = {state: value(text, f'testamur_trust_lists{{state="{state}"}}') for state in ("used", "unused")}
    assert states == {"used": 1, "unused": 1}
    assert str(known) not in text
