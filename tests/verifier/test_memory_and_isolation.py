"""What is remembered, what a broken memory does, and work in a limited child."""

import json
from datetime import UTC, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from simulator import NOW, World

from verifier import InMemory, Policy, Verdict
from verifier.errors import LimitHit
from verifier.memory import Remembered, recall, remember

HOST = "badges.keystone.example"
MOMENTS = st.datetimes(timezones=st.just(UTC))


@given(
    st.builds(
        Remembered,
        text=st.text(),
        read_at=MOMENTS,
        valid_from=st.none() | MOMENTS,
        fresh_until=st.none() | MOMENTS,
    )
)
def test_what_is_remembered_is_recalled(value):
    memory = InMemory()
    remember(memory, "key", value)
    assert recall(memory, "key") == value


@pytest.mark.parametrize("value", [b"", b"{}", b"\xff", b"[1]", b'{"text":1}', b'{"text":"x","read_at":7}'])
def test_what_cannot_be_read_counts_as_forgotten(value):
    memory = InMemory()
    memory.put("key", value)
    assert recall(memory, "key") is None
    assert recall(memory, "other") is None


def test_the_oldest_goes_first():
    memory = InMemory(capacity=2)
    for key in ("a", "b", "a", "c"):
        memory.put(key, key.encode())
    assert [memory.get(key) for key in "abc"] == [b"a", None, b"c"]


def test_only_what_was_verified_is_remembered():
    world = World()
    issuer = world.issuer(HOST)
    memory = InMemory()
    forged = issuer.badge().replace(b"Certified", b"Licensed")
    world.publish(issuer.list_url("revocation"), json.loads(issuer.badge()))
    assert world.verifier(memory=memory).verify(forged).verdict is Verdict.invalid
    assert world.verifier(memory=memory).verify(issuer.badge()).verdict is Verdict.undetermined
    assert memory.get(f"status:{issuer.list_url('revocation')}") is None


def test_a_list_in_memory_is_verified_again():
    world = World()
    issuer = world.issuer(HOST)
    memory = InMemory()
    forged = issuer.status_list("revocation")
    forged["validFrom"] = "2026-11-21T11:59:00Z"
    minute = timedelta(minutes=1)
    kept = Remembered(text=json.dumps(forged), read_at=NOW, valid_from=NOW - minute, fresh_until=NOW + minute)
    remember(memory, f"status:{issuer.list_url('revocation')}", kept)
    assert world.verifier(memory=memory).verify(issuer.badge()).verdict is Verdict.undetermined


def test_work_in_a_limited_child_gives_the_same_answers():
    world = World()
    issuer = world.issuer(HOST)
    for policy in (Policy(isolate=True), Policy(isolate=False)):
        verifier = world.verifier(policy=policy)
        assert verifier.verify(issuer.badge()).verdict is Verdict.valid
        undefined = issuer.badge().replace(b'"awardedDate"', b'"awardedDay"')
        report = verifier.verify(undefined)
        assert (report.verdict, report.check("canonical").code) == (Verdict.invalid, "no_meaning")


@pytest.mark.parametrize("isolate", [True, False])
@pytest.mark.parametrize(("count", "verdict"), [(5, Verdict.valid), (700, Verdict.refused)])
def test_a_crowd_that_nothing_tells_apart_is_refused_for_its_work(isolate, count, verdict):
    world = World()
    issuer = world.issuer(HOST)
    crowd = [{"type": ["Evidence"], "name": "One of many"}] * count
    verifier = world.verifier(policy=Policy(isolate=isolate))
    if count < 100:
        assert verifier.verify(issuer.badge(evidence=crowd)).verdict is verdict
        return
    badge = json.loads(issuer.badge())
    report = verifier.verify(json.dumps({**badge, "evidence": crowd}).encode())
    assert (report.verdict, report.check("canonical").code) == (verdict, "limit_work")


@pytest.mark.parametrize(
    ("code", "verdict"), [("unavailable", Verdict.undetermined), ("cpu_time", Verdict.refused)]
)
def test_a_reader_that_is_busy_says_nothing_about_the_file(monkeypatch, code, verdict):
    def stopped(*_):
        raise LimitHit(code, "stopped")

    monkeypatch.setattr("verifier.canonical.run_limited", stopped)
    world = World()
    report = world.verifier(policy=Policy()).verify(world.issuer(HOST).badge())
    assert report.verdict is verdict
