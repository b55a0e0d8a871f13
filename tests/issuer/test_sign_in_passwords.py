"""Passwords and seals: what may be one, what is kept of it, and what it costs to try."""

import statistics
import time

import pytest
from console_office import LIGHT

from issuer.errors import IssuerError
from issuer.office_secret import OfficeSecret
from issuer.staff.passwords import WORK, check_password, hash_password, password_fits
from issuer.staff.sealing import seal, unseal

EMAIL = "trang@staff.example"


def test_an_unknown_account_costs_as_long_as_a_wrong_password():
    """With little work, where a difference would show most: 200 tries each, medians within 5 ms (W4)."""
    stored = hash_password("seventeen quiet herons", work=LIGHT)
    spent = {stored: [], None: []}
    for _ in range(200):
        for each, times in spent.items():
            began = time.perf_counter()
            password_fits(each, "wrong wrong wrong", work=LIGHT)
            times.append(time.perf_counter() - began)
    known, unknown = (statistics.median(times) for times in spent.values())
    assert abs(known - unknown) < 0.005


def test_the_work_of_a_hash_is_what_is_written_down():
    assert (WORK.passes, WORK.memory) == (3, 64 * 2**20)
    made = hash_password("vịt trời bay đêm")
    assert made.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
    assert password_fits(made, "vi\u0323t trơ\u0300i bay đêm")  # as another keyboard writes it
    assert not password_fits(None, "whatever it is")


GOOD = ("correct horse battery", "vịt trời bay đêm", "839201749265", "Hà Nội mùa thu vàng", "x7#kQ!m2-z9Lp")
BAD = (
    "short",
    "elevenchar1",
    "password1234",
    "Password2026",
    "passwordpassword",
    "aaaaaaaaaaaaaaaa",
    "123456789012",
    "qwertyuiop123",
    "1q2w3e4r5t6y",
    "thu trang 2026",
    "trang@staff.example",
    "ThuTrangThuTrang1",
    "x" * 201,
)


@pytest.mark.parametrize("password", GOOD)
def test_a_long_password_may_be_composed_as_one_likes(password):
    assert check_password(password, name="Thu Trang", email=EMAIL)


@pytest.mark.parametrize("password", BAD)
def test_a_password_that_is_soon_guessed_is_refused(password):
    with pytest.raises(IssuerError) as told:
        check_password(password, name="Thu Trang", email=EMAIL)
    assert password not in told.value.message


def test_a_sealed_second_factor_opens_for_its_own_person_alone():
    secret = OfficeSecret(bytes(range(32)))
    sealed = seal(secret, "one", "SECRET")
    assert unseal(secret, "one", sealed) == "SECRET"
    for whose, text in (("two", sealed), ("one", sealed[:-6] + "AAAA=="), ("one", "")):
        with pytest.raises(IssuerError, match="office secret"):
            unseal(secret, whose, text)
