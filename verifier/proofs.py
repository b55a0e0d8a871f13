"""Steps 8 and 9: which proofs count, and whether one of them fits (P1 to P8).

A document may carry several proofs. Only those count that are of a suite we read, were made for the purpose
that is asked for and are bound to the issuer; one that fits is enough, and every failing one among them is
shown. One that depends on others fits only with all of them. `created` says nothing about when a proof was
made and saves nothing (P9).
"""

from collections.abc import Sequence

from verifier.issuer_keys import IssuerKeys
from verifier.json_types import as_list
from verifier.proof_judging import Contexts, Judged, ProofJudge, Rank
from verifier.proven import Document, ProvenDocument, unproven
from verifier.report import failed, warning

__all__ = ["ProvenDocument", "check_proofs"]

_RANKS = tuple(Rank)
_FITTING = (Rank.confirmed, Rank.unconfirmed)
# Each proof may need a canonical form of its own, whose cost follows the number of values, not their length:
# this keeps all of them below a second (20,000 values take a quarter of one).
_VALUES_TIMES_PROOFS = 40_000
_FAILING = (Rank.misfit, Rank.refused, Rank.absent)
_OPEN = (Rank.unlearned, Rank.unsupported)


def check_proofs(
    document: Document,
    issuer: str,
    keys: IssuerKeys,
    *,
    extra_contexts: Contexts,
    max_proofs: int,
    expected_purpose: str = "assertionMethod",
    domain: str | Sequence[str] | None = None,
    challenge: str | None = None,
    allow_keywords: bool = False,
    every_one: bool = False,
    learn: bool = True,
) -> ProvenDocument:
    """Judge every proof of a document and give the best answer; never raises for a bad one.

    `domain` and `challenge` are asked of a proof where given; `allow_keywords` is for documents that are no
    badges, as in `ob3.canonicalize`. `every_one`: all proofs that count must fit, as VC-DI 1.0, section 4.5,
    has it for a set as a whole; Open Badges 3.0 asks for one. `learn` as in `check_canonical`.
    """
    proofs = as_list(document.get("proof"))
    if not proofs:
        return unproven(failed("signature", "no_proof"))
    most = max_proofs
    if len(proofs) > 1:
        most = min(max_proofs, max(1, _VALUES_TIMES_PROOFS // _count_of_values(document)))
    if len(proofs) > most:
        return unproven(failed("signature", "limit_count", what=f"more than {most} signatures"))
    judge = ProofJudge(
        document=dict(document),
        issuer=issuer,
        keys=keys,
        contexts=extra_contexts,
        purpose=expected_purpose,
        domain=domain,
        challenge=challenge,
        allow_keywords=allow_keywords,
        learn=learn,
    )
    return _best([judge.judge(one) for one in proofs], every_one=every_one)


def _best(judged: list[Judged], *, every_one: bool) -> ProvenDocument:
    best = min(judged, key=lambda one: _RANKS.index(one.rank))
    failing = [one for one in judged if one.rank in _FAILING]
    in_question = failing or [one for one in judged if one.rank in _OPEN]
    if best.rank in _FITTING and in_question and every_one:
        return in_question[0].proven
    if best.rank not in _FITTING or not failing:
        return best.proven
    found = best.proven
    detail = {**found.signature.detail, "misfits": str(len(failing))}
    signature = warning("signature", "another_proof_fails", **detail)
    return ProvenDocument(found.issuer_key, signature, found.document, found.proof)


def _count_of_values(document: Document) -> int:
    count, waiting = 0, [*document.values()]
    while waiting:
        one = waiting.pop()
        count += 1
        if isinstance(one, dict):
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
    return count
