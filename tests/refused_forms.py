"""Forms of the console that are refused: accounts, people and institutions, and how such a form is sent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from afternoon import onward
from console_office import PASSWORD, ConsoleOffice
from playwright.sync_api import Page
from sqlmodel import select

from issuer.staff.faculties import create_faculty
from issuer.staff.passwords_changed import ask_for_password
from issuer.staff.roles import Role
from issuer.staff.token_rows import link
from issuer.staff.tokens import invite
from issuer.staff_tables import StaffTokenRow

OFFICE = "/console/uef"
_AS_SENT_BY_ANYTHING = """() => {
  for (const form of document.forms) form.noValidate = true;
  for (const each of document.querySelectorAll('[maxlength]')) each.removeAttribute('maxlength');
}"""
_SHORT = {"password": "short", "again": "short"}
_DIFFERENT = {"password": "eleven loud magpies sang", "again": "twelve"}
_INSTITUTION = {
    "slug": "third",
    "name": "Third",
    "country": "CZ",
    "url": "https://third.example",
    "accent": "#1f3f6b",
    "admin_name": "Eva",
    "admin_email": "eva@third.example",
}


@dataclass(frozen=True)
class Refused:
    """A form, what is typed into it, the button, and the ids of the fields that should say what is wrong.

    `to` is the view that it is sent to. Where the fault is of no single field, or of a group, `told` is empty
    and the alert says it; with the status 200 the answer is a page that nothing else leads to.
    """

    to: str
    who: str | None
    path: str | Callable[[ConsoleOffice], str]
    button: str
    told: tuple[str, ...] = ()
    typed: Mapping[str, str | bytes | bool] = field(default_factory=dict)
    status: int = 422


def send(page: Page, form: Refused) -> None:
    """Fill a form and send it, past what the browser itself would refuse."""
    page.evaluate(_AS_SENT_BY_ANYTHING)
    for name, text in form.typed.items():
        typed = page.locator(f"main [name='{name}']").first
        if isinstance(text, bool):  # the first of the boxes, or none of them
            for box in [typed] if text else page.locator(f"main [name='{name}']:checked").all():
                box.set_checked(text)
        elif isinstance(text, bytes):
            typed.set_input_files({"name": "file", "mimeType": "application/octet-stream", "buffer": text})
        elif typed.get_attribute("type") == "hidden":
            typed.evaluate("(each, text) => { each.value = text; }", text)
        elif typed.evaluate("each => each.localName") == "select":
            typed.select_option(text)
        else:
            typed.fill(text)
    onward(page.locator("main").get_by_role("button", name=form.button).first)


def _newest_link(house: ConsoleOffice) -> str:
    """Give the address that the newest mail to one of the staff carries."""
    with house.deployment.reading() as session:
        rows = session.exec(select(StaffTokenRow).order_by(StaffTokenRow.id.desc()))
        return link(house.deployment, rows.first())


def invitation(house: ConsoleOffice) -> str:
    number = len(house.sent) if hasattr(house, "sent") else 0
    house.sent = [*getattr(house, "sent", []), number]
    desk = house.desk(house.staff["admin"])
    invite(desk, email=f"new{number}@staff.example", name="N.", grants=[(Role.AUTHOR, None)])
    return _newest_link(house)


def new_password(house: ConsoleOffice) -> str:
    ask_for_password(house.deployment, house.person("Forgetful", Role.AUTHOR).email)
    return _newest_link(house)


def _person(house: ConsoleOffice) -> str:
    return f"{OFFICE}/people/{house.staff['author'].public_id}"


def _faculty(house: ConsoleOffice) -> str:
    create_faculty(house.desk(house.staff["admin"]), code="law", name="Faculty of Law")
    return f"{OFFICE}/faculties/law"


def _own_end(house: ConsoleOffice) -> str:
    return f"{OFFICE}/people/{house.staff['admin'].public_id}/end"


REFUSED = {
    "institution name": Refused(
        "staff_institution.settings",
        "admin",
        f"{OFFICE}/institution",
        "Save the settings",
        ("name",),
        {"name": ""},
    ),
    "institution colour": Refused(
        "staff_institution.settings",
        "admin",
        f"{OFFICE}/institution",
        "Save the settings",
        ("accent",),
        {"accent": "#ffff00"},
    ),
    "institution logo": Refused(
        "staff_institution.settings",
        "admin",
        f"{OFFICE}/institution",
        "Save the settings",
        ("logo",),
        {"logo": b"\xff\xfe no drawing"},
    ),
    "institution undo": Refused(
        "staff_institution.settings",
        "admin",
        f"{OFFICE}/institution",
        "Save the settings",
        ("undo_hours",),
        {"undo_hours": "99999"},
    ),
    "person without roles": Refused(
        "staff_people.invite",
        "admin",
        f"{OFFICE}/people/invite",
        "Invite 1 person",
        (),
        {"name": "Eva", "email": "eva@x.example"},
    ),
    "person without name": Refused(
        "staff_people.invite", "admin", f"{OFFICE}/people/invite", "Invite 1 person", ("name",)
    ),
    "person without address": Refused(
        "staff_people.invite",
        "admin",
        f"{OFFICE}/people/invite",
        "Invite 1 person",
        ("email",),
        {"name": "Eva", "email": "eva", "role": True},
    ),
    "roles of a person": Refused(
        "staff_people.roles", "admin", _person, "Save the roles of this person", (), {"role": False}
    ),
    "faculty name": Refused(
        "staff_faculties.listed", "admin", f"{OFFICE}/faculties", "Add 1 faculty", ("name",)
    ),
    "faculty code": Refused(
        "staff_faculties.listed",
        "admin",
        f"{OFFICE}/faculties",
        "Add 1 faculty",
        ("code",),
        {"name": "Finance", "code": "Fin Ance"},
    ),
    "token name": Refused("staff_tokens.listed", "admin", f"{OFFICE}/tokens", "Make 1 token", ("name",)),
    "token acts": Refused(
        "staff_tokens.listed", "admin", f"{OFFICE}/tokens", "Make 1 token", (), {"name": "Register"}
    ),
    "password": Refused(
        "staff_account.password",
        "author",
        "/staff/account",
        "Change the password",
        ("present",),
        {"present": "x", **_SHORT},
    ),
    "recovery codes": Refused(
        "staff_account.renewed",
        "admin",
        "/staff/recovery-codes",
        "Make 10 new codes",
        ("present",),
        {"present": "x"},
    ),
    "second factor": Refused(
        "staff_second_factor.confirmed",
        "author",
        "/staff/second-factor",
        "Confirm the authenticator",
        (),
        {"present": "x", "code": "000000"},
    ),
    "new institution": Refused(
        "staff_consortium.register",
        "consortium",
        "/consortium/institutions/new",
        "Register 1 institution",
        ("admin_email",),
        {**_INSTITUTION, "admin_email": "x"},
    ),
    "slug of an institution": Refused(
        "staff_consortium.register",
        "consortium",
        "/consortium/institutions/new",
        "Register 1 institution",
        ("slug",),
        {**_INSTITUTION, "slug": "other"},
    ),
    "administrator": Refused(
        "staff_consortium.administrator",
        "consortium",
        "/consortium/institutions/uef/invite",
        "Invite 1 administrator",
        ("name",),
    ),
    "consortium": Refused(
        "staff_consortium.people",
        "consortium",
        "/consortium/administrators",
        "Invite 1 administrator",
        ("email",),
        {"name": "Eva"},
    ),
    "sign in": Refused(
        "staff_sign_in.entered",
        None,
        "/staff/sign-in",
        "Sign in",
        (),
        {"email": "a@x.example", "password": "x"},
    ),
    "invitation name": Refused(
        "staff_links.accepted", None, invitation, "Open the account", ("name",), {"name": ""}
    ),
    "invitation password": Refused(
        "staff_links.accepted", None, invitation, "Open the account", ("pw",), {"name": "N.", **_SHORT}
    ),
    "new password": Refused(
        "staff_links.chosen", None, new_password, "Keep the new password", ("pw",), _SHORT
    ),
    "new password twice": Refused(
        "staff_links.chosen", None, new_password, "Keep the new password", ("again",), _DIFFERENT
    ),
    "faculty renamed": Refused(
        "staff_faculties.one", "admin", _faculty, "Save the name", ("name",), {"name": ""}
    ),
    "own access": Refused("staff_people.end", "admin", _own_end, "End the access of 1 person"),
    "codes made": Refused(
        "staff_account.renewed",
        "codes",
        "/staff/recovery-codes",
        "Make 10 new codes",
        typed={"present": PASSWORD},
        status=200,
    ),
    "audit checked": Refused(
        "staff_audit.check", "auditor", f"{OFFICE}/audit", "Check the chain", status=200
    ),
}
