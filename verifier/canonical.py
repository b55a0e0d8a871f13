"""Step 7: the canonical form in safe mode: every term has a meaning, every id is absolute (J1, J2, J6)."""

from collections.abc import Mapping, Sequence
from typing import Any

from ob3 import FrozenContexts, Ob3Error, canonicalize
from ob3.errors import TooMuchWork
from verifier.descriptions import described_differently
from verifier.errors import LimitHit
from verifier.learned import learning
from verifier.limited import run_limited
from verifier.report import Check, failed, passed, unknown

Contexts = Mapping[str, Mapping[str, Any]]


def check_canonical(
    document: Mapping[str, Any],
    *,
    extra_contexts: Contexts,
    isolate: bool,
    allow_keywords: bool = False,
    learn: bool = True,
) -> Check:
    """Make the canonical form once, in a limited child where asked, and say whether it can be made.

    `allow_keywords` is for documents that are no badges, as in `ob3.canonicalize`; `learn` says whether the
    form may come from the shape of others (ADR 30).
    The second making, for the signature, takes the same work and so needs no child.
    """
    unsigned = _unsigned(document)
    try:
        if isolate:
            run_limited(_canonical_form, unsigned, extra_contexts, allow_keywords, learn)
        else:
            _canonical_form(unsigned, extra_contexts, allow_keywords, learn)
    except LimitHit as error:
        busy = error.code == "unavailable"
        return unknown("canonical", "reader_busy") if busy else failed("canonical", "limit_work")
    except TooMuchWork:
        return failed("canonical", "limit_work")
    except Ob3Error as error:
        return failed("canonical", "no_meaning", place=error.path[:200], reason=error.message[:300])
    twice = described_differently(document) if extra_contexts and not allow_keywords else None
    if twice is not None:
        return failed("canonical", "parts_differ", place=twice[:300])
    return passed("canonical", "every_term_known")


def check_work(documents: Sequence[tuple[Mapping[str, Any], Contexts]], *, check_id: str) -> Check | None:
    """Make the canonical forms of several documents in one limited child; None where that is within limits.

    Each is given with its further contexts. What is wrong with one of them is for its own examination.
    """
    try:
        given = [(_unsigned(document), dict(extra)) for document, extra in documents]
        run_limited(_canonical_forms, given)
    except LimitHit as error:
        busy = error.code == "unavailable"
        return unknown(check_id, "reader_busy") if busy else failed(check_id, "limit_work")
    except TooMuchWork:
        return failed(check_id, "limit_work")
    return None


def _canonical_forms(documents: Sequence[tuple[dict[str, Any], Contexts]]) -> None:
    for unsigned, extra in documents:
        try:
            _canonical_form(unsigned, extra, allow_keywords=False, learn=True)
        except TooMuchWork:
            raise
        except Ob3Error:
            continue


def _unsigned(document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name != "proof"}


def _canonical_form(
    unsigned: dict[str, Any], extra_contexts: Contexts, allow_keywords: bool, learn: bool
) -> None:
    extra = contexts_to_read(extra_contexts, learn=learn)
    canonicalize(unsigned, extra_contexts=extra, allow_keywords=allow_keywords)


def contexts_to_read(contexts: Contexts, *, learn: bool) -> FrozenContexts:
    """Give contexts as they are read under: those that remember shapes only where they may (ADR 30)."""
    found = learning(contexts)
    return found if learn else found.plain
