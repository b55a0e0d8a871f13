"""Every page of the console, as those who may open it: at every width, by keyboard alone, judged by axe."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from afternoon import at_desk, staff
from database import settings_for
from page_judge import Watch, axe_source, faults, judge
from playwright.sync_api import Browser, Page
from werkzeug.routing import MapAdapter

from app import Settings, create_app

pytestmark = [pytest.mark.browser, pytest.mark.slow]
OFFICE = "dong-xanh"
ROLES = ("author", "reviewer", "issuer", "issuer2", "institution_admin", "auditor", "consortium_admin")
STAFF_PATHS = ("/console", "/staff", "/consortium")
_SAME_PAGE = {"q", "page", "sort", "next", "sample", "line", "of", "show", "state", "kind"}  # other contents
# Pages to which only a mail leads, and parts of pages that a script asks for.
_NOT_LINKED = {
    "staff_sign_in.invitation",
    "staff_sign_in.reset",
}


@pytest.fixture(scope="module")
def axe() -> str:
    return axe_source()


@pytest.fixture(scope="module")
def addresses(demo) -> MapAdapter:
    """Tell which page an address belongs to."""
    environment = {"TESTAMUR_DIR": str(demo.folder), "TESTAMUR_BASE_URL": demo.base_url, "TESTAMUR_DEMO": "1"}
    app = create_app(Settings.from_env({**environment, **settings_for(demo.folder)}))
    yield app.url_map.bind(urlsplit(demo.base_url).netloc)
    app.extensions["testamur_database"].dispose()


def test_every_page_of_the_console_is_for_everyone(chromium: Browser, demo, served_demo, addresses, axe):
    seen: set[tuple[str, ...]] = set()
    complaints: list[str] = []
    for role in ROLES:
        with at_desk(chromium, served_demo, _somebody(demo, role)) as page:
            complaints += _walk(page, served_demo, addresses, axe, seen)
    assert complaints == []
    visited = {key[0] for key in seen}
    missed = _pages(addresses) - visited - _NOT_LINKED
    assert not missed, f"no link leads there: {sorted(missed)}"


def _somebody(demo, role: str):
    office = "consortium" if role == "consortium_admin" else OFFICE
    people = staff(demo.folder, office, role.rstrip("2"))
    return people[1 if role.endswith("2") else 0]


def _walk(page: Page, base_url: str, addresses: MapAdapter, axe: str, seen: set) -> list[str]:
    """Follow links from the first page, judge each kind of page that nobody has been on yet, list faults."""
    waiting, known, here, complaints = [page.url], set(), set(), []
    watch = Watch(base_url)
    watch.attach(page)
    while waiting:
        url = waiting.pop(0)
        if url in known:
            continue
        known.add(url)
        kind = _kind(url, base_url, addresses)
        if kind is None or kind in here:
            continue
        here.add(kind)
        answer = page.context.request.get(url, headers={"Accept": "text/html"}, max_redirects=0)
        if answer.status != 200 or not answer.headers["content-type"].startswith("text/html"):
            assert answer.status in (200, 302, 303), (url, answer.status)
            seen.add(kind)
            continue
        page.goto(url)
        complaints += _judged(page, axe, watch) if kind not in seen else []
        seen.add(kind)
        page.set_viewport_size({"width": 1280, "height": 900})
        waiting += page.evaluate("[...document.querySelectorAll('a[href]')].map(a => a.href.split('#')[0])")
    return complaints


def _judged(page: Page, axe: str, watch: Watch) -> list[str]:
    """List what is wrong with a page; nothing is, if it is for everyone."""
    try:
        judge(page, axe, watch)
    except AssertionError as fault:
        watch.complaints.clear()
        return [f"{page.url}: {fault}"[:1_000]]
    return []


def _kind(url: str, base_url: str, addresses: MapAdapter) -> tuple[str, ...] | None:
    """Name the page of an address by its view and what changes its shape; None for other pages."""
    parts = urlsplit(url)
    if not url.startswith(base_url) or not parts.path.startswith(STAFF_PATHS):
        return None
    endpoint, _values = addresses.match(parts.path, method="GET")
    shape = sorted(f"{name}={value}" for name, value in parse_qsl(parts.query) if name not in _SAME_PAGE)
    return (endpoint, *shape)


def _pages(addresses: MapAdapter) -> set[str]:
    """List the views of the staff's pages that can be opened."""
    return {
        rule.endpoint
        for rule in addresses.map.iter_rules()
        if rule.rule.startswith(STAFF_PATHS) and "GET" in (rule.methods or ())
    }


def _sign_in_refused(page: Page, base_url: str) -> None:
    page.goto(f"{base_url}/staff/sign-in")
    page.get_by_label("E-mail address").fill("nobody@dong-xanh.example")
    page.get_by_label("Password").fill("not the password of anybody")
    page.get_by_role("button", name="Sign in").click()


def _forgotten(page: Page, base_url: str) -> None:
    page.goto(f"{base_url}/staff/forgotten")


def _recovery(page: Page, base_url: str) -> None:
    page.goto(f"{base_url}/staff/sign-in?recovery")


@pytest.mark.parametrize("way", [_sign_in_refused, _forgotten, _recovery])
def test_the_ways_in_are_for_everyone(way, chromium: Browser, served_demo: str, axe: str):
    with chromium.new_context() as context:
        page = context.new_page()
        watch = Watch(served_demo)
        watch.attach(page)
        way(page, served_demo)
        watch.status = max(watch.status, 422)
        judge(page, axe, watch)


def test_a_refused_file_is_told_to_everyone(chromium: Browser, demo, served_demo: str, axe: str):
    with at_desk(chromium, served_demo, staff(demo.folder, "nam-khan", "issuer")[0]) as page:
        page.goto(f"{served_demo}/console/nam-khan/batches/new")
        page.get_by_label("Run").fill("Spring 2026")
        page.locator("input[type=file]").set_input_files(
            {"name": "list.csv", "mimeType": "text/csv", "buffer": b"Dear colleagues"}
        )
        page.get_by_role("button", name="Read the file").click()
        assert page.get_by_role("alert").count() == 1
        assert page.get_by_label("Run").input_value() == "Spring 2026"
        assert faults(page, axe) == []
