"""Calculate the workload: hours of contact, self-study and assessment to hours in all and to credits.

ECTS are 25 to 30 hours a credit (ECTS Users' Guide 2015, section 2). What a credit of another system is worth
no list of ours knows: the institution that uses it says so, or states the credits themselves.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from microcredential.errors import MicroCredentialError
from microcredential.expansion import ECTS, plain_number
from microcredential.shapes import decimal, items, objects, text

LEAST_HOURS, MOST_HOURS = Decimal(25), Decimal(30)
PARTS = ("contact", "self_study", "assessment")
_LOCAL = "local_credits"
_HALF = Decimal("0.5")
_PATH = "definition.workload"
_MOST = 10_000


def ects_of_hours(hours: int) -> Decimal | None:
    """Give the least ECTS, in halves, of which each is 25 to 30 hours; None where there is no such number."""
    least = Decimal(hours) / MOST_HOURS
    credits_ = (least / _HALF).to_integral_value(rounding="ROUND_CEILING") * _HALF
    return credits_ if credits_ > 0 and hours / credits_ >= LEAST_HOURS else None


def with_workload(achievement: dict[str, Any], workload: Any) -> dict[str, Any]:
    """Give the achievement with what follows from the hours of a definition's `workload`.

    `workload` has whole hours (`contact`, `self_study`, `assessment`) and perhaps `local_credits`, a list of
    `framework` and `hours_per_credit`. What the achievement states is kept; hours that it states otherwise
    raise MicroCredentialError (`hours_differ`), as does a workload that cannot be read (`wrong_shape`).
    """
    if workload is None:
        return achievement
    hours = _hours(workload)
    stated = achievement.get("volumeOfLearning")
    if stated is not None and stated not in (hours, f"PT{hours}H"):
        raise MicroCredentialError(
            "hours_differ",
            f"The parts make {hours} hours, but “volumeOfLearning” states others.",
            path=_PATH,
            fix="Correct the parts, or leave “volumeOfLearning” out.",
        )
    points = items(achievement.get("creditPoint"))
    present = {text(point.get("framework")) for _, point in objects(points)}
    added = [point for point in _points(hours, workload) if point["framework"] not in present]
    more = {"creditPoint": [*points, *added]} if added else {}
    return {**achievement, "volumeOfLearning": f"PT{hours}H", **more}


def _hours(workload: Any) -> int:
    if not isinstance(workload, dict) or not workload or set(workload) - {*PARTS, _LOCAL}:
        raise _wrong(_PATH, f"hours under {', '.join(PARTS)}")
    hours = 0
    for part in PARTS:
        value = workload.get(part, 0)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST:
            raise _wrong(f"{_PATH}.{part}", "a whole number of hours")
        hours += value
    if not hours:
        raise _wrong(_PATH, "at least one hour")
    return hours


def _points(hours: int, workload: dict[str, Any]) -> list[dict[str, Any]]:
    ects = ects_of_hours(hours)
    points = [] if ects is None else [{"framework": ECTS, "point": str(plain_number(ects))}]
    for place, one in enumerate(items(workload.get(_LOCAL))):
        path = f"{_PATH}.{_LOCAL}[{place}]"
        if not isinstance(one, dict) or set(one) != {"framework", "hours_per_credit"}:
            raise _wrong(path, "“framework:” and “hours_per_credit:”, both filled")
        worth = decimal(one["hours_per_credit"])
        if worth is None or not 1 <= worth <= _MOST or not text(one["framework"]):
            raise _wrong(path, "the IRI of a credit system and the hours that one of its credits takes")
        credits_ = Decimal(hours) / worth // _HALF * _HALF
        if credits_ > 0:
            points.append({"framework": text(one["framework"]), "point": str(plain_number(credits_))})
    return points


def _wrong(path: str, wanted: str) -> MicroCredentialError:
    return MicroCredentialError(
        "wrong_shape",
        f"Here belongs {wanted}.",
        path=path,
        fix="Write “workload: {contact: 24, self_study: 60, assessment: 6}”.",
    )
