"""Step 10: is it in force today?

Credentials of VCDM 2.0 say it by `validFrom` and `validUntil`, those of VCDM 1.1 by `issuanceDate` and
`expirationDate`; 1.1 gives the newer names a meaning too, so there all of them count and the narrowest period
is the one in force. Dates are XSD dateTimeStamps; one without a zone is read as UTC, with a warning. Our
clock and the issuer's may differ by the policy's skew (J11). `created` of a proof is no evidence of time and
is not read here (P9); a proof's own `expires` ends it like `validUntil`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import Any

from verifier.report import Check, failed, passed, warning
from verifier.versions import Version, version_of

_STAMP = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,18}))?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})?",
    re.ASCII,
)
_LONGEST_STAMP = 44  # characters
# Written out, since to read a format takes longer than all else about a date.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_FURTHEST_ZONE = timedelta(hours=14)  # XML Schema 1.1 part 2, section 3.3.7


@dataclass(frozen=True)
class Stamp:
    """A moment in UTC, and whether the text said its zone."""

    moment: datetime
    zoned: bool


def read_stamp(text: object) -> Stamp | None:
    """Read an XSD dateTimeStamp, or one without a zone as UTC; None for anything else.

    Hour 24, second 60, years of five digits and days that no month has are refused.
    """
    return _stamp(text) if isinstance(text, str) and len(text) <= _LONGEST_STAMP else None


@lru_cache(maxsize=256)  # the days of a class are the same in all its credentials
def _stamp(text: str) -> Stamp | None:
    match = _STAMP.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    micro = int((match[7] or "0")[:6].ljust(6, "0"))
    zone = _zone(match[8])
    if zone is None:
        return None
    try:
        moment = datetime(year, month, day, hour, minute, second, micro, tzinfo=timezone(zone)).astimezone(
            UTC
        )
    except (ValueError, OverflowError):
        return None
    return Stamp(moment, zoned=match[8] is not None)


def _zone(text: str | None) -> timedelta | None:
    if text is None or text == "Z":
        return timedelta()
    hours, minutes = int(text[1:3]), int(text[4:6])
    offset = timedelta(hours=hours, minutes=minutes)
    if minutes > 59 or offset > _FURTHEST_ZONE:
        return None
    return -offset if text[0] == "-" else offset


def day_text(moment: datetime) -> str:
    """Write a day as people do: 30 June 2026."""
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def utc_text(moment: datetime) -> str:
    """Write a moment in UTC to the second, as RFC 3339 has it."""
    return f"{moment.replace(tzinfo=None).isoformat(timespec='seconds')}Z"


@dataclass(frozen=True)
class _Members:
    """The members that begin and end a credential; the first beginning is the one that must be there."""

    starts: tuple[str, ...]
    ends: tuple[str, ...]


_MODERN = _Members(("validFrom",), ("validUntil",))
_OLDER = _Members(("issuanceDate", "validFrom"), ("expirationDate", "validUntil"))


def check_dates(
    document: Mapping[str, Any],
    proof: Mapping[str, Any],
    *,
    now: datetime,
    skew: timedelta,
    start_required: bool = True,
) -> Check:
    """Judge the period of a credential, the form of `awardedDate`, and the proof's own `expires`.

    Credentials that are no badges need not say when they begin to count (VCDM 2.0, section 4.9).
    """
    members = _OLDER if version_of(document) is Version.vcdm_1_1 else _MODERN
    read = (
        *((document, name) for name in (*members.starts, *members.ends, "awardedDate")),
        (proof, "expires"),
    )
    stamps: dict[str, Stamp] = {}
    for owner, name in read:
        if name in owner:
            stamp = read_stamp(owner[name])
            if stamp is None:
                return failed("dates", "date_malformed", member=name)
            stamps[name] = stamp
    if members.starts[0] not in stamps:
        if start_required:
            return failed("dates", "date_missing", member=members.starts[0])
        if stamps.keys().isdisjoint(members.starts):
            return _until(stamps, members, now, skew)
    return _in_force(stamps, members, now, skew)


def _until(stamps: Mapping[str, Stamp], members: _Members, now: datetime, skew: timedelta) -> Check:
    end = min((stamps[name].moment for name in (*members.ends, "expires") if name in stamps), default=None)
    if end is None:
        return passed("dates", "period_open")
    detail = {"valid_until": utc_text(end), "from_day": "an unnamed day", "until_day": day_text(end)}
    if now - skew > end:
        return failed("dates", "expired", **detail)
    return passed("dates", "in_force_until", **detail)


def _in_force(stamps: Mapping[str, Stamp], members: _Members, now: datetime, skew: timedelta) -> Check:
    start = max(stamps[name].moment for name in members.starts if name in stamps)
    stated = min((stamps[name].moment for name in members.ends if name in stamps), default=None)
    ends = [one for one in (stated, stamps["expires"].moment if "expires" in stamps else None) if one]
    end = min(ends, default=None)
    detail = {"valid_from": utc_text(start), "from_day": day_text(start)}
    if end:
        detail["valid_until"] = utc_text(end)
    if stated is not None and stated < start:
        return failed("dates", "dates_inverted", **detail, until_day=day_text(stated))
    if now + skew < start:
        return failed("dates", "not_yet_valid", **detail)
    if end is not None and now - skew > end:
        return failed("dates", "expired", **detail, until_day=day_text(end))
    return _warned(stamps, end, detail)


def _warned(stamps: Mapping[str, Stamp], end: datetime | None, detail: Mapping[str, str]) -> Check:
    if not all(stamp.zoned for stamp in stamps.values()):
        return warning("dates", "zone_missing", **detail)
    if end is None:
        return passed("dates", "in_force_without_end", **detail)
    return passed("dates", "in_force", **detail, until_day=day_text(end))
