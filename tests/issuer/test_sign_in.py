"""Getting in: the same work for everything that does not fit, codes good once, and nothing readable kept."""

from concurrent.futures import ThreadPoolExecutor

import nacl.pwhash
import pytest
from console_office import LIGHT, PASSWORD
from issuing_office import Office, institution
from sqlalchemy import text
from sqlmodel import SQLModel, select

from issuer.audit.verify import verify_audit
from issuer.errors import Conflict, IssuerError
from issuer.links import token_hash
from issuer.staff.accounts import make_person
from issuer.staff.closing import close_account
from issuer.staff.failures import MOST, TooManyAttempts
from issuer.staff.passwords import Work, is_outgrown, password_fits
from issuer.staff.passwords_changed import (
    accept_invitation,
    ask_for_password,
    change_password,
    reset_password,
)
from issuer.staff.roles import Role
from issuer.staff.second_factor import confirm_second_factor, renew_codes, reset_second_factor
from issuer.staff.sessions import find_session
from issuer.staff.sign_in import SignInRefused, sign_in
from issuer.staff.token_rows import link
from issuer.staff.tokens import invite_administrator
from issuer.staff.totp import code_at, fitting_step, new_totp_secret, offered_totp_secret, step_at
from issuer.staff_tables import Person, SignInFailure, StaffTokenRow
from issuer.tables import OutboxMailRow

EMAIL = "trang@staff.example"
NEW = "eleven loud herons"


class Staff:
    """An office in which one issuer works, and the ways to get in."""

    def __init__(self, folder):
        self.office = Office(folder)
        self.office.issuer.register_institution(institution("uef"))
        self.deployment, self.clock = self.office.issuer.deployment, self.office.clock
        self.secret = new_totp_secret()
        self.make(EMAIL, totp_secret=self.secret)

    def make(self, email, *, role=Role.ISSUER, slug="uef", **options):
        told = {
            "name": "Thu Trang",
            "grants": [(slug, role)],
            "password": PASSWORD,
            "by": "test",
            "work": LIGHT,
        }
        return make_person(self.deployment, email=email, **told | options)

    def code(self, ahead=0, secret=None):
        return code_at(secret or self.secret, step_at(self.clock.now) + ahead)

    def enter(self, email=EMAIL, password=PASSWORD, code=None, network="192.0.2.0/24", work=LIGHT):
        code = self.code() if code is None else code
        return sign_in(self.deployment, email, password, code, network=network, work=work)

    def who(self, token):
        return find_session(self.deployment, token)

    def row(self, email=EMAIL):
        with self.deployment.reading() as session:
            return session.exec(select(Person).where(Person.email == email)).one()

    def acts(self):
        with self.deployment.reading() as session:
            return [
                row[0]
                for row in session.connection().execute(text("select act from audit_entry order by id"))
            ]


@pytest.fixture
def staff(tmp_path):
    made = Staff(tmp_path / "var")
    yield made
    made.office.close()


def refused(staff, **changes):
    with pytest.raises(SignInRefused) as told:
        staff.enter(**changes)
    return told.value.code, told.value.message


def test_the_address_is_known_in_any_case_and_the_audit_tells_of_it(staff):
    found = staff.who(staff.enter(email="  Trang@STAFF.example "))
    assert (found.email, found.second_factor, found.lacks_second_factor) == (EMAIL, True, False)
    assert staff.acts()[-1] == "person.sign_in"
    assert all(report.intact for report in verify_audit(staff.deployment))


def test_one_answer_and_one_verification_of_a_hash_for_all_that_does_not_fit(staff, monkeypatch):
    staff.make("closed@staff.example", totp_secret=staff.secret)
    close_account(staff.deployment, "closed@staff.example")
    seen = []
    real = nacl.pwhash.argon2id.verify
    monkeypatch.setattr(
        nacl.pwhash.argon2id, "verify", lambda *a: seen.append(a[0].split(b"$")[3]) or real(*a)
    )
    answers = {
        refused(staff, email="nobody@staff.example"),
        refused(staff, password="wrong wrong wrong"),
        refused(staff, code="000000" if staff.code() != "000000" else "000001"),
        refused(staff, email="closed@staff.example"),
        refused(staff, email="no address\x00at all"),
    }
    assert len(answers) == 1
    assert seen == [b"m=8,t=1,p=1"] * 5  # one each, with the same parameters
    staff.enter()
    assert len(seen) == 6


def test_each_code_is_good_once_also_for_two_at_the_same_moment(staff):
    def tried(_number):
        try:
            return staff.enter()
        except SignInRefused:
            return None

    with ThreadPoolExecutor(4) as pool:
        tokens = [token for token in pool.map(tried, range(4)) if token]
    assert len(tokens) == 1
    staff.clock.forward(seconds=30)
    assert staff.enter()


@pytest.mark.parametrize(("ahead", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_off_by_one_step(staff, ahead, good):
    code = staff.code(ahead)
    assert (fitting_step(staff.secret, code, staff.clock.now) is not None) is good
    if good:
        assert staff.enter(code=f"{code[:3]} {code[3:]}")
    else:
        refused(staff, code=code)


def test_an_older_code_is_refused_after_a_newer_one(staff):
    older = staff.code(-1)
    staff.enter(code=staff.code())
    refused(staff, code=older)


def test_five_failures_make_an_account_wait_whether_it_exists_or_not(staff):
    for email in (EMAIL, "nobody@staff.example"):
        for _ in range(MOST):
            refused(staff, email=email, password="wrong wrong wrong")
        with pytest.raises(TooManyAttempts):
            staff.enter(email=email)
    staff.make("other@staff.example", totp_secret=staff.secret)
    assert staff.enter(email="other@staff.example")  # others are not kept waiting
    staff.clock.forward(minutes=14, seconds=59)
    with pytest.raises(TooManyAttempts):
        staff.enter()
    staff.clock.forward(seconds=1)
    assert staff.enter()


def test_a_success_takes_failures_back_and_old_ones_are_deleted(staff):
    for _ in range(MOST - 1):
        refused(staff, password="wrong wrong wrong")
    staff.enter()
    with staff.deployment.reading() as session:
        assert (
            len({row.subject for row in session.exec(select(SignInFailure))}) == 1
        )  # the network's are left
    staff.clock.forward(minutes=15)
    staff.enter()
    with staff.deployment.reading() as session:
        assert session.exec(select(SignInFailure)).all() == []


def test_a_network_that_tries_many_accounts_must_wait(staff, monkeypatch):
    import issuer.staff.sign_in as module

    monkeypatch.setattr(module, "MOST_OF_NETWORK", 3)
    for number in range(3):
        refused(staff, email=f"nobody{number}@staff.example")
    with pytest.raises(TooManyAttempts):
        staff.enter()
    assert staff.enter(network="198.51.100.0/24")


def test_a_role_that_needs_a_second_factor_waits_for_it(staff):
    staff.make("new@staff.example")
    token = staff.enter(email="new@staff.example", code="")
    found = staff.who(token)
    assert found.lacks_second_factor
    secret = offered_totp_secret(staff.deployment, found.public_id, token)
    with pytest.raises(IssuerError, match="does not fit"):
        confirm_second_factor(staff.deployment, found, token, staff.code(5, secret))
    made = confirm_second_factor(staff.deployment, found, token, staff.code(0, secret))
    assert staff.who(token) is None
    assert not staff.who(made.token).lacks_second_factor
    refused(staff, email="new@staff.example", code=staff.code(0, secret))  # the code that confirmed was used
    refused(staff, email="new@staff.example", code="")
    assert staff.enter(email="new@staff.example", code=staff.code(1, secret))


def test_another_authenticator_needs_the_password(staff):
    token = staff.enter()
    found = staff.who(token)
    secret = offered_totp_secret(staff.deployment, found.public_id, token)
    with pytest.raises(IssuerError, match="password does not fit"):
        confirm_second_factor(
            staff.deployment, found, token, staff.code(0, secret), password="wrong", work=LIGHT
        )
    confirm_second_factor(
        staff.deployment, found, token, staff.code(0, secret), password=PASSWORD, work=LIGHT
    )
    staff.clock.forward(minutes=1)
    refused(staff)
    assert staff.enter(code=staff.code(0, secret))


def test_each_recovery_code_is_good_once_and_new_ones_end_the_old(staff):
    found = staff.who(staff.enter())
    with pytest.raises(IssuerError, match="password"):
        renew_codes(staff.deployment, found, password="wrong wrong wrong", work=LIGHT)
    first = renew_codes(staff.deployment, found, password=PASSWORD, work=LIGHT)
    assert len(set(first)) == 10
    assert staff.enter(code=first[0].lower().replace("-", " "))
    refused(staff, code=first[0])
    again = renew_codes(staff.deployment, found, password=PASSWORD, work=LIGHT)
    refused(staff, code=first[1])
    assert staff.enter(code=again[1])


def test_whoever_runs_the_service_takes_a_lost_authenticator_away(staff):
    token = staff.enter()
    reset_second_factor(staff.deployment, EMAIL)
    assert staff.who(token) is None
    assert staff.who(staff.enter(code="")).lacks_second_factor


def test_a_changed_password_ends_every_other_session(staff):
    other = staff.enter()
    mine = staff.enter(code=staff.code(1))
    found = staff.who(mine)
    with pytest.raises(IssuerError, match="does not fit"):
        change_password(staff.deployment, found, present="wrong", password=NEW, work=LIGHT)
    with pytest.raises(IssuerError, match="needs 12"):
        change_password(staff.deployment, found, present=PASSWORD, password="short", work=LIGHT)
    assert staff.who(other)
    token = change_password(staff.deployment, found, present=PASSWORD, password=NEW, work=LIGHT)
    assert (staff.who(other), staff.who(mine)) == (None, None)
    assert staff.who(token).second_factor
    staff.clock.forward(minutes=2)
    refused(staff)
    assert staff.enter(password=NEW)


def invited(staff, email="new@staff.example", **changes):
    told = {"slug": "uef", "name": "New Person", "email": email}
    return invite_administrator(staff.deployment, **told | changes)


def secret_of(made):
    return made.link.rpartition("/")[2]


def accept(staff, secret, password=NEW, name="New Person"):
    return accept_invitation(staff.deployment, secret, name=name, password=password, work=LIGHT)


def test_an_invitation_is_good_once_and_for_seven_days(staff):
    made = invited(staff)
    staff.clock.forward(days=6, hours=23)
    with pytest.raises(IssuerError):
        accept(staff, secret_of(made), password="short")  # costs nothing
    token = accept(staff, secret_of(made), name="Ngọc")
    assert (staff.who(token).name, staff.who(token).lacks_second_factor) == ("Ngọc", True)
    with pytest.raises(IssuerError, match="not good"):
        accept(staff, secret_of(made))
    late = invited(staff, "late@staff.example")
    staff.clock.forward(days=7)
    with pytest.raises(IssuerError, match="not good"):
        accept(staff, secret_of(late))


def test_inviting_again_ends_the_link_before(staff):
    first, second = invited(staff), invited(staff)
    with pytest.raises(IssuerError, match="not good"):
        accept(staff, secret_of(first))
    assert accept(staff, secret_of(second))


def test_who_has_an_account_gets_the_role_and_a_mail_that_says_so(staff):
    before = staff.enter()
    made = invited(staff, EMAIL)
    assert made.link is None
    assert staff.who(before) is None  # a session knows the roles it began with
    staff.clock.forward(minutes=1)
    assert {grant.role for grant in staff.who(staff.enter()).grants} == {Role.ISSUER, Role.INSTITUTION_ADMIN}
    with staff.deployment.reading() as session:
        mail = session.exec(select(OutboxMailRow)).one()
        row = session.exec(select(StaffTokenRow)).one()
    assert (mail.kind, mail.recipient) == ("granted", EMAIL)
    with pytest.raises(IssuerError, match="not good"):
        accept(staff, link(staff.deployment, row).rpartition("/")[2])
    with pytest.raises(Conflict):
        invited(staff, EMAIL)


def asked(staff, email=EMAIL):
    ask_for_password(staff.deployment, email)
    with staff.deployment.reading() as session:
        rows = session.exec(select(StaffTokenRow).order_by(StaffTokenRow.id)).all()
    return [link(staff.deployment, row).rpartition("/")[2] for row in rows]


def test_a_new_password_by_mail_is_good_once_for_an_hour_and_ends_sessions(staff):
    token = staff.enter()
    (secret,) = asked(staff)
    staff.clock.forward(minutes=59)
    reset_password(staff.deployment, secret, password=NEW, work=LIGHT)
    assert staff.who(token) is None
    refused(staff)
    assert staff.enter(password=NEW)
    with pytest.raises(IssuerError, match="not good"):
        reset_password(staff.deployment, secret, password=NEW, work=LIGHT)
    late = asked(staff)[-1]
    staff.clock.forward(hours=1)
    with pytest.raises(IssuerError, match="not good"):
        reset_password(staff.deployment, late, password=NEW, work=LIGHT)


def test_only_who_can_sign_in_is_sent_a_link_and_not_too_often(staff):
    invited(staff)
    close_account(staff.deployment, "new@staff.example")
    for email in ("new@staff.example", "nobody@staff.example", "no address"):
        assert len(asked(staff, email)) == 1  # that of the invitation
    for _ in range(5):
        made = asked(staff)
    assert len(made) == 1 + 3
    with pytest.raises(IssuerError, match="not good"):  # each ends the one before
        reset_password(staff.deployment, made[-2], password=NEW, work=LIGHT)
    reset_password(staff.deployment, made[-1], password=NEW, work=LIGHT)


def test_an_invitation_is_no_new_password_nor_the_other_way_round(staff):
    made = invited(staff)
    reset = asked(staff)[-1]
    with pytest.raises(IssuerError, match="not good"):
        accept(staff, reset)
    with pytest.raises(IssuerError, match="not good"):
        reset_password(staff.deployment, secret_of(made), password=NEW, work=LIGHT)


def test_the_last_administrator_cannot_be_closed(staff):
    staff.make("admin@staff.example", role=Role.INSTITUTION_ADMIN)
    with pytest.raises(IssuerError, match="last administrator"):
        close_account(staff.deployment, "admin@staff.example")
    staff.make("second@staff.example", role=Role.INSTITUTION_ADMIN)
    close_account(staff.deployment, "admin@staff.example")
    with pytest.raises(Conflict, match="closed"):
        invited(staff, "admin@staff.example")


def test_nothing_that_lets_somebody_in_can_be_read_from_the_database(staff):
    token = staff.enter()
    codes = renew_codes(staff.deployment, staff.who(token), password=PASSWORD, work=LIGHT)
    made = invited(staff)
    reset = asked(staff)[-1]
    plain = [code.replace("-", "") for code in codes]
    secrets = {PASSWORD, staff.secret, token, secret_of(made), reset, *codes, *plain}
    with staff.deployment.reading() as session:
        kept = [
            str(value)
            for table in SQLModel.metadata.sorted_tables
            for row in session.connection().execute(table.select())
            for value in row
        ]
    assert not [each for each in secrets if any(each in value for value in kept)]
    assert token_hash(token) in kept  # the search would have found them
    assert not any(EMAIL in value for value in kept if value.startswith("{"))


def test_a_hash_made_with_less_work_is_made_anew_at_the_next_sign_in(staff):
    more = Work(passes=2, memory=LIGHT.memory)
    before = staff.row().password_hash
    staff.enter()
    assert staff.row().password_hash == before
    staff.clock.forward(seconds=30)
    staff.enter(work=more)
    after = staff.row().password_hash
    assert is_outgrown(before, work=more)
    assert not is_outgrown(after, work=more)
    assert password_fits(after, PASSWORD)
