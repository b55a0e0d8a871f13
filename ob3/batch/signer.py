"""Sign a batch: what `add_proof` gives, for documents of known shapes at a fraction of the work."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from keys import Signer
from ob3.batch.shapes import Form, Shapes
from ob3.canonical import canonicalize
from ob3.copying import copied
from ob3.expansion import context_set
from ob3.frozen_contexts import FrozenContexts
from ob3.proof import add_proof, new_options
from ob3.strict_json import dump, parse
from ob3.suites.proof_value import write_signature
from ob3.suites.rdfc import EDDSA_RDFC_2022

_SUITE = EDDSA_RDFC_2022
_MOST_RECENT = 16  # times of proofs; credentials that are planned together have one


@dataclass(frozen=True)
class _Options:
    """The options of a proof, as a value, as JSON, and the hash of their canonical form."""

    members: dict[str, Any]
    text: str
    digest: bytes


class BatchSigner:
    """Signs credentials with one key in `eddsa-rdfc-2022`, learning their shapes on the way.

    `extra_contexts` maps the addresses of contexts that are not pinned here to their documents, which are
    copied. Threads may share a signer. It holds texts of the credentials that it has met.

    >>> batch = BatchSigner(key.signer())  # doctest: +SKIP
    >>> batch.add_proof(credential, created=now) == add_proof(credential, signer=key.signer(), created=now)
    ... # doctest: +SKIP
    True
    """

    def __init__(
        self,
        signer: Signer,
        *,
        extra_contexts: Mapping[str, dict[str, Any]] | None = None,
        purpose: str = "assertionMethod",
    ) -> None:
        self._signer = signer
        self._purpose = purpose
        self._extra_contexts = FrozenContexts(extra_contexts or {})
        contexts = context_set(self._extra_contexts)
        self._documents, self._proofs = Shapes(contexts), Shapes(contexts)
        self._recent: dict[Hashable, _Options] = {}

    def add_proof(self, credential: dict[str, Any], *, created: str) -> dict[str, Any]:
        """Give what `ob3.add_proof` gives for this credential, key and time; raises what it raises."""
        form = self._documents.form(credential)
        if form is None:
            return self._in_the_ordinary_way(credential, created)
        options = self._options(credential["@context"], created)
        proof = {**options.members, "proofValue": self._value(options, form)}
        return {**copied(credential), "proof": proof}

    def secured(self, credential: dict[str, Any], *, created: str) -> str:
        """Give the same as `ob3.strict_json.dump` writes it, with the proof in a list of one.

        Raises what `ob3.add_proof` raises.
        """
        form = self._documents.form(credential)
        if form is None:
            made = self._in_the_ordinary_way(credential, created)
            return dump({**made, "proof": [made["proof"]]})
        return self._with_proof(form.json(), form, created)

    def secured_text(self, text: str, *, created: str) -> str:
        """Give what `secured` gives for a credential that `ob3.strict_json.dump` has written.

        Nothing is read of a text of a known shape but what differs in it. Raises what `ob3.strict_json.parse`
        and `ob3.add_proof` raise.
        """
        form = self._documents.form_of_text(text)
        if form is None:
            return self.secured(parse(text), created=created)
        return self._with_proof(text, form, created)

    def _with_proof(self, text: str, form: Form, created: str) -> str:
        options = self._options(form.look.context, created)
        value = self._value(options, form)
        return f'{text[:-1]},"proof":[{options.text[:-1]},"proofValue":"{value}"}}]}}'

    def _in_the_ordinary_way(self, credential: dict[str, Any], created: str) -> dict[str, Any]:
        made = add_proof(
            credential,
            signer=self._signer,
            created=created,
            cryptosuite=_SUITE.name,
            purpose=self._purpose,
            extra_contexts=self._extra_contexts,
        )
        self._documents.learn(credential)
        return made

    def _options(self, context: Any, created: str) -> _Options:
        """Give the options of proofs of one time, under the contexts of a credential that can be signed.

        Raises ProofInvalid for a malformed time.
        """
        key = created, tuple(context) if isinstance(context, list) else context
        known = self._recent.get(key)
        if known is not None:
            return known
        members = new_options(_SUITE, self._signer, created=created, purpose=self._purpose)
        under = {**members, "@context": context}
        form = self._proofs.form(under)
        if form is None:
            canonical = canonicalize(under, extra_contexts=self._extra_contexts).encode()
            self._proofs.learn(under)
        else:
            canonical = form.canonical
        made = _Options(members, dump(members), hashlib.sha256(canonical).digest())
        if len(self._recent) >= _MOST_RECENT:
            self._recent.clear()
        self._recent[key] = made
        return made

    def _value(self, options: _Options, form: Form) -> str:
        """Sign options and document (VC-DI-EdDSA 1.0, sections 3.2.4 and 3.2.6)."""
        return write_signature(self._signer.sign(options.digest + hashlib.sha256(form.canonical).digest()))
