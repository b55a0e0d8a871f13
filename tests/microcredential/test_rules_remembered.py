"""What was found in an achievement is remembered; the outcome is that of judging each document whole."""

import copy
import dataclasses
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import profile_indicators  # noqa: F401  (registers its documents)
import profile_weaknesses  # noqa: F401  (registers its documents)
import pytest
from hypothesis import given
from hypothesis import strategies as st
from profile_faults import BREAKS, WARNS

from microcredential.rules import Matter, Scope, judge, registry
from microcredential.shapes import moment
from ob3.recent import LONGEST_KEPT

EXAMPLE = json.loads((Path(__file__).parent / "documents" / "credential-vn-3ects.json").read_bytes())
FAULTS = [function for table in (BREAKS, WARNS) for function, *_ in table.values()]
NOW = datetime(2026, 11, 21, tzinfo=UTC)


def whole(matter, scope):
    """Judge a document as a whole: each rule sees everything, and nothing is remembered."""
    everything = dataclasses.replace(matter, is_awarded=scope is Scope.CREDENTIAL)
    return [
        dataclasses.replace(
            finding,
            id=one.element,
            path=registry._place(finding.path, one.scope, scope),
            indicators=one.indicators,
        )
        for one in registry.registered(scope)
        for finding in one.function(everything)
    ]


def matter_of(credential, *, country="VN", now=NOW):
    achievement = credential["credentialSubject"]["achievement"]
    return Matter(
        achievement, credential.get("issuer", {}), credential=credential, institution_country=country, now=now
    )


def test_the_example_gives_the_same_and_the_second_look_is_remembered_at_any_time():
    judge(matter_of(EXAMPLE), Scope.CREDENTIAL)
    before = registry._remembered.cache_info()
    for days in range(3):
        matter = matter_of(EXAMPLE, now=NOW + timedelta(days=days))
        assert judge(matter, Scope.CREDENTIAL) == whole(matter, Scope.CREDENTIAL)
    after = registry._remembered.cache_info()
    assert (after.hits - before.hits, after.misses - before.misses) == (3, 0)


@given(
    st.lists(st.sampled_from(FAULTS), max_size=3),
    st.sampled_from(["VN", "IE", None]),
    st.none() | st.integers(-900, 900).map(lambda days: NOW + timedelta(days=days)),
    st.sampled_from(list(Scope)),
)
def test_rows_with_any_faults_give_what_the_whole_look_gives(faults, country, now, scope):
    credential = copy.deepcopy(EXAMPLE)
    for fault in faults:
        subject = credential["credentialSubject"]
        try:
            fault(credential, subject, subject["achievement"])
        except (KeyError, IndexError, AttributeError, TypeError):  # another fault took what it breaks
            continue
    matter = matter_of(credential, country=country, now=now)
    if scope is Scope.ACHIEVEMENT:
        matter = dataclasses.replace(matter, credential={})
    assert judge(matter, scope) == whole(matter, scope)


@pytest.mark.parametrize(("first", "second"), [(1, True), (1, 1.0), (0, False), (0.0, -0.0)])
def test_values_that_python_calls_equal_are_told_apart(first, second):
    keys = set()
    for value in (first, second):
        matter = Matter({"creditsAvailable": value})
        judge(matter, Scope.ACHIEVEMENT)
        keys.add(registry._key(matter))
    assert len(keys) == 2


def test_what_is_no_json_is_judged_without_being_remembered():
    matter = Matter({"name": object()})
    assert registry._key(matter) is None
    assert judge(matter, Scope.ACHIEVEMENT) == whole(matter, Scope.ACHIEVEMENT)


def test_what_is_very_long_is_judged_without_being_remembered():
    words = {"title": {"en": "x" * LONGEST_KEPT}, "description": "\x07"}
    long, short = Matter(words), Matter(words | {"title": {"en": "x"}})
    assert registry._key(long) is None
    assert registry._key(short) is not None
    for matter in (long, short):
        assert judge(matter, Scope.ACHIEVEMENT) == whole(matter, Scope.ACHIEVEMENT)


@pytest.mark.parametrize(
    ("written", "twin"),
    [
        ("2026-06-30T07:00:00.1234567891+07:00", "2026-06-30T07:00:00.123456789+07:00"),
        ("2026-06-31T00:00:00Z", "2026-06-30T00:00:00Z"),
        (["2026-06-30T00:00:00Z"], "2026-06-30t00:00:00z"),
    ],
)
def test_a_moment_that_was_read_before_is_no_other(written, twin):
    for _ in range(2):
        assert moment(written) is None
        assert moment(twin) is not None
