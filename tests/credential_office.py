"""An office with issued credentials, people in roles, and the console's pages over it."""

import re
import uuid

from database import settings_for
from issuing_office import START, Office, class_list, definition, institution
from sqlmodel import select

from app import Settings, create_app
from issuer.staff.actor import Actor, ActorKind, Grant
from issuer.staff.roles import Role
from issuer.staff.sessions import open_session
from issuer.staff_tables import Faculty, Person, RoleGrantRow
from issuer.tables import Batch, DefinitionRow, Institution, OutboxMailRow


class NoOutside:
    """A world in which no other host answers."""

    def get(self, url, *, accept):
        from verifier.errors import FetchFailed

        raise FetchFailed("no_answer", "nobody there")


class CredentialOffice:
    """Two institutions, `uef` whose certificates can be suspended and `other`, and staff of both."""

    def __init__(self, folder, *, suspension=True):
        self.office = Office(folder)
        self.issuer = self.office.issuer
        self.clock = self.office.clock
        self.office.ready(suspension=suspension)
        self.issuer.register_institution(institution("other", name="Other University", names={}))
        self.issuer.create_key("other")
        self.issuer.publish_definition("other", definition(suspension=suspension))
        self._app = None

    def issue(self, rows=3, **changes):
        """Issue a class and give the records."""
        return [self.issuer.credential(urn) for urn in self.office.issue(rows, **changes).credentials]

    def named(self, *lines, slug="uef", run="Spring 2026"):
        """Issue to people by `name,number,email`."""
        head = "name,student_number,email,awarded_date,language,certificate_number"
        rows = [f"{line},2026-06-30,vi,MC-2026-{at:06}" for at, line in enumerate(lines, start=391)]
        return self.issue(slug=slug, run=run, data="\n".join([head, *rows]).encode())

    def rows(self, table, **values):
        with self.issuer.deployment.reading() as session:
            query = select(table)
            for name, value in values.items():
                query = query.where(getattr(table, name) == value)
            return session.exec(query.order_by(table.id)).all()

    def institution_id(self, slug="uef"):
        return self.rows(Institution, slug=slug)[0].id

    def faculty(self, code="eco", *, with_definition=True):
        """Make a faculty, to which the published definition then belongs; give its key."""
        with self.issuer.deployment.writing() as session:
            faculty = Faculty(
                institution_id=self.institution_id(), code=code, name=code.upper(), created=START
            )
            session.add(faculty)
            session.flush()
            if with_definition:
                row = session.exec(
                    select(DefinitionRow).where(DefinitionRow.institution_id == faculty.institution_id)
                ).one()
                row.faculty_id = faculty.id
                session.add(row)
            return faculty.id

    def desk(self, *roles, slug="uef", faculty=None, name="Bùi Thu Trang", ref="person-1"):
        """Give the office as somebody in these roles uses it."""
        grants = tuple(Grant(role, faculty) for role in roles or (Role.ISSUER,))
        actor = Actor(ActorKind.PERSON, ref, name, self.institution_id(slug), slug, grants)
        return self.issuer.deployment.acting(actor)

    def person(self, *roles, slug="uef", faculty=None, name="Bùi Thu Trang"):
        """Store a person with roles and give their public id."""
        public_id = str(uuid.uuid4())
        with self.issuer.deployment.writing() as session:
            person = Person(
                public_id=public_id,
                email=f"{public_id}@example.edu",
                name=name,
                state="active",
                created=START,
            )
            session.add(person)
            session.flush()
            for role in roles or (Role.ISSUER,):
                session.add(
                    RoleGrantRow(
                        person_id=person.id,
                        institution_id=self.institution_id(slug),
                        faculty_id=faculty,
                        role=role.value,
                        granted_by="test",
                        created=START,
                    )
                )
        return public_id

    def client(self, *roles, person=None, **where):
        """Give a browser in which somebody in these roles is signed in."""
        public_id = person or self.person(*roles, **where)
        client = self.app.test_client()
        with self.issuer.deployment.writing() as session:
            row = session.exec(select(Person).where(Person.public_id == public_id)).one()
            token = open_session(session, self.issuer.deployment, row.id, second_factor=True)
        client.set_cookie("testamur-staff", token, domain="127.0.0.1")
        return Browser(client, self.office.base_url)

    @property
    def app(self):
        if self._app is None:
            settings = Settings.from_env(
                {
                    "TESTAMUR_DIR": str(self.office.folder),
                    "TESTAMUR_BASE_URL": self.office.base_url,
                    **settings_for(self.office.folder),
                }
            )
            self._app = create_app(settings, clock=self.clock, fetcher=NoOutside())
        return self._app

    def mails_sent(self):
        """Let every mail that is owed be taken."""
        with self.issuer.deployment.writing() as session:
            for mail in session.exec(select(OutboxMailRow).where(OutboxMailRow.state == "queued")):
                mail.state, mail.sent, mail.attempts = "sent", self.clock.now, 1
                session.add(mail)

    def batch(self, **values):
        """Change the newest batch."""
        with self.issuer.deployment.writing() as session:
            row = session.exec(select(Batch).order_by(Batch.created.desc())).first()
            for name, value in values.items():
                setattr(row, name, value)
            session.add(row)
            return row.id

    def close(self):
        if self._app is not None:
            self._app.extensions["testamur_database"].dispose()
        self.office.close()


class Browser:
    """A signed-in browser of the tests: it sends the token that each form of ours asks for."""

    def __init__(self, client, base_url):
        self._client = client
        self._base_url = base_url

    def get(self, path, **options):
        return self._client.get(path, base_url=self._base_url, headers={"Accept": "text/html"}, **options)

    def post(self, path, data, *, form):
        """Send a form as it stands on the page `form`."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.get(form).text)[1]
        return self.send(path, {"csrf_token": token} | data)

    def send(self, path, data):
        return self._client.post(path, base_url=self._base_url, data=data, headers={"Accept": "text/html"})


def text_of(page):
    """Give what a page says, without its markup."""
    body = page.text.split("<main", 1)[1]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


__all__ = ["Browser", "CredentialOffice", "class_list", "text_of"]
