"""A canary for secrets: known ones go in, and nothing that the commands keep, log or print holds them."""

import base64
import json
import signal
import subprocess
import time
import traceback
import urllib.error
import urllib.request

import pytest
from command_line import call, make_office
from database import settings_for
from demonstration import TESTAMUR, environment
from free_ports import free_port
from issuing_office import ACHIEVEMENT, CODE, class_list
from stored_rows import kept_bytes, rows

from app.settings import Settings
from app.signing import mail_sender, open_signing_office
from keys import SecretKey

PASSPHRASE = "canary-passphrase-0c4be1d7a6"
SMTP_PASSWORD = "canary-smtp-5e0f2b"
SEED = b"canary seed of thirty-two bytes!"
ROWS = 2


@pytest.fixture(scope="module")
def deployment(tmp_path_factory):
    """A small deployment made by the commands with known secrets; gives its folder and all that was said."""
    folder = tmp_path_factory.mktemp("canary")
    port = free_port()
    settings = {
        "TESTAMUR_BASE_URL": f"http://127.0.0.1:{port}",
        "TESTAMUR_PORT": str(port),
        "TESTAMUR_SMTP_URL": f"smtp://registrar:{SMTP_PASSWORD}@127.0.0.1:{free_port()}",  # nobody listens
        "TESTAMUR_MAIL_FROM": "registrar@example.edu",
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SecretKey, "generate", classmethod(lambda cls, *_a, **_k: cls.from_seed(SEED)))
        patch.setenv("TESTAMUR_BASE_URL", settings["TESTAMUR_BASE_URL"])
        office = make_office(folder / "data", passphrase=PASSPHRASE, **settings)
        said = [issued(folder, office, settings)]
    said.append(revoked(office, settings))
    said += processes(office, port, settings)
    return office, settings, "\n".join(said)


def issued(folder, office, settings):
    definition = folder / "definition.json"
    options = {"code": CODE, "version": "1", "language": "en", "suspension": True}
    definition.write_text(json.dumps({"definition": options, "achievement": ACHIEVEMENT}), encoding="utf-8")
    listed = folder / "class.csv"
    listed.write_bytes(class_list(ROWS))
    given = ("--institution", "uef", "--definition", definition, "--run", "spring", "--dir", office)
    done = call("issue", listed, *given, **settings)
    assert (done.status, "2 to be tried again" in done.out) == (0, True), done.said
    return done.said


def revoked(office, settings):
    urn = rows(office, "SELECT urn FROM credential ORDER BY id DESC")[0][0]
    done = call("revoke", urn, "--reason", "error", "--dir", office, **settings)
    assert done.status == 0
    return done.said + call("keys", "list", "--dir", office, **settings).said


def processes(office, port, settings):
    """Let the web process answer holders' links and the worker try mails; give what both wrote."""
    running = [
        subprocess.Popen(
            [*TESTAMUR, name, "--dir", str(office)],
            env=environment(office, **settings),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for name in ("serve", "worker")
    ]
    try:
        token = holder_tokens(office, settings)[0]
        wait_for(f"http://127.0.0.1:{port}/h/{token}", status=200)
        wait_for(f"http://127.0.0.1:{port}/h/{token}/certificate.pdf", status=200)
        wait_for(f"http://127.0.0.1:{port}/h/{token[:-1]}", status=404)
    finally:
        for process in running:
            process.send_signal(signal.SIGTERM)
        said = [process.communicate(timeout=30)[0] for process in running]
    return said


def wait_for(url, *, status):
    until = time.monotonic() + 40
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                found = answer.status
        except urllib.error.HTTPError as error:
            found = error.code
            error.close()
        except OSError:
            time.sleep(0.2)
            continue
        assert found == status
        return
    raise AssertionError(f"no answer from {url}")


def settings_of(office, settings):
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (settings | settings_for(office)).items():
            patch.setenv(name, value)
        return Settings.from_env(dir=str(office))


def holder_tokens(office, settings):
    opened = open_signing_office(settings_of(office, settings))
    return [opened.holder_url(each).rpartition("/")[2] for each in opened.credentials("uef")]


def secrets_of(office, settings):
    """Every secret in every form in which it could leak."""
    link_secret = (office / "link-secret").read_bytes().strip()
    return {
        "passphrase": [PASSPHRASE.encode()],
        "mail password": [SMTP_PASSWORD.encode(), base64.b64encode(SMTP_PASSWORD.encode())],
        "seed": [SEED, SEED.hex().encode(), base64.b64encode(SEED)[:-1], base64.urlsafe_b64encode(SEED)[:-1]],
        "link secret": [link_secret],
        "web secret": [(office / "secret-key").read_bytes().strip()],
        "holder token": [token.encode() for token in holder_tokens(office, settings)],
    }


OWN_FILES = {"passphrase": "passphrase", "link-secret": "link secret", "secret-key": "web secret"}


def test_no_file_holds_a_secret_but_its_own(deployment):
    office, settings, _ = deployment
    secrets = secrets_of(office, settings)
    files = [each for each in office.rglob("*") if each.is_file()]
    assert {"queue.db", "passphrase"} <= {each.name for each in files}
    kept = {file.name: file.read_bytes() for file in files} | {"the database": kept_bytes(office)}
    assert b"did:key:z6Mk" in kept["the database"]
    for name, data in kept.items():
        found = {secret for secret, forms in secrets.items() for form in forms if form in data}
        assert found == ({OWN_FILES[name]} if name in OWN_FILES else set()), name


def test_nothing_said_or_logged_holds_a_secret(deployment):
    office, settings, said = deployment
    assert "/h/<" in said  # the route is logged, never the address
    secrets = secrets_of(office, settings)
    assert {name for name, forms in secrets.items() for form in forms if form in said.encode()} == set()


def test_the_canary_sings(deployment):
    office, settings, _ = deployment
    mail = open_signing_office(settings_of(office, settings)).outbox()[0]
    tokens = secrets_of(office, settings)["holder token"]
    assert any(token in mail.text.encode() for token in tokens)  # the mail alone carries the link


def test_representations_and_tracebacks_hold_no_secret(deployment):
    office, given, _ = deployment
    settings = settings_of(office, given)
    opened = open_signing_office(settings)
    send = mail_sender(settings)
    keyring = opened._keyring
    shown = [repr(each) for each in (settings, opened, send, keyring, vars(opened), vars(keyring))]
    try:
        failing(settings, opened, send, SecretKey.from_seed(SEED))
    except RuntimeError as error:
        where = error.__traceback__.tb_next  # without this test, which knows the secrets itself
        told = traceback.TracebackException(RuntimeError, error, where, capture_locals=True)
        shown.append("".join(told.format()))
    assert "secret_key = " in shown[-1]  # the locals are there
    for name, forms in secrets_of(office, given).items():
        for form in forms:
            for text in shown:
                assert form not in text.encode("utf-8", "replace"), name
                assert repr(form)[2:-1] not in text, name


def failing(settings, opened, send, secret_key):
    signer = secret_key.signer()
    raise RuntimeError(f"with {signer.id} something went wrong")
