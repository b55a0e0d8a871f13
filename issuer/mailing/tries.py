"""The tries of a mail, kept with it: when each was made, and what the server answered."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

LONGEST_ANSWER = 500  # characters
_KEPT = 40  # tries of one mail; more only where people ask for it again and again


class Outcome(StrEnum):
    """What a try came to; `begun` is one of which nothing more is known, for the process ended."""

    BEGUN = "begun"
    SENT = "sent"
    DEFERRED = "deferred"
    REFUSED = "refused"


@dataclass(frozen=True)
class MailTry:
    """One try; `answer` is what the server said, or what kept us from asking it."""

    at: datetime
    outcome: Outcome
    answer: str


def tries_of(text: str | None) -> tuple[MailTry, ...]:
    """Read the tries of a row, the first one first."""
    found: list[Mapping[str, str]] = json.loads(text or "[]")
    return tuple(
        MailTry(datetime.fromisoformat(each["at"]), Outcome(each["outcome"]), each["answer"])
        for each in found
    )


def begun(text: str | None, at: datetime) -> str:
    """Add a try that begins now."""
    return _written((*tries_of(text), MailTry(at, Outcome.BEGUN, "")))


def ended(text: str | None, outcome: Outcome, answer: str) -> str:
    """Say how the last try ended."""
    before = tries_of(text)
    if not before:
        return _written(())
    return _written((*before[:-1], MailTry(before[-1].at, outcome, answer[:LONGEST_ANSWER])))


def _written(tries: tuple[MailTry, ...]) -> str:
    told = [
        {"at": each.at.isoformat(), "outcome": each.outcome.value, "answer": each.answer}
        for each in tries[-_KEPT:]
    ]
    return json.dumps(told, ensure_ascii=False)
