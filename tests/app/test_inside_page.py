"""The check page of files that hold several certificates, are of an older edition, or carry endorsements."""

import copy
import io
import json
import re

import app_fakes
import pytest
from editions import older
from simulator import Failure, World, as_bytes
from werkzeug.datastructures import FileStorage
from wrappers import Holder, learner_record, presentation

from ob3.jws import credential_jwt
from verifier import Verdict


@pytest.fixture
def outside():
    return World()


@pytest.fixture
def issuer(outside):
    return outside.issuer("badges.keystone.example")


def shown(world, outside, document, *, trust=(), **form):
    """Give the page for a document, as the real verifier reports on it."""
    world.outside = outside.verifier(trust=list(trust))
    data = document if isinstance(document, bytes) else as_bytes(document)
    files = [FileStorage(io.BytesIO(data), filename="file")]
    answer = world.post("/verify", **app_fakes.multipart(files=files, **form))
    assert answer.status_code == 200
    return answer.text


def first_line(page):
    return re.sub(r"<[^>]+>", "", re.search(r'<h1 id="verdict">(.*?)</h1>', page)[1])


def badge(issuer, number=1, **changes):
    own = {"id": f"urn:uuid:3d5f1c2e-8a55-4b7f-9c1b-6f0d2a1e4b{number:02d}"}
    return issuer.sign(issuer.credential(**own, **changes))


def forged(document):
    made = copy.deepcopy(document)
    made["credentialSubject"]["name"] = "Doctor Nobody"
    return made


def test_several_good_certificates_of_known_issuers(world, outside, issuer):
    page = shown(world, outside, presentation([badge(issuer), badge(issuer, 2)]), trust=[issuer.did])
    assert first_line(page) == "This file holds 2 certificates, and all of them are good."
    assert page.count("Certified Lending Professional") >= 2
    assert page.count("is-good") > 2
    assert 'id="inside"' in page


def test_an_issuer_that_is_not_known_is_said_first(world, outside, issuer):
    stranger = outside.issuer("stranger.example")
    page = shown(world, outside, presentation([badge(issuer), badge(stranger, 2)]), trust=[issuer.did])
    assert "not every issuer is known to us" in first_line(page)
    assert '<section class="verdict is-open unknown-issuer"' in page


@pytest.mark.parametrize("wrap", [presentation, None])
def test_each_inside_stands_with_its_own_verdict(world, outside, issuer, wrap):
    inside = [badge(issuer), badge(issuer, 2, validUntil="2026-06-01T00:00:00Z"), forged(badge(issuer, 3))]
    document = wrap(inside) if wrap else issuer.sign(learner_record(issuer, inside))
    page = shown(world, outside, document, trust=[issuer.did])
    assert first_line(page).endswith("and not all of them are good. Read each by itself.")
    assert "Doctor Nobody" not in page
    assert "Certificate 3" in page
    assert "expired" in page


def test_what_could_not_be_checked_is_not_called_bad(world, outside, issuer):
    outside.fail(issuer.list_url("revocation"), Failure.down)
    made = presentation([badge(issuer), badge(issuer, 2, credentialStatus=None)])
    page = shown(world, outside, made, trust=[issuer.did])
    assert first_line(page).endswith("and not all of them could be checked. Read each by itself.")
    assert "not all of them are good" not in page


def test_one_certificate_in_an_envelope_is_shown_as_itself(world, outside, issuer):
    page = shown(world, outside, presentation([badge(issuer)]), trust=[issuer.did])
    assert first_line(page).startswith("This certificate is good")
    assert "Marija Šimić Čović" in page
    assert 'id="inside"' not in page
    assert "The holder has not signed" not in page


def test_a_record_that_was_changed_is_said_to_be_so(world, outside, issuer):
    record = issuer.sign(learner_record(issuer, [badge(issuer), badge(issuer, 2)]))
    record["name"] = "Another"
    page = shown(world, outside, record, trust=[issuer.did])
    assert first_line(page).startswith("This certificate is not valid")
    assert 'id="inside"' in page


def test_a_withdrawn_record_is_said_to_be_withdrawn_by_its_own_issuer(world, outside, issuer):
    registrar = outside.issuer("records.example", name="Registrar")
    record = registrar.sign(learner_record(registrar, [badge(issuer)]))
    registrar.withdraw(77)
    page = shown(world, outside, record, trust=[issuer.did])
    assert "records.example" in first_line(page)
    assert "keystone" not in first_line(page)
    assert 'id="inside"' in page


STATES = {
    "good": lambda outside, issuer: {},
    "expired": lambda outside, issuer: {"expirationDate": "2026-06-01T00:00:00Z"},
    "not yet": lambda outside, issuer: {"issuanceDate": "2027-06-01T00:00:00Z"},
    "withdrawn": lambda outside, issuer: issuer.withdraw(412) or {},
    "silent": lambda outside, issuer: outside.fail(issuer.list_url("revocation"), Failure.down) or {},
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("wrapped", [None, presentation])
def test_every_state_of_an_older_badge_has_a_page(world, outside, issuer, state, known, wrapped):
    made = older(issuer.credential(), **STATES[state](outside, issuer))
    document = issuer.sign(made)
    if wrapped:
        document = wrapped([document, badge(issuer, 2)])
    page = shown(world, outside, document, trust=[issuer.did] if known else [])
    assert "in an older edition" in page
    if state == "expired" and not wrapped:
        assert "1 June 2026" in page


def test_a_token_that_ends_before_its_credential_has_a_page(world, outside, issuer):
    signed = issuer.sign(issuer.credential(), expires="2026-06-01T00:00:00Z")
    for trust in ([], [issuer.did]):
        assert "1 June 2026" in shown(world, outside, signed, trust=trust)
    token = credential_jwt(
        issuer.credential(validUntil="2026-06-01T00:00:00Z"),
        signer=issuer.key.signer(issuer.verification_method),
    )
    assert "1 June 2026" in shown(world, outside, token.encode())


def test_endorsements_are_told_by_who_made_them(world, outside, issuer):
    agency = outside.issuer("quality.example", name="We are the Ministry")
    about = issuer.credential()["credentialSubject"]["achievement"]["id"]
    made = issuer.credential()
    made["credentialSubject"]["achievement"]["endorsement"] = [agency.endorsement(about)]
    signed = issuer.sign(made)
    page = shown(world, outside, signed)
    assert "Endorsed by" in page
    assert "quality.example" in page
    assert "We are the Ministry" not in page  # a name in a file is no name (W10)
    page = shown(world, outside, signed, trust=[agency.did])
    assert "the signature is verified" in page


def test_praise_of_anothers_course_is_not_told_as_praise_of_this_one(world, outside, issuer):
    agency, borrower = outside.issuer("quality.example"), outside.issuer("borrower.example")
    course = issuer.credential()["credentialSubject"]["achievement"]["id"]
    for lapsed in ({}, {"validUntil": "2026-06-01T00:00:00Z"}):
        praise = {"id": course, "endorsement": [agency.endorsement(course, **lapsed)]}
        pages = []
        for whose in (borrower, issuer):
            made = whose.credential()
            made["credentialSubject"]["achievement"] |= praise
            pages.append(shown(world, outside, whose.sign(made), trust=[agency.did]))
        assert "it does not count here" in pages[0]
        assert "Endorsed by" not in pages[0]
        assert "Endorsed by" in pages[1]


def test_a_false_endorsement_is_told(world, outside, issuer):
    agency = outside.issuer("quality.example")
    praise = agency.endorsement(issuer.did)
    praise["credentialSubject"]["endorsementComment"] = "The best in the world."
    page = shown(
        world, outside, issuer.sign(issuer.credential(issuer={**issuer.profile(), "endorsement": [praise]}))
    )
    assert "Not endorsed" in page
    assert "The best in the world." not in page


@pytest.mark.parametrize("count", [0, 21])
def test_an_empty_and_an_overfull_envelope_have_a_page(world, outside, issuer, count):
    page = shown(world, outside, presentation([badge(issuer)] * count))
    assert "not valid" in first_line(page) or "refused" in first_line(page)


def test_the_signature_of_a_holder_is_told(world, outside, issuer):
    made = Holder().sign(presentation([badge(issuer), badge(issuer, 2)]))
    assert "signature: presentation_signed" in shown(world, outside, made)
    made["holder"] = issuer.did
    page = shown(world, outside, made)
    assert "not valid" in first_line(page)


def test_several_files_with_several_inside(world, outside, issuer):
    world.outside = outside.verifier()
    data = as_bytes(presentation([badge(issuer), forged(badge(issuer, 2))]))
    files = [FileStorage(io.BytesIO(data), filename=name) for name in ("a.json", "b.json")]
    answer = world.post("/verify", **app_fakes.multipart(files=files))
    assert answer.status_code == 200
    assert answer.text.count("Certificate 2") == 2
    assert json.loads(data)["verifiableCredential"][1]["credentialSubject"]["name"] not in answer.text


def test_a_verdict_of_several_is_never_plainer_than_its_gravest(outside, issuer):
    report = outside.verifier(trust=[issuer.did]).verify(
        as_bytes(presentation([badge(issuer), forged(badge(issuer))]))
    )
    assert report.verdict is Verdict.invalid
