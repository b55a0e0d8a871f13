"""Each form of the console that is refused, and the pages behind mailed links: for everyone, in a browser."""

from urllib.parse import urlsplit

import pytest
from afternoon import onward
from console_browser import page_of, served_console
from issuing_office import definition
from page_judge import Watch, axe_source, judge
from playwright.sync_api import Browser, Page
from refused_forms import OFFICE, REFUSED, Refused, invitation, new_password, send
from refused_recognition import RECOGNITION
from refused_work import WORK
from werkzeug.routing import MapAdapter

from issuer.staff.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.slow]
FORMS = REFUSED | WORK | RECOGNITION
STAFF_PATHS = ("/console", "/staff", "/consortium")
PROGRAMME = {"id": "https://www.example.edu/programmes/bsc", "title": {"en": "BSc Banking"}}
# What is sent to these answers like another form that is judged, or, None, with no page of the console.
ANSWERS_LIKE = {
    "staff_account.sessions": None,
    "staff_batches.mend": "staff_batches.approve",
    "staff_batches.send": "staff_batches.approve",
    "staff_batches.undo_it": "staff_batches.approve",
    "staff_credentials.mail": "staff_credentials.status",
    "staff_definitions.begun": None,
    "staff_definitions.follow": None,
    "staff_drafts.resumed": None,
    "staff_drafts.withdrawn": None,
    "staff_links.asked": None,
    "staff_mail.again": "staff_mail.address",
    "staff_mail_texts.reset": "staff_mail_texts.save",
    "staff_people.again": "staff_people.roles",
    "staff_sign_in.out": None,
    "staff_tokens.revoke": None,
}


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
            "preparer": house.person("Preparer", Role.ISSUER),
            "auditor": house.person("Auditor", Role.AUDITOR),
            "officer": house.person("Rita Officer", Role.RECOGNITION_OFFICER),
            "codes": house.person("Of the codes", Role.ISSUER),
            "consortium": house.person("Kim", Role.CONSORTIUM_ADMIN, slug=None),
            None: None,
        }
        later = definition(suspension=True, version="2026-2", isPartOf=[PROGRAMME])
        house.issuer.publish_definition("uef", later)
        first, *_others = house.office.issue(4).credentials
        house.issuer.suspend(first, by="registrar")
        yield house


@pytest.fixture(scope="module")
def addresses(house) -> MapAdapter:
    """Tell which view an address belongs to."""
    return house.app.url_map.bind(urlsplit(house.base_url).netloc)


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


@pytest.mark.parametrize("name", FORMS)
def test_a_refused_form_is_for_everyone(name: str, house, watched, addresses, axe: str):
    form = FORMS[name]
    page, watch = watched(form.who)
    page.goto(form.path if isinstance(form.path, str) else form.path(house))
    assert _sent_to(page, form, addresses) == form.to
    assert watch.status == form.status, page.locator("main").inner_text()
    assert form.status == 200 or page.get_by_role("alert").first.inner_text().strip()
    told = page.locator("[aria-invalid=true]").evaluate_all("all => all.map(each => each.id)")
    if form.told:
        assert tuple(told) == form.told
        assert all(page.locator(f"#{each}").get_attribute("aria-describedby") for each in form.told)
    judge(page, axe, watch)


def _sent_to(page: Page, form: Refused, addresses: MapAdapter) -> str:
    """Send a form; give the view that it went to."""
    with page.expect_request(lambda request: request.method == "POST") as sent:
        send(page, form)
    endpoint, _values = addresses.match(urlsplit(sent.value.url).path, method="POST")
    return endpoint


def test_every_form_of_the_console_is_judged_or_answers_like_one_that_is(addresses):
    judged = {form.to for form in FORMS.values()}
    every = {
        rule.endpoint
        for rule in addresses.map.iter_rules()
        if rule.rule.startswith(STAFF_PATHS) and "POST" in rule.methods
    }
    assert judged & ANSWERS_LIKE.keys() == set()
    assert judged | ANSWERS_LIKE.keys() == every
    assert {like for like in ANSWERS_LIKE.values() if like} <= judged


MAILED = {
    "invitation": (invitation, 200),
    "reset": (new_password, 200),
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


REFUSING = {
    "nothing chosen": ("issuer", f"{OFFICE}/credentials/act?act=revoke", 422),
    "credential that is not there": ("issuer", f"{OFFICE}/credentials/act?act=revoke&chosen=AAAAAAAA", 404),
    "template of nothing": ("issuer", f"{OFFICE}/batches/template?definition=&kind=csv", 422),
    "page that is not there": ("author", f"{OFFICE}/definitions/drafts/none", 404),
    "page of others": ("author", f"{OFFICE}/people", 403),
}


@pytest.mark.parametrize("name", REFUSING)
def test_an_address_that_is_refused_is_told_to_everyone(name: str, watched, axe: str):
    who, path, status = REFUSING[name]
    page, watch = watched(who)
    page.goto(path)
    assert watch.status == status
    assert page.locator("main").inner_text().strip()
    judge(page, axe, watch)
