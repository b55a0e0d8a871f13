"""What an afternoon in the office needs: a workbook of 500 rows, 7 of them bad, and people at browsers."""

import csv
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook
from playwright.sync_api import Browser, Locator, Page, expect

from app.demonstration.people import STAFF_FILE, StaffMember
from issuer.staff.totp import code_at, step_at

ROWS = 500
SLOWEST_MS = 90_000  # for a page whose making reads 500 rows, on a machine that does other things too
_used: dict[str, int] = {}  # the last step of each authenticator whose code was given away
_FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng")
_MIDDLE = ("Thị", "Văn", "Minh", "Ngọc", "Quang")
_GIVEN = ("An", "Bình", "Châu", "Dũng", "Giang", "Hà", "Khánh", "Lan", "Mai", "Như")


@dataclass(frozen=True)
class Slip:
    """A mistake in the workbook: the row of the class, the column, what it says and what it should say."""

    row: int
    column: str
    wrong: object
    right: str


SLIPS = (
    Slip(17, "E-mail", "ngochan@@student.example", "ngochan@student.example"),
    Slip(58, "Final grade", 83, "8.3"),
    Slip(103, "Full name", "Nguyễn 𝒯hảo", "Nguyễn Thảo"),
    Slip(140, "Student ID", None, "DX-9140"),
    Slip(211, "Awarded", "31.02.2026", "2026-06-30"),
    Slip(333, "E-mail", "no address", "someone333@student.example"),
    Slip(477, "Full name", None, "Đặng Quỳnh Như"),
)
HEADER = ("Full name", "Student ID", "E-mail", "Awarded", "Final grade", "Remarks")


def workbook() -> bytes:
    """Write the class list as an office would: a title, a header, real dates and numbers, and seven slips."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Spring"
    sheet.append(["Green Bonds and Transition Finance, class of spring 2026"])
    sheet.append([])
    sheet.append(HEADER)
    slips = {slip.row: slip for slip in SLIPS}
    for row in range(1, ROWS + 1):
        values = dict(zip(HEADER, _learner(row), strict=True))
        if row in slips:
            values[slips[row].column] = slips[row].wrong
        sheet.append(list(values.values()))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _learner(row: int) -> tuple[object, ...]:
    name = f"{_FAMILY[row % 10]} {_MIDDLE[row % 5]} {_GIVEN[row // 10 % 10]} {_GIVEN[row // 100]}"
    return (name, f"DX-{9000 + row}", f"l{row}@student.example", date(2026, 6, 30), 5 + row % 50 / 10, "")


def line_of(row: int) -> int:
    """Give the line of the sheet on which a row of the class stands."""
    return row + 3


def staff(folder: Path, institution: str, role: str) -> list[StaffMember]:
    """List who has a role at an institution of a demonstration."""
    with (folder / STAFF_FILE).open(encoding="utf-8", newline="") as file:
        people = [StaffMember(**row) for row in csv.DictReader(file, delimiter="\t")]
    return [each for each in people if (each.institution, each.role) == (institution, role)]


@contextmanager
def at_desk(chromium: Browser, base_url: str, person: StaffMember, **options):
    """Sign somebody in as they would, with the code of the moment, and sign them out at the end."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, **options)
    context.set_default_navigation_timeout(SLOWEST_MS)
    page = context.new_page()
    page.goto(f"{base_url}/console")
    page.get_by_label("E-mail address").fill(person.address)
    page.get_by_label("Password").fill(person.password)
    if person.key:
        page.get_by_label("Code from your authenticator").fill(code_now(person))
    onward(page.get_by_role("button", name="Sign in"))
    assert "/staff/sign-in" not in page.url
    yield page
    page.goto(f"{base_url}/console")
    onward(page.get_by_role("button", name="Sign out"))
    context.close()


def code_now(person: StaffMember) -> str:
    """Give a code of somebody's authenticator that is good now and was not given before: each works once."""
    step = max(_present_step(), _used.get(person.key, 0) + 1)
    while step > _present_step() + 1:  # the office takes a code one step early
        time.sleep(0.5)
    _used[person.key] = step
    return code_at(person.key, step)


def _present_step() -> int:
    return step_at(datetime.now().astimezone())


def onward(what: Locator) -> None:
    """Click what leads to another page, and wait until that page is there."""
    with what.page.expect_navigation():
        what.click()


def settled(page: Page) -> None:
    """Wait until what was typed into a form that saves itself has been saved, and the answer is drawn.

    The form waits 200 ms after a change; a timer of the same page that is set later rings later.
    """
    page.evaluate("() => new Promise(done => setTimeout(done, 250))")
    expect(page.locator(".htmx-request")).to_have_count(0)


def sentence(page: Page) -> str:
    """Give the head of a page in one line."""
    return " ".join(page.locator("h1").first.inner_text().split())
