"""The seal on an export: read by an implementation not ours, and refused where anything was touched."""

import base64
import copy
import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from elm_badges import example
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.errors import BadSignatureError, JoseError
from joserfc.jwk import ECKey, RSAKey
from joserfc.registry import HeaderParameter
from seal_keys import NOW, chain_pem, key_pem

from keys.certificates import read_chain, read_seal_key
from microcredential import MicroCredentialError
from microcredential.elm import elm_document, seal, with_legal_identifier
from ob3.strict_json import dump

KINDS = ["P-256", "RSA"]


class _Registry(jws.JWSRegistry):
    """Know the parameters of JAdES, and let a document be as large as a credential is."""

    max_payload_length = 10_000_000
    max_header_length = 100_000

    def __init__(self):
        super().__init__(
            header_registry={
                "sigT": HeaderParameter("Time of signing", "str"),
                "iat": HeaderParameter("Time of signing", "int"),
            },
            algorithms=["ES256", "RS256"],
        )


def sealed(kind="P-256", document=None, signed_at=NOW, **options):
    signer = read_seal_key(key_pem(kind)).signer()
    chain = read_chain(chain_pem(kind, **options))
    given = elm_document(example()).document if document is None else document
    return seal(given, signer=signer, certificate_chain=chain, signed_at=signed_at)


def read_by_another(value):
    """Check the seal with joserfc and the key in its own certificate; give the payload."""
    own = x509.load_der_x509_certificate(base64.b64decode(header_of(value)["x5c"][0]))
    kind = RSAKey if header_of(value)["alg"] == "RS256" else ECKey
    key = kind.import_key(own.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return bytes(jws.deserialize_json(value, key, registry=_Registry()).payload)


def header_of(value):
    protected = value["signatures"][0]["protected"]
    return json.loads(base64.urlsafe_b64decode(protected + "=" * (-len(protected) % 4)))


@pytest.mark.parametrize("kind", KINDS)
def test_another_implementation_reads_the_seal_and_the_very_document(kind):
    document = elm_document(example()).document
    value = json.loads(dump(sealed(kind, document)))
    assert json.loads(read_by_another(value)) == document
    assert value["payload"] == dump(document)


@pytest.mark.parametrize("kind", KINDS)
def test_an_edited_twin_is_refused(kind):
    value = sealed(kind)
    assert read_by_another(value)
    edited = copy.deepcopy(value)
    edited["payload"] = edited["payload"].replace('"8.3"', '"9.3"')
    assert edited != value
    with pytest.raises(BadSignatureError):
        read_by_another(edited)


def test_an_edited_header_is_refused():
    value = sealed()
    header = header_of(value) | {"iat": 0}
    value["signatures"][0]["protected"] = (
        base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()
    )
    with pytest.raises(BadSignatureError):
        read_by_another(value)


@given(st.integers(0, 10_000), st.sampled_from("aZ0 {\u1ea1"))
def test_no_edited_character_goes_unnoticed(place, letter):
    value = sealed()
    place %= len(value["payload"])
    edited = value["payload"][:place] + letter + value["payload"][place + 1 :]
    if edited == value["payload"]:
        assert read_by_another(value)
        return
    with pytest.raises(JoseError):
        read_by_another({**value, "payload": edited})


def test_the_header_names_the_certificate_and_the_time():
    value = sealed()
    header = header_of(value)
    own = base64.b64decode(header["x5c"][0])
    assert len(header["x5c"]) == 2
    digest = base64.urlsafe_b64encode(hashlib.sha256(own).digest()).rstrip(b"=").decode()
    assert header["x5t#S256"] == digest
    assert header["iat"] == int(NOW.timestamp())
    assert (header["alg"], header["typ"], header["b64"], header["crit"]) == (
        "ES256",
        "jose+json",
        False,
        ["b64"],
    )
    assert set(header) == {"alg", "typ", "cty", "x5t#S256", "x5c", "iat", "b64", "crit"}


@pytest.mark.parametrize(
    ("signed_at", "members"),
    [
        (datetime(2025, 7, 14, 23, 59, 59, tzinfo=UTC), {"sigT": "2025-07-14T23:59:59Z"}),
        (datetime(2025, 7, 15, tzinfo=UTC), {"iat": 1752537600}),
    ],
    ids=["before", "since"],
)
def test_the_time_stands_where_the_standard_of_that_day_wants_it(signed_at, members):
    value = sealed(signed_at=signed_at, starts=signed_at - timedelta(days=1))
    header = header_of(value)
    assert {term: header[term] for term in ("sigT", "iat") if term in header} == members
    assert header["crit"] == (["b64", "sigT"] if "sigT" in members else ["b64"])
    assert read_by_another(value)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_document_is_sealed_alike_again(kind):
    assert dump(sealed(kind)) == dump(sealed(kind))


@given(
    st.dictionaries(
        st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=9),
        st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=9) | st.integers(-9, 9),
        max_size=4,
    )
)
def test_the_payload_is_exactly_the_text_of_the_document(document):
    value = json.loads(dump(sealed(document=document)))
    assert value["payload"] == dump(document)
    assert read_by_another(value) == dump(document).encode()


def refusal(*arguments, **options):
    with pytest.raises(MicroCredentialError) as refused:
        seal({}, **options)
    return refused.value.code


def test_a_key_that_is_not_the_certificates_is_refused():
    chain = read_chain(chain_pem("P-256"))
    other = read_seal_key(key_pem("P-256", number=5)).signer()
    assert refusal(signer=other, certificate_chain=chain, signed_at=NOW) == "seal_mismatch"
    rsa = read_seal_key(key_pem("RSA")).signer()
    assert refusal(signer=rsa, certificate_chain=chain, signed_at=NOW) == "seal_algorithm"
    own = read_seal_key(key_pem("P-256")).signer()
    assert seal({}, signer=own, certificate_chain=chain, signed_at=NOW)


@pytest.mark.parametrize("days", [-31, 336], ids=["too-early", "too-late"])
def test_a_certificate_that_is_not_valid_then_is_refused(days):
    chain = read_chain(chain_pem("P-256"))
    own = read_seal_key(key_pem("P-256")).signer()
    at = NOW + timedelta(days=days)
    assert refusal(signer=own, certificate_chain=chain, signed_at=at) == "seal_certificate_expired"


def test_the_issuer_gets_the_legal_identifier_of_the_certificate():
    exported = elm_document(example())
    assert "issuer.eIDASIdentifier" in exported.missing
    identified = with_legal_identifier(exported.document, read_chain(chain_pem("P-256")))
    assert "eIDASIdentifier" not in exported.document["issuer"]
    identifier = identified["issuer"]["eIDASIdentifier"]
    assert identifier["notation"] == "NTRVN-0123456"
    assert identifier["spatial"]["id"].endswith("/country/VNM")
    assert {**identified, "issuer": None} == {**exported.document, "issuer": None}
