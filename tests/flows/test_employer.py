"""An employer scans the paper and reads "good"; the university revokes; the employer reads "revoked"."""

from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from demonstration import make_demonstration, run, serving
from PIL import Image
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


def _scan(pdf: Path, picture: Path) -> str:
    """Print the first page as a picture at 150 dpi and read the QR code on it."""
    document = pypdfium2.PdfDocument(pdf)
    document[0].render(scale=150 / 72).to_pil().save(picture)
    document.close()
    with Image.open(picture) as image:
        (code,) = zxingcpp.read_barcodes(image)
    return code.text


def _sentence(page: Page) -> str:
    return " ".join(page.locator("h1").inner_text().split())


def _press(page: Page, button: str) -> None:
    """Press a button and wait for the page to which it leads."""
    with page.expect_navigation():
        page.get_by_role("button", name=button, exact=True).click()


def test_paper_is_good_until_it_is_revoked(chromium: Browser, tmp_path: Path):
    demo = make_demonstration(tmp_path / "data")
    chosen = demo.credentials("issued")[0]
    address = _scan(Path(chosen["pdf"]), tmp_path / "paper.png")
    assert address == chosen["url"]
    with serving(demo.folder, demo.port):
        page = chromium.new_context(
            viewport={"width": 390, "height": 844}, java_script_enabled=False
        ).new_page()
        page.goto(address)
        assert "This certificate is good" in _sentence(page)
        assert page.title().startswith("Good")
        run("revoke", chosen["id"], "--reason", "error", "--by", "Registrar", "--dir", str(demo.folder))
        page.reload()
        assert "was revoked" in _sentence(page)
        assert "it was issued in error" in _sentence(page)
        assert page.title().startswith("Revoked")


def test_a_file_dropped_on_the_page_gets_the_same_answer(chromium: Browser, demo, served_demo: str):
    expected = {"issued": "good", "revoked": "revoked", "suspended": "suspended", "expired": "expired"}
    page = chromium.new_context(java_script_enabled=False).new_page()
    for state, word in expected.items():
        chosen = demo.credentials(state)[0]
        for kind in ("json", "png", "svg", "pdf"):
            page.goto(f"{served_demo}/verify")
            page.set_input_files("input[type=file]", chosen[kind])
            _press(page, "Check the files")
            assert word in page.locator("h1 strong").first.inner_text(), (state, kind)


def test_a_changed_file_is_not_valid(chromium: Browser, demo, served_demo: str, tmp_path: Path):
    changed = tmp_path / "changed.json"
    text = Path(demo.credentials("issued")[0]["json"]).read_text()
    changed.write_text(text.replace('"creditsEarned":', '"creditsEarned":1', 1))
    page = chromium.new_context(java_script_enabled=False).new_page()
    page.goto(f"{served_demo}/verify")
    page.set_input_files("input[type=file]", changed)
    _press(page, "Check the files")
    assert "is not valid" in _sentence(page)


def test_a_form_that_is_sent_empty_says_so_beside_its_own_field(chromium: Browser, served_demo: str):
    page = chromium.new_context(java_script_enabled=False).new_page()
    for button, field in (("Check the files", "#files"), ("Check", "#paste")):
        page.goto(f"{served_demo}/verify")
        _press(page, button)
        assert page.get_by_role("alert").inner_text().startswith("Nothing was checked:")
        assert page.locator("[aria-invalid=true]").evaluate_all("all => all.map(each => '#' + each.id)") == [
            field
        ]
