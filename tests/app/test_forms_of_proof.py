"""Forms of proof on the pages: the setting, the holder's files, the page on paper, the interface."""

import json
import re
from datetime import timedelta

import pytest
from console_office import ConsoleOffice
from form_office import choose
from issuing_office import CODE, HTTPS_BASE_URL, class_list, definition

from issuer.proof_forms import ProofForm
from issuer.refresh import refresh_address
from issuer.staff.api_tokens import create_token
from issuer.staff.roles import TOKEN_ACTS, Role
from verifier import Policy, Verdict, Verifier

SETTINGS = "/console/uef/institution"
FORMS = [ProofForm.JWT_RS256, ProofForm.ECDSA_SD_2023, ProofForm.ECDSA_RDFC_2019_P384]


@pytest.fixture
def world(tmp_path):
    made = ConsoleOffice(tmp_path / "var", base_url=HTTPS_BASE_URL)
    yield made
    made.close()


def issued(world, form, **options):
    """Issue one certificate in a form, and give its record."""
    world.issuer.create_key("uef", form.algorithm)
    choose(world.office, form)
    return world.office.one(**options)


def verdict(world, data):
    verifier = Verifier(
        fetcher=None, clock=world.clock, local=world.issuer.local, policy=Policy(isolate=False)
    )
    return verifier.verify(data).verdict


def program(world, path):
    """Ask the interface, as a program with a token does."""
    admin = world.desk(world.person("Ada", Role.INSTITUTION_ADMIN), "uef")
    expires = world.deployment.now() + timedelta(days=30)
    _token, text = create_token(admin, name="Register", acts=TOKEN_ACTS, expires=expires)
    headers = {"Authorization": f"Bearer {text}"}
    return world.app.test_client().get(f"/api/v1/uef{path}", base_url=world.base_url, headers=headers)


def save(world, browser, **changes):
    page = world.get(browser, SETTINGS)
    form = {"seen": re.search(r'name="seen" value="([^"]*)"', page.text)[1], "name": "University"}
    form |= {"url": "https://www.example.edu.vn", "undo_hours": "24", "accent": "#1f3f6b", "country": "VN"}
    return world.post(browser, SETTINGS, form | changes)


@pytest.mark.parametrize("form", FORMS)
def test_the_page_on_paper_and_the_shared_page_find_it_good(world, form):
    record = issued(world, form)
    visitor = world.browser()
    page = world.get(visitor, f"/c/{record.code}")
    assert page.status_code == 200
    assert "<title>Good: " in page.text
    assert record.learner_name in page.text
    assert "Revoked" not in page.text
    assert world.get(visitor, f"/s/{record.share_id}").status_code == 200
    assert world.get(visitor, f"/s/{record.share_id}/card.png").status_code == 200
    world.issuer.revoke(record.urn, reason="error", by="registrar")
    world.issuer.sign_status_lists()
    assert "revoked" in world.get(visitor, f"/c/{record.code}").text.lower()


@pytest.mark.parametrize("form", FORMS)
def test_every_file_of_the_holders_is_good(world, form):
    record = issued(world, form)
    place = world.issuer.holder_url(record).removeprefix(world.base_url)
    visitor = world.browser()
    page = world.get(visitor, place)
    assert page.status_code == 200
    offered = re.findall(rf'href="{place}/([^"]+)" download', page.text)
    signed = "credential.jwt" if form.is_token else "credential.json"
    own = ["own-copy.json"] if form.is_selective else []
    unsigned = "european-learning-model.jsonld"
    assert offered == ["certificate.pdf", "badge.png", "badge.svg", signed, unsigned, *own]
    told = json.loads(world.get(visitor, f"{place}/{unsigned}").data)
    assert told["identifier"]["notation"] == record.urn
    for name in [each for each in offered if each != unsigned]:
        answer = world.get(visitor, f"{place}/{name}")
        wanted = Verdict.unsupported if name == "own-copy.json" else Verdict.valid
        assert (answer.status_code, verdict(world, answer.data)) == (200, wanted), name
        assert answer.headers["Content-Disposition"].startswith("attachment")
    told = world.get(visitor, f"{place}/{signed}")
    assert told.mimetype == ("text/plain" if form.is_token else "application/vc+ld+json")
    for name in {"credential.jwt", "credential.json", "own-copy.json"} - set(offered):
        assert world.get(visitor, f"{place}/{name}").status_code == 404
    assert ("testamur derive" in page.text) == form.is_selective


def test_a_copy_for_choosing_is_on_the_holders_page_alone(world):
    record = issued(world, ProofForm.ECDSA_SD_2023)
    own = record.own_copy
    value = re.search(r'"proofValue":"([^"]+)"', own)[1]
    visitor = world.browser()
    for path in (f"/c/{record.code}", f"/s/{record.share_id}"):
        assert value not in world.get(visitor, path).text
    staff = world.client(world.person("Nam", Role.ISSUER))
    assert value not in world.get(staff, f"/console/uef/credentials/{record.urn}").text
    answer = program(world, f"/credentials/{record.urn}")
    assert (answer.status_code, value in answer.text) == (200, False)
    assert answer.json["text"] == record.text


@pytest.mark.parametrize("form", FORMS)
def test_programs_are_given_text_document_and_form(world, form):
    record = issued(world, form)
    told = program(world, f"/credentials/{record.urn}").json
    assert (told["proof_form"], told["text"]) == (form.value, record.text)
    assert told["credential"]["id"] == record.urn
    assert ("proof" in told["credential"]) != form.is_token


def test_the_newest_version_of_a_token_is_served_as_text(world):
    world.issuer.publish_definition("uef", definition(version="2", refresh=True))
    choose(world.office, ProofForm.JWT_EDDSA)
    preview = world.issuer.import_class_list("uef", CODE, "Autumn", class_list(1))
    (urn,) = world.issuer.issue_batch(world.issuer.start_batch(preview, by="registrar")).credentials
    record = world.issuer.credential(urn)
    path = refresh_address(record).removeprefix(world.base_url)
    answer = world.get(world.browser(), path)
    assert (answer.status_code, answer.text, answer.mimetype) == (200, record.text, "text/plain")


def test_the_setting_is_refused_without_a_key_and_taken_with_it(world):
    browser = world.client(world.person("Ada", Role.INSTITUTION_ADMIN))
    page = world.get(browser, SETTINGS)
    assert '<option value="eddsa-rdfc-2022" selected>' in page.text
    assert "there is no key for RSA yet" in page.text
    refused = save(world, browser, proof_form="jwt-rs256")
    assert refused.status_code == 422
    assert "testamur keys create uef --algorithm RSA" in refused.text
    assert '<option value="jwt-rs256" selected>' in refused.text
    assert world.office.one().proof_form is ProofForm.EDDSA_RDFC_2022
    world.issuer.create_key("uef", "RSA")
    assert save(world, browser, proof_form="jwt-rs256").status_code == 303
    page = world.get(browser, SETTINGS)
    assert '<option value="jwt-rs256" selected>' in page.text
    assert "there is no key for RSA yet" not in page.text
    assert world.office.one(run="Autumn").proof_form is ProofForm.JWT_RS256
    assert save(world, browser, proof_form="none").status_code == 422
    assert save(world, browser).status_code == 303  # a form that does not name it leaves it
    assert '<option value="jwt-rs256" selected>' in world.get(browser, SETTINGS).text


def test_only_administrators_choose(world):
    for role in (Role.ISSUER, Role.AUTHOR, Role.AUDITOR):
        browser = world.client(world.person("Nam", role))
        assert world.post(browser, SETTINGS, {"proof_form": "eddsa-jcs-2022"}).status_code == 403
    assert world.office.one().proof_form is ProofForm.EDDSA_RDFC_2022
