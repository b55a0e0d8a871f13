"""Definitions: a version is published once, under an address that never changes."""

import json

import pytest
from issuing_office import ACHIEVEMENT, CODE, definition, institution

from issuer import IssuerError, NotFound
from issuer.audit.entries import entries_of
from issuer.definitions import DefinitionRefused
from microcredential import load_definition


@pytest.fixture
def desk(office):
    office.issuer.register_institution(institution())
    office.issuer.create_key("uef")
    return office.issuer


def test_a_version_has_an_address_of_its_own_and_links_the_one_before(desk):
    first = desk.publish_definition("uef", definition(version="2026-1"))
    second = desk.publish_definition("uef", definition(version="2026-2", tag=["credit"]))
    assert first.achievement_id == f"http://127.0.0.1:8080/achievements/{first.public_id}"
    assert first.achievement_id != second.achievement_id
    assert "related" not in first.achievement
    assert second.achievement["related"][0]["id"] == first.achievement_id
    assert second.achievement["related"][0]["version"] == "2026-1"
    assert [each.version for each in desk.definitions("uef")] == ["2026-1", "2026-2"]


def test_it_is_found_by_the_end_of_its_address(desk):
    published = desk.publish_definition("uef", definition())
    assert desk.achievement(published.public_id) == published
    assert json.loads(published.text) == published.achievement
    with pytest.raises(NotFound):
        desk.achievement("00000000-0000-4000-8000-000000000000")


def test_the_same_version_again_is_the_same_and_other_contents_need_another_name(desk):
    published = desk.publish_definition("uef", definition())
    assert desk.publish_definition("uef", definition()) == published
    with pytest.raises(IssuerError) as refused:
        desk.publish_definition("uef", definition(tag=["changed"]))
    assert refused.value.code == "version_taken"
    with pytest.raises(IssuerError):
        desk.publish_definition("uef", definition(suspension=True))


@pytest.mark.parametrize("term", ["learningOutcome", "volumeOfLearning", "mode", "qualityAssurance"])
def test_what_the_profile_demands_is_demanded(desk, term):
    document = {
        "definition": {"code": CODE, "version": "1"},
        "achievement": {key: value for key, value in ACHIEVEMENT.items() if key != term},
    }
    with pytest.raises(DefinitionRefused) as refused:
        desk.publish_definition("uef", load_definition(json.dumps(document).encode(), kind="json"))
    assert refused.value.findings
    assert desk.definitions("uef") == []


@pytest.mark.parametrize(
    "changes",
    [
        {"title": {"en": "Credit \U00012000", "vi": "x"}},
        {"learningOutcome": [{"id": "lo1", "title": {"en": "Interpret \U00012000."}}]},
    ],
)
def test_a_text_that_the_certificate_cannot_print_is_refused_when_it_is_published(desk, changes):
    with pytest.raises(IssuerError) as refused:
        desk.publish_definition("uef", definition(**changes))
    assert refused.value.code == "unprintable_character"
    assert "U+12000" in refused.value.message


def test_a_definition_of_another_institution_is_refused(desk):
    document = {
        "definition": {"code": CODE, "version": "1", "institution": "other"},
        "achievement": ACHIEVEMENT,
    }
    foreign = load_definition(json.dumps(document).encode(), kind="json")
    with pytest.raises(IssuerError) as refused:
        desk.publish_definition("uef", foreign)
    assert refused.value.code == "wrong_institution"


def test_a_class_list_names_the_newest_version_or_one_of_them(desk):
    desk.publish_definition("uef", definition(version="2026-1"))
    desk.publish_definition("uef", definition(version="2026-2"))
    from issuing_office import class_list

    for name, version in [(CODE, "2026-2"), (f"{CODE}@2026-1", "2026-1")]:
        assert desk.import_class_list("uef", name, "r", class_list(1)).definition.version == version
    with pytest.raises(NotFound):
        desk.import_class_list("uef", f"{CODE}@2026-3", "r", class_list(1))


def test_what_is_published_without_a_reviewer_is_told_in_the_audit_once(desk):
    published = desk.publish_definition("uef", definition(), by="registrar")
    desk.publish_definition("uef", definition(), by="registrar")
    with pytest.raises(IssuerError):
        desk.publish_definition("uef", definition(tag=["changed"]), by="registrar")
    with desk.deployment.reading() as session:
        entries = [each for each in entries_of(session, "uef") if each.act == "definition.publish"]
    assert [(each.subject, each.actor_name) for each in entries] == [(published.public_id, "registrar")]
    told = {"version": published.public_id, "code": CODE, "name": published.version, "reviewed": False}
    after = json.loads(entries[0].after)
    assert len(after.pop("evidence")) == 64
    assert after == told
