"""An implementation that is not ours, joserfc: what we sign verifies there, what it signs verifies here."""

import json

import pytest
from joserfc import jws as joserfc_jws
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey
from tokens import JOSE, KINDS, credential, older, secret_key

from keys.jwk import from_jwk, to_jwk
from ob3.jws import check_claims, check_jws_signature, credential_jwt, credential_of, read_jws

# RFC 9864 gives EdDSA with this curve a new name; Open Badges, and all wallets today, know the old one
pytestmark = pytest.mark.filterwarnings("ignore:EdDSA is deprecated")

THEIRS = {
    "Ed25519": lambda: OKPKey.generate_key("Ed25519"),
    "P-256": lambda: ECKey.generate_key("P-256"),
    "P-384": lambda: ECKey.generate_key("P-384"),
    "RSA": lambda: RSAKey.generate_key(2048),
}
CLASSES = {"OKP": OKPKey, "EC": ECKey, "RSA": RSAKey}
REGISTRY = joserfc_jws.JWSRegistry(algorithms=list(JOSE.values()))


def their_key(public_key):
    jwk = to_jwk(public_key)
    return CLASSES[jwk["kty"]].import_key(jwk)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("make", [credential, older], ids=["2.0", "1.1"])
def test_what_we_sign_verifies_there(make, kind):
    key = secret_key(kind)
    token = credential_jwt(make(), signer=key.signer("https://keystone.example/keys/1"))
    read = jwt.decode(token, their_key(key.public_key), algorithms=[JOSE[kind]])
    payload = read.claims
    assert read.header == {"alg": JOSE[kind], "typ": "JWT", "kid": "https://keystone.example/keys/1"}
    assert payload["iss"] == make()["issuer"]["id"]
    assert (payload["vc"] if make is older else {**payload, **make()}) == (
        make() if make is older else payload
    )


@pytest.mark.parametrize("kind", KINDS)
def test_what_we_sign_fits_no_other_key_there(kind):
    token = credential_jwt(credential(), signer=secret_key(kind).signer("k"))
    other = their_key(secret_key(kind, 2).public_key)
    with pytest.raises(JoseError):
        joserfc_jws.deserialize_compact(token, other, registry=REGISTRY)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shown", [False, True], ids=["kid", "jwk"])
def test_what_they_sign_verifies_here(kind, shown):
    key = THEIRS[kind]()
    jwk = {name: value for name, value in key.as_dict(private=False).items() if name != "kid"}
    claims = {**credential(), "iss": credential()["issuer"]["id"], "nbf": 1783044000}
    header = {"alg": JOSE[kind], **({"jwk": jwk} if shown else {"kid": "k"})}
    token = joserfc_jws.serialize_compact(header, json.dumps(claims), key, registry=REGISTRY)
    jws = read_jws(token)
    assert jws.key == (from_jwk(jwk) if shown else None)
    check_jws_signature(jws, from_jwk(jwk))
    assert credential_of(jws) == credential()
    assert [one.claim for one in check_claims(jws)] == ["sub", "jti", "exp"]
