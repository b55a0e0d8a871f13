"""Every container with every form of the credential in it, as a file and served under any content type."""

import io
import json

import pytest
from pdf_files import pdf
from PIL import Image
from simulator import World, as_bytes
from tokens import token

from ob3 import bake
from verifier import Policy, Verdict

WORLD = World()
ISSUER = WORLD.issuer("forms.keystone.example")
TOKEN = ISSUER.token()
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
ENVELOPE = {
    "@context": "https://www.w3.org/ns/credentials/v2",
    "id": f"data:application/vc+jwt,{TOKEN}",
    "type": "EnvelopedVerifiableCredential",
}
TEXTS = {"proof": ISSUER.badge().decode(), "token": TOKEN, "envelope": json.dumps(ENVELOPE)}


def png(text):
    output = io.BytesIO()
    Image.new("RGB", (9, 9), "navy").save(output, "PNG")
    return bake(output.getvalue(), text)


CONTAINERS = {
    "plain": lambda text: text.encode(),
    "with line ends": lambda text: f"\r\n{text}\r\n".encode(),
    "png": png,
    "svg": lambda text: bake(SVG, text),
    "pdf": lambda text: pdf(("credential", text.encode())),
    "pdf with a line end": lambda text: pdf(("credential", text.encode() + b"\n")),
}
EVERY = [(container, form) for container in CONTAINERS for form in TEXTS]


@pytest.mark.parametrize(("container", "form"), EVERY)
def test_every_container_gives_every_form(container, form):
    report = WORLD.verifier().verify(CONTAINERS[container](TEXTS[form]))
    assert (report.verdict, report.credential) == (Verdict.valid, ISSUER.credential())
    file = container[:3] if container[:3] in ("png", "svg", "pdf") else "json"
    assert report.kind == ("jwt" if form == "token" else file)


@pytest.mark.parametrize("served", ["text/html", "application/octet-stream", "image/jpeg", ""])
@pytest.mark.parametrize(("container", "form"), EVERY)
def test_an_address_serves_every_form_under_any_name(container, form, served):
    url = "https://wallet.example/anything"
    WORLD.publish(url, CONTAINERS[container](TEXTS[form]), **{"content-type": served})
    assert WORLD.verifier().verify_url(url).verdict is Verdict.valid


@pytest.mark.parametrize("container", ["png", "svg"])
def test_a_limited_child_gives_the_same(container):
    report = WORLD.verifier(policy=Policy()).verify(CONTAINERS[container](TOKEN))
    assert (report.verdict, report.kind) == (Verdict.valid, "jwt")


def test_one_credential_in_two_forms_is_two_credentials():
    both = pdf(("a.json", TEXTS["proof"].encode()), ("b.jwt", TOKEN.encode()))
    report = WORLD.verifier().verify(both)
    assert (report.verdict, report.check("container").code) == (Verdict.invalid, "container_broken")
    again = pdf(("a.jwt", TOKEN.encode()), ("b.jwt", TOKEN.encode()))
    assert WORLD.verifier().verify(again).verdict is Verdict.valid


def test_a_token_in_a_picture_that_was_said_to_be_json_is_refused():
    data = CONTAINERS["png"](TOKEN)
    assert WORLD.verifier().verify(data, kind="json").verdict is Verdict.invalid
    assert WORLD.verifier().verify(data, kind="png").verdict is Verdict.valid
    assert WORLD.verifier().verify(TOKEN.encode(), kind="jwt").verdict is Verdict.valid


def test_an_envelope_in_an_envelope_is_no_certificate():
    header = {"alg": "EdDSA", "kid": ISSUER.verification_method}
    outer = {**ENVELOPE, "id": f"data:application/vc+jwt,{token(header, ENVELOPE, ISSUER.key)}"}
    report = WORLD.verifier().verify(as_bytes(outer))
    assert (report.verdict, report.credential) == (Verdict.invalid, None)
