"""The VC-API over TLS on loopback, as public suites ask for status lists: a real server, a real client."""

import contextlib
import signal
import socket
import ssl
import subprocess
import time

import httpx
import pytest
from cryptography import x509
from demonstration import TESTAMUR, environment
from free_ports import free_port

V2 = "https://www.w3.org/ns/credentials/v2"


@contextlib.contextmanager
def _served(folder, *arguments, **extra):
    port = free_port()
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*TESTAMUR, "serve", "--dir", str(folder), "--port", str(port), *arguments],
            env=environment(folder, TESTAMUR_VC_API="on", **extra),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            yield process, port
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _client(folder, port, process):
    """Give a client that trusts the server's certificate and no other, once the server answers."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert process.poll() is None, (folder / "log").read_text("utf-8", "replace")
        try:
            trusted = ssl.create_default_context(cafile=str(folder / "tls" / "certificate.pem"))
        except OSError:
            time.sleep(0.1)
            continue
        client = httpx.Client(base_url=f"https://127.0.0.1:{port}", verify=trusted, trust_env=False)
        try:
            client.get("/healthz")
            return client
        except httpx.TransportError:
            client.close()
            time.sleep(0.1)
    raise AssertionError("the server did not answer")


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    with (
        _served(folder, "--tls-self-signed") as (process, port),
        contextlib.closing(_client(folder, port, process)) as client,
    ):
        yield folder, client


def test_a_status_list_has_an_https_address_that_answers(served):
    _folder, client = served
    issuer = client.get("/vc-api").json()["ed25519"]
    credential = {
        "@context": [V2],
        "id": "urn:uuid:0d6f2f0e-6f0e-4d52-8c0f-3f0c2b0d1e77",
        "type": ["VerifiableCredential"],
        "issuer": issuer,
        "credentialSubject": {"id": "did:example:learner"},
    }
    issued = client.post("/vc-api/status/credentials/issue", json={"credential": credential})
    assert issued.status_code == 201
    address = issued.json()["credentialStatus"]["statusListCredential"]
    assert address.startswith("https://127.0.0.1:")
    listed = client.get(address).json()
    assert listed["id"] == address
    assert listed["issuer"] == issuer
    body = {"verifiableCredential": issued.json(), "options": {"checks": ["proof", "credentialStatus"]}}
    assert client.post("/credentials/verify", json=body).status_code == 200
    revoke = {"credentialId": credential["id"], "credentialStatus": {"statusPurpose": "revocation"}}
    assert client.post("/credentials/status", json=revoke).status_code == 200
    refused = client.post("/credentials/verify", json=body)
    assert (refused.status_code, refused.json()["verdict"]) == (422, "revoked")


def test_the_key_is_private_and_the_certificate_is_for_loopback_alone(served):
    folder, client = served
    assert (folder / "tls" / "key.pem").stat().st_mode & 0o077 == 0
    certificate = x509.load_pem_x509_certificate((folder / "tls" / "certificate.pem").read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    assert all(one.is_loopback for one in names.get_values_for_type(x509.IPAddress))
    assert "Strict-Transport-Security" not in client.get("/healthz").headers


def test_nobody_trusts_the_certificate_without_being_told(served):
    _folder, client = served
    address = client.base_url
    with (
        pytest.raises(ssl.SSLCertVerificationError),
        socket.create_connection((address.host, address.port), timeout=10) as plain,
        ssl.create_default_context().wrap_socket(plain, server_hostname=address.host),
    ):
        pass


def test_where_others_reach_the_service_the_certificate_is_refused(tmp_path):
    done = subprocess.run(
        [*TESTAMUR, "serve", "--dir", str(tmp_path), "--tls-self-signed"],
        env=environment(
            tmp_path,
            TESTAMUR_BASE_URL="https://badges.example.edu",
            TESTAMUR_SECRET_KEY="0123456789abcdefghijklmnopqrstuvwxyz",
        ),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 64
    assert "loopback" in done.stderr
    assert not (tmp_path / "tls").exists()
