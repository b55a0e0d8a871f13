"""Every page in every state: for everyone, on a phone and a desk, by keyboard alone, from one host."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from database import settings_for
from foreign_badge import Stranger, as_bytes
from loopback import served
from page_judge import Watch, axe_source, faults, judge
from playwright.sync_api import Browser, Page

from app import Settings, create_app
from verifier.errors import FetchFailed

pytestmark = [pytest.mark.browser, pytest.mark.looks]


@dataclass
class Place:
    """Where the pages are: the demonstration as it is, and as it is nine days after its worker stopped."""

    base_url: str
    late_url: str
    credentials: Callable[[str], list[dict[str, Any]]]


class _NobodyThere:
    def get(self, url: str, *, accept: object) -> None:
        raise FetchFailed("no_answer", "nobody there")


@pytest.fixture(scope="module")
def late_url(demo) -> Iterator[str]:
    """The same data folder served nine days on: its status lists have run out, and one miss is the limit."""
    settings = Settings.from_env(
        {
            "TESTAMUR_DIR": str(demo.folder),
            "TESTAMUR_BASE_URL": demo.base_url,
            "TESTAMUR_DEMO": "1",
            "TESTAMUR_LIMIT_CODES": "1 per day",
            **settings_for(demo.folder),
        }
    )
    app = create_app(settings, clock=lambda: datetime.now(UTC) + timedelta(days=9), fetcher=_NobodyThere())
    with served(app) as port:
        yield f"http://127.0.0.1:{port}"
    app.extensions["testamur_database"].dispose()


@pytest.fixture(scope="module")
def place(demo, served_demo: str, late_url: str) -> Place:
    return Place(served_demo, late_url, demo.credentials)


def _file(name: str, data: bytes) -> dict[str, Any]:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


def _strange_files() -> dict[str, bytes]:
    """Give a stranger's badge in every state that a file can have here."""
    stranger = Stranger()
    unreachable = {
        "id": "https://192.0.2.7/status/1#3",  # RFC 5737: an address of documents, which we never open
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "3",
        "statusListCredential": "https://192.0.2.7/status/1",
    }
    good = json.loads(stranger.file())
    changed, other_suite, deep = (json.loads(as_bytes(good)) for _ in range(3))
    changed["name"] = "Something else"
    other_suite["proof"][0]["cryptosuite"] = "bbs-2023"
    for _ in range(80):
        deep = {"evidence": deep}
    documents = {"invalid": changed, "unsupported": other_suite, "refused": deep}
    return {
        "unknown": as_bytes(good),
        "not_yet_valid": stranger.file(validFrom="2126-07-03T02:00:00Z"),
        "expired": stranger.file(validUntil="2026-07-04T02:00:00Z"),
        "undetermined": stranger.file(credentialStatus=unreachable),
        **{name: as_bytes(document) for name, document in documents.items()},
    }


Way = Callable[[Page, Place], object]


def _at(path: str) -> Way:
    return lambda page, place: page.goto(place.base_url + path)


def _certificate(state: str, at: int = 0) -> Way:
    return lambda page, place: page.goto(place.credentials(state)[at]["url"])


def _check(page: Page, place: Place, files: list[dict[str, Any]]) -> None:
    page.goto(f"{place.base_url}/verify")
    page.set_input_files("input[type=file]", files)
    with page.expect_navigation():
        page.get_by_role("button", name="Check the files").click()


def _uploaded(name: str) -> Way:
    return lambda page, place: _check(page, place, [_file(f"{name}.json", _strange_files()[name])])


def _several(page: Page, place: Place) -> None:
    own = [
        _file(Path(place.credentials(s)[0]["pdf"]).name, Path(place.credentials(s)[0]["pdf"]).read_bytes())
        for s in ("issued", "revoked")
    ]
    strange = _strange_files()
    long_name = "-".join(["a-name-that-goes-on"] * 8)
    _check(page, place, [*own, *(_file(f"{long_name}{name}.json", data) for name, data in strange.items())])


def _form_error(page: Page, place: Place) -> None:
    page.goto(f"{place.base_url}/verify")
    page.get_by_label("Web address, or the text").fill("certificate-of-anna.docx")
    with page.expect_navigation():
        page.get_by_role("button", name="Check", exact=True).click()


def _wrong_code(page: Page, place: Place) -> None:
    page.goto(f"{place.base_url}/c")
    page.locator("#short").fill("0000-0000")
    with page.expect_navigation():
        page.get_by_role("button", name="Check the code").click()


def _holder(page: Page, place: Place) -> None:
    page.goto(f"{place.base_url}/outbox")
    with page.expect_navigation():
        page.locator('main a[href*="/h/"]').first.click()


def _saved(page: Page, place: Place) -> None:
    _holder(page, place)
    with page.expect_navigation():
        page.get_by_role("button", name="Save").click()


def _revoked_holder(page: Page, place: Place) -> None:
    page.goto(f"{place.base_url}/outbox")
    mail = page.locator("main details").filter(has_text="withdrawn")
    page.goto(mail.locator('a[href*="/h/"]').first.get_attribute("href") or "")


def _shared(page: Page, place: Place) -> None:
    _holder(page, place)
    with page.expect_navigation():
        page.get_by_role("link", name="Open the public page").click()


def _achievement(page: Page, place: Place) -> None:
    page.goto(place.base_url)
    page.goto(place.base_url + (page.locator(".entry a").first.get_attribute("href") or ""))


def _retired(page: Page, place: Place) -> None:
    page.goto(f"{place.base_url}/catalogue?show=all")
    page.goto(
        place.base_url
        + (page.locator(".entry").filter(has_text="Retired").locator("a").get_attribute("href") or "")
    )


def _out_of_date(page: Page, place: Place) -> None:
    page.goto(place.credentials("issued")[0]["url"].replace(place.base_url, place.late_url))


def _too_often(page: Page, place: Place) -> None:
    page.goto(f"{place.late_url}/c/nothing")
    page.goto(f"{place.late_url}/c/nothing")


# Each page by what it is, the way to it, and words that show that the way led there.
PAGES: dict[str, tuple[Way, str]] = {
    "home": (_at("/"), "can be checked"),
    "verify": (_at("/verify"), "Check a certificate"),
    "verify-error": (_form_error, "Not checked:"),
    "several": (_several, "Results of 9 files"),
    "code": (_at("/c"), "on paper"),
    "code-unknown": (_wrong_code, "no certificate with this code"),
    "good": (_certificate("issued"), "is good"),
    "good-lao": (_certificate("issued", 10), "is good"),
    "good-vltava": (_certificate("issued", -1), "is good"),
    "revoked": (_certificate("revoked"), "was revoked"),
    "suspended": (_certificate("suspended"), "has been suspended"),
    "expired": (_certificate("expired"), "expired"),
    "out-of-date": (_out_of_date, "could not be checked"),
    "unknown-issuer": (_uploaded("unknown"), "The issuer is not known to us"),
    "unknown-expired": (_uploaded("expired"), "expired"),
    "unknown-not-yet": (_uploaded("not_yet_valid"), "not yet valid"),
    "unknown-undetermined": (_uploaded("undetermined"), "could not be checked"),
    "invalid": (_uploaded("invalid"), "is not valid"),
    "unsupported": (_uploaded("unsupported"), "could not be checked"),
    "refused": (_uploaded("refused"), "refused to check"),
    "holder": (_holder, "Your certificate in"),
    "holder-saved": (_saved, "Saved."),
    "holder-revoked": (_revoked_holder, "was revoked"),
    "share": (_shared, "See every check"),
    "outbox": (_at("/outbox"), "private links"),
    "achievement": (_achievement, "How it is earned"),
    "retired": (_retired, "Retired on"),
    "catalogue": (_at("/catalogue"), "What can be earned"),
    "catalogue-all": (_at("/catalogue?show=all&q=water"), "Retired: no longer awarded"),
    "catalogue-nothing": (_at("/catalogue?q=astronomy"), "0 versions fit"),
    "catalogue-refused": (_at("/catalogue?least=three"), "Nothing was searched"),
    "not-found": (_at("/nowhere"), "There is nothing at this address"),
    "too-often": (_too_often, "Too many attempts"),
}


@pytest.fixture(scope="module")
def axe() -> str:
    return axe_source()


@pytest.mark.parametrize("name", PAGES)
def test_page_is_for_everyone(name: str, chromium: Browser, place: Place, axe: str):
    way, words = PAGES[name]
    with chromium.new_context() as context:
        page = context.new_page()
        watch = Watch(place.late_url if name in ("out-of-date", "too-often") else place.base_url)
        watch.attach(page)
        way(page, place)
        assert words in " ".join(page.locator("main").inner_text().split())
        assert page.title().strip()
        assert "<" not in page.title()
        judge(page, axe, watch)


def test_the_judge_sees_a_fault(chromium: Browser, axe: str):
    with chromium.new_context() as context:
        page = context.new_page()
        page.set_content("<html lang=en><title>Faults</title><main><h1>Faults</h1><input>")
        assert [each.partition(":")[0] for each in faults(page, axe)] == ["label"]
