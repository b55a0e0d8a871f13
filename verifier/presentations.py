"""A verifiable presentation: the envelope in which a holder hands over credentials (VCDM 2.0, section 4.13).

It says nothing about anybody's learning, and so nothing of it is shown: the credentials inside are judged by
themselves. An unsigned one is a mere envelope. Where the holder has signed it, that signature must have been
made for authentication and fit, with the holder's own key; whether it answers a question of ours is not
asked, for nobody asked one.
"""

from collections.abc import Mapping
from typing import Any

from keys.did import did_of
from ob3.contexts import CONTEXTS
from ob3.jws import Jws
from verifier.any_credential import check_any_presentation
from verifier.canonical import check_canonical
from verifier.contexts import Documents, check_contexts
from verifier.issuer_keys import IssuerKeys
from verifier.json_types import as_list, as_object, has_type, id_of
from verifier.jws_presentations import check_presentation_jws
from verifier.policy import Policy
from verifier.proofs import check_proofs
from verifier.proven import ProvenDocument
from verifier.report import CHECK_IDS, Check, Outcome, failed, passed, skipped, unknown
from verifier.versions import version_of

PRESENTATION = "VerifiablePresentation"
_READ = ("kind", "container", "parse")

Document = Mapping[str, Any]


def is_presentation(document: object) -> bool:
    """Tell whether a document is a presentation, and not a credential that calls itself one as well."""
    return has_type(document, PRESENTATION) and not has_type(document, "VerifiableCredential")


def check_presentation(
    document: dict[str, Any], *, jws: Jws | None, keys: IssuerKeys, accepted: Documents, policy: Policy
) -> list[Check]:
    """Judge the envelope and the holder's signature on it; never raises for a bad one.

    `jws` is the token that it came as; its signature then takes the place of proofs.
    """
    if policy.any_credential:
        return _all(*check_any_presentation(document, jws=jws, keys=keys, policy=policy))
    if version_of(document) is None:
        return _all(failed("shape", "not_a_badge"))
    shape = passed("shape", "presentation_read")
    if jws is not None:
        return _all(shape, _answer(check_presentation_jws(jws, document, keys, skew=policy.skew)))
    if not as_list(document.get("proof")):
        return _all(shape, skipped("signature", "presentation_unsigned"))
    extra = _further_contexts(document, accepted)
    if not _are_known(document, extra):
        return _all(shape, unknown("signature", "unsupported_presentation"))
    # it is no badge, and nothing of it is shown: it may be spelt as freely as JSON-LD allows
    canonical = check_canonical(document, extra_contexts=extra, isolate=policy.isolate, allow_keywords=True)
    if canonical.outcome is not Outcome.passed:
        hit = canonical.code == "limit_work" or canonical.outcome is Outcome.unknown
        return _all(shape, canonical if hit else unknown("signature", "unsupported_presentation"))
    return _all(shape, _holders_signature(document, keys, extra, policy))


def _holders_signature(document: dict[str, Any], keys: IssuerKeys, extra: Documents, policy: Policy) -> Check:
    holder = id_of(document.get("holder")) or _signer(document)
    proven = check_proofs(
        document,
        holder,
        keys,
        extra_contexts=extra,
        max_proofs=policy.max_proofs,
        expected_purpose="authentication",
        allow_keywords=True,
    )
    return _answer(proven)


def _answer(proven: ProvenDocument) -> Check:
    if proven.signature.code == "presentation_lapsed":
        return proven.signature
    answers = (proven.signature, proven.issuer_key)
    if any(one.code.startswith(("limit_", "unsupported_")) for one in answers):
        return next(one for one in answers if one.code.startswith(("limit_", "unsupported_")))
    if any(one.outcome is Outcome.failed for one in answers):
        return failed("signature", "presentation_misfit")
    if not proven.confirmed:
        return unknown("signature", "presentation_unconfirmed")
    return passed("signature", "presentation_signed")


def _signer(document: Document) -> str:
    """Give whoever signed, where no holder is named: then nobody's name is claimed."""
    methods = [as_object(one).get("verificationMethod") for one in as_list(document.get("proof"))]
    return next((did_of(one) for one in methods if isinstance(one, str)), "")


def _further_contexts(document: Document, accepted: Documents) -> Documents:
    extra: dict[str, Document] = {}
    for one in as_list(document.get("verifiableCredential")):
        if isinstance(one, dict):
            extra |= check_contexts(one, accepted=accepted).extra
    return extra


def _are_known(document: Document, extra: Documents) -> bool:
    named = as_list(document.get("@context"))
    return all(isinstance(one, str) and (one in CONTEXTS or one in extra) for one in named)


def _all(*made: Check) -> list[Check]:
    """Add what is asked of each credential inside and not of the envelope."""
    found = {one.id: one for one in made}
    return [found.get(one) or skipped(one, "asked_of_each") for one in CHECK_IDS if one not in _READ]
