"""A note of withdrawals that cannot be read: certificates are checked, ours are open, operators are told."""

import io
import json
from datetime import timedelta

import app_fakes
import pytest
from command_line import call
from database import settings_for
from issuing_office import HEADER, Office
from structlog.testing import capture_logs
from werkzeug.datastructures import FileStorage

from app import Settings, create_app
from issuer.trust_files import TrustFiles
from issuer.trust_publication import withdraw
from verifier.trust import TrustEntry, UnreadList, leaves_open, trust_lists

DAMAGED = [b"{", b"[]", b"\xff\xfe", b'{"uef": 5}', b'{"uef": {"until": "soon", "reason": ""}}']


class Service:
    """A data folder with one certificate, and the pages over it."""

    def __init__(self, folder):
        self.office = Office(folder)
        self.office.ready()
        self.record = self.office.one(
            data=f"{HEADER}\nAnna,UEF-1,anna@example.edu,2026-06-30,vi,8\n".encode()
        )
        self.office.issuer.sign_status_lists(only_due=False)
        environ = {
            "TESTAMUR_DIR": str(folder),
            "TESTAMUR_BASE_URL": self.office.base_url,
            "TESTAMUR_DEMO": "1",
            **settings_for(folder),
        }
        self.app = create_app(Settings.from_env(environ), clock=self.office.clock)
        self.web = self.app.test_client()
        self.token = self.office.issuer.holder_url(self.record).rpartition("/")[2]

    def get(self, path):
        headers = {"Accept": "text/html"}
        return self.web.get(path, base_url=self.office.base_url, headers=headers, buffered=True)

    def check(self, data):
        form = app_fakes.multipart(files=[FileStorage(io.BytesIO(data), filename="file")])
        return self.web.post(
            "/verify", base_url=self.office.base_url, headers={"Accept": "text/html"}, **form
        )


@pytest.fixture
def service(tmp_path):
    made = Service(tmp_path / "var")
    yield made
    made.office.close()
    made.app.extensions["testamur_database"].dispose()


def note(service):
    path = service.office.folder / "trust-list" / "withdrawn.json"
    path.parent.mkdir(exist_ok=True)
    return path


def pages(service):
    return {
        "paper": service.get(f"/c/{service.record.code}"),
        "file": service.check(service.record.text.encode()),
        "holder": service.get(f"/h/{service.token}"),
    }


@pytest.mark.parametrize("damage", DAMAGED, ids=["cut", "list", "bytes", "no-object", "no-day"])
def test_pages_answer_and_say_that_the_list_could_not_be_read(service, damage):
    note(service).write_bytes(damage)
    for name, page in pages(service).items():
        assert page.status_code == 200, name
    for page in (pages(service)["paper"], pages(service)["file"]):
        assert "The issuer is not known to us" in page.text
        assert "The trust list could not be read" in page.text
        assert 'class="verdict is-good"' not in page.text
    note(service).write_text("{}")
    for page in (pages(service)["paper"], pages(service)["file"]):
        assert "could not be read" not in page.text
        assert 'class="verdict is-good"' in page.text


def test_the_operator_reads_of_it_once_a_minute(service):
    note(service).write_bytes(b"{")
    with capture_logs() as told:
        pages(service)
    lines = [each for each in told if each["event"] == "own_trust_list_unread"]
    assert [(each["log_level"], each["code"]) for each in lines] == [("error", "trust_files")]
    assert "withdrawn.json cannot be read" in lines[0]["why"]
    service.office.clock.now += timedelta(minutes=2)
    with capture_logs() as told:
        pages(service)
    assert [each["event"] for each in told].count("own_trust_list_unread") == 1


def test_show_names_the_file_and_its_exit_status_says_so(demo):
    path = demo.folder / "trust-list" / "withdrawn.json"
    assert call("trust", "show", "--dir", demo.folder).status == 0
    path.write_text("{")
    try:
        answered = call("trust", "show", "--dir", demo.folder)
        assert (answered.status, answered.err) == (1, "")
        assert f"{path} cannot be read. Restore it from a backup." in answered.out
        assert "no institution of ours counts as known" in answered.out
    finally:
        path.unlink()
    assert call("trust", "show", "--dir", demo.folder).status == 0


def test_a_withdrawal_that_can_be_read_is_told_as_before(service):
    files = TrustFiles(service.office.folder)
    withdraw(service.office.issuer.deployment, files, "uef", reason="Closed", by="registrar")
    assert json.loads(note(service).read_text())["uef"]["reason"] == "Closed"
    page = pages(service)["paper"]
    assert "is no longer on it" in page.text
    assert "could not be read" not in page.text


def test_no_later_list_vouches_for_whom_an_unread_one_might_have_withdrawn():
    ours, theirs = "did:web:a.example", "did:web:b.example"
    later = [TrustEntry(issuer_id=ours), TrustEntry(issuer_id=theirs)]
    together = trust_lists([UnreadList([ours]), later])
    assert together.find(ours) is None
    assert together.find(theirs) == later[1]
    assert (leaves_open(together, ours), leaves_open(together, theirs)) == (True, False)
    assert trust_lists([later]).find(ours) == later[0]
    assert not leaves_open(trust_lists([later]), ours)
