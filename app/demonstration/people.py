"""The invented staff of the demonstration: who works where, and the file that says how to sign in as each.

The file is written before anybody is made, so that a demonstration that was interrupted goes on with the same
passwords. It is as private as the keys beside it, although nobody in it exists.
"""

import csv
import io
import secrets
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from sqlmodel import select

from app.private_file import create_private
from issuer import Issuer
from issuer.deployment import Deployment
from issuer.staff.accounts import make_person
from issuer.staff.actor import Actor, ActorKind, Grant
from issuer.staff.passwords import Work
from issuer.staff.roles import NEED_SECOND_FACTOR, Role
from issuer.staff.totp import new_totp_secret
from issuer.staff_tables import Person
from issuer.tables import Institution

STAFF_FILE = "staff.txt"
# The least that libsodium takes: these passwords stand in a file, and a real hash for each takes seconds.
_WORK = Work(passes=1, memory=8 * 1024)
_BY = "Registrar of the demonstration"
_CONSORTIUM = "consortium"
_PEOPLE = {
    "dong-xanh": (
        (Role.AUTHOR, "author", "Phạm Văn Đức"),
        (Role.REVIEWER, "reviewer", "Hoàng Thị Tuyết"),
        (Role.ISSUER, "issuer", "Lê Hoàng Nam"),
        (Role.ISSUER, "issuer2", "Bùi Thu Trang"),
        (Role.INSTITUTION_ADMIN, "admin", "Ngô Quốc Việt"),
        (Role.AUDITOR, "auditor", "Vũ Thị Lan"),
        (Role.RECOGNITION_OFFICER, "recognition", "Đặng Thị Hạnh"),
    ),
    "nam-khan": (
        (Role.AUTHOR, "author", "ບຸນມີ ສີສຸວັນ"),
        (Role.REVIEWER, "reviewer", "ຄຳຫຼ້າ ພົມມະວົງ"),
        (Role.ISSUER, "issuer", "ວິໄລພອນ ແກ້ວມະນີ"),
        (Role.ISSUER, "issuer2", "ສົມພອນ ໄຊຍະວົງ"),
        (Role.INSTITUTION_ADMIN, "admin", "ສຸກສະຫວັນ ອິນທະວົງ"),
        (Role.AUDITOR, "auditor", "ຈັນທະລາ ດວງດີ"),
        (Role.RECOGNITION_OFFICER, "recognition", "ມະນີວັນ ພົນເສນາ"),
    ),
    "vltavska": (
        (Role.AUTHOR, "author", "Tereza Křížková"),
        (Role.REVIEWER, "reviewer", "Ondřej Šťastný"),
        (Role.ISSUER, "issuer", "Žaneta Růžičková"),
        (Role.ISSUER, "issuer2", "Řehoř Dvořáček"),
        (Role.INSTITUTION_ADMIN, "admin", "Květoslava Němečková"),
        (Role.AUDITOR, "auditor", "Miloš Hrbáček"),
        (Role.RECOGNITION_OFFICER, "recognition", "Vojtěch Žďárský"),
    ),
    _CONSORTIUM: ((Role.CONSORTIUM_ADMIN, "coordinator", "Jiřina Vorlíčková"),),
}
_LANGUAGES = {"dong-xanh": "vi", "nam-khan": "lo", "vltavska": "cs"}


@dataclass(frozen=True)
class StaffMember:
    """Somebody of the demonstration, and how to sign in as them; `key` is for an authenticator, or empty."""

    address: str
    password: str
    key: str
    role: str
    institution: str
    name: str


def make_people(office: Issuer, folder: Path) -> list[StaffMember]:
    """Make the staff who are not there yet, and give all of them."""
    members = _roster(folder / STAFF_FILE)
    known = _known(office.deployment)
    for member in members:
        if member.address not in known:
            slug = None if member.institution == _CONSORTIUM else member.institution
            make_person(
                office.deployment,
                email=member.address,
                name=member.name,
                grants=[(slug, Role(member.role))],
                password=member.password,
                totp_secret=member.key or None,
                by=_BY,
                language=_LANGUAGES.get(member.institution, "en"),
                work=_WORK,
            )
    return members


def desk_of(office: Issuer, members: list[StaffMember], address: str) -> Deployment:
    """Give the office as one of the staff uses it."""
    member = next(each for each in members if each.address == address)
    with office.deployment.reading() as session:
        public_id = session.exec(select(Person.public_id).where(Person.email == address)).one()
        tenant = session.exec(select(Institution.id).where(Institution.slug == member.institution)).one()
    grants = (Grant(Role(member.role)),)
    actor = Actor(ActorKind.PERSON, public_id, member.name, tenant, member.institution, grants)
    return office.deployment.acting(actor)


def _roster(path: Path) -> list[StaffMember]:
    """Read the file of the staff, writing it first where there is none."""
    if not path.exists():
        out = io.StringIO()
        writer = csv.writer(out, delimiter="\t", lineterminator="\n")
        writer.writerow(field.name for field in fields(StaffMember))
        writer.writerows(astuple(member) for member in _new_roster())
        create_private(path, out.getvalue())
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines(), delimiter="\t")
    return [StaffMember(**row) for row in rows]


def _new_roster() -> Iterator[StaffMember]:
    password = secrets.token_urlsafe(12)  # one for all of them: they have nothing to lose
    for slug, people in _PEOPLE.items():
        for role, mailbox, name in people:
            key = new_totp_secret() if role in NEED_SECOND_FACTOR else ""
            yield StaffMember(f"{mailbox}@{slug}.example", password, key, role.value, slug, name)


def _known(deployment: Deployment) -> set[str]:
    with deployment.reading() as session:
        return set(session.exec(select(Person.email)).all())
