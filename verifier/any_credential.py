"""Steps 4 to 7 for credentials and presentations that need not be badges (`Policy.any_credential`).

The way is the same as a badge's, with other answers to three questions: the shape is that of the W3C data
model, no schema is asked for, and the contexts are those that we carry, the one of examples, and what is
written into the document. What no context defines is refused here too.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from keys.did import did_of
from ob3.contexts import CONTEXTS, PINNED_EXAMPLES
from ob3.jws import Jws
from ob3.strict_json import parse
from verifier.canonical import check_canonical
from verifier.contexts import Contexts
from verifier.data_model import credential_faults, presentation_faults
from verifier.issuer_keys import IssuerKeys
from verifier.json_types import as_list, as_object, id_of, objects_within
from verifier.jws_presentations import check_presentation_jws
from verifier.policy import Policy
from verifier.proofs import check_proofs
from verifier.proven import ProvenDocument
from verifier.report import Check, Outcome, failed, passed, warning

Document = Mapping[str, Any]
EXAMPLES: Mapping[str, dict[str, Any]] = MappingProxyType(
    {one.url: parse(one.read()) for one in PINNED_EXAMPLES}
)


def check_any_shape(document: object) -> Check:
    """Judge a credential by the rules of the W3C data model; the first fault is reported."""
    for fault in credential_faults(document):
        return failed("shape", "data_model", reason=str(fault)[:300])
    return passed("shape", "data_model_fits")


def check_any_contexts(document: Document) -> Contexts:
    """Say whether every context is one that we carry or stands in the document itself."""
    named = [
        one
        for node in objects_within(document)
        for one in as_list(node.get("@context"))
        if "@context" in node
    ]
    urls = [one for one in named if isinstance(one, str)]
    strange = [one for one in urls if one not in CONTEXTS and one not in EXAMPLES]
    if strange or not all(isinstance(one, str | dict) for one in named):
        return Contexts(failed("context", "context_unknown", contexts=" ".join(strange)[:500]))
    extra = {url: EXAMPLES[url] for url in urls if url in EXAMPLES}
    return Contexts(passed("context", "contexts_carried"), extra)


def check_any_canonical(document: Document, contexts: Contexts, *, isolate: bool) -> Check:
    """Make the canonical form with the freedoms that a document has which is no badge."""
    return check_canonical(document, extra_contexts=contexts.extra, isolate=isolate, allow_keywords=True)


def before_any_signature(document: Document, contexts: Contexts, policy: Policy) -> list[Check]:
    """Make steps 5 to 7."""
    checks = [passed("schema", "no_schema_asked"), contexts.check]
    if contexts.check.outcome is Outcome.passed:
        checks.append(check_any_canonical(document, contexts, isolate=policy.isolate))
    return checks


def without_open_status(check: Check) -> Check:
    """Turn a status that could not be read into a remark, where nobody asked for it."""
    if check.outcome is not Outcome.unknown:
        return check
    return warning("status", "status_left_open", reason=check.message[:300])


def check_any_presentation(
    document: dict[str, Any], *, jws: Jws | None, keys: IssuerKeys, policy: Policy
) -> list[Check]:
    """Judge a presentation itself: its form, its terms, and the holder's signature, which must be there.

    Without a `holder` whoever signed is bound to nothing but the key; a holder must be who signed.
    """
    for fault in presentation_faults(document):
        return [failed("shape", "data_model", reason=str(fault)[:300])]
    contexts = check_any_contexts(document)
    checks = [passed("shape", "data_model_fits"), *before_any_signature(document, contexts, policy)]
    if any(one.outcome is not Outcome.passed for one in checks):
        return checks
    proven = _proven_presentation(document, jws, keys, contexts, policy)
    return [*checks, proven.issuer_key, proven.signature]


def _proven_presentation(
    document: dict[str, Any], jws: Jws | None, keys: IssuerKeys, contexts: Contexts, policy: Policy
) -> ProvenDocument:
    expected = policy.of_presentations
    if jws is not None:
        return check_presentation_jws(
            jws,
            document,
            keys,
            skew=policy.skew,
            domain=expected.domain,
            challenge=expected.challenge,
        )
    return check_proofs(
        document,
        id_of(document.get("holder")) or _signer(document),
        keys,
        extra_contexts=contexts.extra,
        max_proofs=policy.max_proofs,
        expected_purpose=expected.purpose,
        domain=expected.domain,
        challenge=expected.challenge,
        allow_keywords=True,
    )


def _signer(document: Document) -> str:
    methods = [as_object(one).get("verificationMethod") for one in as_list(document.get("proof"))]
    return next((did_of(one) for one in methods if isinstance(one, str)), "")
