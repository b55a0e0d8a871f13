"""Issue a credential: hold it to the data model, see that every term has a meaning, and sign it.

The form that gets signed is made once in a limited child before anything is made here, as for every document
that a stranger hands in.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.vc_api.bodies import Options, text_of, texts_of
from app.vc_api.issuers import TOKENS, EphemeralKeys, SuiteIssuer
from app.vc_api.refusals import Refused, bad, of
from app.vc_api.status_lists import MemoryStatusList, stamp
from ob3 import Ob3Error, add_proof
from ob3.contexts import VC1, VC2
from ob3.jws import credential_jwt
from ob3.selective import derive
from ob3.status_entry import read_status_entry
from verifier.any_credential import check_any_canonical, check_any_contexts
from verifier.data_model import credential_faults
from verifier.json_types import as_list, has_type, id_of
from verifier.report import Outcome

PROOF_CONTEXT = "https://w3id.org/security/data-integrity/v2"
_SELECTIVE = "ecdsa-sd-2023"
_MOST_PROOFS = 8
_AS_TOKEN = ("jwt", "vc+jwt", "application/vc+jwt")

Document = dict[str, Any]
Contexts = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Issuing:
    """Issue and derive with the keys of one process."""

    keys: EphemeralKeys
    statuses: MemoryStatusList
    clock: Callable[[], datetime]

    def issue(self, credential: Document, options: Options, issuer: SuiteIssuer) -> Document | str:
        """Give the secured credential: with a proof, or as a token in an envelope (as text if asked for).

        Raises Refused.
        """
        credential = with_proof_context(credential) if issuer.suite != TOKENS else credential
        _refuse_faults(credential)
        self._refuse_foreign(credential, issuer)
        if issuer.with_status:
            credential = self._with_status(credential)
        extra = checked_contexts(credential)
        try:
            if issuer.suite == TOKENS:
                return self._token(credential, options, issuer)
            return self._proven(credential, options, issuer, extra)
        except Ob3Error as error:
            raise of(error) from error

    def derive(self, credential: Document, options: Options) -> Document:
        """Give what the holder of a base proof chooses to show. Raises Refused."""
        pointers = texts_of(options, "selectivePointers")
        credential = with_proof_context(credential)
        _refuse_faults(credential)
        extra = checked_contexts(credential)
        try:
            return derive(
                credential,
                selective_pointers=pointers or [],
                extra_contexts=_plain(extra),
                allow_keywords=True,
            )
        except Ob3Error as error:
            raise of(error) from error

    def _refuse_foreign(self, credential: Document, issuer: SuiteIssuer) -> None:
        """Sign in nobody's name but that of the key (P1)."""
        own = self.keys.did(issuer.algorithm)
        if id_of(credential.get("issuer")) != own:
            raise Refused(
                422, "foreign_issuer", f"This address signs for {own} alone; name it as the issuer."
            )

    def _with_status(self, credential: Document) -> Document:
        entry = self.statuses.entry(str(credential.get("id", "")))
        present = as_list(credential.get("credentialStatus"))
        return {**credential, "credentialStatus": [*present, entry] if present else entry}

    def _token(self, credential: Document, options: Options, issuer: SuiteIssuer) -> Document | str:
        token = credential_jwt(credential, signer=self.keys.signer(issuer.algorithm), all_claims=False)
        if text_of(options, "format") in _AS_TOKEN:
            return token
        return {
            "@context": VC2,
            "id": f"data:application/vc+jwt,{token}",
            "type": "EnvelopedVerifiableCredential",
        }

    def _proven(
        self, credential: Document, options: Options, issuer: SuiteIssuer, extra: Contexts
    ) -> Document:
        if len(as_list(credential.get("proof"))) >= _MOST_PROOFS:
            raise bad("too_many_proofs", f"The credential has {_MOST_PROOFS} proofs already.")
        pointers = texts_of(options, "mandatoryPointers")
        if pointers and issuer.suite != _SELECTIVE:
            raise bad("malformed_option", f"Mandatory pointers are for {_SELECTIVE} alone.")
        return add_proof(
            credential,
            signer=self.keys.signer(issuer.algorithm),
            created=stamp(self.clock()),
            cryptosuite=issuer.suite,
            extra_contexts=_plain(extra),
            allow_keywords=True,
            mandatory_pointers=pointers or (),
            beside_others="proof" in credential,
            id=text_of(options, "proofId"),
            previous_proof=_previous(options),
        )


def with_proof_context(credential: Document) -> Document:
    """Give a credential of the data model 1.1 the context of proofs, which that of 2.0 has in itself."""
    sequence = credential.get("@context")
    if not isinstance(sequence, list) or sequence[:1] != [VC1] or PROOF_CONTEXT in sequence:
        return credential
    return {**credential, "@context": [*sequence, PROOF_CONTEXT]}


def checked_contexts(credential: Document) -> Contexts:
    """Give the contexts to read besides the pinned ones, once every term was found to have a meaning.

    Raises Refused; 422 where nothing could be found out at the moment.
    """
    contexts = check_any_contexts(credential)
    canonical = check_any_canonical(credential, contexts, isolate=True)
    for one in (contexts.check, canonical):
        if one.outcome is Outcome.failed:
            raise bad(one.code, one.message)
        if one.outcome is not Outcome.passed:
            raise Refused(422, one.code, one.message)
    return contexts.extra


def _refuse_faults(credential: Document) -> None:
    for fault in credential_faults(credential, zone_required=True):
        raise bad("data_model", str(fault))
    for entry in as_list(credential.get("credentialStatus")):
        if has_type(entry, "BitstringStatusListEntry"):
            try:
                read_status_entry(entry)
            except Ob3Error as error:
                raise of(error) from error


def _previous(options: Options) -> str | list[str] | None:
    one = options.get("previousProof")
    return texts_of(options, "previousProof") if isinstance(one, list) else text_of(options, "previousProof")


def _plain(contexts: Contexts) -> dict[str, dict[str, Any]]:
    return {url: dict(one) for url, one in contexts.items()}
