"""Secure a planned credential in its form with a key of its institution, and read back what was made.

Two workers that do the same plan must make the same bytes. Ed25519, ECDSA (RFC 6979) and RSA with PKCS #1
v1.5 give them by themselves. The two numbers of an `ecdsa-sd-2023` proof are derived from a secret that only
the signing key can make (ADR 23).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlmodel import Session

from issuer.deployment import Deployment
from issuer.errors import IssuerError
from issuer.institutions import issuer_profile, published_did_document, signing_key
from issuer.keyring import Keyring
from issuer.proof_forms import ProofForm
from issuer.published_keys import key_address
from issuer.shown_text import own_contexts, shown_text
from issuer.tables import Institution
from keys import PublicKey, Signer
from keys.did import keys_from_did_document
from microcredential.credential import rfc3339
from ob3 import BatchSigner, Ob3Error, add_proof, verify_proof
from ob3.jws import JwsInvalid, check_claims, check_jws_signature, credential_jwt, credential_of, read_jws
from ob3.strict_json import dump, parse

# No proof and no token signs these bytes: of proofs 64 or 99 bytes are signed, of tokens base64url and dots.
_MATERIAL = b"testamur: the secret of the ecdsa-sd-2023 base proofs of this key, 1; this is no document"


@dataclass(frozen=True, kw_only=True)
class Reader:
    """What it takes to read what was sealed: a form, a public key as the world finds it, its name in tokens.

    There is no secret in it.
    """

    form: ProofForm
    kid: str
    public_key: PublicKey
    base_url: str

    def shown(self, text: str) -> str:
        """Give what readers are given of a secured text."""
        return shown_text(text, self.form, self.base_url)

    def read_back(self, text: str, unsigned: Mapping[str, Any]) -> None:
        """Read what was made as the world will, with the published key (THREATS I3).

        Raises IssuerError `signed_wrong`.
        """
        try:
            verified = self._verified(text)
        except Ob3Error as error:
            raise IssuerError("signed_wrong", f"What was signed does not verify: {error.message}") from error
        if verified != unsigned:
            raise IssuerError("signed_wrong", "What was signed is not what was planned.")

    def _verified(self, text: str) -> dict[str, Any]:
        if not self.form.is_token:
            shown = parse(self.shown(text))
            if shown["proof"][0].get("cryptosuite") != self.form.cryptosuite:
                raise IssuerError("signed_wrong", "What was signed is of another form.")
            contexts = own_contexts(self.base_url)
            return verify_proof(
                shown, verification_key=self.public_key, extra_contexts=contexts, copy=False
            ).document
        token = read_jws(text)
        check_jws_signature(token, self.public_key)
        if check_claims(token) or token.kid != self.kid:
            raise JwsInvalid("claims_missing", "A claim of the token, or the name of its key, is not right.")
        return credential_of(token)


@dataclass(frozen=True, kw_only=True)
class Seal(Reader):
    """A form and the key that signs in it, with what reads it back."""

    signer: Signer

    def secure(self, unsigned: Mapping[str, Any], *, created: datetime) -> str:
        """Give the text to store: a compact token, or compact JSON with its proof in an array (OB schema).

        Raises Ob3Error for a document that cannot be secured in this form.
        """
        document = dict(unsigned)
        if self.form.cryptosuite is None:
            return credential_jwt(document, signer=self.signer, kid=self.kid)
        if self.form is ProofForm.EDDSA_RDFC_2022:
            return self._batch.secured(document, created=rfc3339(created))
        secured = add_proof(
            document,
            signer=self.signer,
            created=rfc3339(created),
            cryptosuite=self.form.cryptosuite,
            extra_contexts=own_contexts(self.base_url),
            secret=_secret(self.signer) if self.form.is_selective else None,
        )
        return dump({**secured, "proof": [secured["proof"]]})

    def secure_text(self, unsigned: str, *, created: datetime) -> str:
        """Do the same for a compact text, of which there must be one reading."""
        if self.form is ProofForm.EDDSA_RDFC_2022:
            return self._batch.secured_text(unsigned, created=rfc3339(created))
        return self.secure(parse(unsigned), created=created)

    @cached_property
    def _batch(self) -> BatchSigner:
        """Give what remembers the shapes of the credentials that were sealed here."""
        return BatchSigner(self.signer, extra_contexts=own_contexts(self.base_url))


def institution_seal(
    deployment: Deployment, keyring: Keyring, session: Session, institution: Institution, form: ProofForm
) -> Seal:
    """Give what signs for an institution in a form today.

    Raises IssuerError `no_key` if the institution has no key for it, or if this process holds no keys.
    """
    method = signing_key(session, institution, form.algorithm).verification_method
    did = str(issuer_profile(institution)["id"])
    public_key = keys_from_did_document(published_did_document(session, institution), did)[method]
    return Seal(
        form=form,
        signer=keyring.signer(method),
        kid=key_name(deployment, institution.slug, method, public_key),
        public_key=public_key,
        base_url=deployment.base_url,
    )


def key_name(deployment: Deployment, slug: str, method: str, key: PublicKey) -> str:
    """Give the `kid` of tokens: the address of the JWK, or where the issuer is a did:key that key's name.

    Source: Open Badges 3.0, "Create the JOSE Header": it can be dereferenced to a JWK.
    """
    return method if deployment.is_loopback else key_address(deployment, slug, key)


def _secret(signer: Signer) -> bytes:
    return hashlib.sha256(signer.sign(_MATERIAL)).digest()
