"""From the officer's pages to what an employer reads: recognised at one deployment, shown at another."""

import io
import json
import secrets
from base64 import b64encode

import app_fakes
import httpx
import pytest
from itsdangerous import URLSafeTimedSerializer
from recognition_world import TwoUniversities
from sqlmodel import Session, select
from werkzeug.datastructures import FileStorage

from issuer.staff.sessions import open_session
from issuer.staff_tables import Person

ECTS = "http://data.europa.eu/snb/education-credit/6fcec5c5af"
CRITERIA = (
    "quality",
    "verification",
    "level",
    "learningOutcomes",
    "workload",
    "assessment",
    "identification",
)


@pytest.fixture
def pair(tmp_path):
    both = TwoUniversities(tmp_path)
    yield both
    both.close()


class Officer:
    """The recognition officer of one side at the console, in a browser that is signed in."""

    def __init__(self, side):
        self.side = side
        ref = side.officer().actor.ref
        self.app = side.web.application
        self.client = self.app.test_client()
        with Session(side.office.engine) as session:
            person = session.exec(select(Person.id).where(Person.public_id == ref)).one()
        with side.office.issuer.deployment.writing() as session:
            token = open_session(session, side.office.issuer.deployment, person, second_factor=True)
        host = httpx.URL(side.base_url).host
        self.client.set_cookie(self.app.config["STAFF_COOKIE"], token, domain=host, secure=True)

    def post(self, path, data, **options):
        with self.client.session_transaction(base_url=self.side.base_url) as session:
            kept = session.setdefault("csrf_token", secrets.token_hex(20))
        token = URLSafeTimedSerializer(self.app.secret_key, salt="wtf-csrf-token").dumps(kept)
        told = {"csrf_token": token, **data}
        place = f"/console/{self.side.slug}/recognition/{path}"
        return self.client.post(place, data=told, base_url=self.side.base_url, **options)

    def signed(self, answer):
        """Let the worker sign what was stated, and take the file."""
        assert answer.status_code == 303, answer.text
        self.side.sign()
        place = answer.headers["Location"] + "/statement.json"
        return self.client.get(place, base_url=self.side.base_url).get_data(as_text=True)


def read_by_an_employer(side, text):
    files = [FileStorage(io.BytesIO(text.encode()), filename="badge.json")]
    form = app_fakes.multipart(files=files)
    return side.web.post("/verify", base_url=side.base_url, **form).get_data(as_text=True)


def test_recognised_there_and_read_here(pair):
    record = pair.first.office.one()
    pair.first.sign()
    officer = Officer(pair.second)
    told = {
        "title": "Elective in the MSc Finance",
        "purpose": "creditTransfer",
        "credits": "3",
        "system": ECTS,
        "towards": "MSc Finance",
        "basis-consortiumAgreement": "1",
    }
    standing = officer.post("new", told | {"kind": "R1", "about": pair.first.achievement_id})
    assert pair.first.submit(officer.signed(standing)).status_code == 201

    page = read_by_an_employer(pair.first, record.text)
    stated = page.partition('id="recognised"')[2].partition("</section>")[0]
    assert [word for word in ("University zagreb", "3 ECTS", "is verified") if word not in stated] == []

    file = (io.BytesIO(record.text.encode()), "badge.json")
    asked = {"file": file, "applicant": "Nguyễn Thị Minh B", "purpose": "creditTransfer"}
    checked = officer.post("decide", asked, content_type="multipart/form-data")
    assert "for every holder already" in checked.text
    decision = officer.post(
        "decide",
        told
        | {f"rating-{one}": "substantial" for one in CRITERIA}
        | {
            "badge": b64encode(record.text.encode()).decode(),
            "outcome": "full",
            "reference": "REC-1",
            "appeal": "https://www.example-uni.eu/appeal",
        },
    )
    both = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [json.loads(record.text), json.loads(officer.signed(decision))],
    }
    handed_in = read_by_an_employer(pair.first, json.dumps(both))
    assert "Full recognition" in handed_in
    assert pair.first.listed() == [("R1", pair.second.did)]
