"""Invitations, forgotten passwords, second factors and one's own account, page by page."""

import re

import pytest
from console_office import PASSWORD, ConsoleOffice
from sqlmodel import select

from issuer.staff.roles import Role
from issuer.staff.token_rows import link
from issuer.staff.tokens import invite
from issuer.staff.totp import code_at, step_at
from issuer.staff_tables import StaffTokenRow
from issuer.tables import OutboxMailRow

NEW = "eleven loud herons"


@pytest.fixture
def office(tmp_path):
    made = ConsoleOffice(tmp_path / "var")
    yield made
    made.close()


def last_link(office):
    """Give the path of the newest link, as its mail carries it."""
    with office.deployment.reading() as session:
        row = session.exec(select(StaffTokenRow).order_by(StaffTokenRow.id.desc())).first()
    address = link(office.deployment, row)
    assert address.startswith(office.base_url + "/staff/")
    return address.removeprefix(office.base_url)


def shown_codes(page):
    return re.findall(r"<li>([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})</li>", page.text)


def shown_secret(page):
    return re.search(r'class="code">([A-Z2-7 ]{39})<', page.text)[1].replace(" ", "")


def new_factor_code(office, page):
    return code_at(shown_secret(page), step_at(office.clock.now))


def test_somebody_invited_opens_an_account_and_sets_up_the_second_factor(office):
    admin = office.person("Admin", "institution_admin")
    invite(office.desk(admin), email="new@staff.example", name="N.", grants=[(Role.ISSUER, None)])
    path, web = last_link(office), office.browser()
    page = office.get(web, path)
    assert "new@staff.example" in page.text
    told = {"name": "Ngọc Mai", "password": NEW, "again": NEW}
    wrong = office.post(web, path, told | {"again": "eleven loud heron"})
    assert (wrong.status_code, "not the same" in wrong.text, "Ngọc Mai" in wrong.text) == (422, True, True)
    assert NEW not in wrong.text
    short = office.post(web, path, told | {"password": "short", "again": "short"})
    assert (short.status_code, "needs 12" in short.text) == (422, True)
    assert office.post(web, path, told).location == "/staff/second-factor"
    assert office.get(web, path).status_code == 404  # used
    assert office.post(office.browser(), path, told).status_code == 404

    for closed in ("/console/uef", "/staff/account", "/staff/recovery-codes"):  # until the factor is there
        assert office.get(web, closed).location.startswith("/staff/second-factor"), closed
    assert office.post(web, "/staff/account/password").status_code == 403
    form = office.get(web, "/staff/second-factor")
    bad = office.post(web, "/staff/second-factor", {"code": "000000"})
    assert (bad.status_code, shown_secret(bad)) == (422, shown_secret(form))
    before = web.get_cookie("testamur-staff", domain=office.host).value
    done = office.post(web, "/staff/second-factor", {"code": new_factor_code(office, form)})
    assert len(set(shown_codes(done))) == 10
    assert web.get_cookie("testamur-staff", domain=office.host).value != before
    assert "Ngọc Mai" in office.get(web, "/console/uef").text
    assert not shown_codes(office.get(web, "/staff/recovery-codes"))

    typed = {"email": "new@staff.example", "password": NEW, "code": shown_codes(done)[3]}
    assert office.post(office.browser(), "/staff/sign-in", typed).status_code == 303
    assert office.post(office.browser(), "/staff/sign-in", typed).status_code == 422


def test_somebody_without_such_a_role_goes_straight_to_the_console(office):
    admin = office.person("Admin", "institution_admin")
    invite(office.desk(admin), email="new@staff.example", name="N.", grants=[(Role.AUTHOR, None)])
    web = office.browser()
    entered = office.post(web, last_link(office), {"name": "Mai", "password": NEW, "again": NEW})
    assert entered.location == "/console"
    assert "Mai" in office.get(web, "/console/uef").text
    assert "do not ask for one" in office.get(web, "/staff/account").text


def test_the_qr_code_shows_what_is_written_below_it(office):
    import zxingcpp
    from PIL import Image, ImageDraw

    web = office.client(
        office.person("Trang", "issuer", email=f"{'long' * 15}@staff.example", second_factor=False),
        second_factor=False,
    )
    picture = office.get(web, "/staff/second-factor/qr.svg")
    assert picture.content_type.startswith("image/svg+xml")
    side = int(re.search(r'viewBox="0 0 (\d+)', picture.text)[1])
    drawn = Image.new("L", (side * 6, side * 6), 255)
    pen = ImageDraw.Draw(drawn)
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1", picture.text):
        left, top = int(x) * 6, int(y) * 6
        pen.rectangle((left, top, left + int(width) * 6 - 1, top + 5), fill=0)
    (read,) = zxingcpp.read_barcodes(drawn)
    assert read.text.startswith("otpauth://totp/127.0.0.1:")
    assert f"secret={shown_secret(office.get(web, '/staff/second-factor'))}" in read.text


def test_a_forgotten_password_answers_alike_and_helps_only_who_has_an_account(office):
    staff = office.person("Trang", "author", second_factor=False)
    signed_in = office.client(staff)
    answers = set()
    for email in (staff.email, "nobody@staff.example", "no address"):
        web = office.browser()
        answered = office.post(web, "/staff/forgotten", {"email": email})
        answers.add((answered.status_code, answered.location, office.get(web, answered.location).text))
    assert len(answers) == 1
    with office.deployment.reading() as session:
        (mail,) = session.exec(select(OutboxMailRow)).all()
    assert (mail.kind, mail.recipient, mail.institution_id) == ("password", staff.email, None)
    path, web = last_link(office), office.browser()
    assert office.post(web, path, {"password": NEW, "again": "another one"}).status_code == 422
    assert office.post(web, path, {"password": NEW, "again": NEW}).location == "/staff/sign-in?done=password"
    assert office.get(signed_in, "/console/uef").status_code == 303
    assert office.get(web, path).status_code == 404
    assert office.post(web, "/staff/sign-in", {"email": staff.email, "password": PASSWORD}).status_code == 422
    assert office.post(web, "/staff/sign-in", {"email": staff.email, "password": NEW}).status_code == 303


HOSTS = (
    {"Host": "evil.example"},
    {"Host": "evil.example:8080"},
    {"Host": "127.0.0.1:8080.evil.example"},
    {"Host": "127.0.0.1:8080@evil.example"},
    {"X-Forwarded-Host": "evil.example"},
    {"X-Forwarded-Server": "evil.example"},
    {"X-Host": "evil.example"},
    {"Forwarded": "host=evil.example;proto=https"},
    {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"},
    {"X-Original-Host": "evil.example"},
    {"X-Forwarded-Prefix": "//evil.example"},
    {"Host": "evil.example", "X-Forwarded-Host": "127.0.0.1:8080"},
)


@pytest.mark.parametrize("headers", HOSTS)
def test_no_header_reaches_the_link_of_a_mail_or_a_redirect(office, headers):
    staff, web = office.person("Trang", "author", second_factor=False), office.browser()
    answered = office.post(web, "/staff/forgotten", {"email": staff.email}, headers=headers)
    if answered.status_code == 303:
        assert answered.location.startswith("/")
        assert "evil" not in last_link(office)
    else:
        assert answered.status_code == 400
    assert "evil" not in answered.text


def test_ones_own_account_changes_the_password_and_ends_other_sessions(office):
    staff = office.person("Trang", "issuer")
    web, elsewhere = office.client(staff), office.client(staff)
    assert "End 1 other session" in office.get(web, "/staff/account").text
    told = {"present": PASSWORD, "password": NEW, "again": NEW}
    for wrong in ({"present": "wrong"}, {"again": "other"}, {"password": "short", "again": "short"}):
        answered = office.post(web, "/staff/account/password", told | wrong)
        assert answered.status_code == 422, wrong
        assert NEW not in answered.text
    before = web.get_cookie("testamur-staff", domain=office.host).value
    assert office.post(web, "/staff/account/password", told).location == "/staff/account?done=password"
    assert web.get_cookie("testamur-staff", domain=office.host).value != before
    assert office.get(web, "/staff/account").status_code == 200
    assert office.get(elsewhere, "/staff/account").status_code == 303

    third = office.client(staff)
    assert office.post(web, "/staff/account/sessions").location == "/staff/account?done=sessions"
    assert office.get(third, "/console/uef").status_code == 303
    assert office.get(web, "/console/uef").status_code == 200


def test_recovery_codes_and_authenticator_are_renewed_with_the_password_only(office):
    staff = office.person("Trang", "issuer")
    web = office.client(staff)
    assert office.post(web, "/staff/recovery-codes", {"present": "wrong"}).status_code == 422
    codes = shown_codes(office.post(web, "/staff/recovery-codes", {"present": PASSWORD}))
    assert len(codes) == 10
    assert "10 codes are left" in office.get(web, "/staff/recovery-codes").text
    form = office.get(web, "/staff/second-factor")
    told = {"code": new_factor_code(office, form)}
    assert office.post(web, "/staff/second-factor", told | {"present": "wrong"}).status_code == 422
    done = office.post(
        web, "/staff/second-factor", told | {"present": PASSWORD, "next": "/console/uef/audit"}
    )
    assert len(shown_codes(done)) == 10
    assert 'href="/console/uef/audit"' in done.text
    assert not set(shown_codes(done)) & set(codes)


def test_guessing_the_password_in_a_stolen_session_ends_soon(office):
    staff = office.person("Trang", "issuer")
    web = office.client(staff)
    for _ in range(5):
        assert office.post(web, "/staff/recovery-codes", {"present": "wrong"}).status_code == 422
    assert office.post(web, "/staff/recovery-codes", {"present": PASSWORD}).status_code == 429
    office.clock.forward(minutes=15)
    assert office.post(web, "/staff/recovery-codes", {"present": PASSWORD}).status_code == 200


def test_logs_tell_no_secrets(office, capfd):
    staff = office.person("Trang", "issuer")
    web = office.browser()
    code = office.code(staff)
    office.post(web, "/staff/sign-in", {"email": staff.email, "password": PASSWORD, "code": code})
    office.post(web, "/staff/forgotten", {"email": staff.email})
    path = last_link(office)
    office.get(web, path)
    said = "".join(capfd.readouterr())
    assert "/staff/reset/<token>" in said
    token = web.get_cookie("testamur-staff", domain=office.host).value
    for secret in (PASSWORD, f'"{code}"', token, path.rpartition("/")[2], staff.email, staff.totp_secret):
        assert secret not in said
