"""Places for limited work: how many, who is next, and when waiting ends."""

import threading

import pytest

from verifier.errors import LimitHit
from verifier.lanes import Lanes


def full(lanes):
    with pytest.raises(LimitHit) as hit:
        lanes.enter()
    return hit.value.code == "unavailable"


def test_a_fast_place_is_free_again_after_use():
    lanes = Lanes(fast=1, slow=0, wait_seconds=0.01)
    with lanes.enter():
        assert full(lanes)
    with lanes.enter():
        assert full(lanes)


def fail_in(lanes, *, slow):
    with lanes.enter() as place:
        assert not slow or place.slow_down()
        raise ZeroDivisionError


@pytest.mark.parametrize("slow", [False, True])
def test_a_place_is_given_back_when_work_fails(slow):
    lanes = Lanes(fast=1, slow=1, wait_seconds=0.01)
    with pytest.raises(ZeroDivisionError):
        fail_in(lanes, slow=slow)
    with lanes.enter() as place:
        assert place.slow_down()


def test_slow_work_leaves_its_fast_place_to_others():
    lanes = Lanes(fast=1, slow=1, wait_seconds=0.01)
    with lanes.enter() as heavy:
        assert heavy.slow_down()
        with lanes.enter() as next_one:
            assert not next_one.slow_down()
            assert full(lanes)
    with lanes.enter() as place:
        assert place.slow_down()


def test_the_newest_caller_is_served_first():
    lanes = Lanes(fast=1, slow=0)
    order, arrived = [], threading.Semaphore(0)

    def work(number):
        arrived.release()
        with lanes.enter():
            order.append(number)

    threads = []
    with lanes.enter():
        for number in range(3):
            threads.append(threading.Thread(target=work, args=(number,)))
            threads[-1].start()
            assert arrived.acquire(timeout=5)
            while len(lanes._waiting) <= number:
                pass
    for thread in threads:
        thread.join()
    assert order == [2, 1, 0]


def test_many_callers_get_and_give_back_every_place():
    lanes = Lanes(fast=2, slow=1)

    def work():
        for step in range(50):
            with lanes.enter() as place:
                if step % 3 == 0:
                    place.slow_down()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (lanes._fast_free, lanes._slow_free, lanes._waiting) == (2, 1, [])
