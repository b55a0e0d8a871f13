"""Dates: what is read, what is refused, and the borders of "in force" (J11)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from simulator import NOW, stamp

from ob3.contexts import VC1
from verifier import Outcome
from verifier.dates import check_dates, day_text, read_stamp, utc_text

SKEW = timedelta(seconds=60)


def judged(document, proof=None, now=NOW):
    return check_dates({"validFrom": "2026-01-01T00:00:00Z", **document}, proof or {}, now=now, skew=SKEW)


def judged_older(document, proof=None, now=NOW):
    older = {"@context": [VC1], "issuanceDate": "2026-01-01T00:00:00Z", **document}
    return check_dates(older, proof or {}, now=now, skew=SKEW)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-06-30T00:00:00Z", datetime(2026, 6, 30, tzinfo=UTC)),
        ("2026-06-30T07:00:00+07:00", datetime(2026, 6, 30, tzinfo=UTC)),
        ("2026-06-29T16:00:00.5-08:00", datetime(2026, 6, 30, 0, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-06-30T14:00:00+14:00", datetime(2026, 6, 30, tzinfo=UTC)),
        ("2026-06-30T07:00:00.000000000000000009+07:00", datetime(2026, 6, 30, tzinfo=UTC)),
        ("2024-02-29T00:00:00.123456789Z", datetime(2024, 2, 29, 0, 0, 0, 123_456, tzinfo=UTC)),
    ],
)
def test_a_date_time_stamp_is_read(text, moment):
    read = read_stamp(text)
    assert read.moment == moment
    assert read.zoned


def test_a_stamp_without_a_zone_is_read_as_utc():
    read = read_stamp("2026-06-30T00:00:00")
    assert read.moment == datetime(2026, 6, 30, tzinfo=UTC)
    assert not read.zoned


@pytest.mark.parametrize(
    "text",
    [
        "2026-06-30",
        "2026-06-30 00:00:00Z",
        "2026-06-30t00:00:00z",
        "2026-06-30T24:00:00Z",
        "2026-06-30T23:59:60Z",
        "2026-02-30T00:00:00Z",
        "10000-01-01T00:00:00Z",
        "-0044-03-15T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "2026-06-30T00:00:00+15:00",
        "2026-06-30T00:00:00+07:60",
        "2026-06-30T00:00Z",
        "2026-06-30T00:00:00.Z",
        "2026-06-30T07:00:00.0000000000000000009+07:00",
        "٢٠٢٦-06-30T00:00:00Z",
        "2026-06-30T00:00:00Z\n",
        "0001-01-01T00:00:00+14:00",
        "",
        20260630,
        None,
        ["2026-06-30T00:00:00Z"],
    ],
)
def test_anything_else_is_not_a_date(text):
    assert read_stamp(text) is None


@given(
    st.one_of(st.text(max_size=40), st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{1,12}[Z+0-9:-]{0,7}"))
)
def test_reading_never_raises(text):
    read_stamp(text)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(-61, "not_yet_valid"), (-60, "in_force_without_end"), (0, "in_force_without_end")],
)
def test_the_first_moment_allows_for_a_clock_that_is_a_minute_off(seconds, code):
    assert judged({"validFrom": stamp(NOW)}, now=NOW + timedelta(seconds=seconds)).code == code


@pytest.mark.parametrize(("seconds", "code"), [(0, "in_force"), (60, "in_force"), (61, "expired")])
def test_the_last_moment_allows_for_a_clock_that_is_a_minute_off(seconds, code):
    assert judged({"validUntil": stamp(NOW)}, now=NOW + timedelta(seconds=seconds)).code == code


@pytest.mark.parametrize("member", ["validFrom", "validUntil", "awardedDate"])
def test_a_date_that_cannot_be_read_fails(member):
    found = judged({member: "30 June 2026"})
    assert (found.outcome, found.code) == (Outcome.failed, "date_malformed")
    assert judged({member: "2026-06-30T00:00:00Z"}).code != "date_malformed"


def test_an_end_before_the_beginning_fails():
    found = judged({"validUntil": "2025-12-31T00:00:00Z"})
    assert (found.outcome, found.code) == (Outcome.failed, "dates_inverted")
    assert judged({"validUntil": "2026-01-01T00:00:00Z"}).code == "expired"


def test_a_missing_zone_warns():
    found = judged({"validFrom": "2026-01-01T00:00:00"})
    assert (found.outcome, found.code) == (Outcome.warning, "zone_missing")


def test_a_proof_that_has_run_out_ends_it_and_created_says_nothing():
    assert judged({}, {"expires": "2026-06-01T00:00:00Z"}).code == "expired"
    assert judged({}, {"expires": "2027-06-01T00:00:00Z"}).code == "in_force"
    assert judged({}, {"created": "2040-01-01T00:00:00Z"}).code == "in_force_without_end"


def test_the_days_are_given_to_the_reader():
    found = judged({"validUntil": "2028-02-01T00:00:00Z"})
    assert found.message == "Valid from 1 January 2026 to 1 February 2028."
    assert found.detail["valid_from"] == "2026-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({}, "in_force_without_end"),
        ({"expirationDate": "2028-02-01T00:00:00Z"}, "in_force"),
        ({"expirationDate": "2026-06-01T00:00:00Z"}, "expired"),
        ({"issuanceDate": "2027-01-01T00:00:00Z"}, "not_yet_valid"),
        ({"expirationDate": "2025-06-01T00:00:00Z"}, "dates_inverted"),
        ({"issuanceDate": "2026-01-01T24:00:00Z"}, "date_malformed"),
        ({"issuanceDate": "10000-01-01T00:00:00Z"}, "date_malformed"),
        ({"expirationDate": "2026-12-31T23:59:60Z"}, "date_malformed"),
        ({"expirationDate": "2028-02-01T00:00:00"}, "zone_missing"),
        ({"awardedDate": "yesterday"}, "date_malformed"),
        # the names of 2.0 mean something in 1.1 as well: the narrowest period counts
        ({"expirationDate": "2028-02-01T00:00:00Z", "validUntil": "2026-06-01T00:00:00Z"}, "expired"),
        ({"validUntil": "2026-06-01T00:00:00Z"}, "expired"),
        ({"validFrom": "2027-01-01T00:00:00Z"}, "not_yet_valid"),
        ({"validFrom": "2025-01-01T00:00:00Z"}, "in_force_without_end"),
    ],
)
def test_the_older_edition_has_other_names_for_its_dates(members, code):
    assert judged_older(members).code == code


def test_a_date_under_the_name_of_the_other_edition_is_missing():
    older = check_dates({"@context": [VC1], "validFrom": stamp(NOW)}, {}, now=NOW, skew=SKEW)
    assert (older.code, older.detail["member"]) == ("date_missing", "issuanceDate")
    newer = check_dates({"issuanceDate": stamp(NOW)}, {}, now=NOW, skew=SKEW)
    assert (newer.code, newer.detail["member"]) == ("date_missing", "validFrom")
    assert judged_older({}, {"expires": "2026-06-01T00:00:00Z"}).code == "expired"


@pytest.mark.parametrize(("seconds", "code"), [(60, "in_force_until"), (61, "expired")])
def test_where_no_beginning_is_asked_for_the_end_counts_all_the_same(seconds, code):
    ended = {"validUntil": stamp(NOW)}
    later = NOW + timedelta(seconds=seconds)
    assert check_dates(ended, {}, now=later, skew=SKEW, start_required=False).code == code
    assert check_dates({}, {}, now=later, skew=SKEW, start_required=False).code == "period_open"
    assert check_dates({}, {}, now=later, skew=SKEW).code == "date_missing"


@given(st.datetimes(min_value=datetime(1000, 1, 1)))  # noqa: DTZ001  (hypothesis asks for one without)
def test_days_and_moments_are_written_as_the_formats_of_the_system_write_them(moment):
    assert day_text(moment) == f"{moment.day} {moment:%B} {moment.year}"
    assert utc_text(moment.replace(tzinfo=UTC)) == f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def test_a_moment_of_the_first_centuries_is_written_with_four_digits():
    assert utc_text(datetime(999, 1, 1, tzinfo=UTC)) == "0999-01-01T00:00:00Z"
