"""Each form of the console that is refused, and the pages behind mailed links: for everyone, in a browser."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pytest
from afternoon import onward
from batch_desks import desk as batch_desk
from batch_desks import need_approval, taken_in
from console_browser import page_of, served_console
from console_office import ConsoleOffice
from definition_drafts import complete_document
from page_judge import Watch, axe_source, judge
from playwright.sync_api import Browser, Page
from sqlmodel import select

from issuer.batching import approval
from issuer.batching.view import batch_view
from issuer.drafts.drafts import begin_draft, blank_document
from issuer.drafts.review import send_for_review
from issuer.staff.passwords_changed import ask_for_password
from issuer.staff.roles import Role
from issuer.staff.token_rows import link
from issuer.staff.tokens import invite
from issuer.staff_tables import StaffTokenRow

pytestmark = [pytest.mark.browser, pytest.mark.slow]
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

    Where the fault is of no single field, or of a group, `told` is empty and the alert says it.
    """

    who: str | None
    path: str | Callable[[ConsoleOffice], str]
    button: str
    told: tuple[str, ...] = ()
    typed: Mapping[str, str | bytes | bool] = field(default_factory=dict)
    status: int = 422


@pytest.fixture(scope="module")
def axe() -> str:
    return axe_source()


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with served_console(tmp_path_factory.mktemp("faults") / "var") as house:
        house.staff = {
            "admin": house.person("Ada Admin", Role.INSTITUTION_ADMIN),
            "author": house.person("Đỗ Thị Hoa", Role.AUTHOR),
            "reviewer": house.person("Rita Nováková", Role.REVIEWER),
            "issuer": house.person("Nam Le", Role.ISSUER),
            "consortium": house.person("Kim", Role.CONSORTIUM_ADMIN, slug=None),
            None: None,
        }
        house.office.issue()
        yield house


def _newest_link(house: ConsoleOffice) -> str:
    """Give the address that the newest mail to one of the staff carries."""
    with house.deployment.reading() as session:
        rows = session.exec(select(StaffTokenRow).order_by(StaffTokenRow.id.desc()))
        return link(house.deployment, rows.first())


def _invitation(house: ConsoleOffice) -> str:
    number = len(house.sent) if hasattr(house, "sent") else 0
    house.sent = [*getattr(house, "sent", []), number]
    desk = house.desk(house.staff["admin"])
    invite(desk, email=f"new{number}@staff.example", name="N.", grants=[(Role.AUTHOR, None)])
    return _newest_link(house)


def _new_password(house: ConsoleOffice) -> str:
    ask_for_password(house.deployment, house.person("Forgetful", Role.AUTHOR).email)
    return _newest_link(house)


def _blank_draft(house: ConsoleOffice) -> str:
    draft = begin_draft(house.desk(house.staff["author"]), blank_document("vi"))
    return f"{OFFICE}/definitions/drafts/{draft.public_id}"


def _draft_in_review(house: ConsoleOffice) -> str:
    desk = house.desk(house.staff["author"])
    draft = begin_draft(desk, complete_document(code=f"MC-R{house.clock.now.microsecond}"))
    send_for_review(desk, draft.public_id, revision=draft.revision)
    return f"{OFFICE}/definitions/drafts/{draft.public_id}"


def _person(house: ConsoleOffice) -> str:
    return f"{OFFICE}/people/{house.staff['author'].public_id}"


REFUSED = {
    "institution name": Refused(
        "admin", f"{OFFICE}/institution", "Save the settings", ("name",), {"name": ""}
    ),
    "institution colour": Refused(
        "admin", f"{OFFICE}/institution", "Save the settings", ("accent",), {"accent": "#ffff00"}
    ),
    "institution logo": Refused(
        "admin", f"{OFFICE}/institution", "Save the settings", ("logo",), {"logo": b"\xff\xfe no drawing"}
    ),
    "institution undo": Refused(
        "admin", f"{OFFICE}/institution", "Save the settings", ("undo_hours",), {"undo_hours": "99999"}
    ),
    "person without roles": Refused(
        "admin", f"{OFFICE}/people/invite", "Invite 1 person", (), {"name": "Eva", "email": "eva@x.example"}
    ),
    "person without name": Refused("admin", f"{OFFICE}/people/invite", "Invite 1 person", ("name",)),
    "person without address": Refused(
        "admin",
        f"{OFFICE}/people/invite",
        "Invite 1 person",
        ("email",),
        {"name": "Eva", "email": "eva", "role": True},
    ),
    "roles of a person": Refused("admin", _person, "Save the roles of this person", (), {"role": False}),
    "faculty name": Refused("admin", f"{OFFICE}/faculties", "Add 1 faculty", ("name",)),
    "faculty code": Refused(
        "admin", f"{OFFICE}/faculties", "Add 1 faculty", ("code",), {"name": "Finance", "code": "Fin Ance"}
    ),
    "token name": Refused("admin", f"{OFFICE}/tokens", "Make 1 token", ("name",)),
    "token acts": Refused("admin", f"{OFFICE}/tokens", "Make 1 token", (), {"name": "Register"}),
    "mail text": Refused(
        "admin",
        f"{OFFICE}/mail-texts/award/en",
        "Save these words",
        ("subject", "opening"),
        {"subject": "", "opening": "{nothing}"},
    ),
    "batch run": Refused("issuer", f"{OFFICE}/batches/new", "Read the file", ("run",), {"file": b"name"}),
    "batch file": Refused("issuer", f"{OFFICE}/batches/new", "Read the file", ("file",), {"run": "Spring"}),
    "batch bytes": Refused(
        "issuer", f"{OFFICE}/batches/new", "Read the file", ("file",), {"run": "Spring", "file": b"\x00\x01"}
    ),
    "password": Refused(
        "author", "/staff/account", "Change the password", ("present",), {"present": "x", **_SHORT}
    ),
    "recovery codes": Refused(
        "admin", "/staff/recovery-codes", "Make 10 new codes", ("present",), {"present": "x"}
    ),
    "second factor": Refused(
        "author", "/staff/second-factor", "Confirm the authenticator", (), {"present": "x", "code": "000000"}
    ),
    "definition to review": Refused("author", _blank_draft, "Send for review"),
    "definition changed": Refused(
        "author", _blank_draft, "Save the draft", (), {"definition.code": "MC-X", "revision": "9"}, 409
    ),
    "definition file": Refused(
        "author", f"{OFFICE}/definitions/new", "Import one definition", (), {"text": "{"}
    ),
    "definition sent back": Refused("reviewer", _draft_in_review, "Send back with this note"),
    "new institution": Refused(
        "consortium",
        "/consortium/institutions/new",
        "Register 1 institution",
        ("admin_email",),
        {**_INSTITUTION, "admin_email": "x"},
    ),
    "slug of an institution": Refused(
        "consortium",
        "/consortium/institutions/new",
        "Register 1 institution",
        ("slug",),
        {**_INSTITUTION, "slug": "other"},
    ),
    "administrator": Refused(
        "consortium", "/consortium/institutions/uef/invite", "Invite 1 administrator", ("name",)
    ),
    "consortium": Refused(
        "consortium", "/consortium/administrators", "Invite 1 administrator", ("email",), {"name": "Eva"}
    ),
    "sign in": Refused(None, "/staff/sign-in", "Sign in", (), {"email": "a@x.example", "password": "x"}),
    "invitation name": Refused(None, _invitation, "Open the account", ("name",), {"name": ""}),
    "invitation password": Refused(None, _invitation, "Open the account", ("pw",), {"name": "N.", **_SHORT}),
    "new password": Refused(None, _new_password, "Keep the new password", ("pw",), _SHORT),
    "new password twice": Refused(None, _new_password, "Keep the new password", ("again",), _DIFFERENT),
}


@pytest.fixture
def watched(house, chromium: Browser):
    """Give what opens a page for somebody and watches it; what was opened is closed at the end."""
    contexts = []

    def open_page(who: str | None) -> tuple[Page, Watch]:
        page = page_of(house, chromium, house.staff[who])
        contexts.append(page.context)
        watch = Watch(house.base_url)
        watch.attach(page)
        return page, watch

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_form_is_for_everyone(name: str, house, watched, axe: str):
    form = REFUSED[name]
    page, watch = watched(form.who)
    page.goto(form.path if isinstance(form.path, str) else form.path(house))
    _send(page, form)
    assert watch.status == form.status, page.locator("main").inner_text()
    assert page.get_by_role("alert").first.inner_text().strip()
    told = page.locator("[aria-invalid=true]").evaluate_all("all => all.map(each => each.id)")
    if form.told:
        assert tuple(told) == form.told
        assert all(page.locator(f"#{each}").get_attribute("aria-describedby") for each in form.told)
    judge(page, axe, watch)


def _send(page: Page, form: Refused) -> None:
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
        else:
            typed.fill(text)
    onward(page.locator("main").get_by_role("button", name=form.button).first)


MAILED = {
    "invitation": (_invitation, 200),
    "reset": (_new_password, 200),
    "invitation that is over": (lambda house: "/staff/invitation/" + "A" * 32, 404),
    "reset that is over": (lambda house: "/staff/reset/" + "A" * 32, 404),
    "forgotten": (lambda house: "/staff/forgotten", 200),
    "asked": (lambda house: "/staff/forgotten?sent=1", 200),
    "sign-in": (lambda house: "/staff/sign-in", 200),
}


@pytest.mark.parametrize("name", MAILED)
def test_the_page_behind_a_link_is_for_everyone(name: str, house, watched, axe: str):
    address, status = MAILED[name]
    page, watch = watched(None)
    page.goto(address(house))
    assert watch.status == status
    judge(page, axe, watch)


LISTS = {
    "people": ("admin", f"{OFFICE}/people?state=none"),
    "batches": ("issuer", f"{OFFICE}/batches?state=none"),
    "credentials": ("issuer", f"{OFFICE}/credentials?status=none"),
    "definitions": ("author", f"{OFFICE}/definitions?state=none"),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_filter_that_nothing_fits_is_told_to_everyone(name: str, watched, axe: str):
    who, path = LISTS[name]
    page, watch = watched(who)
    page.goto(path)
    assert watch.status == 422
    assert page.locator("h1").inner_text() == "Nothing fits this filter"
    judge(page, axe, watch)
    page.goto(path)
    onward(page.get_by_role("link", name="Show the list without filters"))
    assert watch.status == 200


def test_a_list_that_is_sent_back_without_a_word_is_told_to_everyone(house, watched, axe: str):
    need_approval(house.office)
    desk = batch_desk(house.office, "Preparer", Role.ISSUER)
    batch = taken_in(desk, run="Sent back")
    approval.send(desk, batch, revision=batch_view(desk, batch).revision)
    page, watch = watched("issuer")
    page.goto(f"{OFFICE}/batches/{batch}/send-back")
    _send(page, Refused("issuer", "", "Send the list back with this note"))
    assert watch.status == 422
    judge(page, axe, watch)
