"""A learner's way without JavaScript: the mail, the certificate, the files, and what others may see."""

import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pikepdf
import pytest
from demonstration import run
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page

from ob3 import unbake

pytestmark = pytest.mark.browser

NAME, MAIL, GRADE = "Kateřina Ďurišová", "katerina.durisova@student.vltavska.example", "C"
OTHER_MAIL = "ondrej.vanhara@student.vltavska.example"
FILES = ("Certificate (PDF)", "Badge (PNG)", "Badge (SVG)", "Signed credential (JSON)")


@dataclass
class Learner:
    """A learner's browser, and what the demonstration wrote down about the certificate."""

    page: Page
    base_url: str
    link: str
    listed: dict[str, Any]

    def home(self) -> Page:
        self.page.goto(self.link)
        return self.page

    def save(self, page: Page | None = None) -> None:
        page = page or self.page
        with page.expect_navigation():
            page.get_by_role("button", name="Save").click()
        assert page.get_by_text("Saved.").is_visible()

    def public_text(self) -> str:
        response = self.page.goto(self.listed["url"])
        assert response is not None
        assert response.status == 200
        return " ".join(self.page.locator("main").inner_text().split())

    def choose_sharing(self, label: str) -> None:
        self.home().get_by_label(label).check()
        self.save()


def _link_in_mail(page: Page, base_url: str, recipient: str) -> str:
    """Open the outbox and the mail to this address, and follow its link."""
    page.goto(f"{base_url}/outbox")
    mail = page.locator("main details").filter(has_text=recipient)
    mail.locator("summary").click()
    with page.expect_navigation():
        mail.locator('a[href*="/h/"]').click()
    return page.url


def _listed(demo: Any, name: str) -> dict[str, Any]:
    def holder(each: dict[str, Any]) -> str:
        return json.loads(Path(each["json"]).read_text())["credentialSubject"]["name"]

    return next(each for each in demo.credentials("issued") if holder(each) == name)


@pytest.fixture
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, java_script_enabled=False, accept_downloads=True
    )
    yield context
    context.close()


@pytest.fixture
def learner(phone: BrowserContext, demo, served_demo: str) -> Learner:
    page = phone.new_page()
    link = _link_in_mail(page, served_demo, MAIL)
    return Learner(page, served_demo, link, _listed(demo, NAME))


def test_the_mail_leads_to_the_certificate(learner: Learner):
    page = learner.page
    assert "Open Data for Public Services" in page.locator("h1").inner_text()
    assert NAME in page.locator("main").inner_text()
    assert page.locator("main .state").first.inner_text().strip() == "Good"
    picture = page.locator("figure img")
    assert NAME in (picture.get_attribute("alt") or "")
    answer = page.request.get(learner.base_url + (picture.get_attribute("src") or ""))
    with Image.open(io.BytesIO(answer.body())) as image:
        assert image.width > image.height >= 900


def test_every_download_is_the_credential_as_stored(learner: Learner, demo, tmp_path: Path):
    stored = Path(learner.listed["json"]).read_bytes()
    saved = {label: _download(learner.page, label, tmp_path) for label in FILES}
    pdf, png, svg, plain = saved.values()
    assert plain.read_bytes() == stored
    assert unbake(png.read_bytes()).encode() == stored
    assert unbake(svg.read_bytes()).encode() == stored
    with pikepdf.open(pdf) as document:
        assert document.attachments["credential.json"].get_file().read_bytes() == stored
    trust = tmp_path / "trust.txt"
    trust.write_text(json.loads(stored)["issuer"]["id"] + "\n")
    inputs = [str(path) for path in saved.values()]
    done = run("verify", "--json", "--dir", str(demo.folder), "--trust", str(trust), *inputs)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each["input"] for each in answers] == inputs
    assert {(each["verdict"], each["issuer_trust"]) for each in answers} == {("valid", "trusted")}


def _download(page: Page, label: str, folder: Path) -> Path:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=label).click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def test_the_grade_is_the_holder_s_to_show(learner: Learner):
    shown = re.compile(rf"The holder has chosen to show this\..*\b{GRADE}\b")
    assert not shown.search(learner.public_text())
    learner.home().get_by_label("your final grade").check()
    learner.save()
    assert learner.page.get_by_label("your final grade").is_checked()
    assert shown.search(learner.public_text())
    assert "Project data set" not in learner.public_text()
    learner.home().get_by_label("your final grade").uncheck()
    learner.save()
    assert "has chosen to show" not in learner.public_text()


def test_the_page_for_sharing_is_the_holder_s_to_open(learner: Learner):
    page = learner.page
    shared = page.get_by_label("Link to your public page").input_value()
    learner.choose_sharing("off; the code on paper still works")
    assert page.get_by_label("Link to your public page").count() == 0
    for address in (shared, f"{shared}/card.png"):
        assert page.request.get(address).status == 404
    assert "is good" in learner.public_text()
    learner.choose_sharing("for those who have the link")
    page.goto(shared)
    told = {
        tag.get_attribute("property"): tag.get_attribute("content")
        for tag in page.locator("meta[property]").all()
    }
    assert told["og:url"] == shared
    assert NAME in told["og:title"]
    assert "Vltava University" in told["og:description"]
    assert (told["og:image:width"], told["og:image:height"]) == ("1200", "630")
    card = page.request.get(told["og:image"])
    assert card.headers["content-type"] == "image/png"
    with Image.open(io.BytesIO(card.body())) as image:
        assert image.size == (1200, 630)


def test_search_engines_find_only_what_the_holder_gave_them(learner: Learner):
    page = learner.page
    shared = page.get_by_label("Link to your public page").input_value()

    def kept_out(address: str) -> bool:
        return "noindex" in page.request.get(address, headers={"Accept": "text/html"}).headers.get(
            "x-robots-tag", ""
        )

    own = [learner.link, learner.listed["url"], f"{learner.link}/credential.json"]
    assert all(kept_out(each) for each in [*own, shared])
    learner.choose_sharing("for everyone, search engines included")
    assert not kept_out(shared)
    assert all(kept_out(each) for each in own)
    learner.choose_sharing("for those who have the link")
    assert kept_out(shared)


def test_the_link_to_linkedin_fills_its_form(learner: Learner):
    link = learner.page.get_by_role("link", name="Add to a LinkedIn profile").get_attribute("href") or ""
    parts = urlsplit(link)
    told = {name: values[0] for name, values in parse_qs(parts.query).items()}
    document = json.loads(Path(learner.listed["json"]).read_text())
    assert (parts.scheme, parts.netloc, parts.path) == ("https", "www.linkedin.com", "/profile/add")
    assert told["startTask"] == "CERTIFICATION_NAME"
    assert told["name"] == "Open Data for Public Services"
    assert told["organizationName"] == "Vltava University"
    awarded = document["awardedDate"]
    assert (int(told["issueYear"]), int(told["issueMonth"])) == (int(awarded[:4]), int(awarded[5:7]))
    assert told["certUrl"].startswith(f"{learner.base_url}/s/")
    assert learner.page.request.get(told["certUrl"]).status == 200
    learner.page.goto(f"{learner.base_url}/c")
    learner.page.get_by_label("Code beside the QR code").fill(told["certId"])
    with learner.page.expect_navigation():
        learner.page.get_by_role("button", name="Check the code").click()
    assert learner.page.url == learner.listed["url"]


def test_nobody_else_can_choose_for_the_holder(learner: Learner, phone: BrowserContext):
    stranger = phone.new_page()
    other_link = _link_in_mail(stranger, learner.base_url, OTHER_MAIL)
    token = stranger.locator("input[name=csrf_token]").get_attribute("value") or ""
    asked = {"csrf_token": token, "show": "grade", "page": "off"}
    shared = learner.page.get_by_label("Link to your public page").input_value()
    for guess in (learner.listed["url"], shared, learner.link[:-1] + "_", "/" + "0" * 22):
        address = f"{learner.base_url}/h/{guess.rpartition('/')[2]}"
        assert stranger.request.post(address, form=asked).status == 404
    for refused in ({**asked, "csrf_token": "made up"}, {"show": "grade"}):
        assert stranger.request.post(learner.link, form=refused).status == 400
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert stranger.request.post(learner.link, form=asked, headers=elsewhere).status == 400
    assert stranger.request.post(other_link, form={**asked, "page": "link"}).status == 200
    assert not learner.home().get_by_label("your final grade").is_checked()
    assert stranger.request.get(shared).status == 200
    stranger.goto(other_link)
    stranger.get_by_label("your final grade").uncheck()
    learner.save(stranger)
