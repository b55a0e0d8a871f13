"""Two institutions with one of everything each, and everybody who may knock at the doors of one of them."""

import json
import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from console_office import ConsoleOffice
from issuing_office import ACHIEVEMENT, CODE, class_list, definition
from recognition_statements import trust
from sqlalchemy import update
from sqlmodel import select

from issuer.batching.drafts import upload
from issuer.credentials.bulk import carry_out
from issuer.drafts.catalogue import import_draft
from issuer.recognition.making import Order, make_statement
from issuer.records import RevocationReason
from issuer.staff.api_tokens import create_token, revoke_token
from issuer.staff.faculties import create_faculty
from issuer.staff.roles import TOKEN_ACTS, Act, Role
from issuer.staff_tables import Faculty, Person
from issuer.status import StatusAct, StatusOrder
from issuer.tables import DefinitionRow, DefinitionVersionRow, Institution, OutboxMailRow

HERE, ELSEWHERE = "uef", "other"
END = datetime(2029, 1, 1, tzinfo=UTC)
OF_INSTITUTIONS = [role for role in Role if role is not Role.CONSORTIUM_ADMIN]
CONFINED = (Role.AUTHOR, Role.REVIEWER, Role.ISSUER, Role.RECOGNITION_OFFICER)


@dataclass(frozen=True)
class Caller:
    """Somebody who asks. `state` is signed_in, no_second_factor or out; `bearer` is a program's token."""

    name: str
    state: str = "signed_in"
    slug: str | None = None
    roles: tuple[Role, ...] = ()
    confined: bool = False
    client: object = None
    bearer: str = ""
    acts: frozenset[Act] = field(default_factory=frozenset)


class AccessWorld:
    """The office with what each institution owns (`things[slug]`), and the callers."""

    def __init__(self, folder):
        self.office = ConsoleOffice(
            folder, TESTAMUR_VC_API="on", TESTAMUR_VC_API_TOKEN="a token of nobody here"
        )
        for limiter in self.office.app.extensions["limiter"]:
            limiter.enabled = False  # thousands of requests come from one address here
        self.office.issuer.publish_definition(ELSEWHERE, definition())
        self.things = {slug: self._things(slug) for slug in (HERE, ELSEWHERE)}
        self.callers = [*self._people(), *self._out()]
        self.programs = self._programs()

    def _things(self, slug):
        office, issuer = self.office, self.office.issuer
        desk = {role: office.desk(office.person("Maker", role, slug=slug), slug) for role in OF_INSTITUTIONS}
        admin = desk[Role.INSTITUTION_ADMIN]
        faculty = create_faculty(admin, code=f"faculty-{slug}", name="Faculty")
        create_faculty(admin, code=f"beside-{slug}", name="Beside")
        first, second = office.office.issue(2, slug=slug).credentials
        issuer.sign_status_lists(only_due=False)
        self._give_to(slug, faculty.id)
        bulk = str(uuid.uuid4())
        order = StatusOrder(StatusAct.REVOKE, RevocationReason.ERROR, bulk=bulk)
        carry_out(desk[Role.ISSUER], [issuer.credential(second).short_code], order)
        author = desk[Role.AUTHOR]
        document = {
            "definition": {"code": CODE, "version": "2", "language": "en"},
            "achievement": ACHIEVEMENT,
        }
        draft, _left_out = import_draft(author, json.dumps(document).encode(), faculty_id=faculty.id)
        listed = upload(
            desk[Role.ISSUER],
            definition=f"{CODE}@2026-1",
            run="Matrix",
            file_name="matrix.csv",
            data=class_list(2, start=50),
        )
        expires = office.deployment.now() + timedelta(days=30)
        token, _text = create_token(admin, name="Register", acts=[Act.READ_AUDIT], expires=expires)
        return self._stored(slug) | {
            "slug": slug,
            "batch_id": listed,
            "credential": issuer.credential(first).short_code,
            "bulk": bulk,
            "draft": draft.public_id,
            "person_id": office.person("Victim", Role.AUTHOR, slug=slug).public_id,
            "token_id": token.public_id,
            "faculty": faculty.code,
            "statement": self._stated(desk[Role.RECOGNITION_OFFICER]),
            "faculty_beside": self._beside(slug),
        }

    def _stored(self, slug):
        with self.office.deployment.reading() as session:
            mine = select(Institution.id).where(Institution.slug == slug).scalar_subquery()
            mails = select(OutboxMailRow.id).where(OutboxMailRow.credential_id.is_not(None))
            mails = mails.where(OutboxMailRow.institution_id == mine).order_by(OutboxMailRow.id)
            versions = select(DefinitionVersionRow.public_id)
            versions = versions.where(DefinitionVersionRow.institution_id == mine)
            return {"mail_id": session.exec(mails).first(), "version": session.exec(versions).first()}

    def _stated(self, officer):
        order = Order(content=trust("did:web:somebody.example"), decided=date(2026, 7, 1), valid_until=END)
        made = make_statement(officer, order)
        self.office.issuer.sign_statements()
        return made.urn.removeprefix("urn:uuid:")

    def _beside(self, slug):
        with self.office.deployment.reading() as session:
            return session.exec(select(Faculty.id).where(Faculty.code == f"beside-{slug}")).one()

    def _give_to(self, slug, faculty_id):
        with self.office.deployment.writing() as session:
            mine = select(Institution.id).where(Institution.slug == slug).scalar_subquery()
            session.exec(
                update(DefinitionRow)
                .where(DefinitionRow.institution_id == mine)
                .values(faculty_id=faculty_id)
                .execution_options(synchronize_session=False)
            )

    def _people(self):
        made = []
        for slug in (HERE, ELSEWHERE):
            for role in OF_INSTITUTIONS:
                staff = self.office.person(f"{role} of {slug}", role, slug=slug)
                client = self.office.client(staff)
                made.append(Caller(f"{role} of {slug}", slug=slug, roles=(role,), client=client))
        for role in CONFINED:
            beside = self.things[HERE]["faculty_beside"]
            staff = self.office.person(f"{role} beside", role, faculty=beside)
            client = self.office.client(staff)
            name = f"{role} of another faculty"
            made.append(Caller(name, slug=HERE, roles=(role,), confined=True, client=client))
        staff = self.office.person("Consortium", Role.CONSORTIUM_ADMIN, slug=None)
        made.append(Caller("consortium", roles=(Role.CONSORTIUM_ADMIN,), client=self.office.client(staff)))
        return made

    def _out(self):
        """Give those whom no session lets in."""
        office = self.office
        made = [Caller("nobody", "out", client=office.browser())]
        for state in ("closed", "invited"):
            staff = office.person(state, *OF_INSTITUTIONS)
            client = office.client(staff)
            with office.deployment.writing() as session:
                person = session.get(Person, staff.person_id)
                person.state = state
                session.add(person)
            made.append(Caller(f"{state} person", "out", client=client))
        staff = office.person("Half", *OF_INSTITUTIONS, second_factor=False)
        client = office.client(staff, second_factor=False)
        made.append(
            Caller("without second factor", "no_second_factor", HERE, tuple(OF_INSTITUTIONS), client=client)
        )
        return made

    def _programs(self):
        made = []
        expires = self.office.deployment.now() + timedelta(days=30)
        for slug in (HERE, ELSEWHERE):
            admin = self.office.desk(self.office.person("Maker", Role.INSTITUTION_ADMIN, slug=slug), slug)
            for act in sorted(TOKEN_ACTS):
                _token, text = create_token(admin, name=act.value, acts=[act], expires=expires)
                made.append(
                    Caller(
                        f"token {act.value} of {slug}",
                        slug=slug,
                        acts=frozenset({act}),
                        client=self.office.browser(),
                        bearer=text,
                    )
                )
            token, text = create_token(admin, name="gone", acts=TOKEN_ACTS, expires=expires)
            revoke_token(admin, token.public_id)
            made.append(
                Caller(f"withdrawn token of {slug}", "out", client=self.office.browser(), bearer=text)
            )
        return made

    def close(self):
        self.office.close()
