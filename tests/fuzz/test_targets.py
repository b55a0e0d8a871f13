"""Every parser takes what is good, and whatever else hypothesis finds, without a fault of its own."""

import random

import pytest
from fuzz_targets import TARGETS
from hypothesis import given
from hypothesis import strategies as st

NAMES = sorted(TARGETS)


@pytest.mark.parametrize("name", NAMES)
def test_seeds_are_read_without_a_refusal(name):
    target = TARGETS[name]
    assert target.seeds
    for seed in target.seeds:
        target.run(seed)


@pytest.mark.parametrize("name", NAMES)
@given(data=st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(name, data):
    TARGETS[name](data)


@pytest.mark.parametrize("name", NAMES)
@given(number=st.integers(0, 2**32))
def test_a_good_input_that_was_damaged_is_read_or_refused(name, number):
    chance = random.Random(number)  # noqa: S311  (the same damage for the same number)
    damaged = bytearray(chance.choice(TARGETS[name].seeds))
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(damaged) + 1)
        damaged[place : place + chance.choice((0, 1, 1, 4))] = chance.randbytes(chance.choice((0, 1, 1, 3)))
    TARGETS[name](bytes(damaged))
