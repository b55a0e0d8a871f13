"""An author at the form of a definition in a real browser: each change is saved, judged and drawn at once."""

import re
from pathlib import Path

import pytest
from console_browser import page_of, served_console
from definition_drafts import complete_document
from page_judge import axe_source, faults
from playwright.sync_api import expect

from issuer.drafts.drafts import begin_draft, blank_document, find_draft
from issuer.drafts.review import send_for_review
from issuer.staff.roles import Role

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[1] / "interop/node_modules/axe-core/axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
_TOO_WIDE = """() => document.documentElement.scrollWidth - document.documentElement.clientWidth > 0
  || [...document.querySelectorAll('main *')].some(each => !each.closest('.scroll, .hidden')
    && each.getBoundingClientRect().right > document.documentElement.clientWidth + 1)"""
_RUN_AXE = """async tags => {
  const result = await axe.run({runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']});
  return result.violations.flatMap(rule => rule.nodes.map(node => rule.id + ': ' + node.html.slice(0, 160)));
}"""


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with served_console(tmp_path_factory.mktemp("form") / "var") as house:
        house.author = house.person("Đỗ Thị Hoa", Role.AUTHOR)
        house.reviewer = house.person("Rita Nováková", Role.REVIEWER)
        yield house


def open_page(house, browser, staff, **options):
    """Give a page in which somebody is signed in, and what it complains about."""
    page = page_of(house, browser, staff, **options)
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page, complaints


def saved(page, revision):
    """Wait until a change has come back from the server."""
    expect(page.locator("#revision")).to_have_value(str(revision))
    expect(page.locator(".htmx-request")).to_have_count(0)


def test_each_change_is_saved_judged_and_drawn_without_a_reload(house, chromium):
    desk = house.desk(house.author)
    draft = begin_draft(desk, blank_document("vi"))
    page, complaints = open_page(house, chromium, house.author)
    page.goto(f"/console/uef/definitions/drafts/{draft.public_id}")
    assert "English is missing" in page.locator("#achievement-title-en-notes").inner_text()
    before = page.locator("#complete label").inner_text()
    picture = page.locator("#complete img").get_attribute("src")

    page.get_by_label("Title (English)", exact=True).fill("Trái phiếu xanh")
    page.keyboard.press("Tab")
    saved(page, 2)
    expect(page.locator("#achievement-title-en-notes")).to_be_empty()
    expect(page.locator("#complete img")).to_have_attribute("src", picture.replace("=1", "=2"))
    assert page.evaluate("document.activeElement.name") == "achievement.summary.vi"

    page.get_by_label("Contact hours").fill("24")
    page.keyboard.press("Tab")
    saved(page, 3)
    page.get_by_label("Hours of self-study").fill("66")
    page.keyboard.press("Tab")
    saved(page, 4)
    expect(page.get_by_label("Hours in all")).to_have_value("90")
    group = page.get_by_role("group", name="Form of participation")
    group.get_by_role("checkbox", name="Blended").check()
    saved(page, 5)
    expect(page.locator("#achievement-mode-notes")).to_be_empty()
    assert faults(page, axe_source()) == []
    expect(page.locator("#complete label")).not_to_have_text(before)
    assert find_draft(desk, draft.public_id).document["achievement"]["volumeOfLearning"] == "PT90H"

    with page.expect_navigation(url=re.compile("#achievement-learningOutcome-2$")):
        page.get_by_role("button", name="Add an outcome").click()
    expect(page.get_by_label("Title (English)", exact=True)).to_have_value("Trái phiếu xanh")
    assert complaints == []
    page.context.close()


def test_a_button_pressed_before_the_answer_to_a_save_has_come_does_its_work(house, chromium):
    desk = house.desk(house.author)
    draft = begin_draft(desk, blank_document("vi"))
    page, complaints = open_page(house, chromium, house.author)
    page.goto(f"/console/uef/definitions/drafts/{draft.public_id}")
    saves = []
    page.route("**/drafts/*", lambda route: _save_unanswered(route, saves))
    page.get_by_label("Title (English)", exact=True).fill("Trái phiếu xanh")
    page.keyboard.press("Tab")
    expect(page.locator(".htmx-request")).to_have_count(1)
    page.wait_for_timeout(500)
    with page.expect_navigation(url=re.compile("#achievement-learningOutcome-2$")):
        page.get_by_role("button", name="Add an outcome").click()
    stored = find_draft(desk, draft.public_id)
    assert (stored.title, stored.revision, saves) == ("Trái phiếu xanh", 3, [200])
    assert complaints == []
    page.context.close()


def _save_unanswered(route, saves):
    """Let a save by the script reach the server, and keep its answer from the page."""
    if "hx-request" in route.request.headers:
        saves.append(route.fetch().status)
    else:
        route.continue_()


def test_the_form_works_with_scripts_switched_off(house, chromium):
    draft = begin_draft(house.desk(house.author), complete_document(code="MC-PLAIN"))
    page, _ = open_page(house, chromium, house.author, java_script_enabled=False)
    page.goto(f"/console/uef/definitions/drafts/{draft.public_id}")
    page.get_by_label("Title (English)", exact=True).fill("Typed without a script")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Typed without a script")
    with page.expect_navigation():
        page.get_by_role("button", name="Send for review").click()
    expect(page.locator("main")).to_contain_text("A reviewer has it now")
    stored = find_draft(house.desk(house.author), draft.public_id).document
    assert stored["achievement"]["title"].pop("en") == "Typed without a script"
    expected = complete_document(code="MC-PLAIN")
    del expected["achievement"]["title"]["en"]
    assert stored == expected
    page.context.close()


def test_a_stale_change_is_told_and_keeps_what_was_typed(house, chromium):
    draft = begin_draft(house.desk(house.author), complete_document(code="MC-STALE"))
    first, _ = open_page(house, chromium, house.author)
    second, _ = open_page(house, chromium, house.author)
    for page in (first, second):
        page.goto(f"/console/uef/definitions/drafts/{draft.public_id}")
    first.get_by_label("Code", exact=True).fill("MC-FIRST")
    first.keyboard.press("Tab")
    saved(first, 2)
    second.get_by_label("Code", exact=True).fill("MC-SECOND")
    second.keyboard.press("Tab")
    expect(second.get_by_role("alert")).to_contain_text("meanwhile")
    expect(second.locator(".htmx-request")).to_have_count(0)
    assert faults(second, axe_source()) == []
    assert second.get_by_label("Code", exact=True).input_value() == "MC-SECOND"
    assert find_draft(house.desk(house.author), draft.public_id).code == "MC-FIRST"
    for page in (first, second):
        page.context.close()


@pytest.fixture(scope="module")
def addresses(house):
    """One page of each kind, with who looks at it."""
    desk = house.desk(house.author)
    empty = begin_draft(desk, blank_document("lo"))
    sent = begin_draft(desk, complete_document(code="MC-SENT"))
    send_for_review(desk, sent.public_id, revision=1)
    base = "/console/uef/definitions"
    return {
        "list": (house.author, base),
        "new": (house.author, f"{base}/new"),
        "form": (house.author, f"{base}/drafts/{empty.public_id}"),
        "sample": (house.author, f"{base}/drafts/{sent.public_id}/page"),
        "review": (house.reviewer, f"{base}/drafts/{sent.public_id}"),
        "version": (house.author, f"{base}/versions/{house.definition.public_id}"),
    }


@pytest.mark.parametrize("kind", ["list", "new", "form", "sample", "review", "version"])
def test_pages_are_accessible_and_fit_every_screen(house, chromium, addresses, kind):
    staff, address = addresses[kind]
    page, complaints = open_page(house, chromium, staff)
    page.goto(address)
    assert complaints == []
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert not page.evaluate(_TOO_WIDE), width
    page.context.close()
    page, _ = open_page(house, chromium, staff, bypass_csp=True)
    for width, colours in ((1280, "light"), (390, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=colours)
        page.goto(address)
        page.add_script_tag(path=AXE)
        assert page.evaluate(_RUN_AXE, TAGS) == []
    page.context.close()
