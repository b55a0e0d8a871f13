"""A draft that is approved on its page, waits in the list, and is published from there."""

import pytest
from definition_house import House

from issuer.drafts.drafts import find_draft
from issuer.drafts.records import DraftState
from issuer.drafts.review import send_for_review

LIST = "/console/uef/definitions"


@pytest.fixture
def house(tmp_path):
    made = House(tmp_path / "var")
    yield made
    made.office.close()
    made.app.extensions["testamur_database"].dispose()


def test_a_draft_is_approved_waits_and_is_published(house):
    draft = house.draft()
    send_for_review(house.anna, draft.public_id, revision=1)
    place = f"{LIST}/drafts/{draft.public_id}"
    rita, anna = house.browser("Rita"), house.browser("Anna")
    assert "Approve, and publish later" in rita.get(place).text
    assert rita.post(f"{place}/review", {"act": "approve_later", "revision": "7"}).status_code == 409
    sent = rita.post(f"{place}/review", {"act": "approve_later", "revision": "1"})
    assert (sent.status_code, sent.headers["Location"]) == (303, place)
    shown = rita.get(place).text
    assert "Approved" in shown
    assert "Publish version 2026-1" in shown
    assert "Approve, and publish later" not in shown
    assert "It is approved, and a reviewer publishes it" in anna.get(place).text
    assert "Waits to be published" in rita.get(f"{LIST}?state=approved").text
    today = rita.get("/console/uef").text
    assert f"/console/uef/definitions/drafts/{draft.public_id}" in today
    assert "Publish" in today
    assert "Waits to be published" not in anna.get(f"{LIST}?state=approved").text
    assert rita.post(f"{place}/review", {"act": "approve_later", "revision": "1"}).status_code == 409
    published = rita.post(f"{place}/review", {"act": "approve", "revision": "1"})
    assert "/definitions/versions/" in published.headers["Location"]
    assert find_draft(house.rita, draft.public_id).state is DraftState.PUBLISHED


def test_an_author_does_not_approve_for_later_either(house):
    draft = house.draft()
    send_for_review(house.anna, draft.public_id, revision=1)
    place = f"{LIST}/drafts/{draft.public_id}/review"
    assert house.browser("Anna").post(place, {"act": "approve_later", "revision": "1"}).status_code == 403
    assert find_draft(house.rita, draft.public_id).state is DraftState.REVIEW
