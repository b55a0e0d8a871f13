"""A house in which definitions are written, for tests of their pages: an author, a reviewer, browsers."""

import html
import re

from database import settings_for
from definition_drafts import author, complete_document, open_institution, reviewer
from issuing_office import Office
from sqlmodel import Session, select
from werkzeug.datastructures import MultiDict

from app.factory import create_app
from app.settings import Settings
from issuer.drafts.drafts import begin_draft
from issuer.staff.sessions import open_session
from issuer.staff_tables import Person

BASE = "http://127.0.0.1:8080"


class House:
    """An office with an author and a reviewer, and browsers in which they are signed in."""

    def __init__(self, folder):
        self.office = Office(folder)
        self.here = open_institution(self.office)
        self.anna, self.rita = author(self.office, self.here), reviewer(self.office, self.here)
        told = {"TESTAMUR_DIR": str(folder), "TESTAMUR_BASE_URL": BASE, **settings_for(folder)}
        self.app = create_app(Settings.from_env(told), clock=self.office.clock)

    def browser(self, name):
        service = self.office.issuer.deployment
        with Session(self.office.engine) as session:
            person = session.exec(select(Person.id).where(Person.name == name)).one()
        with service.writing() as session:
            token = open_session(session, service, person, second_factor=True)
        client = self.app.test_client()
        client.set_cookie("testamur-staff", token, domain="127.0.0.1")
        return Browser(client)

    def draft(self, document=None):
        return begin_draft(self.anna, document or complete_document())


class Browser:
    """A browser without a script: it sends what the page's form holds."""

    def __init__(self, client):
        self.client = client
        self.token = re.search(r'csrf_token" value="([^"]+)', self.get("/console").text)[1]

    def get(self, path, **options):
        return self.client.get(path, base_url=BASE, follow_redirects=path == "/console", **options)

    def post(self, path, data=None, **options):
        sent = data if isinstance(data, MultiDict) else MultiDict([*(data or {}).items()])
        sent["csrf_token"] = self.token
        return self.client.post(path, base_url=BASE, data=sent, content_type="multipart/form-data", **options)


def form_of(page):
    """What a browser would send of the big form, read from the page itself."""
    inside = page.text.partition('<form id="definition"')[2].partition("</form>")[0]
    sent = MultiDict()
    for tag in re.finditer(
        r"<input\b([^>]*)>|<textarea\b([^>]*)>\n?(.*?)</textarea>|<select\b([^>]*)>(.*?)</select>",
        inside,
        re.S,
    ):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag[1] or tag[2] or tag[4] or ""))
        name, value = attributes.get("name"), attributes.get("value", "")
        if tag[2] is not None:
            value = tag[3]
        elif tag[4] is not None:
            chosen = re.search(r'<option value="([^"]*)" selected', tag[5])
            value = chosen[1] if chosen else ""
        unticked = attributes.get("type") == "checkbox" and not re.search(r"\schecked", tag[1])
        if name and attributes.get("type") != "file" and not unticked:
            sent.add(html.unescape(name), html.unescape(value))
    return sent
