"""Keys are rotated behind TLS, and a verifier elsewhere goes on accepting what every key signed."""

import json

from database import settings_for
from issuing_office import HTTPS_BASE_URL, Office, TestClock
from tls_world import served_over_tls

from app import Settings, create_app
from verifier import Policy, Verdict, Verifier
from verifier.fetch import Fetcher, PinnedTransport

HOST = "badges.example.edu"
PUBLIC = "93.184.216.34"
SECRET = "0123456789abcdefghijklmnopqrstuvwxyz-ABCDEF"


def _elsewhere(port, context, clock) -> Verifier:
    """A verifier with nothing but the network: it finds our host at a public address, over TLS."""
    transport = PinnedTransport(ssl_context=context, route={(PUBLIC, 443): ("127.0.0.1", port)})
    return Verifier(
        fetcher=Fetcher(transport=transport, resolve=lambda _host: [PUBLIC]),
        clock=clock,
        policy=Policy(isolate=False),
    )


def test_five_rotations_leave_every_badge_valid(tmp_path):
    clock = TestClock()
    office = Office(tmp_path / "data", base_url=HTTPS_BASE_URL, clock=clock)
    office.ready()
    texts = [office.one(run="run 0").text]
    for number in range(1, 6):
        clock.forward(days=30)
        office.issuer.rotate_key("uef")
        texts.append(office.one(run=f"run {number}").text)
    office.issuer.sign_status_lists()
    settings = Settings.from_env(
        {
            "TESTAMUR_BASE_URL": HTTPS_BASE_URL,
            "TESTAMUR_SECRET_KEY": SECRET,
            **settings_for(tmp_path / "data"),
        },
        dir=str(tmp_path / "data"),
    )
    with served_over_tls(create_app(settings, clock=clock), HOST, tmp_path) as (port, context):
        verifier = _elsewhere(port, context, clock)
        reports = [verifier.verify(text.encode()) for text in texts]
        assert [report.verdict for report in reports] == [Verdict.valid] * 6
        methods = {json.loads(text)["proof"][0]["verificationMethod"] for text in texts}
        assert len(methods) == 6
        assert {method.partition("#")[0] for method in methods} == {f"did:web:{HOST}:institutions:uef"}


def test_a_key_that_was_never_the_institutions_is_refused(tmp_path):
    clock = TestClock()
    office = Office(tmp_path / "data", base_url=HTTPS_BASE_URL, clock=clock)
    office.ready()
    forged = Office(tmp_path / "forger", base_url=HTTPS_BASE_URL, clock=clock)
    forged.ready()
    text = forged.one().text
    settings = Settings.from_env(
        {
            "TESTAMUR_BASE_URL": HTTPS_BASE_URL,
            "TESTAMUR_SECRET_KEY": SECRET,
            **settings_for(tmp_path / "data"),
        },
        dir=str(tmp_path / "data"),
    )
    with served_over_tls(create_app(settings, clock=clock), HOST, tmp_path) as (port, context):
        report = _elsewhere(port, context, clock).verify(text.encode())
    assert report.verdict is Verdict.invalid
    assert report.check("issuer_key").outcome == "failed"
