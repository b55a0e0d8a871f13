"""Canonical forms are remembered by the whole text of a document, and forgotten in turn."""

import math
from datetime import UTC, datetime

import pytest
from plain_badge import badge

from ob3 import canonical, canonicalize
from ob3.recent import Recent, exact_key, told_by


def test_what_is_remembered_is_what_was_made(monkeypatch):
    first = canonicalize(badge())
    made = []
    monkeypatch.setattr(canonical, "_canonical", lambda *given: made.append(given))
    assert canonicalize(badge()) == first
    assert made == []


def test_a_change_of_any_kind_is_another_document(monkeypatch):
    monkeypatch.setattr(canonical, "_RECENT", Recent(entries=8))
    changed = badge()
    changed["credentialSubject"]["creditsEarned"] = 1
    one = canonicalize(changed)
    changed["credentialSubject"]["creditsEarned"] = 2
    assert canonicalize(changed) != one


@pytest.mark.parametrize(
    ("size", "kept_among"),
    [(100, "_RECENT"), (70_000, "_RECENT_LONG"), (200_000, "_RECENT_LONG"), (300_000, None)],
)
def test_long_documents_are_remembered_among_few_and_very_long_ones_nowhere(monkeypatch, size, kept_among):
    kept = {name: Recent(entries=1) for name in ("_RECENT", "_RECENT_LONG")}
    for name, recent in kept.items():
        monkeypatch.setattr(canonical, name, recent)
    document = badge()
    document["credentialSubject"]["achievement"]["name"] = "a" * size
    made = [canonical.hashed_form(document) for _ in range(2)]
    assert made[0].text == made[1].text
    assert (made[0] is made[1]) == (kept_among is not None)
    assert {name for name, recent in kept.items() if recent._results} == {kept_among} - {None}
    document["credentialSubject"]["achievement"]["name"] = "a" * (size - 1) + "b"
    assert canonical.hashed_form(document).text != made[0].text


def test_true_and_one_are_not_confused():
    recent = Recent(entries=2)
    assert canonical._key({"a": True}) != canonical._key({"a": 1})
    assert canonical._key({"a": 1}) != canonical._key({"a": "1"})
    assert canonical._key({"a": 1}) != canonical._key({"a": 1.0})
    assert canonical._key({"a": 1, "b": 2}) != canonical._key({"b": 2, "a": 1})
    assert canonical._key({"a": [1, 2]}) != canonical._key({"a": [[1, 2]]})
    assert canonical._key({"a": object()}) is None
    recent.put(None, "never")
    assert recent.get(None) is None


class _Text(str):
    pass


@pytest.mark.parametrize(
    ("other", "twin"),
    [
        (float("nan"), None),
        (float("inf"), None),
        (datetime(2026, 11, 22, tzinfo=UTC), "2026-11-22T00:00:00+00:00"),
        (_Text("a"), "a"),
        ({1: 2}, {"1": 2}),
        (b"a", "a"),
        ("\ud800", "a"),
    ],
    ids=repr,
)
def test_what_is_no_json_is_never_taken_for_what_is_written_like_it(other, twin):
    assert exact_key([twin]) == exact_key([twin]) is not None
    assert exact_key([other]) != exact_key([twin])


def test_a_tuple_is_written_as_a_list_is():
    assert exact_key({"a": (1, None)}) != exact_key({"a": (1, 0)})
    assert exact_key({"a": (1, 2)}) == exact_key({"a": [1, 2]})


@pytest.mark.parametrize(
    "value", [{"b": 1, "a": [1.0, True, "ạ"]}, [None, {}], "null", -0.0, [0, 2**53], {"": None}], ids=repr
)
def test_a_key_tells_the_value_anew(value):
    told = told_by(exact_key(value))
    assert repr(told) == repr(value)
    assert exact_key(told) == exact_key(value)


def test_a_key_tells_a_number_that_is_none():
    assert math.isnan(told_by(exact_key([math.nan, None]))[0])


def test_what_was_longest_not_asked_for_is_forgotten():
    recent = Recent(entries=2)
    recent.put("a", "A")
    recent.put("b", "B")
    recent.get("a")
    recent.put("c", "C")
    assert [recent.get(name) for name in ("a", "b", "c")] == ["A", None, "C"]
