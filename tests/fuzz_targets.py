"""Every parser of outside bytes as a function that may only refuse in its own words, with seeds for it.

A target takes bytes. It returns, or raises one of the errors named for it; anything else is a fault, as is an
input that takes more than two seconds or 256 MiB.
"""

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from elm_badges import example
from pdf_files import pdf
from PIL import Image
from plain_badge import badge
from seal_keys import chain_pem, key_pem
from workbooks import workbook

from issuer.badge_upload import sanitised_badge
from issuer.errors import IssuerError
from issuer.sheets import read_table
from keys import KeysError, PublicKey, SecretKey
from keys.certificates import read_chain, read_seal_key
from keys.did import did_web_url, keys_from_did_document, resolve_did_jwk, resolve_did_key
from keys.jwk import from_jwk, keys_from_jwks, to_jwk
from keys.multibase import base64url_encode
from microcredential import MicroCredentialError
from microcredential.elm import elm_definition, elm_document, read_elm
from ob3 import Ob3Error, add_proof, bake, canonicalize, unbake, verify_proof
from ob3.canonical import canonicalize_nquads
from ob3.jws import credential_jwt, credential_of, read_jws
from ob3.schema import check_schema
from ob3.selective import derive
from ob3.status_list import BitstringStatusList
from ob3.strict_json import dump, parse
from ob3.trust_list import InstitutionList, ListedInstitution, read_trust_list, trust_list_document
from verifier import Policy, Verifier
from verifier.dates import read_stamp
from verifier.errors import ContainerRefused, VerifierError
from verifier.pdf import attached_credential
from verifier.web_address import parse_address

NOW = datetime(2026, 7, 3, tzinfo=UTC)
_KEY = SecretKey.from_seed(bytes(range(32)))
_ELM = elm_document(example()).document
_P256 = SecretKey.from_seed(bytes(range(1, 33)), "P-256")


@dataclass(frozen=True)
class Target:
    """A parser: what it does with bytes, what it may raise, and what to begin from."""

    run: Callable[[bytes], object]
    refusals: tuple[type[Exception], ...]
    seeds: tuple[bytes, ...]

    def __call__(self, data: bytes) -> None:
        """Hand bytes to the parser; anything that is no refusal comes through."""
        try:
            self.run(data)
        except self.refusals:
            return


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _on_json(read: Callable[[Any], object]) -> Callable[[bytes], object]:
    return lambda data: read(parse(data))


def _whole_verification(data: bytes) -> None:
    """The whole way but for the children in which files are opened: what they do has targets of its own."""
    if not data.startswith(b"%PDF-"):
        report = _VERIFIER.verify(data, recipient="Nguyễn Thị An")
        assert report.verdict in set(type(report.verdict))
        json.dumps(report.to_json())


_VERIFIER = Verifier(fetcher=None, clock=lambda: NOW, policy=Policy(isolate=False))


def _proof(value: Any) -> None:
    """Put what was parsed in the place of a proof, or of one member of a good one."""
    secured = dict(_SECURED)
    members = value if isinstance(value, dict) else {"proofValue": value}
    secured["proof"] = {**_SECURED["proof"], **members}
    verify_proof(secured, verification_key=_KEY.public_key)


def _selection(value: Any) -> None:
    derive(_BASE, selective_pointers=value if isinstance(value, list) else [value])


def _selected(data: bytes) -> None:
    proof = {**_DERIVED["proof"], "proofValue": _text(data)}
    verify_proof({**_DERIVED, "proof": proof}, verification_key=_P256.public_key)


def _drawn() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (400, 400), "#336699").save(out, "PNG")
    return out.getvalue()


def _json_bytes(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


_CREATED = "2026-07-03T02:00:00Z"
_BADGE = badge(issuer={"id": _KEY.public_key.did_key, "type": ["Profile"], "name": "A"})
_BADGE["credentialSubject"]["id"] = "did:example:learner"
_SECURED = add_proof(_BADGE, signer=_KEY.signer(), created=_CREATED)
_BASE = add_proof(_BADGE, signer=_P256.signer(), created=_CREATED, cryptosuite="ecdsa-sd-2023")
_DERIVED = derive(_BASE, selective_pointers=["/credentialSubject"])
_TOKEN = credential_jwt(_BADGE, signer=_KEY.signer())
_DOCUMENT = resolve_did_key(_KEY.public_key.did_key)
_TRUST_LIST = trust_list_document(
    InstitutionList(
        id="https://trust.example/list.json",
        name="Universities",
        publisher_id="did:web:trust.example",
        publisher_name="Consortium",
        sequence=1,
        valid_from=NOW,
        valid_until=NOW + timedelta(days=30),
        institutions=(ListedInstitution(id="did:web:uni.example", name="University"),),
    )
)
_BADGE_TEXT = _json_bytes(_SECURED)
PNG = _drawn()
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z" fill="#123"/></svg>'

TARGETS: Mapping[str, Target] = {
    "json": Target(parse, (Ob3Error,), (_BADGE_TEXT, b'{"a":[1.5e3,"\\u00e9",null,true]}')),
    "canonical_form": Target(_on_json(canonicalize), (Ob3Error,), (_json_bytes(_BADGE),)),
    "n_quads": Target(
        lambda data: canonicalize_nquads(_text(data)),
        (Ob3Error,),
        (canonicalize(_BADGE).encode(), b'_:a <https://p.example/> "x"@en .\n'),
    ),
    "schema": Target(
        _on_json(lambda value: check_schema(value, "AchievementCredential")),
        (Ob3Error,),
        (_BADGE_TEXT,),
    ),
    "proof": Target(_on_json(_proof), (Ob3Error,), (_json_bytes(_SECURED["proof"]),)),
    "selection": Target(
        _on_json(_selection),
        (Ob3Error,),
        (b'["/credentialSubject/achievement/name"]', b'"/credentialSubject"'),
    ),
    "selected_proof_value": Target(_selected, (Ob3Error,), (_DERIVED["proof"]["proofValue"].encode(),)),
    "elm_document": Target(
        lambda data: elm_definition(read_elm(data)),
        (MicroCredentialError,),
        (_json_bytes(_ELM), _json_bytes({"payload": dump(_ELM), "signatures": []})),
    ),
    "seal_certificate": Target(read_chain, (KeysError,), (chain_pem("P-256"),)),
    "seal_key": Target(read_seal_key, (KeysError,), (key_pem("P-256"),)),
    "token": Target(lambda data: credential_of(read_jws(_text(data))), (Ob3Error,), (_TOKEN.encode(),)),
    "png": Target(unbake, (Ob3Error,), (bake(PNG, _BADGE_TEXT), bake(PNG, _TOKEN))),
    "svg": Target(unbake, (Ob3Error,), (bake(SVG, _BADGE_TEXT), bake(SVG, _TOKEN))),
    "pdf": Target(attached_credential, (ContainerRefused,), (pdf(("badge.json", _BADGE_TEXT)),)),
    "status_list": Target(
        lambda data: BitstringStatusList.decode(_text(data)),
        (Ob3Error,),
        (BitstringStatusList().encoded().encode(),),
    ),
    "multikey": Target(
        lambda data: PublicKey.from_multikey(_text(data)),
        (KeysError,),
        (_KEY.public_key.multikey.encode(), _P256.public_key.multikey.encode()),
    ),
    "jwk": Target(_on_json(from_jwk), (KeysError, Ob3Error), (_json_bytes(to_jwk(_P256.public_key)),)),
    "jwk_set": Target(
        _on_json(lambda value: keys_from_jwks(value, "https://uni.example")),
        (KeysError, Ob3Error),
        (_json_bytes({"keys": [{**to_jwk(_KEY.public_key), "kid": "k"}]}),),
    ),
    "did_web": Target(
        lambda data: did_web_url(_text(data)), (KeysError,), (b"did:web:uni.example%3A8443:a:b",)
    ),
    "did_jwk": Target(
        lambda data: resolve_did_jwk(_text(data)),
        (KeysError,),
        (b"did:jwk:" + base64url_encode(_json_bytes(to_jwk(_P256.public_key))).encode(),),
    ),
    "did_document": Target(
        _on_json(lambda value: keys_from_did_document(value, _KEY.public_key.did_key)),
        (KeysError, Ob3Error),
        (_json_bytes(_DOCUMENT),),
    ),
    "trust_list": Target(_on_json(read_trust_list), (Ob3Error,), (_json_bytes(_TRUST_LIST),)),
    "date": Target(
        lambda data: read_stamp(_text(data)), (), (_CREATED.encode(), b"2026-07-03T02:00:00.5+14:00")
    ),
    "address": Target(
        lambda data: parse_address(_text(data), ports={443, 8443}),
        (VerifierError,),
        (b"https://uni.example:8443/a?b#c",),
    ),
    "class_list": Target(
        read_table,
        (IssuerError,),
        (
            "name;student_number;email\nLê An;1;a@b.example\n".encode(),
            workbook(["name", "email"], ["A", "a@b.example"]),
        ),
    ),
    "badge_picture": Target(sanitised_badge, (IssuerError,), (PNG, SVG)),
    "verification": Target(_whole_verification, (), (_BADGE_TEXT, _TOKEN.encode(), bake(PNG, _BADGE_TEXT))),
}
