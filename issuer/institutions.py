"""Institutions: registering them, their keys, their DID documents, and who is trusted here."""

import json
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from issuer.audit.record import AuditedAct, record
from issuer.deployment import Deployment
from issuer.errors import IssuerError, NotFound
from issuer.inputs import InstitutionInput
from issuer.keyring import Keyring
from issuer.logo import check_logo
from issuer.proof_forms import ProofForm
from issuer.records import InstitutionRecord, KeyRecordView
from issuer.tables import Institution, InstitutionKey, stored_id
from keys import KeysError, PublicKey, SecretKey
from keys.did import KeyRecord, did_document, did_web, resolve_did_key
from keys.jwk import thumbprint
from microcredential.vocabulary import countries
from verifier import TrustEntry

FIRST_ALGORITHM = "Ed25519"
_BY_NAME = select(Institution).order_by(col(Institution.name))  # every page with a verdict asks it
_KEYS: Any = (
    select(InstitutionKey)
    .where(InstitutionKey.institution_id == bindparam("owner_id"))
    .order_by(col(InstitutionKey.id))
)


def register_institution(deployment: Deployment, given: InstitutionInput) -> InstitutionRecord:
    """Store a new institution; raises IssuerError if the description or the short name may not stand."""
    given.check()
    if given.logo_svg is not None:
        check_logo(given.logo_svg)
    with deployment.writing() as session:
        return institution_record(add_institution(session, deployment, given))


def add_institution(session: Session, deployment: Deployment, given: InstitutionInput) -> Institution:
    """Add a checked description within a writing transaction; raises IssuerError if its name is taken."""
    if session.exec(select(Institution).where(Institution.slug == given.slug)).first():
        raise IssuerError("slug_taken", f"There is an institution “{given.slug}” already.")
    algorithm = ProofForm(given.proof_form).algorithm
    if algorithm != FIRST_ALGORITHM and deployment.is_loopback:
        raise _one_key_on_loopback()
    names, profile, presentation = descriptions(given)
    row = Institution(
        slug=given.slug,
        name=given.name,
        names=names,
        country=given.country,
        profile=profile,
        presentation=presentation,
        hashes_email=given.hashes_email,
        proof_form=given.proof_form,
        created=deployment.now(),
    )
    session.add(row)
    session.flush()
    told = {"name": given.name, "country": given.country}
    act = AuditedAct("institution.register", given.slug, after=told)
    record(session, deployment, act, institution=None)
    return row


def descriptions(given: InstitutionInput) -> tuple[str, str, str]:
    """Write names, Profile and presentation of an institution as its row keeps them."""
    presentation = {
        "initials": given.initials or _initials(given.name),
        "accent": given.accent,
        "logo_svg": given.logo_svg,
        "signatory": dict(given.signatory) if given.signatory else None,
        "locality": given.locality,
    }
    return _json(dict(given.names)), _json(_profile(given)), _json(presentation)


def described(row: Institution) -> InstitutionInput:
    """Read a row back as what was given for it."""
    profile, shown = json.loads(row.profile), json.loads(row.presentation)
    return InstitutionInput(
        slug=row.slug,
        name=row.name,
        country=row.country,
        url=profile["url"],
        names=json.loads(row.names),
        email=profile.get("email"),
        official=profile.get("official"),
        region=profile.get("address", {}).get("addressRegion"),
        locality=shown["locality"],
        other_identifiers=tuple(
            (each["identifierType"], each["identifier"]) for each in profile.get("otherIdentifier", [])
        ),
        initials=shown["initials"],
        accent=shown["accent"],
        logo_svg=shown["logo_svg"],
        signatory=shown["signatory"],
        hashes_email=row.hashes_email,
        proof_form=row.proof_form,
    )


def institution_row(session: Session, slug: str) -> Institution:
    """Give the row of an institution; raises NotFound."""
    row = session.exec(select(Institution).where(Institution.slug == slug)).first()
    if row is None:
        raise NotFound("unknown_institution", f"There is no institution “{slug[:80]}” here.")
    return row


def institutions(deployment: Deployment) -> list[InstitutionRecord]:
    """List the institutions in the order of their names."""
    with deployment.reading() as session:
        return [institution_record(row) for row in session.exec(_BY_NAME)]


def trust_entries(deployment: Deployment) -> list[TrustEntry]:
    """List the institutions that this deployment vouches for: all of its own that have a key."""
    return [
        TrustEntry(
            issuer_id=record.did,
            name=record.name,
            names=record.names,
            country=record.country,
            since=record.created.date(),
            url=record.url,
        )
        for record in institutions(deployment)
        if record.did is not None
    ]


def create_key(
    deployment: Deployment, keyring: Keyring, slug: str, algorithm: str = FIRST_ALGORITHM
) -> KeyRecordView:
    """Make the first key of an institution for an algorithm; give the one in use if there is one.

    The first key of all makes its DID and is one for Ed25519, in which credentials are signed; keys for other
    algorithms of `keys.algorithms` stand beside it. Raises IssuerError `keys_need_https` for those on
    loopback, where the DID is the first key and has no room for another, `algorithm` for one not known.
    """
    with deployment.reading() as session:
        institution = institution_row(session, slug)
        first, current = current_key(session, institution), current_key(session, institution, algorithm)
    if current is not None:
        return _key_view(current)
    if algorithm == FIRST_ALGORITHM:
        return _new_key(deployment, keyring, slug, algorithm, retire=False)
    if deployment.is_loopback:
        raise _one_key_on_loopback()
    if first is None:
        _new_key(deployment, keyring, slug, FIRST_ALGORITHM, retire=False)
    return _new_key(deployment, keyring, slug, algorithm, retire=False)


def rotate_key(
    deployment: Deployment, keyring: Keyring, slug: str, algorithm: str = FIRST_ALGORITHM
) -> KeyRecordView:
    """Make a new key and retire the one of the same algorithm before, which stays published for what it
    signed.

    Raises IssuerError `rotation_needs_https` on loopback, where the DID is the key, `no_key` for an algorithm
    for which there is no key yet.
    """
    if deployment.is_loopback:
        raise IssuerError(
            "rotation_needs_https",
            "On a loopback address an institution is known by did:key, which is the key: a new key would "
            "be another issuer. Keys can be rotated where TESTAMUR_BASE_URL begins with https.",
        )
    if algorithm != FIRST_ALGORITHM:
        with deployment.reading() as session:
            signing_key(session, institution_row(session, slug), algorithm)
    return _new_key(deployment, keyring, slug, algorithm, retire=True)


def create_missing_keys(deployment: Deployment, keyring: Keyring) -> list[str]:
    """Make the first key of every institution that has none; give the short names of those."""
    with deployment.reading() as session:
        without = select(Institution.slug).where(col(Institution.did).is_(None))
        slugs = list(session.exec(without.order_by(Institution.slug)))
    for slug in slugs:
        create_key(deployment, keyring, slug)
    return slugs


def keys_of(deployment: Deployment, slug: str) -> list[KeyRecordView]:
    """List the public keys of an institution, the oldest first."""
    with deployment.reading() as session:
        return key_views(session, institution_row(session, slug))


def key_views(session: Session, institution: Institution) -> list[KeyRecordView]:
    """List the public keys of an institution's row, the oldest first."""
    return [_key_view(row) for row in key_rows(session, institution)]


def current_key(
    session: Session, institution: Institution, algorithm: str = FIRST_ALGORITHM
) -> InstitutionKey | None:
    """Give the key that signs today in an algorithm, or None if none was made yet."""
    rows = [
        row
        for row in key_rows(session, institution)
        if row.retired is None and public_key_of(row).algorithm == algorithm
    ]
    return rows[-1] if rows else None


def signing_key(
    session: Session, institution: Institution, algorithm: str = FIRST_ALGORITHM
) -> InstitutionKey:
    """Give the key that signs today in an algorithm; raises IssuerError `no_key` if none was made yet."""
    key = current_key(session, institution, algorithm)
    if key is None:
        raise no_key(institution, algorithm)
    return key


def no_key(institution: Institution, algorithm: str = FIRST_ALGORITHM) -> IssuerError:
    """Give the error for an institution that has no key for an algorithm yet."""
    if algorithm == FIRST_ALGORITHM:
        return IssuerError(
            "no_key", f"{institution.name} has no key yet: run `testamur keys create {institution.slug}`."
        )
    return IssuerError(
        "no_key",
        f"{institution.name} has no key for {algorithm} yet: run "
        f"`testamur keys create {institution.slug} --algorithm {algorithm}`.",
    )


def public_key_of(row: InstitutionKey) -> PublicKey:
    """Read the public key of a row."""
    return _public_key(row.public_multikey)


@lru_cache(maxsize=1_000)
def _public_key(multikey: str) -> PublicKey:
    return PublicKey.from_own_multikey(multikey)


def key_rows(session: Session, institution: Institution) -> list[InstitutionKey]:
    """Give the rows of an institution's keys, the oldest first."""
    return list(session.exec(_KEYS, params={"owner_id": institution.id}))


def published_did_document(session: Session, institution: Institution) -> dict[str, Any]:
    """Make the DID document as served, with all keys there ever were (THREATS N8); raises NotFound."""
    if institution.did is None:
        raise NotFound("no_key", f"{institution.name} has no key yet.")
    if institution.did.startswith("did:key:"):
        return resolve_did_key(institution.did)
    records = [
        KeyRecord(
            verification_method=row.verification_method,
            public_key=public_key_of(row),
            created=row.created,
            expires=row.retired,
            revoked=row.revoked,
        )
        for row in key_rows(session, institution)
    ]
    return did_document(institution.did, records)


def issuer_profile(institution: Institution) -> dict[str, Any]:
    """Give the issuer's Profile as credentials carry it; raises IssuerError if there is no key yet."""
    if institution.did is None:
        raise IssuerError(
            "no_key", f"{institution.name} has no key yet: run `testamur keys create {institution.slug}`."
        )
    return {
        "id": institution.did,
        "type": ["Profile"],
        "name": institution.name,
        **json.loads(institution.profile),
    }


def institution_record(row: Institution) -> InstitutionRecord:
    """Turn a row into the value that leaves the office."""
    profile, shown = json.loads(row.profile), json.loads(row.presentation)
    return InstitutionRecord(
        slug=row.slug,
        did=row.did,
        name=row.name,
        names=json.loads(row.names),
        country=row.country,
        url=profile["url"],
        email=profile.get("email"),
        official=profile.get("official"),
        locality=shown["locality"],
        initials=shown["initials"],
        accent=shown["accent"],
        logo_svg=shown["logo_svg"],
        signatory=shown["signatory"],
        created=row.created,
    )


def _new_key(
    deployment: Deployment, keyring: Keyring, slug: str, algorithm: str, *, retire: bool
) -> KeyRecordView:
    """Put the key into the store first: a key without a row is harmless, a row without a key is not."""
    secret_key = _generated(algorithm)
    public_key = secret_key.public_key
    did = public_key.did_key if deployment.is_loopback else did_web(deployment.base_url, "institutions", slug)
    # a Multikey of RSA would be 550 characters long
    method = f"{did}#{thumbprint(public_key) if algorithm == 'RSA' else public_key.multikey}"
    keyring.add(method, secret_key)
    now = deployment.now()
    with deployment.writing() as session:
        institution = institution_row(session, slug)
        before = current_key(session, institution, algorithm)
        if before is not None and not retire:
            return _key_view(before)  # another process was faster; our key stays unused
        if before is not None:
            _retire(before, now)
        institution.did = institution.did or did
        row = InstitutionKey(
            institution_id=stored_id(institution),
            verification_method=method,
            public_multikey=public_key.multikey,
            created=now,
        )
        session.add_all([institution, row])
        session.flush()
        told = AuditedAct("key.rotate" if retire else "key.create", method)
        record(session, deployment, told, institution=institution)
        return _key_view(row)


def _one_key_on_loopback() -> IssuerError:
    return IssuerError(
        "keys_need_https",
        "On a loopback address an institution is known by did:key, which is its one key. It can have "
        "keys for other algorithms where TESTAMUR_BASE_URL begins with https.",
    )


def _retire(key: InstitutionKey, now: datetime) -> None:
    key.retired = now


def _generated(algorithm: str) -> SecretKey:
    try:
        return SecretKey.generate(algorithm)
    except KeysError as error:
        raise IssuerError("algorithm", f"Keys for {algorithm[:40]} cannot be made.") from error


def _key_view(row: InstitutionKey) -> KeyRecordView:
    algorithm = public_key_of(row).algorithm
    return KeyRecordView(
        row.verification_method, row.public_multikey, row.created, row.retired, algorithm, row.revoked
    )


def _profile(given: InstitutionInput) -> dict[str, Any]:
    """Write what Open Badges 3.0 has room for (B.1.20 Profile), in the order of the profile's example."""
    address = {
        "type": ["Address"],
        "addressCountry": countries()[given.country].labels.get("en", given.country),
        "addressCountryCode": given.country,
        "addressRegion": given.region,
        "addressLocality": given.locality,
    }
    profile: dict[str, Any] = {
        "url": given.url,
        "email": given.email,
        "official": given.official,
        "address": {key: value for key, value in address.items() if value},
        "otherIdentifier": [
            {"type": "IdentifierEntry", "identifier": value, "identifierType": kind}
            for kind, value in given.other_identifiers
        ],
    }
    return {key: value for key, value in profile.items() if value}


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split() if word[0].isupper())[:4]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
