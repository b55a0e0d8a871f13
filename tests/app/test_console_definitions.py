"""The pages of definitions: from an empty form to a published version, without a script."""

import html
import io
import json
import re

import pytest
from definition_drafts import DEMONSTRATION, author, complete_document, faculty
from definition_house import BASE, House, form_of
from PIL import Image

from app.console.definition_form import fields_of
from issuer.drafts.drafts import find_draft, list_drafts, save_draft
from issuer.drafts.records import DraftState
from issuer.drafts.review import send_for_review

LIST = "/console/uef/definitions"


@pytest.fixture
def house(tmp_path):
    house = House(tmp_path / "var")
    yield house
    house.office.close()


@pytest.fixture
def anna(house):
    return house.browser("Anna")


@pytest.fixture
def rita(house):
    return house.browser("Rita")


def address(draft):
    return f"{LIST}/drafts/{draft.public_id}"


def test_an_empty_form_is_begun_and_every_step_saves(house, anna):
    assert anna.get(f"{LIST}/new").status_code == 200
    begun = anna.post(f"{LIST}/new", {"language": "vi"})
    assert begun.status_code == 303
    page = anna.get(begun.location)
    sent = form_of(page)
    sent["achievement.title.en"] = "Green Bonds"
    sent["definition.code"] = "MC-GB"
    sent["act"] = "at:outcomes"
    saved = anna.post(begun.location, sent)
    assert (saved.status_code, saved.location) == (303, f"{begun.location}#outcomes")
    (draft,) = list_drafts(house.anna)
    assert (draft.title, draft.code, draft.revision) == ("Green Bonds", "MC-GB", 2)
    assert "Green Bonds" in anna.get(begun.location).text


@pytest.mark.parametrize(
    "path", [each for each in sorted(DEMONSTRATION.glob("*.yaml")) if each.stem != "institutions"]
)
def test_the_page_itself_sends_back_what_it_was_made_of(house, anna, path):
    data = path.read_bytes().replace(b"  institution: ", b"  # ")
    imported = anna.post(f"{LIST}/import", {"file": (io.BytesIO(data), "definition.yaml")})
    before = list_drafts(house.anna)[0]
    page = anna.get(imported.location)
    sent = form_of(page)
    assert sorted(sent.items(multi=True)) == sorted(
        [
            *(("csrf_token", sent["csrf_token"]), ("revision", "1"), ("add_language", "")),
            *fields_of(before.document).pairs(),
        ]
    )
    assert anna.post(imported.location, sent).status_code == 303
    after = find_draft(house.anna, before.public_id)
    assert (after.revision, after.document) == (1, before.document)


def test_rows_are_added_moved_and_taken_out_with_plain_buttons(house, anna):
    draft = house.draft()
    one, two, three = (row["id"] for row in draft.document["achievement"]["learningOutcome"])

    def press(act):
        sent = form_of(anna.get(address(draft)))
        sent["act"] = act
        answer = anna.post(address(draft), sent)
        assert answer.status_code == 303
        rows = find_draft(house.anna, draft.public_id).document["achievement"]["learningOutcome"]
        return answer.location.partition("#")[2], [row.get("id") for row in rows]

    place = "achievement-learningOutcome"
    assert press("down:achievement.learningOutcome.0") == (
        f"{place}-1",
        [two, one, three],
    )
    assert press("up:achievement.learningOutcome.2") == (
        f"{place}-1",
        [two, three, one],
    )
    assert press("remove:achievement.learningOutcome.1") == (place, [two, one])
    assert press("add:achievement.learningOutcome:") == (f"{place}-2", [two, one, None])
    assert press("add:achievement.learningOutcome.2.relatedESCOSkill:")[0] == f"{place}-2-relatedESCOSkill-0"
    assert press("remove:nothing.7")[1] == [two, one, None]


def test_a_language_is_added(house, anna):
    draft = house.draft()
    sent = form_of(anna.get(address(draft)))
    sent["act"], sent["add_language"] = "language", "lo"
    assert anna.post(address(draft), sent).location.endswith("#achievement-title-lo")
    page = anna.get(address(draft))
    assert 'name="achievement.title.lo"' in page.text
    assert 'name="achievement.learningOutcome.0.title.lo" ' in page.text
    assert re.search(r'name="achievement.title.lo"[^>]* lang="lo"', page.text)


def test_nonsense_stays_in_its_field_with_the_reason_beside_it(house, anna):
    draft = house.draft()
    sent = form_of(anna.get(address(draft)))
    sent["achievement.resultDescription.0.weightPercent"] = "4o <b>"
    sent["achievement.volumeOfLearning"] = "ninety"
    sent["definition.valid_for"] = "soon"
    anna.post(address(draft), sent)
    page = anna.get(address(draft))
    assert 'value="4o &lt;b&gt;"' in page.text
    assert re.search(r'name="achievement.volumeOfLearning" value="ninety"[^>]*aria-invalid="true"', page.text)
    notes = page.text.partition('id="achievement-volumeOfLearning-notes"')[2].partition("</div>")[0]
    assert "Must be mended" in notes
    assert "soon" in form_of(page).getlist("definition.valid_for")


def test_a_stale_save_shows_both_texts_and_loses_neither(house, anna):
    draft = house.draft()
    sent = form_of(anna.get(address(draft)))
    ben = author(house.office, house.here, "Ben")
    theirs = complete_document()
    theirs["achievement"]["title"]["en"] = "The title that Ben saved"
    save_draft(ben, draft.public_id, theirs, revision=1)
    sent["achievement.title.en"] = "The title that Anna typed"
    answer = anna.post(address(draft), sent)
    assert answer.status_code == 409
    assert "Ben has saved this draft meanwhile" in answer.text
    assert answer.text.count("The title that Ben saved") >= 1
    assert form_of(answer)["achievement.title.en"] == "The title that Anna typed"
    assert anna.post(address(draft), form_of(answer)).status_code == 303
    assert find_draft(house.anna, draft.public_id).title == "The title that Anna typed"


@pytest.mark.parametrize("other", ["", "A title typed in another window"])
def test_a_button_pressed_while_a_change_is_saved_adds_its_row(house, anna, other):
    draft = house.draft()
    sent = form_of(anna.get(address(draft)))
    sent["achievement.title.en"] = "Typed, then the button was pressed at once"
    saving = sent.copy()
    if other:
        saving["achievement.title.en"] = other
    anna.post(address(draft), saving, headers={"HX-Request": "true"})
    rows = len(draft.document["achievement"]["learningOutcome"])
    sent["act"] = "add:achievement.learningOutcome:"
    answer = anna.post(address(draft), sent)
    stored = find_draft(house.anna, draft.public_id)
    assert (answer.status_code, stored.revision) == ((409, 2) if other else (303, 3))
    assert len(stored.document["achievement"]["learningOutcome"]) == (rows if other else rows + 1)
    assert stored.title == (other or sent["achievement.title.en"])


def test_the_way_to_publication(house, anna, rita):
    draft = house.draft()
    sent = form_of(anna.get(address(draft)))
    sent["act"] = "send"
    assert anna.post(address(draft), sent).status_code == 303
    assert "A reviewer has it now" in anna.get(address(draft)).text
    assert "Waits for a review" in rita.get(LIST).text
    review = rita.get(address(draft))
    assert "Approve and publish version 2026-1" in review.text
    assert rita.post(f"{address(draft)}/review", {"act": "send_back", "note": " "}).status_code == 422
    back = rita.post(f"{address(draft)}/review", {"act": "send_back", "note": "Name the <agency>."})
    assert back.status_code == 303
    assert "Name the &lt;agency&gt;." in anna.get(address(draft)).text
    send_for_review(house.anna, draft.public_id, revision=1)
    published = rita.post(f"{address(draft)}/review", {"act": "approve", "revision": "1"})
    assert published.status_code == 303
    version = anna.get(published.location)
    assert "Begin a new version" in version.text
    assert "Begin a new version" not in rita.get(published.location).text
    exported = anna.get(f"{published.location}/export.yaml")
    assert exported.headers["Content-Disposition"] == 'attachment; filename="MC-CRS-2026-2026-1.yaml"'
    assert (
        json.loads(anna.get(f"{published.location}/export.json").text)["definition"]["code"] == "MC-CRS-2026"
    )
    following = anna.post(f"{published.location}/follow")
    assert following.status_code == 303
    assert form_of(anna.get(following.location))["definition.version"] == ""
    assert rita.post(f"{published.location}/follow").status_code == 403


def test_what_must_be_mended_is_not_sent(house, anna):
    document = complete_document()
    del document["achievement"]["mode"]
    draft = house.draft(document)
    sent = form_of(anna.get(address(draft)))
    sent["act"], sent["achievement.title.en"] = "send", "Typed just now"
    answer = anna.post(address(draft), sent)
    assert answer.status_code == 422
    assert "M10" in answer.text
    after = find_draft(house.anna, draft.public_id)
    assert (after.state, after.title) == (DraftState.DRAFT, "Typed just now")


def test_the_author_does_not_approve(house, anna):
    draft = house.draft()
    send_for_review(house.anna, draft.public_id, revision=1)
    assert anna.post(f"{address(draft)}/review", {"act": "approve", "revision": "1"}).status_code == 403


def test_the_meter_counts_the_elements(house, anna):
    page = anna.get(address(house.draft()))
    assert "11 of 11 elements; 0 to mend" in page.text
    document = complete_document()
    del document["achievement"]["qualityAssurance"], document["achievement"]["alignment"]
    page = anna.get(address(house.draft(document)))
    assert "10 of 11 elements; 1 to mend, 1 to check" in page.text


def test_a_script_saves_each_change_and_gets_what_changed(house, anna):
    draft = house.draft()
    sent = form_of(anna.get(address(draft)))
    sent["working.hours.contact"], sent["working.hours.self_study"] = "30", "70"
    sent["definition.code"] = ""
    answer = anna.post(address(draft), sent, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<aside id="complete"')
    assert 'id="revision" value="2" hx-swap-oob="true"' in answer.text
    assert re.search(r'id="achievement-volumeOfLearning"[^>]*value="100"[^>]*hx-swap-oob="true"', answer.text)
    notes = answer.text.partition('id="definition-code-notes"')[2].partition("</div>")[0]
    assert "The code is missing" in notes
    save_draft(house.anna, draft.public_id, complete_document(), revision=2)
    sent["achievement.title.en"] = "Another"
    stale = anna.post(address(draft), sent, headers={"HX-Request": "true"})
    assert 'id="refused" hx-swap-oob="true"' in stale.text
    assert "meanwhile" in stale.text


def test_samples_are_pictures_and_a_page_that_say_so(house, anna):
    draft = house.draft()
    for name in ("certificate.png", "badge.png"):
        assert anna.get(f"{address(draft)}/{name}").data.startswith(b"\x89PNG")
    page = anna.get(f"{address(draft)}/page")
    assert "this is the public page as it would be" in page.text
    assert "Credit Risk Analysis" in page.text
    assert "noindex" in page.text


def picture(form="PNG"):
    written = io.BytesIO()
    Image.new("RGB", (90, 90), (200, 0, 0)).save(written, form)
    return io.BytesIO(written.getvalue())


def test_a_badge_is_uploaded_refused_and_taken_back(house, anna, rita):
    draft = house.draft()

    def press(act, **more):
        sent = form_of(anna.get(address(draft)))
        sent["act"] = act
        for name, value in more.items():
            sent.setlist(name, [value])
        return anna.post(address(draft), sent)

    refused = press("badge", picture=(io.BytesIO(b"%PDF"), "x.pdf"), **{"achievement.tag": "kept"})
    assert refused.status_code == 422
    assert "is not a PNG, JPEG, WebP or SVG picture" in refused.text
    assert find_draft(house.anna, draft.public_id).document["achievement"]["tag"] == ["kept"]
    assert press("badge").status_code == 422
    assert press("badge", picture=(picture("JPEG"), "x.jpg")).status_code == 303
    shown = Image.open(io.BytesIO(anna.get(f"{address(draft)}/badge.png").data))
    assert shown.size == (90, 90)
    send_for_review(house.anna, draft.public_id, revision=find_draft(house.anna, draft.public_id).revision)
    revision = str(find_draft(house.anna, draft.public_id).revision)
    rita.post(f"{address(draft)}/review", {"act": "approve", "revision": revision})
    digest = find_draft(house.anna, draft.public_id).badge
    served = rita.client.get(f"/badges/{digest}", base_url=BASE)
    assert (served.status_code, served.content_type) == (200, "image/png")
    assert "immutable" in served.headers["Cache-Control"]
    assert served.headers["Content-Security-Policy"].startswith("default-src 'none'")
    for wrong in (digest.replace(".png", ".svg"), "0" * 64 + ".png", "x.png"):
        assert rita.client.get(f"/badges/{wrong}", base_url=BASE).status_code == 404


def test_the_list_sorts_filters_searches_and_exports(house, anna):
    house.draft(complete_document(code="MC-A"))
    document = complete_document(code="=cmd()")
    document["achievement"]["title"]["en"] = "Zebra"
    house.draft(document)
    rising, falling = (anna.get(f"{LIST}?sort={order}").text for order in ("title", "-title"))
    assert rising.index("Credit Risk") < rising.index("Zebra")
    assert falling.index("Zebra") < falling.index("Credit Risk")
    assert "Zebra" not in anna.get(f"{LIST}?q=mc-a").text
    assert "Nothing fits" in anna.get(f"{LIST}?state=review").text
    assert "'=cmd()" in anna.get(f"{LIST}?format=csv").data.decode("utf-8-sig")


def test_a_withdrawn_draft_leaves_the_list(house, anna):
    draft = house.draft()
    assert anna.post(f"{address(draft)}/withdraw").status_code == 303
    assert "Credit Risk" not in anna.get(LIST).text
    assert "Credit Risk" in anna.get(f"{LIST}?state=withdrawn").text
    assert "Withdrawn" in anna.get(address(draft)).text
    assert anna.post(f"{address(draft)}/resume").status_code == 303
    assert 'id="definition"' in anna.get(address(draft)).text


@pytest.mark.parametrize("text", ["", "{", "flavour: 1", "credentialSubject: 3"])
def test_a_file_that_is_refused_comes_back_with_the_reason(anna, text):
    answer = anna.post(f"{LIST}/import", {"text": text})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert html.escape(text) in answer.text


def test_a_definition_of_another_institution_is_not_imported(anna):
    data = (DEMONSTRATION / "credit-risk.yaml").read_bytes()
    answer = anna.post(f"{LIST}/import", {"file": (io.BytesIO(data), "x.yaml")})
    assert (answer.status_code, "dong-xanh" in answer.text) == (422, True)


def test_a_form_that_is_not_ours_changes_nothing(house, anna):
    draft = house.draft()
    assert anna.post(address(draft), {"achievement.title.en": "x", "revision": "1"}).status_code == 400
    sent = form_of(anna.get(address(draft)))
    sent["revision"], sent["achievement.title.en"] = "x", "x"
    assert anna.post(address(draft), sent).status_code == 409
    assert find_draft(house.anna, draft.public_id).revision == 1


NOWHERE = ["drafts/nothing", "versions/nothing", "drafts/nothing/badge.png", "versions/x/export.json"]


@pytest.mark.parametrize("path", NOWHERE)
def test_what_is_not_there_is_not_found(anna, path):
    assert anna.get(f"{LIST}/{path}").status_code == 404


def test_a_faculty_is_chosen_where_there_are_any(house, anna):
    law = faculty(house.office, house.here, "law")
    assert "The whole institution" in anna.get(f"{LIST}/new").text
    anna.post(f"{LIST}/new", {"language": "en", "faculty": str(law)})
    assert list_drafts(house.anna)[0].faculty_id == law
    assert anna.post(f"{LIST}/new", {"language": "en", "faculty": "99"}).status_code == 404
