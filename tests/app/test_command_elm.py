"""`testamur elm`: documents go to standard output, what they lose to standard error."""

import json
import os
from datetime import UTC, datetime, timedelta

import pytest
from command_line import call
from elm_badges import example, full
from foreign_badge import Stranger
from joserfc import jws
from joserfc.jwk import ECKey
from joserfc.registry import HeaderParameter
from seal_keys import chain_pem, key_pem

from microcredential import load_definition
from microcredential.elm import elm_document
from ob3.strict_json import dump


@pytest.fixture
def badge_file(tmp_path):
    path = tmp_path / "badge.json"
    path.write_text(dump(example()), encoding="utf-8")
    return path


@pytest.fixture
def signed_file(tmp_path):
    path = tmp_path / "signed.json"
    path.write_bytes(Stranger().file())
    return path


@pytest.fixture
def tools(tmp_path):
    """Give the options that name a seal's key and certificate."""
    key, certificate = tmp_path / "seal.pem", tmp_path / "chain.pem"
    key.write_bytes(key_pem("P-256"))
    key.chmod(0o600)
    certificate.write_bytes(chain_pem("P-256", starts=_since(), days=3650))
    return ("--seal-key", key, "--seal-certificate", certificate)


def _since():
    return datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)


def test_the_document_goes_to_standard_output_and_the_losses_to_the_other(badge_file):
    called = call("elm", "export", badge_file)
    assert called.status == 0
    assert json.loads(called.out) == elm_document(example()).document
    told = called.err.splitlines()
    assert any(line.startswith("lost: credentialStatus: ") for line in told)
    assert any(line.startswith("changed: credentialSubject.additionalName: Thị: ") for line in told)
    assert any(line.startswith("missing: issuer.eIDASIdentifier: ") for line in told)


def test_standard_input_and_a_file_for_the_document(badge_file, tmp_path):
    out = tmp_path / "out.jsonld"
    called = call("elm", "export", "--out", out, "-", stdin=badge_file.read_bytes())
    assert (called.status, called.out) == (0, "")
    assert json.loads(out.read_text("utf-8")) == elm_document(example()).document


def test_as_json_everything_is_one_object(badge_file):
    called = call("elm", "export", "--json", badge_file)
    told = json.loads(called.out)
    assert (called.status, called.err, told["sealed"]) == (0, "", False)
    exported = elm_document(example())
    assert told["document"] == exported.document
    assert [one["path"] for one in told["losses"]] == [one.path for one in exported.losses]
    assert set(told["losses"][0]) == {"path", "what", "why", "changed"}
    assert told["missing"] == list(exported.missing)


def test_a_picture_is_shown_by_viewers(badge_file, tmp_path):
    picture = tmp_path / "certificate.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n....")
    called = call("elm", "export", "--picture", picture, badge_file)
    assert "individualDisplay" in json.loads(called.out)["displayParameter"]
    assert "individualDisplay" not in called.err
    picture.write_bytes(b"GIF89a")
    assert call("elm", "export", "--picture", picture, badge_file).status == 1


class _Registry(jws.JWSRegistry):
    max_payload_length = 10_000_000
    max_header_length = 100_000


def test_a_valid_credential_is_sealed(signed_file, tools):
    called = call("elm", "export", *tools, signed_file)
    assert called.status == 0, called.said
    sealed = json.loads(called.out)
    key = ECKey.import_key(key_pem("P-256"))
    registry = _Registry(header_registry={"iat": HeaderParameter("Time", "int")}, algorithms=["ES256"])
    read = jws.deserialize_json(sealed, key, registry=registry)
    document = json.loads(bytes(read.payload))
    assert document["issuer"]["eIDASIdentifier"]["notation"] == "NTRVN-0123456"
    assert document["identifier"]["notation"] == Stranger().badge()["id"]


def test_settings_name_the_seal_of_a_deployment(signed_file, tools):
    called = call(
        "elm",
        "export",
        "--json",
        signed_file,
        TESTAMUR_SEAL_KEY_FILE=str(tools[1]),
        TESTAMUR_SEAL_CERTIFICATE_FILE=str(tools[3]),
    )
    assert json.loads(called.out)["sealed"] is True


def test_a_locked_key_of_a_seal_needs_its_passphrase(signed_file, tools, tmp_path):
    tools[1].write_bytes(key_pem("P-256", passphrase=b"of the tests"))
    assert call("elm", "export", *tools, signed_file).status == 1
    word = tmp_path / "word"
    word.write_text("of the tests\n")
    word.chmod(0o600)
    assert call("elm", "export", *tools, "--seal-passphrase", word, signed_file).status == 0


def test_what_is_not_valid_is_not_sealed_unless_that_is_asked_for(badge_file, signed_file, tools, tmp_path):
    edited = tmp_path / "edited.json"
    edited.write_text(signed_file.read_text("utf-8").replace('"name":"', '"name":"X'), encoding="utf-8")
    for file in (badge_file, edited):
        refused = call("elm", "export", *tools, file)
        assert (refused.status, refused.out) == (1, "")
        assert "was not sealed" in refused.err
        assert json.loads(call("elm", "export", *tools, "--unverified", file).out)["signatures"]


def test_half_a_seal_is_wrong_usage(signed_file, tools):
    for half in (tools[:2], tools[2:]):
        called = call("elm", "export", *half, signed_file)
        assert (called.status, called.out) == (64, "")


def test_a_key_that_others_can_read_is_refused_and_never_shown(signed_file, tools):
    os.chmod(tools[1], 0o644)
    called = call("elm", "export", *tools, signed_file)
    assert called.status == 1
    assert "open to other users" in called.err
    tools[1].chmod(0o600)
    tools[1].write_bytes(key_pem("P-256").replace(b"M", b"!", 1))
    called = call("elm", "export", *tools, signed_file)
    assert called.status == 1
    assert key_pem("P-256").splitlines()[2].decode() not in called.said


def test_the_certificate_of_another_key_is_refused(signed_file, tools):
    tools[3].write_bytes(chain_pem("P-256", number=3, starts=_since(), days=3650))
    called = call("elm", "export", *tools, signed_file)
    assert (called.status, called.out) == (1, "")
    assert "not the one in the certificate" in called.err


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"text", b"\xff\xfe", b'{"credentialSubject": {}}'])
def test_what_is_no_credential_is_refused_in_words(data):
    called = call("elm", "export", "-", stdin=data)
    assert (called.status, called.out) == (1, "")
    assert "Traceback" not in called.err


def test_a_definition_comes_back_as_yaml_and_as_json(badge_file, tmp_path):
    exported = tmp_path / "exported.jsonld"
    exported.write_text(call("elm", "export", badge_file).out, encoding="utf-8")
    yaml, as_json = call("elm", "import", exported), call("elm", "import", "--json", exported)
    assert (yaml.status, as_json.status) == (0, 0)
    draft = load_definition(yaml.out.encode(), kind="yaml")
    assert draft == load_definition(as_json.out.encode(), kind="json")
    assert (draft.code, draft.version) == ("MC-CRS-2026", "2026-1")
    assert yaml.err == as_json.err
    assert "lost: credentialSubject.hasClaim: the award of one learner: " in yaml.err
    assert "Nguyễn" not in yaml.said
    checked = call("check", "-", stdin=yaml.out.encode())
    assert checked.status == 0, checked.said


def test_a_sealed_document_is_imported_too(signed_file, tools):
    sealed = call("elm", "export", *tools, signed_file).out
    called = call("elm", "import", "-", stdin=sealed.encode())
    assert called.status == 0, called.said


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[1]", b'{"type": "Qualification", "title": {"en": "\\u0007"}}']
)
def test_what_describes_no_micro_credential_is_refused_in_words(data):
    called = call("elm", "import", "-", stdin=data)
    assert (called.status, called.out) == (1, "")
    assert "Traceback" not in called.err


def test_a_file_that_is_not_there_is_wrong_usage(tmp_path):
    for words in (("export",), ("import",)):
        assert call("elm", *words, tmp_path / "nothing.json").status == 64
    assert call("elm", "export", "-", stdin=dump(full()).encode()).status == 0


# What the demonstration has issued, with status lists that are asked for


@pytest.mark.parametrize("kind", ["json", "png", "svg", "pdf"])
def test_every_kind_of_file_of_the_demonstration_is_exported_and_sealed(demo, served_demo, tools, kind):
    given = demo.credentials("issued")[0]
    plain = call("elm", "export", "--dir", demo.folder, given[kind])
    assert plain.status == 0, plain.said
    sealed = call("elm", "export", "--dir", demo.folder, *tools, given[kind])
    assert sealed.status == 0, sealed.said
    document, inside = json.loads(plain.out), json.loads(json.loads(sealed.out)["payload"])
    inside["issuer"].pop("eIDASIdentifier")
    assert inside == document


@pytest.mark.parametrize("state", ["revoked", "suspended", "expired"])
def test_what_does_not_stand_any_more_is_not_sealed(demo, served_demo, tools, state):
    refused = call("elm", "export", "--dir", demo.folder, *tools, demo.credentials(state)[0]["json"])
    assert (refused.status, refused.out) == (1, "")
    assert f"The credential is {state}" in refused.err


def test_without_an_answer_about_its_status_nothing_is_sealed(demo, tools, tmp_path):
    refused = call("elm", "export", "--dir", tmp_path, *tools, demo.credentials("issued")[0]["json"])
    assert (refused.status, refused.out) == (1, "")
    assert "The credential is undetermined" in refused.err
