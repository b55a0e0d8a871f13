"""Parts of result pages that are the same for many certificates: put into markup once for what they say."""

from functools import lru_cache
from typing import Any

from flask import current_app
from markupsafe import Markup

from app.check_words import Answer
from app.pages.view import Fact
from app.words import page_language

_ABOUT_A_PERSON = "right_person"  # what somebody typed of a learner is kept nowhere


def answer_item(answer: Answer, endorsements: tuple[Markup, ...], signature: str | Markup) -> Markup:
    """Write one answer, with the endorsements and the signature where it is about them."""
    lines = endorsements if answer.id == "endorsed" else ()
    signed = signature if answer.id == "unaltered" else ""
    if answer.id == _ABOUT_A_PERSON and answer.mark != "dash":
        return _answer_item.__wrapped__(page_language(), answer, lines, signed)
    return _answer_item(page_language(), answer, lines, signed)


def fact_item(fact: Fact) -> Markup:
    """Write one term with its values; those that lead are the learner's own, and are not kept."""
    return _written("fact", fact) if any(value.lead for value in fact.values) else _fact_item(fact)


@lru_cache(maxsize=1_000)
def _answer_item(_language: str, answer: Answer, lines: tuple[Markup, ...], signed: str | Markup) -> Markup:
    return _written("answer", answer, lines, signed)


@lru_cache(maxsize=1_000)
def _fact_item(fact: Fact) -> Markup:
    return _written("fact", fact)


def _written(part: str, *values: Any) -> Markup:
    """Call the macro of a part; all it says beside the values is in the language of the page."""
    template: Any = current_app.jinja_env.get_template(f"pages/parts/{part}.html")
    written: Markup = template.module.item(*values)
    return written
