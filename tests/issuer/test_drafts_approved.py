"""Approved drafts: decided upon and not yet published, unchanged until then, and never by their authors."""

import copy
from datetime import timedelta

import pytest
from definition_drafts import author, complete_document, desk, open_institution, reviewer
from sqlmodel import Session

from issuer.audit.entries import entries_of
from issuer.definitions import DefinitionRefused
from issuer.drafts.drafts import begin_draft, find_draft, save_draft, withdraw_draft
from issuer.drafts.records import DraftState
from issuer.drafts.review import approve_draft, approve_for_later, may_approve, send_back, send_for_review
from issuer.errors import Conflict, NotAllowed
from issuer.register.searching import Search, entry_of, search
from issuer.staff.roles import Role


@pytest.fixture
def anna(office):
    office.here = open_institution(office)
    return author(office, office.here)


@pytest.fixture
def rita(office, anna):
    return reviewer(office, office.here)


@pytest.fixture
def draft(anna):
    begun = begin_draft(anna, complete_document())
    return send_for_review(anna, begun.public_id, revision=1)


def test_what_is_approved_is_published_another_day_by_another_person(office, draft, rita):
    approved = approve_for_later(rita, draft.public_id, revision=1)
    assert approved.state is DraftState.APPROVED
    assert search(office.issuer.deployment, Search(every=True)).entries == ()
    decided = office.clock.now
    office.clock.now += timedelta(days=3)
    other = reviewer(office, office.here, "Omar")
    version = approve_draft(other, draft.public_id, revision=1)
    assert find_draft(rita, draft.public_id).state is DraftState.PUBLISHED
    review = entry_of(office.issuer.deployment, version.public_id).evidence["review"]
    assert (review["approved_by"], review["published_by"]) == (rita.actor.ref, other.actor.ref)
    assert review["approved"] == decided.isoformat()
    with Session(office.engine) as session:
        acts = [each.act for each in entries_of(session, "uef")]
    assert acts[-2:] == ["definition.approve", "definition.publish"]


def test_what_is_approved_stands_still_until_it_is_sent_back(anna, draft, rita):
    approve_for_later(rita, draft.public_id, revision=1)
    changed = copy.deepcopy(complete_document())
    changed["achievement"]["title"]["en"] = "Another title"
    with pytest.raises(Conflict) as refused:
        save_draft(anna, draft.public_id, changed, revision=1)
    assert refused.value.code == "approved"
    assert (
        send_back(rita, draft.public_id, note="The board wants a fourth outcome.").state is DraftState.DRAFT
    )
    assert save_draft(anna, draft.public_id, changed, revision=1).revision == 2
    with pytest.raises(Conflict):
        approve_draft(rita, draft.public_id, revision=2)


def test_it_is_approved_once_as_it_was_seen_and_never_by_who_wrote_it(office, anna, draft, rita):
    both = desk(office, office.here, "Anna", Role.AUTHOR, Role.REVIEWER)
    with pytest.raises(NotAllowed):
        approve_for_later(both, draft.public_id, revision=1)
    with pytest.raises(NotAllowed):
        approve_for_later(anna, draft.public_id, revision=1)
    with pytest.raises(Conflict):
        approve_for_later(rita, draft.public_id, revision=2)
    assert may_approve(rita, approve_for_later(rita, draft.public_id, revision=1))
    with pytest.raises(Conflict) as refused:
        approve_for_later(rita, draft.public_id, revision=1)
    assert refused.value.code == "approved"
    with pytest.raises(NotAllowed):
        approve_draft(both, draft.public_id, revision=1)


def test_what_must_be_mended_meanwhile_is_not_published(office, draft, rita):
    approve_for_later(rita, draft.public_id, revision=1)
    office.issuer.publish_definition("uef", _the_same_with_another_text())
    with pytest.raises(DefinitionRefused):
        approve_draft(rita, draft.public_id, revision=1)
    assert find_draft(rita, draft.public_id).state is DraftState.APPROVED


def _the_same_with_another_text():
    from issuer.drafts.documents import definition_of

    document = copy.deepcopy(complete_document())
    document["achievement"]["tag"] = ["published meanwhile"]
    return definition_of(document)


def test_an_author_may_withdraw_what_is_approved(anna, draft, rita):
    approve_for_later(rita, draft.public_id, revision=1)
    assert withdraw_draft(anna, draft.public_id).state is DraftState.WITHDRAWN
    with pytest.raises(Conflict):
        approve_draft(rita, draft.public_id, revision=1)
