"""An issuing office with its console: people made as a test needs them, and browsers that are signed in."""

import secrets
from dataclasses import dataclass

from database import settings_for
from issuing_office import Office, institution
from itsdangerous import URLSafeTimedSerializer
from sqlmodel import select

from app import Settings, create_app
from issuer.staff.accounts import make_person
from issuer.staff.passwords import Work
from issuer.staff.roles import Role
from issuer.staff.sessions import find_session, open_session
from issuer.staff.totp import code_at, new_totp_secret, step_at
from issuer.staff_tables import Person

PASSWORD = "seventeen quiet herons"
LIGHT = Work(passes=1, memory=8 * 1024)  # the least that libsodium takes: tests hash by the hundred


@dataclass(frozen=True)
class Staff:
    """Somebody who can sign in."""

    name: str
    email: str
    public_id: str
    person_id: int
    totp_secret: str | None
    password: str = PASSWORD


class NoOutside:
    """A world in which no other host answers."""

    def get(self, url, *, accept):
        from verifier.errors import FetchFailed

        raise FetchFailed("no_answer", "nobody there")


class ConsoleOffice:
    """The console of a data folder with two institutions: `uef`, which has published, and `other`."""

    def __init__(self, folder, *, base_url=None, **settings):
        self.office = Office(folder, **({"base_url": base_url} if base_url else {}))
        self.definition = self.office.ready()
        self.office.issuer.register_institution(institution("other", name="Other University", names={}))
        self.office.issuer.create_key("other")
        self.clock = self.office.clock
        self.issuer = self.office.issuer
        self.deployment = self.office.issuer.deployment
        self.base_url = self.office.base_url
        environment = {
            "TESTAMUR_DIR": str(folder),
            "TESTAMUR_BASE_URL": self.base_url,
            "TESTAMUR_SECRET_KEY": "a secret of the tests, long enough for anybody",
            "TESTAMUR_LIMIT_SIGN_IN": "10000 per minute",
            **settings_for(folder),
            **settings,
        }
        self.settings = Settings.from_env(environment)
        self.app = create_app(self.settings, clock=self.clock, fetcher=NoOutside())
        self._made = 0

    def person(self, name, *roles, slug="uef", faculty=None, email=None, second_factor=True):
        """Make an active person with these roles in `slug` (None: the consortium); `faculty` is its key."""
        self._made += 1
        address = email or f"person{self._made}@staff.example"
        secret = new_totp_secret() if second_factor else None
        public_id = make_person(
            self.deployment,
            email=address,
            name=name,
            grants=[(slug, Role(role), faculty) for role in roles],
            password=PASSWORD,
            totp_secret=secret,
            by="test",
            work=LIGHT,
        )
        with self.deployment.reading() as session:
            person_id = session.exec(select(Person.id).where(Person.public_id == public_id)).one()
        return Staff(name, address, public_id, person_id, secret)

    def browser(self):
        """Give a browser that is not signed in."""
        client = self.app.test_client()
        client.environ_base["HTTP_ACCEPT"] = "text/html"
        return client

    def client(self, staff, *, second_factor=True):
        """Give a browser in which somebody is signed in, by a session such as a sign-in makes."""
        with self.deployment.writing() as session:
            token = open_session(session, self.deployment, staff.person_id, second_factor=second_factor)
        client = self.browser()
        self.give_cookie(client, token)
        return client

    def give_cookie(self, client, token):
        """Put the token of a session into a browser."""
        client.set_cookie(
            self.app.config["STAFF_COOKIE"], token, domain=self.host, secure=self.settings.secure
        )

    @property
    def host(self):
        """The host name under which the browsers call."""
        return self.deployment.host

    def get(self, client, path, **options):
        """Open a page."""
        return client.get(path, base_url=self.base_url, **options)

    def post(self, client, path, data=None, **options):
        """Send a form with the token against forged requests; `data` may hold files."""
        told = {"csrf_token": self.csrf(client), **(data or {})}
        return client.post(path, base_url=self.base_url, data=told, **options)

    def csrf(self, client):
        """Give the token that a form shown to this browser would carry."""
        with client.session_transaction(base_url=self.base_url) as session:
            kept = session.setdefault("csrf_token", secrets.token_hex(20))
        return URLSafeTimedSerializer(self.app.secret_key, salt="wtf-csrf-token").dumps(kept)

    def code(self, staff, *, ahead=0):
        """Give the code that somebody's authenticator shows now."""
        return code_at(staff.totp_secret, step_at(self.clock.now) + ahead)

    def desk(self, staff, slug="uef"):
        """Give the office as somebody uses it for an institution, for tests of services."""
        with self.deployment.writing() as session:
            token = open_session(session, self.deployment, staff.person_id, second_factor=True)
        signed_in = find_session(self.deployment, token)
        actor = signed_in.actor_for(slug) if slug else signed_in.consortium_actor()
        return self.deployment.acting(actor)

    def close(self):
        self.office.close()
        self.app.extensions["testamur_database"].dispose()
