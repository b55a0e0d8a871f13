"""Every page of the console, as those who may open it: at every width, by keyboard alone, judged by axe."""

from collections import Counter
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from afternoon import at_desk, onward, staff
from database import settings_for
from demonstration import Demonstration, make_demonstration, serving
from issuing_office import Office
from page_judge import Watch, axe_source, faults, judge
from playwright.sync_api import Browser, Page
from sqlmodel import col, select
from werkzeug.routing import MapAdapter

from app import Settings, create_app
from issuer.staff.token_rows import TokenKind, link
from issuer.staff_tables import StaffTokenRow

pytestmark = [pytest.mark.browser, pytest.mark.slow]
OFFICE = "dong-xanh"
ROLES = (
    "author",
    "reviewer",
    "issuer",
    "issuer2",
    "institution_admin",
    "auditor",
    "recognition_officer",
    "consortium_admin",
)
STAFF_PATHS = ("/console", "/staff", "/consortium")
_SAME_PAGE = {"q", "page", "sort", "next", "sample", "line", "of", "show", "state", "kind"}  # other contents
EACH = 4  # pages of one kind that are looked at for each role: a draft and a finished batch are not alike
# To these no link leads: a mail does, a form, a picture, a script that renews a part of a page,
# or, to a signed file, a page after the worker's turn: no worker is at work here.
_NOT_LINKED = {
    "staff_batches.progress_part",
    "staff_batches.template",
    "staff_credentials.question",
    "staff_credentials.told",
    "staff_drafts.badge",
    "staff_recognition.file",
    "staff_second_factor.qr",
}


@pytest.fixture(scope="module")
def axe() -> str:
    return axe_source()


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Demonstration:
    """A demonstration of its own, for these tests change it."""
    return make_demonstration(tmp_path_factory.mktemp("console") / "data")


@pytest.fixture(scope="module")
def served_demo(demo: Demonstration):
    with serving(demo.folder, demo.port) as base_url:
        yield base_url


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
            watch = Watch(served_demo)
            watch.attach(page)
            for way in _WAYS.get(role, ()):
                way(page, f"{served_demo}/console/{OFFICE}")
                complaints += _judged(page, axe, watch)
            complaints += _walk(page, served_demo, addresses, axe, watch, seen)
    complaints += _from_outside(chromium, demo, served_demo, addresses, axe, seen)
    assert complaints == []
    visited = {key[0] for key in seen}
    missed = _pages(addresses) - visited - _NOT_LINKED
    assert not missed, f"no link leads there: {sorted(missed)}"


def _make_a_faculty(page: Page, office: str) -> None:
    page.goto(f"{office}/faculties")
    page.get_by_label("Name", exact=True).fill("Faculty of Finance")
    page.get_by_label("Short name").fill("fin")
    onward(page.get_by_role("button", name="Add 1 faculty"))


def _make_a_token(page: Page, office: str) -> None:
    page.goto(f"{office}/tokens")
    page.get_by_label("Name of the program").fill("Student register")
    page.locator("input[name=act]").first.check()
    page.get_by_label("Last day").fill(page.get_by_label("Last day").get_attribute("max") or "")
    onward(page.get_by_role("button", name="Make 1 token"))


def _invite_a_person(page: Page, office: str) -> None:
    page.goto(f"{office}/people/invite")
    page.get_by_label("Name", exact=True).fill("Trịnh Thu Hà")
    page.get_by_label("E-mail address").fill("ha@dong-xanh.example")
    page.locator("input[name=role][value=auditor]").check()
    onward(page.get_by_role("button", name="Invite 1 person"))


def _take_in_a_list(page: Page, office: str) -> None:
    rows = "name,student_number,email,awarded_date,grade,remarks\nLê An,DX-1,an@@x.example,2026-06-30,83,\n"
    page.goto(f"{office}/batches/new")
    page.get_by_label("Run").fill("Summer 2026")
    file = {"name": "list.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    page.locator("input[type=file]").set_input_files(file)
    onward(page.get_by_role("button", name="Read the file"))


def _ask_to_suspend_all(page: Page, office: str) -> None:
    page.goto(f"{office}/credentials")
    page.locator("input[name=all][value='1']").check()
    onward(page.get_by_role("button", name="Suspend"))


def _revoke_one_of_many(page: Page, office: str) -> None:
    page.goto(f"{office}/credentials")
    page.locator("input[name=chosen]").first.check()
    onward(page.get_by_role("button", name="Revoke"))
    page.get_by_label("Issued in error").check()
    onward(page.locator("main button.primary").last)


def _recognise_a_course(page: Page, office: str) -> None:
    page.goto(f"{office}/recognition/new?kind=R1")
    page.get_by_label("Title", exact=True).fill("Elective in the MSc Finance")
    page.get_by_label("Address of the course").fill("https://badges.elsewhere.example/achievements/1")
    page.get_by_label("Counts towards").fill("MSc Finance")
    page.locator("input[name^=basis]").first.check()
    onward(page.get_by_role("button", name="Have 1 statement signed"))


# What somebody does before they walk: without it some pages are not there. Each ends on a page to be judged.
_WAYS = {
    "institution_admin": (_make_a_faculty, _make_a_token, _invite_a_person),
    "recognition_officer": (_recognise_a_course,),
    "issuer": (_take_in_a_list, _ask_to_suspend_all, _revoke_one_of_many),
}


def _somebody(demo, role: str):
    office = "consortium" if role == "consortium_admin" else OFFICE
    people = staff(demo.folder, office, role.rstrip("2"))
    return people[1 if role.endswith("2") else 0]


def _walk(page: Page, base_url: str, addresses: MapAdapter, axe: str, watch: Watch, seen: set) -> list[str]:
    """Follow links from the first page, judge each kind of page that nobody has been on yet, list faults."""
    page.goto(f"{base_url}/console")
    waiting, known, here, complaints = [page.url], set(), Counter(), []
    while waiting:
        url = waiting.pop(0)
        if url in known:
            continue
        known.add(url)
        kind = _kind(url, base_url, addresses)
        if kind is None or here[kind] == EACH:
            continue
        here[kind] += 1
        answer = page.context.request.get(url, headers={"Accept": "text/html"}, max_redirects=0)
        if answer.status != 200 or not answer.headers["content-type"].startswith("text/html"):
            assert answer.status in (200, 302, 303), (url, answer.status)
            seen.add(kind)
            waiting += [urljoin(url, answer.headers["location"])] if "location" in answer.headers else []
            continue
        page.goto(url)
        if kind not in seen or here[kind] > 1:
            complaints += _judged(page, axe, watch)
        seen.add(kind)
        page.set_viewport_size({"width": 1280, "height": 900})
        waiting += page.evaluate("[...document.querySelectorAll('a[href]')].map(a => a.href.split('#')[0])")
    return complaints


def _from_outside(chromium: Browser, demo, base_url: str, addresses: MapAdapter, axe: str, seen: set) -> list:
    """Judge the pages that are open to anyone, those behind mailed links among them, and list faults."""
    complaints = []
    with chromium.new_context() as context:
        page = context.new_page()
        watch = Watch(base_url)
        watch.attach(page)
        _ask_for_a_password(page, base_url, staff(demo.folder, OFFICE, "author")[0].address)
        links = [_mailed(demo, kind) for kind in TokenKind]
        for url in (page.url, f"{base_url}/staff/forgotten", f"{base_url}/staff/sign-in", *links):
            page.goto(url)
            assert watch.status == 200, url
            complaints += _judged(page, axe, watch)
            seen.add(_kind(url, base_url, addresses))
    return complaints


def _ask_for_a_password(page: Page, base_url: str, address: str) -> None:
    page.goto(f"{base_url}/staff/forgotten")
    page.get_by_label("E-mail address").fill(address)
    onward(page.locator("main form button"))


def _mailed(demo, kind: TokenKind) -> str:
    """Give the address that the newest mail of a kind carries."""
    office = Office(demo.folder, base_url=demo.base_url)
    deployment = office.issuer.deployment
    with deployment.reading() as session:
        rows = select(StaffTokenRow).where(StaffTokenRow.kind == kind.value)
        newest = session.exec(rows.order_by(col(StaffTokenRow.id).desc())).first()
        address = link(deployment, newest)
    office.close()
    return address


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
    onward(page.get_by_role("button", name="Sign in"))


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


def test_a_retired_version_is_for_everyone(chromium: Browser, demo, served_demo: str, axe: str):
    with at_desk(chromium, served_demo, staff(demo.folder, "nam-khan", "reviewer")[0]) as page:
        watch = Watch(served_demo)
        watch.attach(page)
        page.goto(f"{served_demo}/console/nam-khan/definitions?state=retired")
        judge(page, axe, watch)
        onward(page.locator("tbody th a").first)
        assert "Retired on" in page.locator("main").inner_text()
        assert page.get_by_role("button", name="Retire 1 version").count() == 0
        judge(page, axe, watch)


def test_a_decision_about_a_certificate_is_for_everyone(chromium: Browser, demo, served_demo: str, axe: str):
    officer = staff(demo.folder, "vltavska", "recognition_officer")[0]
    certificate = next(each for each in demo.credentials("issued") if "mc-crs" in each["pdf"])
    with at_desk(chromium, served_demo, officer) as page:
        watch = Watch(served_demo)
        watch.attach(page)
        page.goto(f"{served_demo}/console/vltavska/recognition/decide")
        page.locator("input[type=file]").set_input_files(certificate["pdf"])
        page.get_by_label("Name or e-mail address of the applicant").fill("Minh Anh")
        onward(page.get_by_role("button", name="Check it"))
        assert page.get_by_role("button", name="Have 1 decision signed").count() == 1
        judge(page, axe, watch)


def test_a_refused_file_is_told_to_everyone(chromium: Browser, demo, served_demo: str, axe: str):
    with at_desk(chromium, served_demo, staff(demo.folder, "nam-khan", "issuer")[0]) as page:
        page.goto(f"{served_demo}/console/nam-khan/batches/new")
        page.get_by_label("Run").fill("Spring 2026")
        page.locator("input[type=file]").set_input_files(
            {"name": "list.csv", "mimeType": "text/csv", "buffer": b"Dear colleagues"}
        )
        onward(page.get_by_role("button", name="Read the file"))
        assert page.get_by_role("alert").count() == 1
        assert page.get_by_label("Run").input_value() == "Spring 2026"
        assert faults(page, axe) == []
