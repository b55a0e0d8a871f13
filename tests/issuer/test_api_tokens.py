"""Tokens for programs: their form, their end, and what of them is kept."""

from datetime import timedelta

import pytest
from console_office import ConsoleOffice
from hypothesis import given
from hypothesis import strategies as st
from stored_rows import kept_bytes

from issuer.errors import IssuerError, NotAllowed, NotFound
from issuer.staff.api_tokens import (
    api_tokens,
    create_token,
    find_token,
    looks_like_token,
    revoke_token,
)
from issuer.staff.roles import Act, Role

SOME = "tmr_U4rVmkw5TftRTZXfMQ756GBdGLU2tsppD62_sjGl8S42h9PFw"


@pytest.fixture
def office(tmp_path):
    made = ConsoleOffice(tmp_path / "var")
    yield made
    made.close()


@pytest.fixture
def desk(office):
    return office.desk(office.person("Ada", Role.INSTITUTION_ADMIN))


def made(desk, *, days=30, acts=(Act.READ_AUDIT,)):
    return create_token(desk, name="Register", acts=acts, expires=desk.now() + timedelta(days=days))


def test_a_token_acts_for_one_institution_until_its_day(office, desk):
    token, text = made(desk, acts=[Act.READ_AUDIT, Act.PREPARE_BATCHES])
    actor = find_token(office.deployment, text)
    assert (actor.slug, actor.name, actor.ref) == ("uef", "Register", token.public_id)
    assert actor.may(Act.READ_AUDIT)
    assert not actor.may(Act.READ_CREDENTIALS)
    office.clock.forward(days=30)
    assert find_token(office.deployment, text) is None


def test_only_its_hash_is_kept(office, desk):
    token, text = made(desk)
    assert text.startswith(token.shown)
    assert len(token.shown) == 12
    assert text.encode() not in kept_bytes(office.office.folder)
    assert text not in repr(token)


def test_withdrawn_at_once(office, desk):
    token, text = made(desk)
    assert find_token(office.deployment, text)
    revoke_token(desk, token.public_id)
    assert find_token(office.deployment, text) is None
    assert api_tokens(desk)[0].state(desk.now()) == "revoked"


def test_use_is_noted_once_a_minute(office, desk):
    _token, text = made(desk)
    seen = []
    for seconds in (0, 30, 31):
        office.clock.forward(seconds=seconds)
        find_token(office.deployment, text)
        seen.append(api_tokens(desk)[0].last_used)
    assert seen[0] == seen[1] < seen[2]


@pytest.mark.parametrize("days", [-1, 0, 400])
def test_it_ends_within_a_year(desk, days):
    with pytest.raises(IssuerError):
        made(desk, days=days)
    made(desk, days=366)


@pytest.mark.parametrize("acts", [[], [Act.APPROVE_BATCHES], [Act.MANAGE_PEOPLE, Act.READ_AUDIT]])
def test_what_a_person_answers_for_is_given_to_no_program(desk, acts):
    with pytest.raises(IssuerError):
        made(desk, acts=acts)


def test_tokens_of_others_are_not_there(office, desk):
    token, _text = made(desk)
    other = office.desk(office.person("Ola", Role.INSTITUTION_ADMIN, slug="other"), "other")
    assert api_tokens(other) == []
    with pytest.raises(NotFound):
        revoke_token(other, token.public_id)
    with pytest.raises(NotAllowed):
        api_tokens(office.desk(office.person("Ann", Role.AUTHOR)))


def test_the_form_can_be_told():
    assert looks_like_token(SOME)


@given(st.integers(4, len(SOME) - 1), st.characters(categories=["L", "N", "P"]))
def test_a_slip_shows(place, letter):
    slipped = SOME[:place] + letter + SOME[place + 1 :]
    assert looks_like_token(slipped) == (slipped == SOME)


@given(st.text(max_size=80))
def test_other_texts_are_no_tokens(text):
    assert not looks_like_token(text)
