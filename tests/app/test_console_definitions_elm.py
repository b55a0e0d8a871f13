"""A document of the European Learning Model becomes a draft in the console, with a list of what lacks."""

import html
import io
import json
import re

import pytest
from definition_house import House
from elm_badges import example

from issuer.drafts.drafts import list_drafts
from microcredential.elm import elm_document
from ob3.strict_json import dump

LIST = "/console/uef/definitions"


@pytest.fixture
def house(tmp_path):
    house = House(tmp_path / "var")
    yield house
    house.office.close()


@pytest.fixture
def anna(house):
    return house.browser("Anna")


def sent(anna, text):
    return anna.post(f"{LIST}/import", {"file": (io.BytesIO(text.encode()), "course.jsonld")})


def test_a_document_of_the_model_becomes_a_draft_with_a_list_of_what_is_missing(house, anna):
    answer = sent(anna, dump(elm_document(example(), picture=b"\x89PNG\r\n\x1a\n" + b"x" * 250_000).document))
    assert answer.status_code == 200
    said = html.unescape(answer.text)
    assert "A level in words is no level: state it with its basis." in said
    assert "Nguyễn" not in said
    (draft,) = list_drafts(house.anna)
    assert (draft.code, draft.title) == ("MC-CRS-2026", "Credit Risk Analysis for Small-Business Lending")
    link = re.search(r'class="button primary" href="([^"]+)"', answer.text)[1]
    assert link == f"{LIST}/drafts/{draft.public_id}"
    assert anna.get(link).status_code == 200


def test_a_sealed_document_is_taken_too(house, anna):
    sealed = {"payload": dump(elm_document(example()).document), "signatures": [{}]}
    assert sent(anna, dump(sealed)).status_code == 200
    assert len(list_drafts(house.anna)) == 1


def test_a_long_list_is_cut_and_says_so(anna):
    document = {
        "type": "Qualification",
        "title": {"en": "A course"},
        **{f"own{at}": "x" for at in range(300)},
    }
    answer = sent(anna, dump(document))
    assert answer.text.count("<li>own") < 200
    assert "And 102 more." in answer.text


def test_a_hostile_text_is_only_text(anna):
    document = {"type": "Qualification", "title": {"en": "A course"}, "<script>alert(1)</script>": "<b>x</b>"}
    answer = sent(anna, dump(document))
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "<b>x" not in answer.text


@pytest.mark.parametrize(
    "document",
    [
        {"type": "Person"},
        {"type": "Qualification", "title": {"en": "\u202ea"}},
        {"type": "Qualification", "a": 2**60},
    ],
    ids=["person", "turned", "number"],
)
def test_what_cannot_be_a_draft_is_refused_with_a_reason(house, anna, document):

    answer = sent(anna, json.dumps(document))
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert list_drafts(house.anna) == []
