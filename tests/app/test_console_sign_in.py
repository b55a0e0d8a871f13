"""Signing in and out on the pages: one answer for what does not fit, new sessions, no forged form."""

import re

import pytest
from console_office import PASSWORD, ConsoleOffice

FORM = "/staff/sign-in"


@pytest.fixture
def office(tmp_path):
    made = ConsoleOffice(tmp_path / "var")
    yield made
    made.close()


def typed(office, staff, **changes):
    """Give what somebody types who knows everything."""
    code = office.code(staff) if staff.totp_secret else ""
    return {"email": staff.email, "password": staff.password, "code": code} | changes


def cookie(office, client):
    found = client.get_cookie(office.app.config["STAFF_COOKIE"], domain=office.host)
    return found.value if found else ""


def set_cookie(response, name):
    return next(each for each in response.headers.getlist("Set-Cookie") if each.startswith(f"{name}="))


def test_who_knows_address_password_and_code_gets_in_and_out(office):
    staff, web = office.person("Trang", "issuer"), office.browser()
    entered = office.post(web, FORM, typed(office, staff))
    assert (entered.status_code, entered.location) == (303, "/console")
    token = cookie(office, web)
    assert "Trang" in office.get(web, "/console/uef").text
    left = office.post(web, "/staff/sign-out")
    assert left.location == "/staff/sign-in?done=out"
    assert "You are signed out." in office.get(web, left.location).text
    assert cookie(office, web) == ""
    office.give_cookie(web, token)  # a copy of the cookie is of no use either: the session is gone
    assert office.get(web, "/console/uef").location.startswith("/staff/sign-in?next=")


def test_whoever_needs_no_second_factor_signs_in_without_a_code(office):
    staff, web = office.person("Anna", "author", second_factor=False), office.browser()
    assert office.post(web, FORM, typed(office, staff)).location == "/console"
    assert office.get(web, "/console/uef").status_code == 200


def test_a_session_begins_anew_at_every_sign_in(office):
    staff, web = office.person("Trang", "author", second_factor=False), office.browser()
    office.give_cookie(web, "planted by somebody else")
    office.post(web, FORM, typed(office, staff))
    first = cookie(office, web)
    assert first not in ("", "planted by somebody else")
    office.post(web, FORM, typed(office, staff))
    second = cookie(office, web)
    assert second != first
    office.give_cookie(web, first)  # the one before has ended
    assert office.get(web, "/console/uef").status_code == 303
    office.give_cookie(web, second)
    assert office.get(web, "/console/uef").status_code == 200


def test_the_token_of_forms_does_not_survive_signing_in_or_out(office):
    staff, web = office.person("Trang", "author", second_factor=False), office.browser()
    before = office.csrf(web)
    assert (
        web.post(
            FORM, base_url=office.base_url, data=typed(office, staff) | {"csrf_token": before}
        ).status_code
        == 303
    )
    again = web.post("/staff/sign-out", base_url=office.base_url, data={"csrf_token": before})
    assert again.status_code == 400
    within = office.csrf(web)
    assert office.post(web, "/staff/sign-out").status_code == 303
    assert (
        web.post("/staff/forgotten", base_url=office.base_url, data={"csrf_token": within}).status_code == 400
    )


def test_the_cookie_is_for_this_host_alone_and_not_for_scripts(tmp_path):
    office = ConsoleOffice(tmp_path / "secure", base_url="https://badges.example.edu")
    try:
        staff, web = office.person("Trang", "author", second_factor=False), office.browser()
        headers = {"Referer": f"{office.base_url}/staff/sign-in"}
        entered = office.post(web, FORM, typed(office, staff), headers=headers)
        parts = set_cookie(entered, "__Host-testamur-staff").split("; ")
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(parts)
        assert not any(each.startswith(("Domain", "Max-Age", "Expires")) for each in parts)
        taken = set_cookie(office.post(web, "/staff/sign-out", headers=headers), "__Host-testamur-staff")
        assert "Secure" in taken
        assert "Path=/" in taken
    finally:
        office.close()


def without_chance(response):
    """Give what a response says, without what is new each time and the address that was typed."""
    text = re.sub(r'(name="csrf_token" value=")[^"]+', r"\1", response.text)
    left = {
        name: value
        for name, value in response.headers
        if name not in ("X-Request-Id", "Set-Cookie", "Content-Length")
    }
    return response.status_code, re.sub(r'(id="mail".*?value=")[^"]*', r"\1", text), left


def test_nobody_can_tell_which_part_did_not_fit(office):
    staff = office.person("Trang", "issuer")
    closed = office.person("Closed", "issuer", "author")
    from issuer.staff.closing import close_account

    close_account(office.deployment, closed.email)
    tries = {
        "unknown": typed(office, staff, email="nobody@staff.example"),
        "wrong password": typed(office, staff, password="another quiet heron"),
        "wrong code": typed(office, staff, code="000000" if office.code(staff) != "000000" else "000001"),
        "no code": typed(office, staff, code=""),
        "closed": typed(office, closed),
        "no address": typed(office, staff, email="no address at all"),
    }
    answers = {
        name: without_chance(office.post(office.browser(), FORM, told)) for name, told in tries.items()
    }
    assert len({str(each) for each in answers.values()}) == 1, answers
    assert answers["unknown"][0] == 422
    assert office.post(office.browser(), FORM, typed(office, staff)).status_code == 303  # the twin


def test_five_failures_lock_known_and_unknown_accounts_alike_for_a_while(office):
    staff = office.person("Trang", "author", second_factor=False)
    answers = []
    for email in (staff.email, "nobody@staff.example"):
        told = typed(office, staff, email=email, password="wrong wrong wrong")
        for _ in range(5):
            assert office.post(office.browser(), FORM, told).status_code == 422
        answers.append(without_chance(office.post(office.browser(), FORM, told | {"password": PASSWORD})))
    assert answers[0] == answers[1]
    assert answers[0][0] == 429
    assert "Wait 15 minutes" in answers[0][1]
    office.clock.forward(minutes=15)
    assert office.post(office.browser(), FORM, typed(office, staff)).status_code == 303


def test_what_was_typed_stays_but_for_the_secrets(office):
    answered = office.post(
        office.browser(),
        FORM,
        {
            "email": "trang@staff.example",
            "password": "a-secret-word",
            "code": "123456",
            "next": "/console/uef/audit",
        },
    )
    assert 'value="trang@staff.example"' in answered.text
    assert 'value="/console/uef/audit"' in answered.text
    assert "a-secret-word" not in answered.text
    assert "123456" not in answered.text


def test_a_used_code_is_refused_and_the_next_one_taken(office):
    staff = office.person("Trang", "issuer")
    told = typed(office, staff)
    assert office.post(office.browser(), FORM, told).status_code == 303
    assert office.post(office.browser(), FORM, told).status_code == 422
    office.clock.forward(seconds=30)
    assert office.post(office.browser(), FORM, typed(office, staff)).status_code == 303


def test_a_closed_account_is_out_with_its_next_request(office):
    from issuer.staff.closing import close_account

    staff = office.person("Trang", "issuer")
    web = office.client(staff)
    assert office.get(web, "/console/uef").status_code == 200
    close_account(office.deployment, staff.email)
    assert office.get(web, "/console/uef").status_code == 303
    assert office.post(web, "/console/uef/audit/check").status_code == 401


def test_a_session_ends_when_idle_and_after_its_longest(office):
    staff = office.person("Trang", "issuer")
    web = office.client(staff)
    for _ in range(12):
        assert office.get(web, "/console/uef").status_code == 200
        office.clock.forward(minutes=59)
    assert office.get(web, "/console/uef").status_code == 200  # 11 hours 48 minutes
    office.clock.forward(minutes=12)
    assert office.get(web, "/console/uef").status_code == 303
    idle = office.client(staff)
    office.clock.forward(minutes=60)
    assert office.get(idle, "/console/uef").status_code == 303


POSTS = (
    "/staff/sign-in",
    "/staff/sign-out",
    "/staff/forgotten",
    "/staff/second-factor",
    "/staff/recovery-codes",
    "/staff/account/password",
    "/staff/account/sessions",
    "/staff/reset/abc",
    "/staff/invitation/abc",
)


@pytest.mark.parametrize("path", POSTS)
def test_a_form_without_its_token_is_refused(office, path):
    web = office.client(office.person("Trang", "issuer"))
    assert web.post(path, base_url=office.base_url).status_code == 400
    assert office.post(web, path, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 400
    assert office.post(web, path).status_code != 400


def test_the_list_of_forms_is_complete(office):
    rules = [rule for rule in office.app.url_map.iter_rules() if rule.rule.startswith("/staff")]
    posts = {re.sub("<[a-z]+>", "abc", rule.rule) for rule in rules if "POST" in rule.methods}
    assert posts == set(POSTS)


def test_pages_are_kept_by_nobody(office):
    web = office.client(office.person("Trang", "issuer"))
    for path in (
        "/staff/account",
        "/staff/second-factor",
        "/staff/recovery-codes",
        "/staff/second-factor/qr.svg",
    ):
        answered = office.get(web, path)
        assert (answered.status_code, answered.headers["Cache-Control"]) == (200, "no-store"), path
    assert office.get(office.browser(), FORM).headers["Cache-Control"] == "no-store"


def test_a_demonstration_shows_its_invented_staff_and_others_do_not(office, tmp_path):
    def shown(office):
        staff = office.person("Invented Issuer", "issuer", email="invented@staff.example")
        office.person("Someone Invited", "author")
        roster = f"address\tpassword\tname\n{staff.email}\t{staff.password}\tInvented\n"
        (office.settings.dir / "staff.txt").write_text(roster)
        return office.get(office.browser(), FORM).text

    assert "Invented Issuer" not in shown(office)
    demo = ConsoleOffice(tmp_path / "demo", TESTAMUR_DEMO="1")
    try:
        assert "Invented Issuer" in shown(demo)
        for _ in range(2):  # the code that is shown is good, also after it was used
            page = demo.get(demo.browser(), FORM).text
            assert "Someone Invited" not in page
            code = re.search(r'Code now"><span class="code nw">(\d{6})<', page)[1]
            told = {"email": "invented@staff.example", "password": PASSWORD, "code": code}
            assert demo.post(demo.browser(), FORM, told).status_code == 303
    finally:
        demo.close()
