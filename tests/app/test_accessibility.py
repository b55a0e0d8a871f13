"""Every page in a real Chromium, at three widths, light and dark: nothing for axe, nothing from elsewhere."""

import os
import shutil
import threading
from pathlib import Path

import app_fakes
import pytest
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from verifier import IssuerTrust, Outcome, Verdict

pytestmark = pytest.mark.browser
AXE = Path(__file__).parents[1] / "interop" / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage"
)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SIZES = [(1280, "light"), (390, "dark"), (320, "light")]


def missing(what: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="module")
def browser():
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        missing("no Chromium on this machine: install the package chromium, or name one in CHROMIUM")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=FLAGS.split())
        yield opened
        opened.close()


@pytest.fixture
def served(tmp_path, credential):
    server = None
    with_port = {"TESTAMUR_DEMO": "1", "TESTAMUR_BASE_URL": "http://127.0.0.1:8080"}
    world = app_fakes.World(tmp_path, credential, **with_port)
    server = make_server("127.0.0.1", 0, world.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield world, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def reports(credential: dict) -> dict[str, object]:
    """Give a report for each look that a verdict can have."""
    silent = (Outcome.unknown, "status_unreachable", {"host": "badges.example.edu"})
    stranger = {
        "trust": IssuerTrust.unknown,
        "credential": credential,
        "issuer": "did:web:badges.keystone.example",
    }
    misfit = (Outcome.failed, "signature_misfit", {})
    return {
        "good": app_fakes.report(credential=credential),
        "revoked": app_fakes.report(
            Verdict.revoked, credential=credential, status=(Outcome.failed, "revoked", {})
        ),
        "open": app_fakes.report(Verdict.undetermined, credential=credential, status=silent),
        "unknown issuer": app_fakes.report(**stranger),
        "invalid": app_fakes.report(Verdict.invalid, signature=misfit),
    }


def examine(page, what: str) -> list[str]:
    """Name what axe finds, sideways scrolling, and whatever was asked for elsewhere."""
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"]
    faults = [f"{what}: {each['id']} {each['nodes'][0]['html'][:120]}" for each in found]
    width = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    return [*faults, *([f"{what}: scrolls sideways"] if page.evaluate(width) else [])]


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_no_page_has_findings_or_asks_elsewhere(browser, served, credential, width, scheme):
    if not AXE.exists():
        missing("no axe-core: run npm ci in tests/interop")
    world, base = served
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    faults: list[str] = []
    page.on("request", lambda sent: faults.append(sent.url) if not sent.url.startswith(base) else None)
    page.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
    for name, answer in reports(credential).items():
        world.own.answer = answer
        page.goto(f"{base}/c/{app_fakes.CODE}")
        faults += examine(page, name)
    world.own.answer = app_fakes.report(credential=credential)
    public = world.office.kept.definition.public_id
    paths = ["/", "/verify", "/c", "/c/zzz", "/outbox", f"/h/{app_fakes.TOKEN}", f"/s/{app_fakes.SHARE}"]
    for path in [*paths, f"/achievements/{public}"]:
        page.goto(base + path)
        faults += examine(page, path)
    context.close()
    assert faults == []


def test_the_pages_work_without_scripts(browser, served):
    world, base = served
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base}/verify")
    page.fill("#paste", "{}")
    page.click("button:text-is('Check')")
    assert page.inner_text("h1").startswith("This certificate is good")
    page.goto(f"{base}/c")
    page.fill("#short", "7kq2-m9tx")
    page.click("button:text-is('Check the code')")
    assert page.url == f"{base}/c/{app_fakes.CODE}"
    page.goto(f"{base}/h/{app_fakes.TOKEN}")
    page.check("input[value=grade]")
    page.click("button:text-is('Save')")
    assert "Saved." in page.inner_text("main")
    assert world.office.kept.visibility.grade
    context.close()
