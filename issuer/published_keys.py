"""The keys of our institutions as programs look them up: DID documents, the key set, each key by itself."""

import json
from typing import Any

from sqlmodel import Session, col, select

from issuer.deployment import Deployment
from issuer.errors import NotFound
from issuer.institutions import institution_row, key_rows, public_key_of, published_did_document
from issuer.tables import Institution, InstitutionKey
from keys import PublicKey
from keys.jwk import jose_algorithm, thumbprint, to_jwk

KEY_SET_PATH = "/.well-known/jwks.json"
_SUFFIX = ".jwk"


def key_address(deployment: Deployment, slug: str, key: PublicKey) -> str:
    """Give the address at which one key of an institution stands as a JWK: its `kid` in the key set."""
    return f"{deployment.base_url}/institutions/{slug}/keys/{thumbprint(key)}{_SUFFIX}"


def did_document_text(deployment: Deployment, slug: str) -> str:
    """Give the DID document of an institution as served; raises NotFound."""
    with deployment.reading() as session:
        return _text(published_did_document(session, institution_row(session, slug)))


def key_set_text(deployment: Deployment) -> str:
    """Give the JWK Set of the deployment as served: every key that an institution ever signed with.

    A revoked key is left out: a set has no word for it that all readers know, and who does not know it would
    go on accepting what the key signs. Its own address and the DID document say when it was revoked.
    Each key names its institution in `iss`, for the deployment has one set for all of them.
    Source: Open Badges 3.0 implementation guide, key provenance of JWTs.
    """
    with deployment.reading() as session:
        known = select(Institution).where(col(Institution.did).is_not(None)).order_by(col(Institution.id))
        rows = [
            (institution, row)
            for institution in session.exec(known)
            for row in key_rows(session, institution)
            if row.revoked is None
        ]
        return _text({"keys": [_jwk(deployment, institution, row) for institution, row in rows]})


def jwk_text(deployment: Deployment, slug: str, name: str) -> str:
    """Give one key of an institution as served, by the last part of its address; raises NotFound."""
    with deployment.reading() as session:
        institution = institution_row(session, slug)
        return _text(_jwk(deployment, institution, _named(session, institution, name)))


def published_keys(deployment: Deployment, place: str) -> str | None:
    """Give what is served below the base URL at a place of this module, None for any other place.

    Raises NotFound where a place could be one of ours and nothing is there.
    """
    if f"/{place}" == KEY_SET_PATH:
        return key_set_text(deployment)
    match place.split("/"):
        case ["institutions", slug, "did.json"]:
            return did_document_text(deployment, slug)
        case ["institutions", slug, "keys", name]:
            return jwk_text(deployment, slug, name)
    return None


def _named(session: Session, institution: Institution, name: str) -> InstitutionKey:
    for row in key_rows(session, institution):
        if name == thumbprint(public_key_of(row)) + _SUFFIX:
            return row
    raise NotFound("unknown_key", f"{institution.name} has no such key.")


def _jwk(deployment: Deployment, institution: Institution, row: InstitutionKey) -> dict[str, Any]:
    key = public_key_of(row)
    jwk: dict[str, Any] = {
        **to_jwk(key),
        "kid": key_address(deployment, institution.slug, key),
        "alg": jose_algorithm(key),
        "use": "sig",
        "iss": institution.did,
        "nbf": int(row.created.timestamp()),
    }
    # the time of use, as OpenID Federation 1.0 (section 8.7) gives it for keys of the past
    if row.retired is not None:
        jwk["exp"] = int(row.retired.timestamp())
    if row.revoked is not None:
        # The form of OpenID Federation; who does not know it reads "for no operation" (RFC 7517, 4.3).
        jwk["revoked"], jwk["key_ops"] = {"revoked_at": int(row.revoked.timestamp())}, []
        del jwk["use"]
    return jwk


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1)
