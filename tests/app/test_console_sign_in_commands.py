"""`testamur staff`: the first administrators and help for those who cannot get in, told in the audit."""

import re

import pytest
from command_line import call, make_office
from console_office import LIGHT, PASSWORD

from app.commands.options import read_office_settings
from app.signing import open_audit
from issuer.audit.verify import verify_audit
from issuer.staff.accounts import make_person
from issuer.staff.passwords_changed import accept_invitation
from issuer.staff.roles import Role
from issuer.staff.totp import new_totp_secret


@pytest.fixture
def folder(tmp_path):
    return make_office(tmp_path / "var")


def add(folder, email, *options):
    return call("staff", "add", email, "--name", "Thu Trang", "--dir", folder, *options)


def listed(folder):
    return call("staff", "list", "--dir", folder).out


def in_folder(folder):
    from unittest import mock

    from demonstration import environment

    with mock.patch.dict("os.environ", environment(folder), clear=True):
        return open_audit(read_office_settings(folder))


def test_the_first_administrator_is_invited_with_a_link_that_is_good(folder):
    made = add(
        folder,
        "Trang@staff.example",
        "--institution",
        "uef",
        "--role",
        "issuer",
        "--role",
        "institution_admin",
    )
    assert made.status == 0, made.said
    secret = re.fullmatch(r"http\S+/staff/invitation/(\S+)\n", made.out)[1]
    assert "trang@staff.example: Thu Trang, invited" in listed(folder)
    office = in_folder(folder)
    assert accept_invitation(office, secret, name="Trang", password=PASSWORD, work=LIGHT)
    assert "Trang, active, no second factor; issuer of uef, institution_admin of uef" in listed(folder)
    again = add(folder, "trang@staff.example", "--institution", "uef", "--role", "auditor")
    assert (again.status, "http" in again.said) == (0, False)
    assert all(report.intact for report in verify_audit(office))
    told = call("audit", "export", "uef", "--dir", folder).out
    assert '"person.invite"' in told
    assert '"command_line"' in told
    assert secret not in told


def test_the_consortium_has_administrators_of_its_own(folder):
    assert add(folder, "c@staff.example", "--consortium", "--by", "Ngọc").status == 0
    assert "consortium_admin of the consortium" in listed(folder)
    assert "Ngọc" in call("audit", "export", "--dir", folder).out


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ((), 64),
        (("--consortium", "--institution", "uef"), 64),
        (("--consortium", "--role", "issuer"), 64),
        (("--institution", "uef", "--role", "consortium_admin"), 64),
        (("--institution", "nowhere"), 1),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(folder, options, status):
    refused = add(folder, "trang@staff.example", *options)
    assert refused.status == status, refused.said
    assert "Traceback" not in refused.said
    assert listed(folder) == ""


def test_a_wrong_address_is_refused(folder):
    refused = add(folder, "no address", "--institution", "uef")
    assert refused.status == 1
    assert "not an e-mail address" in refused.err


def test_accounts_are_closed_and_lost_authenticators_taken_away(folder):
    office = in_folder(folder)
    for number in (1, 2):
        make_person(
            office,
            email=f"admin{number}@staff.example",
            name=f"Admin {number}",
            grants=[("uef", Role.INSTITUTION_ADMIN)],
            password=PASSWORD,
            totp_secret=new_totp_secret(),
            by="test",
            work=LIGHT,
        )
    reset = call("staff", "reset-second-factor", "admin1@staff.example", "--dir", folder)
    assert "Admin 1 sets up a new authenticator" in reset.out
    assert "Admin 1, active, no second factor" in listed(folder)
    assert "Admin 2, active, second factor" in listed(folder)
    assert call("staff", "close", "admin1@staff.example", "--dir", folder).status == 0
    assert "Admin 1, closed, no second factor; no role" in listed(folder)
    last = call("staff", "close", "admin2@staff.example", "--dir", folder)
    assert (last.status, "last administrator" in last.err) == (1, True)
    for command in ("close", "reset-second-factor"):
        assert call("staff", command, "nobody@staff.example", "--dir", folder).status == 1
    told = call("audit", "export", "uef", "--dir", folder).out
    assert '"person.close"' in told
    assert '"person.second_factor"' in told
