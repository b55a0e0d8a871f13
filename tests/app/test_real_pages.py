"""The pages over the real issuing office and the real verifier, through `create_app`."""

import io
import json
import re
import time
from datetime import timedelta

import app_fakes
import pytest
from database import settings_for
from issuing_office import CODE, HEADER, Office
from werkzeug.datastructures import FileStorage

from app import Settings, create_app
from issuer import Visibility
from issuer.records import PageVisibility
from ob3 import unbake

PERSON = "Nguyễn Thị Minh Anh"
ROW = f"{HEADER}\n{PERSON},UEF-1,anna@example.edu,2026-06-30,vi,8\n".encode()


class NoOutside:
    """A world in which no other host answers."""

    def get(self, url, *, accept):
        from verifier.errors import FetchFailed

        raise FetchFailed("no_answer", "nobody there")


class Service:
    """A data folder with one credential, and the pages over it."""

    def __init__(self, folder, **options):
        self.office = Office(folder)
        self.office.ready(**options)
        self.record = self.office.one(data=ROW)
        self.office.issuer.sign_status_lists(only_due=False)
        self.base_url = self.office.base_url
        settings = Settings.from_env(
            {
                "TESTAMUR_DIR": str(folder),
                "TESTAMUR_BASE_URL": self.base_url,
                "TESTAMUR_DEMO": "1",
                **settings_for(folder),
            }
        )
        self.app = create_app(settings, clock=self.office.clock, fetcher=NoOutside())
        self.web = self.app.test_client()
        self.token = self.office.issuer.holder_url(self.record).rpartition("/")[2]

    def get(self, path, **headers):
        headers = {"Accept": "text/html"} | headers
        return self.web.get(path, base_url=self.base_url, headers=headers, buffered=True)

    def check(self, data, name="file"):
        files = [FileStorage(io.BytesIO(data), filename=name)]
        form = app_fakes.multipart(files=files)
        return self.web.post("/verify", base_url=self.base_url, headers={"Accept": "text/html"}, **form)

    def sentence(self, path=None):
        page = self.get(path or f"/c/{self.record.code}").text
        return re.sub(r"<[^>]+>", "", re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)[1])


@pytest.fixture
def service(tmp_path):
    made = Service(tmp_path / "var", suspension=True)
    yield made
    made.office.close()
    made.app.extensions["testamur_database"].dispose()


def test_a_certificate_lives_through_its_states(service):
    issuer, urn = service.office.issuer, service.record.urn
    good = (
        "This certificate is good: Example University of Economics and Finance "
        f"awarded it to {PERSON} on 30 June 2026."
    )
    assert service.sentence() == good
    issuer.suspend(urn, by="registrar")
    issuer.sign_status_lists()
    assert service.sentence().startswith("This certificate has been suspended by Example University")
    issuer.reinstate(urn, by="registrar")
    issuer.sign_status_lists()
    assert service.sentence() == good
    issuer.revoke(urn, reason="error", by="registrar")
    issuer.sign_status_lists()
    assert service.sentence() == (
        "This certificate was revoked on 3 July 2026 by Example University of Economics and Finance, "
        "because it was issued in error."
    )
    assert service.get(f"/s/{service.record.share_id}/card.png").status_code == 404


def test_a_list_that_ran_out_is_no_yes(service):
    service.office.clock.forward(days=9)
    said = service.sentence()
    assert said.startswith(
        "This certificate could not be checked to the end: we could not tell whether Example"
    )
    assert said.endswith("has withdrawn it.")


def test_every_file_of_the_holder_verifies_when_it_comes_back(service):
    for name in ("credential.json", "badge.png", "badge.svg", "certificate.pdf"):
        answer = service.get(f"/h/{service.token}/{name}")
        assert answer.status_code == 200
        assert 'class="verdict is-good"' in service.check(answer.data, name).text, name
    assert unbake(service.get(f"/h/{service.token}/badge.svg").data) == service.record.text
    assert service.get(f"/h/{service.token}/certificate.png").data.startswith(b"\x89PNG")


def test_a_revoked_file_says_when_and_why_when_it_comes_back(service):
    service.office.issuer.revoke(service.record.urn, reason="board", by="registrar")
    service.office.issuer.sign_status_lists()
    page = service.check(service.record.text.encode()).text
    assert "3 July 2026</span> by <bdi" in page
    assert "because the examination board has decided so" in page
    assert "Is this the right address?" not in page


def test_a_changed_file_is_not_valid_and_shows_nothing_of_itself(service):
    document = json.loads(service.record.text)
    document["credentialSubject"]["name"] = "Somebody Else"
    page = service.check(json.dumps(document).encode()).text
    assert "what it says does not fit its signature" in page
    assert "Somebody Else" not in page
    assert PERSON not in page


def test_pasted_text_and_recipient_reach_the_verifier(service):
    def ask(recipient):
        data = {"text": service.record.text, "recipient": recipient}
        return service.web.post("/verify", base_url=service.base_url, data=data).text

    assert "Yes, the name fits." in ask(PERSON)
    assert "No, the name does not fit." in ask("Somebody Else")


@pytest.mark.parametrize(
    "address",
    [
        "https://127.0.0.1/x",
        "http://a.example/x",
        "https://gone.example/badge.json",
        "https://[::1]/",
        "https://",
    ],
)
def test_an_address_never_brings_the_page_down(service, address):
    answer = service.web.post("/verify", base_url=service.base_url, data={"text": address})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b"{}",
        b"{" * 100_000,
        b'{"a":1,"a":2}',
        b'{"n":1e999}',
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 50,
        b"\x89PNG\r\n\x1a\n\x7f\xff\xff\xffIDAT",
        b"%PDF-1.7\n%broken",
        b"<svg xmlns='http://www.w3.org/2000/svg'><!ENTITY x 'y'></svg>",
        b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><svg>&a;</svg>",
        "{\ud800}".encode("utf-8", "surrogatepass"),
        '{"a":"é"}'.encode("utf-16"),
        b"eyJhbGciOiJub25lIn0.e30.",
        b"PK\x03\x04",
        b"\xff" * 1000,
    ],
)
def test_hostile_files_get_an_answer(service, hostile):
    answer = service.check(hostile)
    assert answer.status_code == 200
    assert "is-good" not in answer.text.split("What was checked")[0]
    assert "root:" not in answer.text


def test_the_holder_chooses_and_the_public_page_follows(service):
    page = service.get(f"/h/{service.token}").text
    assert "kB</td>" in page
    form = {
        "csrf_token": re.search(r'name="csrf_token" value="([^"]+)"', page)[1],
        "show": "grade",
        "page": "off",
    }
    saved = service.web.post(f"/h/{service.token}", base_url=service.base_url, data=form)
    assert saved.status_code == 303
    chosen = service.office.issuer.credential(service.record.urn).visibility
    assert chosen == Visibility(grade=True, page=PageVisibility.OFF)
    assert "The holder has chosen to show this." in service.get(f"/c/{service.record.code}").text
    assert service.get(f"/s/{service.record.share_id}").status_code == 404


def test_the_shared_page_and_its_card(service):
    page = service.get(f"/s/{service.record.share_id}")
    assert page.status_code == 200
    assert service.get(f"/s/{service.record.share_id}/card.png").data.startswith(b"\x89PNG")


def test_short_code_status_list_achievement_and_first_page(service):
    found = service.web.post(
        "/c", base_url=service.base_url, data={"code": service.record.shown_code.lower()}
    )
    assert found.headers["Location"] == f"/c/{service.record.code}"
    status = json.loads(service.record.text)["credentialStatus"]
    entry = status[0] if isinstance(status, list) else status
    path = entry["statusListCredential"].removeprefix(service.base_url)
    listed = service.get(path)
    assert listed.status_code == 200
    assert service.get(path, **{"If-None-Match": listed.headers["ETag"]}).status_code == 304
    public = service.record.definition.public_id
    assert service.get(f"/achievements/{public}").status_code == 200
    document = service.get(f"/achievements/{public}", Accept="application/json")
    assert document.json["id"] == f"{service.base_url}/achievements/{public}"
    assert service.get(f"/achievements/{public}/badge.png").data.startswith(b"\x89PNG")
    assert b"<svg" in service.get(f"/achievements/{public}/badge.svg").data
    assert CODE in service.get("/").text
    assert service.token in service.get("/outbox").text
    assert service.get("/readyz").status_code == 200


def test_unknown_codes_and_links_answer_alike(service):
    for start in ("/c/", "/h/", "/s/"):
        for name in ("x", "0" * 22, "z" * 22, "%00", "a" * 5000, "../../etc/passwd"):
            assert service.get(start + name).status_code in (404, 414, 429)


def test_an_expired_certificate_says_until_when(tmp_path):
    service = Service(tmp_path / "var", valid_for="P1Y")
    service.office.clock.forward(days=366)
    service.office.issuer.sign_status_lists(only_due=False)
    assert service.sentence().startswith("This certificate expired on ")
    service.office.close()
    service.app.extensions["testamur_database"].dispose()


def test_a_stranger_verifies_but_is_never_green(service, tmp_path):
    other = Office(tmp_path / "other")
    other.ready(slug="other")
    foreign = other.one(slug="other", data=ROW)
    page = service.check(foreign.text.encode()).text
    assert 'class="verdict is-good"' not in page
    assert "The issuer is not known to us" in page
    other.close()


def test_a_page_is_quick(service):
    service.get(f"/c/{service.record.code}")
    began = time.monotonic()
    for _ in range(5):
        service.get(f"/c/{service.record.code}")
    each = timedelta(seconds=(time.monotonic() - began) / 5)
    print(f"verified page: {each.total_seconds() * 1000:.0f} ms")
    assert each < timedelta(seconds=2)
