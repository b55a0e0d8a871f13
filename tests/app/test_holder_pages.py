"""The holder's page, the page that the holder shares, and what programs read."""

import dataclasses
import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from app_fakes import CODE, INSTITUTION, SHARE, TOKEN, report

from issuer.records import PageVisibility, Visibility
from verifier import Outcome, Verdict


def heading(page: str) -> str:
    return re.sub(r"<[^>]+>", "", re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)[1])


# The holder's page


def test_the_holder_sees_the_certificate_and_its_files(world):
    page = world.get(f"/h/{TOKEN}").text
    assert heading(page) == "Your certificate in Credit Risk Analysis for Small-Business Lending"
    for name in ("certificate.pdf", "badge.png", "badge.svg", "credential.json", "certificate.png"):
        assert f"/h/{TOKEN}/{name}" in page
    assert "your final grade (8.3 of 10)" in page.replace("</span>", "")


@pytest.mark.parametrize(
    ("name", "kind", "place"),
    [
        ("certificate.pdf", "application/pdf", "attachment"),
        ("certificate.png", "image/png", "inline"),
        ("badge.png", "image/png", "attachment"),
        ("badge.svg", "image/svg+xml", "attachment"),
        ("credential.json", "application/vc+ld+json", "attachment"),
        ("european-learning-model.jsonld", "application/ld+json", "attachment"),
    ],
)
def test_each_file_says_what_it_is(world, name, kind, place):
    answer = world.get(f"/h/{TOKEN}/{name}")
    assert answer.mimetype == kind
    assert answer.headers["Content-Disposition"].startswith(f'{place}; filename="')
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_certificate_is_given_in_the_european_learning_model_too(world):
    assert f'href="/h/{TOKEN}/european-learning-model.jsonld" download' in world.get(f"/h/{TOKEN}").text
    document = json.loads(world.get(f"/h/{TOKEN}/european-learning-model.jsonld").data)
    kept = json.loads(world.office.kept.text)
    assert "EuropeanDigitalCredential" in document["type"]
    assert document["identifier"]["notation"] == kept["id"]
    assert "image" in document["displayParameter"]["individualDisplay"]["displayDetail"]
    assert "proof" not in document


def test_the_signed_file_is_given_byte_for_byte(world):
    assert world.get(f"/h/{TOKEN}/credential.json").data == world.office.kept.text.encode()


def test_the_holders_choice_is_stored_and_doubt_shows_less(world):
    def save(**form):
        token = re.search(r'name="csrf_token" value="([^"]+)"', world.get(f"/h/{TOKEN}").text)[1]
        assert world.post(f"/h/{TOKEN}", data={"csrf_token": token, **form}).status_code == 303
        return world.office.kept.visibility

    assert save(show=["grade", "evidence"], page="public") == Visibility(
        True, False, True, PageVisibility.PUBLIC
    )
    assert save(show="x" * 100, page="everyone") == Visibility(page=PageVisibility.OFF)
    assert "Saved." in world.get(f"/h/{TOKEN}?saved=1").text


def test_the_linkedin_link_has_every_parameter(world):
    link = re.search(r'href="(https://www\.linkedin\.com/[^"]+)"', world.get(f"/h/{TOKEN}").text)[1]
    values = parse_qs(urlsplit(link.replace("&amp;", "&")).query)
    assert values == {
        "startTask": ["CERTIFICATION_NAME"],
        "name": ["Credit Risk Analysis for Small-Business Lending"],
        "organizationName": [INSTITUTION.name],
        "issueYear": ["2026"],
        "issueMonth": ["6"],
        "certUrl": [f"https://badges.example.edu/s/{SHARE}"],
        "certId": ["7KQ2-M9TX"],
    }


# The shared page


def test_the_shared_page_has_a_picture_for_social_sites(world):
    answer = world.get(f"/s/{SHARE}")
    assert (
        f'<meta property="og:image" content="https://badges.example.edu/s/{SHARE}/card.png">' in answer.text
    )
    assert 'property="og:title" content="Nguyễn Thị Minh Anh: Credit Risk' in answer.text
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert world.get(f"/s/{SHARE}/card.png").headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_a_public_page_may_be_found(world):
    world.office.kept = dataclasses.replace(
        world.office.kept, visibility=Visibility(page=PageVisibility.PUBLIC)
    )
    answer = world.get(f"/s/{SHARE}")
    assert "X-Robots-Tag" not in answer.headers
    assert "noindex" not in answer.text


def test_a_page_that_is_off_is_not_there_but_the_paper_works(world):
    world.office.kept = dataclasses.replace(world.office.kept, visibility=Visibility(page=PageVisibility.OFF))
    assert world.get(f"/s/{SHARE}").status_code == 404
    assert world.get(f"/s/{SHARE}/card.png").status_code == 404
    assert world.get(f"/c/{CODE}").status_code == 200
    assert "Your page for sharing is off." in world.get(f"/h/{TOKEN}").text


def test_a_revoked_certificate_is_not_advertised(world):
    world.own.answer = report(
        Verdict.revoked, credential=world.credential, status=(Outcome.failed, "revoked", {})
    )
    page = world.get(f"/s/{SHARE}").text
    assert "Revoked" in page
    assert "og:image" not in page
    assert world.get(f"/s/{SHARE}/card.png").status_code == 404


# What programs read


def test_a_status_list_is_served_as_stored_and_may_be_kept(world):
    answer = world.get("/status/uef/revocation/1")
    assert answer.data == b'{"list":1}'
    assert answer.mimetype == "application/vc+ld+json"
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    again = world.get("/status/uef/revocation/1", **{"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_published_documents_are_open_and_typed(world):
    did = world.get("/institutions/uef/did.json")
    assert (did.mimetype, did.headers["Access-Control-Allow-Origin"]) == ("application/did+json", "*")
    keys = world.get("/.well-known/jwks.json")
    assert (keys.mimetype, keys.headers["Access-Control-Allow-Origin"]) == ("application/jwk-set+json", "*")
    assert world.get("/.well-known/jwks.json", **{"If-None-Match": keys.headers["ETag"]}).status_code == 304
    assert world.get("/institutions/uef/keys/abc.jwk").mimetype == "application/jwk+json"
    context = world.get("/contexts/micro-credential-v1.json")
    assert context.mimetype == "application/ld+json"
    assert "immutable" in context.headers["Cache-Control"]
    assert b"https://badges.example.edu/" in world.get("/schemas/micro-credential-v1.json").data


def test_an_achievement_is_a_page_or_a_document(world):
    path = f"/achievements/{world.office.kept.definition.public_id}"
    page = world.get(path)
    assert heading(page.text) == "Credit Risk Analysis for Small-Business Lending"
    assert "Accept" in page.headers["Vary"]
    for accept in ("application/json", "application/ld+json", "*/*"):
        document = world.get(path, Accept=accept)
        assert document.mimetype == "application/ld+json"
        assert json.loads(document.data) == world.office.kept.definition.achievement


def test_the_accent_follows_the_style_sheet(world):
    page = world.get(f"/c/{CODE}").text
    assert page.index("/static/testamur.css") < page.index("/institutions/uef/accent.css")
    assert "--accent: #54306e" in world.get("/institutions/uef/accent.css").text
