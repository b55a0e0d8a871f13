"""Drafts: written by authors, kept for their institution and faculty, reviewed by somebody else."""

import copy
import json

import pytest
from definition_drafts import VERSION, author, complete_document, desk, faculty, open_institution, reviewer
from sqlmodel import Session, select

from issuer.audit_tables import AuditEntryRow
from issuer.badge_upload import BadgePicture, sanitised_badge
from issuer.definitions import DefinitionRefused, definition_versions
from issuer.drafts.drafts import (
    begin_draft,
    blank_document,
    find_draft,
    follow_version,
    list_drafts,
    resume_draft,
    save_draft,
    set_badge,
    withdraw_draft,
)
from issuer.drafts.records import DraftChanged, DraftState
from issuer.drafts.review import approve_draft, draft_findings, may_approve, send_back, send_for_review
from issuer.errors import Conflict, IssuerError, NotAllowed, NotFound
from issuer.staff.roles import Role
from microcredential import Severity

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'


@pytest.fixture
def here(office):
    return open_institution(office)


@pytest.fixture
def anna(office, here):
    return author(office, here)


@pytest.fixture
def rita(office, here):
    return reviewer(office, here)


def audited(office):
    with Session(office.engine) as session:
        rows = session.exec(select(AuditEntryRow).order_by(AuditEntryRow.id)).all()
        return [(row.act, row.actor) for row in rows if row.act.startswith("definition.")]


def titled(document, title):
    changed = copy.deepcopy(document)
    changed["achievement"]["title"]["en"] = title
    return changed


def test_a_draft_is_begun_saved_and_found_again(office, anna):
    draft = begin_draft(anna, blank_document("vi"))
    assert (draft.state, draft.revision, draft.code, draft.title) == (DraftState.DRAFT, 1, "", "")
    office.clock.forward(minutes=5)
    saved = save_draft(anna, draft.public_id, complete_document(), revision=1)
    assert (saved.revision, saved.code, saved.version) == (2, "MC-CRS-2026", VERSION)
    assert saved.document == complete_document()
    assert saved.saved > draft.saved
    assert saved.name(saved.written_by) == "Anna"
    assert [each.public_id for each in list_drafts(anna)] == [draft.public_id]


def test_saving_the_same_again_is_no_new_revision(anna):
    draft = begin_draft(anna, complete_document())
    assert save_draft(anna, draft.public_id, complete_document(), revision=1).revision == 1
    assert save_draft(anna, draft.public_id, complete_document(), revision=7).revision == 1


def test_a_stale_save_overwrites_nothing_and_says_who_was_first(office, here, anna):
    draft = begin_draft(anna, complete_document())
    ben = author(office, here, "Ben")
    save_draft(ben, draft.public_id, titled(complete_document(), "Ben's title"), revision=1)
    with pytest.raises(DraftChanged) as stale:
        save_draft(anna, draft.public_id, titled(complete_document(), "Anna's title"), revision=1)
    assert stale.value.message.startswith("Ben has saved")
    assert stale.value.theirs.title == "Ben's title"
    assert find_draft(anna, draft.public_id).title == "Ben's title"
    after = save_draft(anna, draft.public_id, titled(complete_document(), "Anna's title"), revision=2)
    assert after.title == "Anna's title"


def test_the_way_of_a_draft_to_a_version_and_its_successor(office, anna, rita):
    draft = begin_draft(anna, complete_document())
    sent = send_for_review(anna, draft.public_id, revision=1)
    assert (sent.state, sent.sent_by) == (DraftState.REVIEW, anna.actor.ref)
    back = send_back(rita, draft.public_id, note="Name the agency.")
    assert (back.state, back.note) == (DraftState.DRAFT, "Name the agency.")
    assert send_for_review(anna, draft.public_id, revision=1).note is None
    version = approve_draft(rita, draft.public_id, revision=1)
    done = find_draft(anna, draft.public_id)
    assert (done.state, done.published_as) == (DraftState.PUBLISHED, version.public_id)

    following = follow_version(anna, version.public_id)
    assert (following.follows, following.version, following.code) == (version.public_id, "", version.code)
    document = copy.deepcopy(dict(following.document))
    document["definition"]["version"] = "2026-2"
    save_draft(anna, following.public_id, document, revision=1)
    send_for_review(anna, following.public_id, revision=2)
    second = approve_draft(rita, following.public_id, revision=2)
    assert second.achievement["related"][0]["id"] == version.achievement_id
    assert [each.version for each in definition_versions(office.issuer.deployment, "uef")] == [
        VERSION,
        "2026-2",
    ]
    assert [act for act, _ in audited(office)] == [
        *("definition.draft", "definition.send", "definition.send_back", "definition.send"),
        *(
            "definition.publish",
            "definition.draft",
            "definition.draft",
            "definition.send",
            "definition.publish",
        ),
    ]


def test_what_must_be_mended_keeps_a_draft_from_review(anna):
    document = complete_document()
    del document["achievement"]["qualityAssurance"]
    draft = begin_draft(anna, document)
    with pytest.raises(DefinitionRefused) as refused:
        send_for_review(anna, draft.public_id, revision=1)
    assert {finding.id for finding in refused.value.findings} == {"M11"}
    save_draft(anna, draft.public_id, complete_document(), revision=1)
    assert send_for_review(anna, draft.public_id, revision=2).state is DraftState.REVIEW


def test_nobody_approves_what_they_have_written(office, here, anna, rita):
    both = desk(office, here, "Both", Role.AUTHOR, Role.REVIEWER)
    draft = begin_draft(anna, complete_document())
    save_draft(both, draft.public_id, titled(complete_document(), "Changed once"), revision=1)
    save_draft(anna, draft.public_id, complete_document(), revision=2)
    in_review = send_for_review(anna, draft.public_id, revision=3)
    assert not may_approve(both, in_review)
    with pytest.raises(NotAllowed) as refused:
        approve_draft(both, draft.public_id, revision=3)
    assert refused.value.code == "own_draft"
    assert may_approve(rita, in_review)
    assert approve_draft(rita, draft.public_id, revision=3).version == VERSION


@pytest.mark.parametrize("act", ["save", "send", "badge"])
def test_a_draft_in_review_stands_still(anna, act):
    draft = begin_draft(anna, complete_document())
    send_for_review(anna, draft.public_id, revision=1)
    with pytest.raises(Conflict):
        {
            "save": lambda: save_draft(anna, draft.public_id, blank_document(), revision=1),
            "send": lambda: send_for_review(anna, draft.public_id, revision=1),
            "badge": lambda: set_badge(anna, draft.public_id, None),
        }[act]()


def test_only_what_is_in_review_is_approved_or_sent_back(anna, rita):
    draft = begin_draft(anna, complete_document())
    for act in (
        lambda: approve_draft(rita, draft.public_id, revision=1),
        lambda: send_back(rita, draft.public_id, note="No"),
    ):
        with pytest.raises(Conflict):
            act()
    send_for_review(anna, draft.public_id, revision=1)
    with pytest.raises(DraftChanged):
        approve_draft(rita, draft.public_id, revision=9)
    with pytest.raises(IssuerError, match="what should change"):
        send_back(rita, draft.public_id, note="  ")


def test_a_withdrawn_draft_is_closed(anna):
    draft = begin_draft(anna, complete_document())
    assert withdraw_draft(anna, draft.public_id).state is DraftState.WITHDRAWN
    with pytest.raises(Conflict):
        withdraw_draft(anna, draft.public_id)
    with pytest.raises(Conflict):
        save_draft(anna, draft.public_id, blank_document(), revision=1)


def test_a_withdrawn_draft_is_taken_up_again(anna, rita):
    draft = begin_draft(anna, complete_document())
    with pytest.raises(Conflict):
        resume_draft(anna, draft.public_id)
    withdraw_draft(anna, draft.public_id)
    with pytest.raises(NotAllowed):
        resume_draft(rita, draft.public_id)
    assert resume_draft(anna, draft.public_id).state is DraftState.DRAFT


def test_names_that_are_taken_are_told_while_writing(anna, rita):
    draft = begin_draft(anna, complete_document())
    send_for_review(anna, draft.public_id, revision=1)
    approve_draft(rita, draft.public_id, revision=1)
    codes = [finding.code for finding in draft_findings(anna, complete_document())]
    assert codes == ["version_taken"]
    codes = [finding.code for finding in draft_findings(anna, complete_document(version="2026-2"))]
    assert codes == ["code_goes_on"]
    again = begin_draft(anna, complete_document())
    with pytest.raises(DefinitionRefused, match="published already"):
        send_for_review(anna, again.public_id, revision=1)


def test_two_drafts_of_one_version_become_one_version(anna, rita):
    one, two = (begin_draft(anna, complete_document()) for _ in range(2))
    for draft in (one, two):
        send_for_review(anna, draft.public_id, revision=1)
    approve_draft(rita, one.public_id, revision=1)
    with pytest.raises(DefinitionRefused):
        approve_draft(rita, two.public_id, revision=1)
    assert send_back(rita, two.public_id, note="Taken").state is DraftState.DRAFT


def test_roles_bound_what_may_be_done(office, here, anna, rita):
    auditor = desk(office, here, "Ada", Role.AUDITOR)
    draft = begin_draft(anna, complete_document())
    assert find_draft(auditor, draft.public_id).code == "MC-CRS-2026"
    for who in (rita, auditor):
        with pytest.raises(NotAllowed):
            begin_draft(who, blank_document())
        with pytest.raises(NotAllowed):
            save_draft(who, draft.public_id, blank_document(), revision=1)
    send_for_review(anna, draft.public_id, revision=1)
    for who in (anna, auditor):
        with pytest.raises(NotAllowed):
            approve_draft(who, draft.public_id, revision=1)
        with pytest.raises(NotAllowed):
            send_back(who, draft.public_id, note="No")


def test_another_institution_knows_nothing_of_a_draft(office, anna):
    draft = begin_draft(anna, complete_document())
    there = author(office, open_institution(office, "other"), "Olga", slug="other")
    assert list_drafts(there) == []
    for act in (
        lambda: find_draft(there, draft.public_id),
        lambda: save_draft(there, draft.public_id, blank_document(), revision=1),
        lambda: withdraw_draft(there, draft.public_id),
    ):
        with pytest.raises(NotFound):
            act()


def test_a_faculty_keeps_to_its_own_drafts(office, here, anna):
    law, arts = faculty(office, here, "law"), faculty(office, here, "arts")
    leo = author(office, here, "Leo", faculty_id=law)
    mine = begin_draft(leo, complete_document())
    theirs = begin_draft(anna, complete_document(code="MC-2"), faculty_id=arts)
    whole = begin_draft(anna, complete_document(code="MC-3"))
    assert mine.faculty_id == law
    assert [each.public_id for each in list_drafts(leo)] == [mine.public_id]
    assert len(list_drafts(anna)) == 3
    for other in (theirs, whole):
        with pytest.raises(NotFound):
            save_draft(leo, other.public_id, blank_document(), revision=1)
    with pytest.raises(NotAllowed):
        begin_draft(leo, blank_document(), faculty_id=arts)
    with pytest.raises(NotFound):
        begin_draft(anna, blank_document(), faculty_id=999)


def test_the_code_of_a_faculty_stays_with_it(office, here, anna, rita):
    law = faculty(office, here, "law")
    first = begin_draft(anna, complete_document(), faculty_id=law)
    send_for_review(anna, first.public_id, revision=1)
    approve_draft(rita, first.public_id, revision=1)
    second = begin_draft(anna, complete_document(version="2"))
    with pytest.raises(DefinitionRefused, match="another faculty"):
        send_for_review(anna, second.public_id, revision=1)
    third = begin_draft(anna, complete_document(version="2"), faculty_id=law)
    assert send_for_review(anna, third.public_id, revision=1).state is DraftState.REVIEW
    leo = reviewer(office, here, "Leo", faculty_id=law)
    with pytest.raises(NotFound):
        find_draft(leo, second.public_id)


def test_an_uploaded_badge_goes_with_the_version(office, anna, rita):
    picture = sanitised_badge(SVG)
    draft = begin_draft(anna, complete_document())
    with_badge = set_badge(anna, draft.public_id, picture)
    assert with_badge.badge == f"{picture.digest}.svg"
    assert set_badge(anna, draft.public_id, None).badge is None
    set_badge(anna, draft.public_id, picture)
    send_for_review(anna, draft.public_id, revision=4)
    version = approve_draft(rita, draft.public_id, revision=4)
    assert version.achievement["image"]["id"] == f"{office.base_url}/badges/{picture.digest}.svg"
    documents = office.issuer.documents
    assert documents.badge_svg(version) == picture.data
    assert documents.badge_png(version).startswith(b"\x89PNG")
    following = follow_version(anna, version.public_id)
    assert following.badge == f"{picture.digest}.svg"


def test_credentials_with_an_uploaded_badge_verify(office, anna, rita):
    draft = begin_draft(anna, complete_document())
    set_badge(anna, draft.public_id, sanitised_badge(SVG))
    send_for_review(anna, draft.public_id, revision=2)
    approve_draft(rita, draft.public_id, revision=2)
    header = "name,student_number,email,awarded_date,language,result:exam,result:project,result:final"
    row = "Nguyễn Thị Minh,UEF-1,l1@example.edu,2026-06-30,vi,8,9,8.6"
    record = office.one(data=f"{header}\n{row}\n".encode())
    assert office.verified(record).verdict == "valid"
    assert b"openbadges:credential" in office.issuer.documents.baked_svg(record)
    assert b"openbadgecredential" in office.issuer.documents.baked_png(record)


def test_the_same_picture_is_kept_once(office, here, anna):
    picture = sanitised_badge(SVG)
    for code in ("MC-1", "MC-2"):
        draft = begin_draft(anna, complete_document(code=code))
        set_badge(anna, draft.public_id, picture)
    assert isinstance(picture, BadgePicture)
    assert len({each.badge for each in list_drafts(anna)}) == 1


def test_findings_name_the_institution_and_every_fault(anna):
    found = draft_findings(anna, blank_document())
    blocking = {finding.id for finding in found if finding.severity is Severity.BLOCK}
    assert blocking >= {"M2", "M6", "M7", "M9", "M10", "M11"}
    assert not blocking & {"M3", "M4"}
    assert draft_findings(anna, complete_document()) == []


def test_letters_that_cannot_be_printed_are_found_before_review(anna):
    document = titled(complete_document(), "Credit \U0001f980 risk")
    found = draft_findings(anna, document)
    assert [finding.code for finding in found] == ["unprintable_character"]
    document["achievement"]["title"]["en"] = "Credit risk"
    assert draft_findings(anna, document) == []


def test_texts_that_some_wallets_sort_otherwise_are_a_warning(anna):
    document = complete_document()
    document["achievement"]["tag"] = ["\U0001f393 maps", "\uff21\uff22\uff23"]
    (found,) = draft_findings(anna, document)
    assert (found.code, found.severity, found.path) == ("sorted_otherwise", Severity.WARN, "tag")
    document["achievement"]["tag"] = ["\U0001f393 maps", "ABC"]
    assert draft_findings(anna, document) == []


@pytest.mark.parametrize("document", [{"achievement": "\0"}, {"achievement": {"x": "y" * 300_000}}])
def test_what_cannot_be_kept_is_refused(anna, document):
    draft = begin_draft(anna, complete_document())
    with pytest.raises(IssuerError):
        save_draft(anna, draft.public_id, document, revision=1)
    assert find_draft(anna, draft.public_id).document == complete_document()


def test_the_audit_tells_what_changed_and_where(office, anna):
    draft = begin_draft(anna, complete_document())
    save_draft(anna, draft.public_id, titled(complete_document(), "Another title"), revision=1)
    with Session(office.engine) as session:
        row = session.exec(select(AuditEntryRow).order_by(AuditEntryRow.id.desc())).first()
    assert json.loads(row.after) == {"achievement.title.en": "Another title", "revision": 2}
    assert json.loads(row.before)["achievement.title.en"].startswith("Credit Risk")
    assert (row.subject, row.chain) == (draft.public_id, "uef")
