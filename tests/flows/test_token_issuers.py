"""Tokens signed with our institutions' keys are confirmed by a verifier that has nothing but the network."""

import json

import pytest
from database import settings_for
from issuing_office import HTTPS_BASE_URL, Office, TestClock
from tls_world import served_over_tls

from app import Settings, create_app
from keys import PublicKey, SecretKey
from keys.jwk import thumbprint
from ob3.jws import credential_jwt
from verifier import Policy, Verdict, Verifier
from verifier.fetch import Fetcher, PinnedTransport

HOST = "badges.example.edu"
PUBLIC = "93.184.216.34"
SECRET = "0123456789abcdefghijklmnopqrstuvwxyz-ABCDEF"
ALGORITHMS = ("Ed25519", "P-256", "P-384", "RSA")


def unsigned(text):
    """Give a credential of the office without its proof, and with the subject's id that tokens need."""
    document = {name: value for name, value in json.loads(text).items() if name != "proof"}
    document["credentialSubject"]["id"] = "urn:uuid:8d7f3f2e-1c2b-4a37-8f0e-2a9f6f0c4d21"
    return document


def addresses(office, slug):
    """Give the address of each key of an institution as the key set names it, by thumbprint."""
    entries = json.loads(office.issuer.key_set())["keys"]
    mine = [one["kid"] for one in entries if one["iss"].endswith(f":{slug}")]
    return {kid.rpartition("/")[2].removesuffix(".jwk"): kid for kid in mine}


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tokens")
    clock = TestClock()
    office = Office(folder / "data", base_url=HTTPS_BASE_URL, clock=clock)
    for slug in ("uef", "other"):
        office.ready(slug=slug)
    for algorithm in ALGORITHMS[1:]:
        office.issuer.create_key("uef", algorithm)
    clock.forward(days=30)
    for algorithm in ALGORITHMS:
        office.issuer.rotate_key("uef", algorithm)
    text = office.one().text
    office.issuer.sign_status_lists()
    environment = {
        "TESTAMUR_BASE_URL": HTTPS_BASE_URL,
        "TESTAMUR_SECRET_KEY": SECRET,
        **settings_for(folder / "data"),
    }
    settings = Settings.from_env(environment, dir=str(folder / "data"))
    with served_over_tls(create_app(settings, clock=clock), HOST, folder) as (port, context):
        transport = PinnedTransport(ssl_context=context, route={(PUBLIC, 443): ("127.0.0.1", port)})
        fetcher = Fetcher(transport=transport, resolve=lambda _host: [PUBLIC])
        yield office, text, Verifier(fetcher=fetcher, clock=clock, policy=Policy(isolate=False))
    office.close()


def signers(office):
    """Give the signers of every key of the institution, those of before the rotation too."""
    return [office.keys.signer(key.verification_method) for key in office.issuer.keys_of("uef")]


def kids(office, signer):
    """Give both names of a signer's key: in the DID document and in the key set."""
    (view,) = (key for key in office.issuer.keys_of("uef") if key.verification_method == signer.id)
    key = PublicKey.from_own_multikey(view.public_multikey)
    return [signer.id, addresses(office, "uef")[thumbprint(key)]]


def test_every_key_is_confirmed_by_either_of_its_names(served):
    office, text, verifier = served
    for signer in signers(office):
        for kid in kids(office, signer):
            report = verifier.verify(credential_jwt(unsigned(text), signer=signer, kid=kid).encode())
            told = (signer.algorithm, kid, [one for one in report.checks if one.outcome == "failed"])
            assert report.verdict is Verdict.valid, told
            assert report.check("issuer_key").code == "key_published"


def test_the_key_of_a_stranger_or_of_a_neighbour_is_not_the_institutions(served):
    office, text, verifier = served
    (neighbour,) = office.issuer.keys_of("other")
    stranger = SecretKey.generate("P-256")
    mine = signers(office)[-1]
    for signer, kid in (
        (office.keys.signer(neighbour.verification_method), neighbour.verification_method),
        (office.keys.signer(neighbour.verification_method), next(iter(addresses(office, "other").values()))),
        (stranger.signer(), f"https://{HOST}/institutions/uef/keys/{thumbprint(stranger.public_key)}.jwk"),
        (stranger.signer(), kids(office, mine)[0]),
        (stranger.signer(), kids(office, mine)[1]),
    ):
        report = verifier.verify(credential_jwt(unsigned(text), signer=signer, kid=kid).encode())
        assert report.verdict is Verdict.invalid
        assert report.credential is None
    assert verifier.verify(credential_jwt(unsigned(text), signer=mine).encode()).verdict is Verdict.valid
