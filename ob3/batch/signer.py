"""Sign a batch: what `add_proof` gives, for documents of known shapes at a fraction of the work."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from keys import Signer
from ob3.batch.shapes import Form, Shapes
from ob3.canonical import canonicalize
from ob3.copying import copied
from ob3.expansion import context_set
from ob3.proof import add_proof, new_options
from ob3.strict_json import dump
from ob3.suites.proof_value import write_signature
from ob3.suites.rdfc import EDDSA_RDFC_2022

_SUITE = EDDSA_RDFC_2022


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
        self._extra_contexts = deepcopy(dict(extra_contexts or {}))
        contexts = context_set(self._extra_contexts)
        self._documents, self._options = Shapes(contexts), Shapes(contexts)

    def add_proof(self, credential: dict[str, Any], *, created: str) -> dict[str, Any]:
        """Give what `ob3.add_proof` gives for this credential, key and time; raises what it raises."""
        form = self._form(credential)
        if form is None:
            return self._in_the_ordinary_way(credential, created)
        return {**copied(credential), "proof": self._proof(form, credential, created)}

    def secured(self, credential: dict[str, Any], *, created: str) -> str:
        """Give the same as `ob3.strict_json.dump` writes it, with the proof in a list of one.

        Raises what `ob3.add_proof` raises.
        """
        form = self._form(credential)
        if form is None:
            made = self._in_the_ordinary_way(credential, created)
            return dump({**made, "proof": [made["proof"]]})
        proof = dump(self._proof(form, credential, created))
        return f'{form.json()[:-1]},"proof":[{proof}]}}'

    def _form(self, credential: Any) -> Form | None:
        """Give the form of a credential of a known shape; one that has a proof is of none."""
        return self._documents.form(credential)

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

    def _proof(self, form: Form, credential: dict[str, Any], created: str) -> dict[str, Any]:
        """Give the proof over a document; raises ProofInvalid for a malformed time (VC-DI-EdDSA, 3.2.1)."""
        options = new_options(_SUITE, self._signer, created=created, purpose=self._purpose)
        under = {**options, "@context": credential["@context"]}
        digests = hashlib.sha256(self._canonical(under)).digest() + hashlib.sha256(form.canonical).digest()
        return {**options, "proofValue": write_signature(self._signer.sign(digests))}

    def _canonical(self, options: dict[str, Any]) -> bytes:
        form = self._options.form(options)
        if form is not None:
            return form.canonical
        text = canonicalize(options, extra_contexts=self._extra_contexts)
        self._options.learn(options)
        return text.encode()
