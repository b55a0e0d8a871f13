"""Where a sign-in leads: to pages of the staff, whatever was asked for (W6)."""

import pytest
from console_office import ConsoleOffice
from hypothesis import given
from hypothesis import strategies as st

from app.console.sign_in_next import HOME, safe_next

FOREIGN = (
    "https://evil.example",
    "http://evil.example/console",
    "//evil.example",
    "///evil.example",
    "////evil.example/console",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/%09/evil.example",
    "/%2f%2fevil.example",
    "/%5cevil.example",
    "%2f%2fevil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "//evil.example\\@127.0.0.1:8080/console",
    "http://127.0.0.1:8080@evil.example/",
    "/console//evil.example",
    "/console/..//evil.example",
    "/console/%2e%2e//evil.example",
    "/console/%2e%2e/%2fevil.example",
    "/console/..%2f..%2f%2fevil.example",
    "/console/%5c%5cevil.example",
    "/console\\@evil.example",
    "/console@evil.example",
    "/consoleevil.example",
    "/console/\x00",
    "/console/%00",
    "/console\r\nLocation: https://evil.example",
    "/console/%0d%0aLocation:%20https:%2f%2fevil.example",
    "/c/other-pages",
    "/staff/sign-out",
    "console/uef",
    "?next=/console",
    "#",
    "\u2215\u2215evil.example",
    "/\u3002evil.example",
    "//[::1]/",
    "//%E2%80%AEevil",
    "/console/" + "a" * 600,
    "",
)
OURS = (
    "/console",
    "/console/uef",
    "/console/uef/batches/3f2a-11?line=4&sort=-name",
    "/console/uef/credentials?q=Nguy%E1%BB%85n+Th%E1%BB%8B",
    "/consortium/institutions",
    "/staff/account",
)


def test_there_are_more_than_thirty_payloads():
    assert len(FOREIGN) >= 30


@pytest.mark.parametrize("asked", FOREIGN)
def test_another_site_is_never_the_next_page(asked):
    assert safe_next(asked) == HOME


@pytest.mark.parametrize("asked", OURS)
def test_a_page_of_ours_is(asked):
    assert safe_next(asked) == asked


@given(st.text())
def test_whatever_is_asked_for_the_answer_stays_on_this_site(asked):
    found = safe_next(asked)
    assert found.startswith("/")
    assert found[1:2] not in ("/", "\\")
    assert found.isascii()
    assert found.isprintable()


def test_the_sign_in_goes_where_the_page_says(tmp_path):
    office = ConsoleOffice(tmp_path / "var")
    try:
        staff = office.person("Trang", "author", second_factor=False)
        told = {"email": staff.email, "password": staff.password}
        for asked in FOREIGN:
            if asked.isprintable():
                shown = office.get(office.browser(), "/staff/sign-in", query_string={"next": asked}).text
                assert 'name="next" value="/console"' in shown, asked
        for asked in ("//evil.example", "/\\evil.example", "https://evil.example"):
            assert (
                office.post(office.browser(), "/staff/sign-in", told | {"next": asked}).location == "/console"
            )
        kept = office.post(office.browser(), "/staff/sign-in", told | {"next": OURS[2]})
        assert kept.location == OURS[2]
        signed_in = office.client(staff)
        assert office.get(signed_in, "/staff/sign-in?next=//evil.example").location == "/console"
    finally:
        office.close()
