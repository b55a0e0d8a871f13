"""A person's afternoon in the office, in a real browser: define, import, mend, approve, issue, revoke, audit.

With `TESTAMUR_PICTURES` set to a folder its pictures are kept there, as docs/afternoon.md shows them.
"""

import csv
import os
import re
import signal
import subprocess
import time
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest
from afternoon import ROWS, SLIPS, at_desk, line_of, onward, sentence, settled, staff, workbook
from demonstration import TESTAMUR, environment, make_demonstration, serving
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from smtp_world import smtp_world

pytestmark = [pytest.mark.browser, pytest.mark.slow]
OFFICE = "dong-xanh"
SUMMARY = (
    "Assess green and transition bonds for investors and public bodies: read their documents, test them "
    "against a taxonomy, and value them beside ordinary bonds."
)
TITLE = "Green Bonds and Transition Finance"
RUN = "Spring 2026"
TALLEST = 1_500  # pixels of a picture
SIGNED_MS = 300_000  # for the worker, which has 500 certificates to sign, draw and send


@contextmanager
def working(folder: Path, **extra: str):
    """Run the worker of a data folder for as long as the block runs."""
    process = subprocess.Popen([*TESTAMUR, "worker", "--dir", str(folder)], env=environment(folder, **extra))
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


@pytest.fixture
def pictures(tmp_path: Path):
    """Give what takes a picture of a page under a name."""
    kept = os.environ.get("TESTAMUR_PICTURES")
    folder = Path(kept) if kept else tmp_path / "pictures"
    folder.mkdir(parents=True, exist_ok=True)

    def take(page: Page, name: str) -> None:
        _loaded(page)
        height = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
        screen = page.viewport_size
        page.set_viewport_size({"width": screen["width"], "height": height})  # what sticks is at the end
        page.evaluate("scrollTo(0, 0)")
        picture = Image.open(BytesIO(page.screenshot()))
        page.set_viewport_size(screen)
        picture.convert("RGB").quantize(64).save(folder / f"{name}.png", optimize=True)

    return take


def _loaded(page: Page) -> None:
    """Wait until the letters and pictures of a page are there."""
    page.evaluate("async () => { await document.fonts.ready; }")
    for image in page.locator("img").all():
        expect(image).to_have_js_property("complete", True, timeout=SIGNED_MS)
        expect(image).not_to_have_js_property("naturalWidth", 0)


def test_an_afternoon_in_the_office(chromium: Browser, tmp_path: Path, pictures):
    demo = make_demonstration(tmp_path / "data")
    with smtp_world() as mail:
        setting = {"TESTAMUR_SMTP_URL": mail.url, "TESTAMUR_MAIL_FROM": "office@dong-xanh.example"}
        with serving(demo.folder, demo.port, **setting) as base_url, working(demo.folder, **setting):
            afternoon = _Afternoon(chromium, base_url, demo.folder, tmp_path, pictures)
            afternoon.define()
            afternoon.publish()
            afternoon.prepare()
            afternoon.approve_and_watch()
            afternoon.revoke_one()
            afternoon.export_the_report()
            afternoon.check_the_chain()
            recipients = _told(mail, ROWS + 1)
    assert len(recipients) == len(set(recipients)) + 1  # the one who was told of the revocation, too
    assert len(set(recipients)) == ROWS


def _told(mail, number: int) -> list[str]:
    """List who got a mail, once the worker has sent so many."""
    until = time.monotonic() + SIGNED_MS / 1000
    while True:
        told = [recipient for recipient, _ in mail.delivered if recipient.endswith("@student.example")]
        if len(told) >= number or time.monotonic() > until:
            return told
        time.sleep(0.2)


class _Afternoon:
    """The steps of the afternoon, in order; each begins with somebody who signs in."""

    def __init__(self, chromium: Browser, base_url: str, folder: Path, scratch: Path, pictures) -> None:
        self.chromium, self.base_url, self.folder = chromium, base_url, folder
        self.scratch, self.take = scratch, pictures
        self.office = f"{base_url}/console/{OFFICE}"
        self.batch = ""
        self.revoked = ""

    def as_(self, role: str, number: int = 0):
        return at_desk(self.chromium, self.base_url, staff(self.folder, OFFICE, role)[number])

    def define(self) -> None:
        """The author describes the course in the form and sends it for review."""
        with self.as_("author") as page:
            page.goto(f"{self.office}/definitions/new")
            onward(page.get_by_role("button", name="Begin a draft"))
            _describe(page)
            self.take(page, "1-definition")
            onward(page.get_by_role("button", name="Send for review"))
            expect(page.locator("main")).to_contain_text("review")

    def publish(self) -> None:
        """The reviewer finds it under Today, reads it and publishes."""
        with self.as_("reviewer") as page:
            self.take(page, "2-reviewer-today")
            onward(page.get_by_role("link", name=re.compile(TITLE)).first)
            onward(page.get_by_role("button", name="Approve and publish"))
            expect(page.locator("main")).to_contain_text("ublished")

    def prepare(self) -> None:
        """The registrar drops the workbook, mends the seven bad rows in their cells and asks for approval."""
        path = self.scratch / "green-bonds-2026.xlsx"
        path.write_bytes(workbook())
        with self.as_("issuer") as page:
            page.goto(f"{self.office}/batches/new")
            page.get_by_label("Micro-credential").first.select_option(label=f"{TITLE} (MC-GBF-2026, 2026-1)")
            page.get_by_label("Run").fill(RUN)
            page.locator("input[type=file]").set_input_files(path)
            onward(page.get_by_role("button", name="Read the file"))
            if "/columns" in page.url:
                onward(page.get_by_role("button", name="Read the rows with these columns"))
            expect(page.locator("main")).to_contain_text(f"Of the {ROWS} rows")
            expect(page.locator("main")).to_contain_text(f"{len(SLIPS)} with errors and left out")
            onward(page.get_by_role("link", name=f"errors ({len(SLIPS)})"))
            self.take(page, "3-preview")
            _mend(page)
            expect(page.locator("main")).to_contain_text(f"{ROWS} will be issued")
            self.take(page, "4-mended")
            onward(page.get_by_role("button", name=f"Send {ROWS} certificates for approval"))
            self.batch = page.url.partition("?")[0]
            expect(page.get_by_role("button", name="Approve and issue")).to_have_count(0)  # not their own

    def approve_and_watch(self) -> None:
        """Somebody else approves; the page tells how far the worker is, also after it is loaded again."""
        with self.as_("issuer", 1) as page:
            self.take(page, "5-today")
            onward(page.get_by_role("link", name=re.compile(f"{TITLE}.*{RUN}|{RUN}")).first)
            onward(page.get_by_role("button", name=f"Approve and issue {ROWS} certificates"))
            expect(page.locator("#progress")).to_contain_text(f"of {ROWS} signed")
            self.take(page, "6-issuing")
            page.reload()
            expect(page.locator("main")).to_contain_text(f"{ROWS} of {ROWS} signed", timeout=SIGNED_MS)
            expect(page.locator("main")).to_contain_text(f"{ROWS} sent", timeout=SIGNED_MS)
            self.take(page, "7-issued")

    def revoke_one(self) -> None:
        """The registrar finds one learner by name without accents and revokes; the public page says so."""
        with self.as_("issuer") as page:
            page.goto(f"{self.office}/credentials")
            page.get_by_label("Name, number or code").fill("dang quynh nhu")
            onward(page.get_by_role("button", name="Search"))
            onward(page.get_by_role("link", name="Đặng Quỳnh Như").first)
            self.revoked = page.get_by_role("link", name="What the public sees").get_attribute("href")
            onward(page.get_by_role("link", name="Revoke", exact=True))
            page.get_by_label("Issued in error").check()
            self.take(page, "8-revoke")
            onward(page.get_by_role("button", name=re.compile("^Revoke [A-Z0-9]")))
            expect(page.locator("main")).to_contain_text("Revoked")
            self.take(page, "9-revoked")
        visitor = self.chromium.new_context(java_script_enabled=False).new_page()
        visitor.goto(self.base_url + self.revoked if self.revoked.startswith("/") else self.revoked)
        assert "was revoked" in sentence(visitor)
        assert "it was issued in error" in sentence(visitor)
        visitor.context.close()

    def export_the_report(self) -> None:
        """The report says of each learner what became of the certificate and its mail."""
        with self.as_("auditor") as page:
            page.goto(f"{self.batch}/report")
            self.take(page, "10-report")
            with page.expect_download() as download:
                page.get_by_role("link", name=re.compile("CSV")).first.click()
            rows = list(csv.reader(Path(download.value.path()).read_text("utf-8-sig").splitlines()))
            assert len(rows) == ROWS + 1
            assert sum("revoked" in ",".join(row).casefold() for row in rows[1:]) == 1

    def check_the_chain(self) -> None:
        """The auditor reads who did what and checks the chain."""
        with self.as_("auditor") as page:
            page.goto(f"{self.office}/audit")
            expect(page.locator("main")).to_contain_text("Revoked a certificate")
            self.take(page, "11-audit")
            onward(page.get_by_role("button", name="Check the chain"))
            assert sentence(page) == "The chain is intact."
            self.take(page, "12-chain")
        checked = subprocess.run(
            [*TESTAMUR, "audit", "verify", "--dir", str(self.folder)],
            env=environment(self.folder),
            capture_output=True,
            text=True,
        )
        assert checked.returncode == 0, checked.stdout + checked.stderr


def _describe(page: Page) -> None:
    """Fill the form as an author would, and save at the end of two steps."""
    fill = {
        "definition-code": "MC-GBF-2026",
        "definition-version": "2026-1",
        "achievement-title-en": TITLE,
        "achievement-summary-en": SUMMARY,
        "achievement-learningOutcome-0-title-en": "Judge whether a bond meets the taxonomy, giving reasons.",
        "achievement-learningOutcome-1-title-en": "Compare the value of a green bond with that of its twin.",
        "working-hours-contact": "24",
        "working-hours-self_study": "60",
        "working-hours-assessment": "6",
        "achievement-creditPoint-0-point": "3",
        "achievement-entryRequirement-en": "None",
    }
    for name, text in fill.items():
        page.locator(f"#{name}").fill(text)
    settled(page)
    page.get_by_label("Online").check()
    settled(page)  # it has added the hours up
    page.locator("#achievement-volumeOfLearning").fill("90")
    settled(page)
    onward(page.locator("button[value='at:workload']"))
    page.locator("#achievement-alignment-0-targetUrl").select_option("http://data.europa.eu/snb/eqf/6")
    _choose(page, "achievement-alignment-0-referencingBasis", "ndicative")
    page.locator("#achievement-criteria-narrative").fill("Examination passed with at least 5 of 10 points.")
    page.locator("#achievement-resultDescription-0-name").fill("Written examination")
    page.locator("#achievement-resultDescription-0-id").fill("exam")
    _choose(page, "achievement-resultDescription-0-assessmentType-more", "ritten exam")
    page.locator("#achievement-resultDescription-0-supervision").select_option(
        "http://data.europa.eu/snb/supervision-verification/70be69aaf9"
    )
    for name, text in (
        ("weightPercent", "100"),
        ("valueMin", "0"),
        ("valueMax", "10"),
        ("requiredValue", "5"),
    ):
        page.locator(f"#achievement-resultDescription-0-{name}").fill(text)
    settled(page)
    onward(page.get_by_role("button", name="Add the overall grade"))
    page.locator("#achievement-resultDescription-1-name").fill("Final grade")
    page.locator("#achievement-resultDescription-1-id").fill("final")
    for name, text in (("valueMin", "0"), ("valueMax", "10")):
        page.locator(f"#achievement-resultDescription-1-{name}").fill(text)
    page.locator("#achievement-qualityAssurance-0-title-en").fill("Approval by the Academic Board")
    _choose(page, "achievement-qualityAssurance-0-qaType", "nternal")
    page.locator("#achievement-qualityAssurance-0-accreditingAgent-name").fill("Academic Board")
    page.locator("#achievement-qualityAssurance-0-accreditingAgent-url").fill("https://www.dong-xanh.example")
    _choose(page, "achievement-stackability", "tand")
    settled(page)
    onward(page.get_by_role("button", name="Save the draft").last)


def _choose(page: Page, name: str, part: str) -> None:
    """Choose the first option whose words hold a part."""
    options = page.locator(f"#{name} option").all_inner_texts()
    page.locator(f"#{name}").select_option(label=next(each for each in options if part in each))


def _mend(page: Page) -> None:
    """Type what should stand in each of the cells that have an error, and have them checked."""
    for slip in SLIPS:
        page.get_by_label(re.compile(rf", line {line_of(slip.row)}$")).first.fill(slip.right)
    onward(page.get_by_role("button", name="Check the mended rows"))
