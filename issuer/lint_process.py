"""The process that lints and reads back beside the one that issues (`issuer.lint_beside`).

It is given names, addresses and the public key of the institution, and makes a throw-away key of its own: it
holds no key of an institution, opens no database and no network, and writes nothing but its answers. It ends
when its input ends, so also when whoever began it has died.

Each request is a line of JSON with one entry for each line of text behind it, and is answered in one line
with as many entries. Plans are answered with null, or why they must not be signed. What was signed of the
plans that were answered longest ago comes with their numbers, and is answered with whether it is that plan,
signed. The canonical form of that document is then remembered from the lint, where the direct path found it.
"""

import gc
import json
import os
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, BinaryIO

from issuer.errors import IssuerError
from issuer.lint import Lint, LintRefused, own_verifier
from issuer.proof_forms import ProofForm
from issuer.sealing import Reader
from keys import PublicKey


def serve() -> None:
    """Answer each request on the standard input; a first line says for whom the lint is."""
    gc.freeze()  # what was imported stays, and no collection of garbage need look through it
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # nothing else may come between the answers
    with os.fdopen(0, "rb") as requests:
        answer(requests, answers)


def answer(requests: BinaryIO, answers: BinaryIO) -> None:
    """Write one line for each request, in their order."""
    judge = _Judge(**json.loads(requests.readline()))
    for line in iter(requests.readline, b""):
        asked: dict[str, list[Any]] = json.loads(line)
        ((kind, entries),) = asked.items()
        texts = [requests.readline().rstrip(b"\n").decode() for _ in entries]
        said = judge.refusals(entries, texts) if kind == "plans" else judge.are_right(entries, texts)
        answers.write(json.dumps(said).encode() + b"\n")


class _Judge:
    def __init__(self, *, form: str, public_key: str, **terms: str) -> None:
        secured_as, key = ProofForm(form), PublicKey.from_own_multikey(public_key)
        self._lint = Lint(
            base_url=terms["base_url"],
            issuer_id=terms["issuer_id"],
            method=terms["method"],
            country=terms["country"],
            kid=terms["kid"],
            form=secured_as,
            verifier_factory=own_verifier,
        )
        self._reader = Reader(form=secured_as, kid=terms["kid"], public_key=key, base_url=terms["base_url"])
        self._judged: deque[Sequence[dict[str, Any]]] = deque()

    def refusals(self, plans: Sequence[Mapping[str, Any]], texts: Sequence[str]) -> list[str | None]:
        """Say of each plan why it must not be signed, or nothing; the documents are kept until they are."""
        documents: list[dict[str, Any]] = []
        refusals: list[str | None] = []
        for plan, text in zip(plans, texts, strict=True):
            document, refusal = self._judge(plan, text)
            documents.append(document)
            refusals.append(refusal)
        self._judged.append(documents)
        return refusals

    def are_right(self, numbers: Sequence[int], texts: Sequence[str]) -> list[bool]:
        """Tell of each text whether it is the plan with that number, signed by the institution."""
        documents = self._judged.popleft()
        return [self._is_right(text, documents[number]) for number, text in zip(numbers, texts, strict=True)]

    def _judge(self, plan: Mapping[str, Any], text: str) -> tuple[dict[str, Any], str | None]:
        moment = datetime.fromisoformat(plan["valid_from"])
        try:
            return self._lint.check(text, valid_from=moment, lists=plan["lists"]), None
        except LintRefused as refused:
            return {}, refused.message

    def _is_right(self, text: str, unsigned: Mapping[str, Any]) -> bool:
        try:
            self._reader.read_back(text, unsigned)
        except IssuerError:
            return False
        return True
