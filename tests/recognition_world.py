"""Two deployments that recognise each other's courses, and each reads the other's trust list by HTTP."""

import json
from datetime import UTC, date, datetime

import httpx
from database import settings_for
from definition_drafts import desk
from issuing_office import HTTPS_BASE_URL, Office, definition, institution
from recognition_statements import decision, quality, standing, trust
from simulator import PUBLIC_ADDRESS, World
from sqlmodel import Session, select

from app import Settings, create_app
from app.recognition_rounds import FEED_BYTES, RecognitionRounds
from app.trust_rounds import TrustRounds
from issuer.recognition.making import Order, make_statement
from issuer.recognition.standing import statement
from issuer.staff.roles import Role
from issuer.tables import Institution
from issuer.trust_files import TrustFiles
from verifier.fetch import Fetcher, Limits

SECOND_BASE_URL = "https://badges.alliance.example"
END = datetime(2029, 1, 1, tzinfo=UTC)


class Wires(httpx.BaseTransport):
    """The network between the deployments: each answers for its host, unless the world says otherwise."""

    def __init__(self, world):
        self.world = world
        self.served = {}

    def handle_request(self, request):
        url = str(request.url)
        app = self.served.get(request.url.host)
        if app is None or url in self.world.failures or url in self.world.pages:
            return self.world.handle_request(request)
        self.world.requests.append(url)
        return httpx.WSGITransport(app=app).handle_request(request)


class Side:
    """One deployment with its office, pages and worker's rounds; `slug` is its university."""

    def __init__(self, folder, base_url, other_url, slug, wires, clock=None):
        self.base_url, self.slug, self.wires = base_url, slug, wires
        self.office = Office(folder, base_url=base_url, **({"clock": clock} if clock else {}))
        self.clock = self.office.clock
        issuer = self.office.issuer
        issuer.register_institution(institution(slug, name=f"University {slug}", names={}))
        issuer.create_key(slug)
        self.version = issuer.publish_definition(slug, definition())
        issuer.sign_status_lists(only_due=False)
        self.settings = _settings(folder, base_url, other_url)
        self.fetcher = Fetcher(
            transport=wires,
            resolve=lambda _host: [PUBLIC_ADDRESS],
            own_hosts=(httpx.URL(base_url).host,),
            limits=Limits(body_bytes=FEED_BYTES),
        )
        app = create_app(self.settings, clock=self.clock, fetcher=self.fetcher)
        wires.served[httpx.URL(base_url).host] = app
        self.web = app.test_client()
        told = {"clock": self.clock, "fetcher": self.fetcher}
        self.trust_rounds = TrustRounds(self.settings, issuer, **told)
        self.rounds = RecognitionRounds(self.settings, issuer, **told)

    @property
    def did(self):
        return json.loads(self.office.issuer.did_document(self.slug))["id"]

    @property
    def achievement_id(self):
        return f"{self.base_url}/achievements/{self.version.public_id}"

    def read_trust(self):
        self.trust_rounds.once(only_due=False)

    def officer(self):
        with Session(self.office.engine) as session:
            key = session.exec(select(Institution.id).where(Institution.slug == self.slug)).one()
        return desk(self.office, key, "Officer", Role.RECOGNITION_OFFICER, slug=self.slug)

    def state(self, kind, other, **changes):
        """Make and sign a statement about the other side's course; give its text."""
        content = {
            "T": lambda: trust(other.did, **changes),
            "Q": lambda: quality(other.achievement_id, **changes),
            "R1": lambda: standing(other.achievement_id, **changes),
            "R2": lambda: decision(changes.pop("badge")["id"], **changes),
        }
        badge = changes.get("badge")
        order = Order(
            content=content[kind](),
            decided=date(2026, 7, 1),
            valid_until=None if kind == "R2" else END,
            badge=badge,
        )
        made = make_statement(self.officer(), order)
        self.sign()
        return made.urn, statement(self.officer(), made.urn).text

    def sign(self):
        self.office.issuer.sign_statements()
        self.office.issuer.sign_status_lists(only_due=False)

    def get(self, path):
        return self.web.get(path, base_url=self.base_url)

    def submit(self, text, *, public_id=None, content_type="application/json"):
        path = f"/achievements/{public_id or self.version.public_id}/endorsements"
        return self.web.post(path, data=text, content_type=content_type, base_url=self.base_url)

    def feed(self):
        """Give the kinds of what is in this side's feed."""
        answer = self.get("/recognition-statements.json")
        return [one["kind"] for one in answer.json["endorsements"]]

    def listed(self):
        """Give (kind, issuer id) of what is published about this side's course."""
        answer = self.get(f"/achievements/{self.version.public_id}/endorsements")
        return [(one["kind"], one["credential"]["issuer"]["id"]) for one in answer.json["endorsements"]]


class TwoUniversities:
    """`first` and `second`, each of which trusts the other's list."""

    def __init__(self, folder):
        self.world = World()
        self.wires = Wires(self.world)
        self.first = Side(folder / "first", HTTPS_BASE_URL, SECOND_BASE_URL, "uef", self.wires)
        self.world.now = self.first.clock.now
        self.second = Side(
            folder / "second", SECOND_BASE_URL, HTTPS_BASE_URL, "zagreb", self.wires, clock=self.first.clock
        )
        for one in (self.first, self.second):
            one.office.issuer.publish_trust_list(TrustFiles(one.office.folder), name="Consortium")
        for one in (self.first, self.second):
            one.read_trust()

    def close(self):
        self.first.office.close()
        self.second.office.close()


def _settings(folder, base_url, other_url):
    given = {
        "TESTAMUR_DIR": str(folder),
        "TESTAMUR_BASE_URL": base_url,
        "TESTAMUR_SECRET_KEY": "a-secret-of-the-tests-that-is-long-enough-0123456789",
        "TESTAMUR_TRUST_LISTS": f"{other_url}/trust-list.json",
        "TESTAMUR_TRUST_PUBLISHERS": f"did:web:{httpx.URL(other_url).host}",
        "TESTAMUR_LIMIT_VERIFY": "10000 per minute",
    }
    return Settings.from_env({**given, **settings_for(folder)})
