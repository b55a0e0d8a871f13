"""The process in which planned credentials are linted beside the one that issues (`issuer.lint_beside`).

It is given names and addresses and makes a throw-away key of its own: it holds no key of an institution,
opens no database and no network, and writes nothing but its answers. It ends when its input ends, so also
when whoever began it has died.
"""

import json
import os
from collections.abc import Iterable
from datetime import datetime
from typing import Any, BinaryIO

from issuer.lint import Lint, LintRefused, own_verifier
from issuer.proof_forms import ProofForm
from ob3.strict_json import parse


def serve() -> None:
    """Answer each plan on the standard input with one line; a first line says for whom the lint is."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # nothing else may come between the answers
    with os.fdopen(0, "rb") as plans:
        answer(plans, answers)


def answer(plans: BinaryIO, answers: BinaryIO) -> None:
    """Write null for each plan that may be signed, else why it must not be; a plan has two lines."""
    terms: dict[str, Any] = json.loads(plans.readline())
    form = ProofForm(terms.pop("form"))
    lint = Lint(**terms, form=form, verifier_factory=own_verifier)
    lines: Iterable[bytes] = iter(plans.readline, b"")
    for line in lines:
        answers.write(json.dumps(_refusal(lint, json.loads(line), plans.readline())).encode() + b"\n")


def _refusal(lint: Lint, plan: dict[str, Any], unsigned: bytes) -> str | None:
    try:
        lint.check(
            parse(unsigned.rstrip(b"\n")),
            valid_from=datetime.fromisoformat(plan["valid_from"]),
            lists=plan["lists"],
        )
    except LintRefused as refused:
        return refused.message
    return None
