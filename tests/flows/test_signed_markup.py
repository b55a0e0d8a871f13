"""A stranger signs markup, scripts and turned text; a browser shows it and nothing acts (U5, U6, J10)."""

import json
from pathlib import Path

import pytest
from demonstration import serving
from foreign_badge import Stranger, as_bytes, micro_credential
from free_ports import free_port
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

MARKUP = (
    "<script>alert(1)</script><img src=https://evil.example/x onerror=alert(2)><svg onload=alert(3)></svg>"
    "<iframe src='javascript:alert(4)'></iframe><a href='javascript:alert(5)'>x</a></dd></main>"
    "<style>*{color:red}"
)
TURNED = " \u202egnirts denrut\u2066 \u200b\u0301"
# What is shown must stand in an element that keeps its direction to itself, or fill a block alone.
LOOSE = """() => {
  const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  const loose = [];
  while (walker.nextNode()) {
    if (!/[\\u202a-\\u202e\\u2066-\\u2069]/.test(walker.currentNode.data)) continue;
    let element = walker.currentNode.parentElement;
    while (element && !/isolate|plaintext/.test(getComputedStyle(element).unicodeBidi)
                   && getComputedStyle(element).display.startsWith('inline')) element = element.parentElement;
    if (!element || (element.childNodes.length > 1 && !/isolate/.test(getComputedStyle(element).unicodeBidi)))
      loose.push(walker.currentNode.data.slice(0, 80));
  }
  return loose;
}"""


@pytest.fixture(scope="module")
def address(demo):
    """A server of its own over the reading demonstration, which may be asked as often as one likes."""
    port = free_port()
    limits = {"TESTAMUR_LIMIT_VERIFY": "10000 per minute", "TESTAMUR_LIMIT_CODES": "10000 per minute"}
    with serving(demo.folder, port, TESTAMUR_BASE_URL=demo.base_url, **limits) as base_url:
        yield base_url


@pytest.fixture
def page(chromium: Browser):
    """A page with scripts switched on that notes every dialog, request and error."""
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.seen = {"dialogs": [], "requests": [], "errors": []}
    page.on("dialog", lambda dialog: (page.seen["dialogs"].append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: page.seen["requests"].append(request.url))
    page.on("pageerror", lambda error: page.seen["errors"].append(str(error)))
    yield page
    context.close()


def show(page: Page, address: str, content: bytes, tmp_path: Path) -> str:
    """Hand a file in as a person does; give the sentence on the page."""
    file = tmp_path / "badge.json"
    file.write_bytes(content)
    page.goto(f"{address}/verify")
    page.set_input_files("input[type=file]", file)
    with page.expect_navigation() as arrived:
        page.get_by_role("button", name="Check the files").click()
    assert arrived.value.headers["content-security-policy"].startswith("default-src 'none'")
    page.wait_for_timeout(300)
    return " ".join(page.locator("h1").first.inner_text().split())


def quiet(page: Page, address: str) -> None:
    """Assert that nothing spoke, and that nobody but our server was asked."""
    assert page.seen["dialogs"] == []
    assert [url for url in page.seen["requests"] if not url.startswith(address + "/")] == []
    for element in (
        "script:not([src^='/static/'])",
        "iframe",
        "object",
        "main style",
        "main img:not([src^='/'])",
    ):
        assert page.locator(element).count() == 0, element


@pytest.mark.parametrize(
    "payload", [MARKUP, TURNED, "x" * 4_000], ids=["markup", "turned text", "long words"]
)
def test_what_a_stranger_signed_is_shown_and_does_nothing(demo, address, page, tmp_path, payload):
    document = json.loads(Path(demo.credentials("issued")[0]["json"]).read_bytes())
    content = as_bytes(micro_credential(document, Stranger(), payload))
    sentence = show(page, address, content, tmp_path)
    assert sentence.startswith("The issuer is not known to us")
    assert page.locator("section.verdict").get_attribute("class").split()[1] != "is-good"
    assert "Dong Xanh" not in page.title() + page.locator("header").inner_text()
    quiet(page, address)
    assert page.evaluate(LOOSE) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"), (
        "the page overflows"
    )
    if payload is MARKUP:
        assert "<script>alert(1)</script>" in page.locator("main").inner_text()
        assert page.locator("a[href^='javascript']").count() == 0


def test_links_and_pictures_of_a_stranger_do_nothing(address, page, tmp_path):
    stranger = Stranger()
    picture = {"id": "https://evil.example/pixel.png", "type": "Image"}
    evidence = [{"id": "javascript:alert(6)", "type": ["Evidence"], "name": "Thesis"}]
    content = stranger.file(
        evidence=evidence,
        achievement={"image": picture},
        issuer={"image": picture, "url": "javascript:alert(7)", "name": "Univerzita Příklad"},
    )
    assert show(page, address, content, tmp_path).startswith("The issuer is not known to us")
    quiet(page, address)
    for link in page.locator("main a").all():
        assert not (link.get_attribute("href") or "").lower().startswith("javascript")


def test_the_twin_of_our_own_is_good_and_as_quiet(demo, address, page, tmp_path):
    content = Path(demo.credentials("issued")[0]["json"]).read_bytes()
    assert "is good" in show(page, address, content, tmp_path)
    quiet(page, address)
    assert page.seen["errors"] == []
