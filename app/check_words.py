"""Words for the checks of a report: the verifier's many checks as the few questions that a reader has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup

from app.phrases import isolated, named_in, phrase
from app.words import gettext, page_language
from app.words import lazy_gettext as _
from verifier import Check, Outcome
from verifier.explaining import explanation
from verifier.wording import WORDING


@dataclass(frozen=True)
class Question:
    """One question of the reader and the checks that answer it; `passed` where theirs say too little."""

    id: str
    checks: tuple[str, ...]
    title: object
    title_unknown: object
    passed: object = None


class Step(NamedTuple):
    """One of the checks that answer a question, and the code of what it found."""

    id: str
    code: str


@dataclass(frozen=True, eq=False)  # the same one for many certificates, so each is itself alone
class Answer:
    """A question with its outcome: mark, class and word of the state, sentences, and what follows."""

    id: str
    title: str
    mark: str
    css_class: str
    word: str
    is_open: bool
    sentences: tuple[Markup, ...]
    explained: tuple[Markup, ...]
    steps: tuple[Step, ...]


QUESTIONS: tuple[Question, ...] = (
    Question(
        "readable",
        ("kind", "container", "parse", "shape", "schema", "context", "canonical"),
        _("The file is complete and readable"),
        _("The file is complete and readable"),
        _("It follows the Open Badges 3.0 standard, and every term in it has an agreed meaning."),
    ),
    Question(
        "unaltered",
        ("signature",),
        _("Nothing was changed since it was signed"),
        _("Nothing was changed since it was signed"),
        _(
            "The digital signature fits every word of the certificate. If one letter of the name, the title "
            "or a date had been altered, this check would fail."
        ),
    ),
    Question(
        "own_signature",
        ("issuer_key",),
        _("The signature is the university’s own"),
        _("The signature is the issuer’s own"),
    ),
    Question(
        "known",
        ("trust",),
        _("The university is known to us"),
        _("The issuer is known to us"),
    ),
    Question("in_force", ("dates",), _("It is in force today"), _("It is in force today")),
    Question(
        "not_withdrawn",
        ("status",),
        _("It has not been withdrawn"),
        _("It has not been withdrawn"),
    ),
    Question(
        "newest",
        ("refresh",),
        _("It is the newest version"),
        _("It is the newest version"),
    ),
    Question(
        "endorsed",
        ("endorsements",),
        _("What others have signed inside it is genuine"),
        _("What others have signed inside it is genuine"),
    ),
    Question(
        "inside",
        ("within",),
        _("The certificates inside it are good"),
        _("The certificates inside it are good"),
    ),
    Question(
        "described",
        ("profile",),
        _("The description is complete"),
        _("The description is complete"),
    ),
    Question(
        "right_person",
        ("recipient",),
        _("Is this the right person?"),
        _("Is this the right person?"),
    ),
)

_STATES: Mapping[Outcome, tuple[str, str, object]] = {
    Outcome.failed: ("cross", "is-bad", _("Failed")),
    Outcome.unknown: ("open", "is-open", _("Could not be checked")),
    Outcome.warning: ("warn", "is-open", _("Warning")),
    Outcome.passed: ("tick", "is-good", _("Passed")),
    Outcome.skipped: ("dash", "quiet", _("Not applicable")),
}
_ORDER = tuple(_STATES)  # worst first, as they stand on the page
_NOT_ASKED = _("Not asked")


def answers(checks: Sequence[Check], *, known: bool) -> tuple[Answer, ...]:
    """Answer the reader's questions from the checks of a report: what is not passed first, and open.

    A class has the same answers: they are the same objects as long as the checks say the same. What was
    found of a person whom the reader has named is kept nowhere.
    """
    names_a_person = any(one.id == "recipient" and one.outcome is not Outcome.skipped for one in checks)
    give = _answers.__wrapped__ if names_a_person else _answers
    return give(page_language(), known, tuple([_said_of(one) for one in checks]))


_Said = tuple[str, str, str, str, tuple[tuple[str, str], ...]]


def _said_of(check: Check) -> _Said:
    """Give all of a check that an answer may tell; most checks also know what no sentence names."""
    told_of = check.detail
    names = _named_by(check.code)
    values = tuple([(name, told_of[name]) for name in names if name in told_of]) if names else ()
    return check.id, check.outcome.value, check.code, "" if check.code in WORDING else check.message, values


@lru_cache(maxsize=1_000)
def _named_by(code: str) -> tuple[str, ...]:
    return named_in(WORDING.get(code, ""))


@lru_cache(maxsize=500)
def _answers(_language: str, known: bool, said: tuple[_Said, ...]) -> tuple[Answer, ...]:
    """Answer from what the key says, so that nothing can count that the key does not hold."""
    by_id = {one[0]: Check(one[0], Outcome(one[1]), one[2], one[3], dict(one[4])) for one in said}
    given = [_answer(question, by_id, known) for question in QUESTIONS]
    found = [(worst, answer) for worst, answer in given if answer is not None]
    return tuple(answer for worst, answer in sorted(found, key=lambda pair: _ORDER.index(pair[0])))


def _answer(question: Question, by_id: Mapping[str, Check], known: bool) -> tuple[Outcome, Answer | None]:
    steps = tuple(by_id[name] for name in question.checks if name in by_id)
    if not steps:
        return Outcome.skipped, None
    worst = min((step.outcome for step in steps), key=_ORDER.index)
    mark, css_class, word = _STATES[worst]
    asked = _NOT_ASKED if question.id == "right_person" and worst is Outcome.skipped else word
    title = question.title if known else question.title_unknown
    is_open = worst not in (Outcome.passed, Outcome.skipped)
    return worst, Answer(
        question.id,
        str(title),
        mark,
        css_class,
        str(asked),
        is_open,
        _sentences(question, worst, steps),
        _explained(worst, steps) if is_open else (),
        tuple([Step(step.id, step.code) for step in steps]),
    )


def _sentences(question: Question, worst: Outcome, steps: Sequence[Check]) -> tuple[Markup, ...]:
    if worst is Outcome.passed and question.passed and len({step.code for step in steps}) == len(steps):
        return (phrase(question.passed),)
    return tuple(dict.fromkeys(told(step) for step in steps if step.outcome is worst))


def _explained(worst: Outcome, steps: Sequence[Check]) -> tuple[Markup, ...]:
    """Say what the findings mean for the reader and what to do next, each sentence once."""
    found = [explanation(step.code) for step in steps if step.outcome is worst]
    texts = [text for one in found if one for text in (one.meaning, one.next_step)]
    return tuple(phrase(gettext(text)) for text in dict.fromkeys(texts))


def told(check: Check) -> Markup:
    """Say what a check found, in the language of the page, with its values isolated."""
    template = WORDING.get(check.code)
    if template is None:
        return phrase(check.message)
    said = gettext(template)
    return phrase(said, {name: isolated(check.detail[name]) for name in named_in(said)})
