"""M5 dates: awarded after the studies, issued after the award."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from microcredential.findings import Finding, block, warn
from microcredential.rules.registry import Matter, Scope, rule
from microcredential.shapes import moment


def _dates(matter: Matter) -> dict[str, datetime | None]:
    return {
        "credentialSubject.activityStartDate": moment(matter.subject.get("activityStartDate")),
        "credentialSubject.activityEndDate": moment(matter.subject.get("activityEndDate")),
        "awardedDate": moment(matter.credential.get("awardedDate")),
        "validFrom": moment(matter.credential.get("validFrom")),
    }


@rule("M5", Scope.CREDENTIAL)
def dates_are_there(matter: Matter) -> Iterator[Finding]:
    """Ask for the days of award and of issue, in RFC 3339 with an offset."""
    for term, word in (("awardedDate", "award"), ("validFrom", "issue")):
        if moment(matter.credential.get(term)) is None:
            yield block(
                term,
                f"no_{term}",
                f"The date of {word} is missing or not a time with its zone.",
                "Write it like 2026-06-30T00:00:00Z.",
            )


@rule("M5", Scope.CREDENTIAL)
def period_is_of_dates(matter: Matter) -> Iterator[Finding]:
    """Ask the days of study, where they are given, to be times with an offset."""
    for term in ("activityStartDate", "activityEndDate"):
        if term in matter.subject and moment(matter.subject[term]) is None:
            yield block(
                f"credentialSubject.{term}",
                "not_a_date",
                "This is not a time with its zone.",
                "Write it like 2026-06-30T00:00:00Z.",
            )


@rule("M5", Scope.CREDENTIAL)
def dates_are_in_order(matter: Matter) -> Iterator[Finding]:
    """Ask for start, end, award and issue in that order, and none of them ahead of the clock."""
    known = [(path, date) for path, date in _dates(matter).items() if date is not None]
    for (earlier_path, earlier), (later_path, later) in pairwise(known):
        if later < earlier:
            words = later_path.rpartition(".")[2], earlier_path.rpartition(".")[2]
            yield block(
                later_path,
                "dates_out_of_order",
                f"{words[0]} lies before {words[1]}.",
                "Correct one of the two.",
            )
    if matter.now is not None and known and known[-1][1] > matter.now:
        yield block(
            known[-1][0], "date_in_future", "The date lies in the future.", "Issue on or after that day."
        )


@rule("M5", Scope.CREDENTIAL)
def end_follows_start(matter: Matter) -> Iterator[Finding]:
    """Ask an end of validity to come after its start."""
    if "validUntil" not in matter.credential:
        return
    start, end = moment(matter.credential.get("validFrom")), moment(matter.credential.get("validUntil"))
    if end is None or (start is not None and end <= start):
        yield block(
            "validUntil", "ends_before_start", "The validity ends before it starts.", "Correct the duration."
        )


@rule("M5", Scope.CREDENTIAL)
def period_is_told(matter: Matter) -> Iterator[Finding]:
    """Warn when nothing says when the learner studied."""
    if "activityEndDate" not in matter.subject:
        yield warn(
            "credentialSubject.activityEndDate",
            "no_period",
            "The credential does not say when the studies ended.",
            "Give the first and the last day of the course.",
        )
