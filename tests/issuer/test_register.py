"""The register: a published version is entered with its evidence, found by what it says, retired for good."""

import json
from contextlib import contextmanager
from dataclasses import replace

import pytest
from definition_drafts import author, complete_document, open_institution, reviewer
from issuing_office import CODE, class_list, definition, institution
from sqlalchemy import event
from sqlmodel import Session, delete, select

from issuer import IssuerError, NotFound
from issuer.audit.entries import entries_of
from issuer.catalogue_tables import CatalogueEntryRow, CatalogueTermRow
from issuer.drafts.drafts import begin_draft
from issuer.drafts.review import approve_draft, send_for_review
from issuer.errors import Conflict, NotAllowed
from issuer.register.entering import enter_missing
from issuer.register.evidence import digest_of
from issuer.register.records import VersionState
from issuer.register.retiring import retire_version
from issuer.register.searching import Search, _wanted, choices, entry_of, search
from issuer.register.terms import asked_words, terms_of


@pytest.fixture
def desk(office):
    office.ready()
    return office.issuer


def codes(desk, **asked):
    return [each.version.version for each in search(desk.deployment, Search(**asked)).entries]


def test_a_published_version_is_found_and_a_replaced_one_only_among_all(desk):
    first = desk.definitions("uef")[0]
    desk.publish_definition("uef", definition(version="2027-1", tag=["credit"]))
    assert codes(desk) == ["2027-1"]
    assert codes(desk, every=True) == ["2027-1", first.version]
    states = [each.state for each in search(desk.deployment, Search(every=True)).entries]
    assert states == [VersionState.PUBLISHED, VersionState.REPLACED]


ACCEPTED = {
    "a word of the title": {"text": "RISK"},
    "the beginning of a word": {"text": "ris"},
    "words without their accents": {"text": "phan tich"},
    "the code": {"text": CODE},
    "the university": {"text": "example university"},
    "the institution": {"institution": "uef"},
    "credits": {"least": 300, "most": 300},
}
REFUSED = {
    "a word of no title": {"text": "astronomy"},
    "the end of a word": {"text": "isk"},
    "one word of two": {"text": "risk astronomy"},
    "another institution": {"institution": "uej"},
    "more credits": {"least": 301},
    "fewer credits": {"most": 299},
    "a field that is none": {"field": "99"},
    "a level that is none": {"level": "EQF:9"},
    "a language of no course": {"language": "lo"},
}


@pytest.mark.parametrize("asked", ACCEPTED.values(), ids=ACCEPTED)
def test_it_is_found_by(desk, asked):
    assert len(codes(desk, **asked)) == 1


@pytest.mark.parametrize("asked", REFUSED.values(), ids=REFUSED)
def test_it_is_not_found_by(desk, asked):
    assert codes(desk, **asked) == []


def test_every_choice_that_is_offered_finds_something(desk):
    there = choices(desk.deployment)
    assert there.fields
    assert there.levels
    assert there.languages
    for name, terms in (("field", there.fields), ("level", there.levels), ("language", there.languages)):
        for term in terms:
            assert codes(desk, **{name: term}) != [], (name, term)


def test_a_field_is_found_by_the_fields_that_it_is_part_of():
    wording = {"thematicArea": ["http://data.europa.eu/snb/isced-f/0412"]}
    found = {term for kind, term in terms_of(wording, institution="") if kind == "field"}
    assert found == {"04", "041", "0412"}


def test_a_word_within_lao_is_found_although_nothing_parts_it():
    title = "ການວິເຄາະຄວາມສ່ຽງ"
    stored = {term for kind, term in terms_of({"title": {"lo": title}}, institution="") if kind == "word"}
    (asked,) = asked_words("ຄວາມສ່ຽງ")
    assert any(term.startswith(asked) for term in stored)


def test_a_search_asks_for_six_words_at_most():
    assert len(asked_words(" ".join(f"word{number}" for number in range(50)))) == 6
    assert asked_words("a % _ ' \" (") == ()


def test_pages_are_cut_and_programs_go_on_below(desk):
    for number in range(5):
        desk.publish_definition("uef", definition(version=f"2027-{number}"))
    every = search(desk.deployment, Search(every=True, limit=4))
    assert (len(every.entries), every.total, every.more) == (4, 6, False)
    rest = search(desk.deployment, Search(every=True, limit=4, below=every.entries[-1].number))
    assert [each.version.version for each in rest.entries][:1] == ["2027-0"]
    assert len(rest.entries) == 2


def test_evidence_is_kept_as_it_was_and_the_audit_holds_its_digest(office):
    here = open_institution(office)
    anna, rita = author(office, here), reviewer(office, here)
    draft = begin_draft(anna, complete_document())
    send_for_review(anna, draft.public_id, revision=1)
    version = approve_draft(rita, draft.public_id, revision=1)
    evidence = entry_of(office.issuer.deployment, version.public_id).evidence
    assert evidence["reviewed"] is True
    assert evidence["review"]["written_by"] == anna.actor.ref
    assert evidence["review"]["approved_by"] == rita.actor.ref
    assert evidence["review"]["draft"] == draft.public_id
    assert [each for each in evidence["findings"] if each["severity"] == "block"] == []
    assert {"QC-05", "QC-34"} <= set(evidence["met"])
    with Session(office.engine) as session:
        stored = session.exec(select(CatalogueEntryRow.evidence)).one()
        acts = [each for each in entries_of(session, "uef") if each.act == "definition.publish"]
    assert json.loads(acts[0].after)["evidence"] == digest_of(stored)


def test_what_nobody_reviewed_says_so(desk):
    evidence = search(desk.deployment, Search()).entries[0].evidence
    assert (evidence["reviewed"], evidence["review"]) == (False, None)


def test_what_was_published_before_there_was_a_register_is_entered_once(office, desk):
    desk.publish_definition("uef", definition(version="2027-1"))
    with Session(office.engine) as session:
        session.exec(delete(CatalogueTermRow))
        session.exec(delete(CatalogueEntryRow))
        session.commit()
    assert codes(desk, every=True) == []
    assert enter_missing(desk.deployment) == 2
    assert enter_missing(desk.deployment) == 0
    assert codes(desk, text="risk") == ["2027-1"]
    assert len(codes(desk, every=True)) == 2


def test_nothing_more_is_issued_for_a_version_that_was_retired(office):
    here = open_institution(office)
    version = office.issuer.publish_definition("uef", definition())
    preview = office.issuer.import_class_list("uef", CODE, "r", class_list(1))  # begun before
    rita = reviewer(office, here)
    retire_version(rita, version.public_id, reason="The course  ended.")
    with pytest.raises(IssuerError) as refused:
        office.issuer.start_batch(preview, by="registrar")
    assert refused.value.code == "retired"
    with pytest.raises(IssuerError) as refused:
        office.issuer.import_class_list("uef", CODE, "r", class_list(1))
    assert refused.value.code == "retired"
    entry = entry_of(office.issuer.deployment, version.public_id)
    assert (entry.state, entry.retired_reason) == (VersionState.RETIRED, "The course ended.")
    assert codes(office.issuer) == []
    office.issuer.publish_definition("uef", definition(version="2027-1"))
    assert office.issuer.import_class_list("uef", CODE, "r", class_list(1)).new_rows
    with Session(office.engine) as session:
        acts = [each.act for each in entries_of(session, "uef")]
    assert "definition.retire" in acts


def test_retiring_needs_a_reviewer_a_reason_and_happens_once(office):
    here = open_institution(office)
    version = office.issuer.publish_definition("uef", definition())
    rita = reviewer(office, here)
    with pytest.raises(NotAllowed):
        retire_version(author(office, here), version.public_id, reason="No.")
    for reason in ("", "  \0 ", "x" * 501):
        with pytest.raises(IssuerError) as refused:
            retire_version(rita, version.public_id, reason=reason)
        assert refused.value.code == "reason"
    retire_version(rita, version.public_id, reason="It ended.")
    with pytest.raises(Conflict):
        retire_version(rita, version.public_id, reason="It ended.")


def test_another_institution_retires_nothing_here(office):
    open_institution(office)
    version = office.issuer.publish_definition("uef", definition())
    office.issuer.register_institution(replace(institution("other"), name="Other University"))
    office.issuer.create_key("other")
    with Session(office.engine) as session:
        there = session.exec(select(CatalogueEntryRow.institution_id)).one() + 1
    with pytest.raises(NotFound):
        retire_version(reviewer(office, there, "Olga", slug="other"), version.public_id, reason="No.")
    assert entry_of(office.issuer.deployment, version.public_id).retired is None


@pytest.mark.sqlite
@pytest.mark.parametrize("asked", [*ACCEPTED.values(), *REFUSED.values()], ids=[*ACCEPTED, *REFUSED])
def test_every_condition_is_looked_up_in_an_index(office, desk, asked):
    statement = _wanted(Search(**asked)).order_by(CatalogueEntryRow.id.desc()).limit(50)
    text = str(statement.compile(office.engine, compile_kwargs={"literal_binds": True}))
    with office.engine.connect() as connection:
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}")]
    assert [step for step in plan if "SCAN" in step and "catalogue_term" in step] == []
    assert [step for step in plan if "SCAN catalogue_entry" in step and "USING" not in step] == [], plan


@contextmanager
def counted(engine):
    """Give the statements that are executed while the block runs."""
    statements = []

    def executed(_connection, _cursor, statement, *_):
        statements.append(statement)

    event.listen(engine, "after_cursor_execute", executed)
    yield statements
    event.remove(engine, "after_cursor_execute", executed)


def test_a_page_of_the_register_costs_the_same_statements_whatever_there_is(office):
    office.ready()

    def cost(**asked):
        with counted(office.engine) as statements:
            found = search(office.issuer.deployment, Search(limit=25, **asked))
            choices(office.issuer.deployment)
        return len(statements), len(found.entries)

    one = cost(text="risk")
    for number in range(30):
        other = definition(version="1", inLanguage=f"{chr(97 + number % 26)}a", tag=["risk"])
        office.issuer.publish_definition("uef", replace(other, code=f"MC-{number}"))
    assert one == (one[0], 1)
    assert cost(text="risk") == (one[0], 25)
    assert cost(text="risk", offset=25) == (one[0], 6)
    assert cost(every=True) == (one[0], 25)
    assert len(choices(office.issuer.deployment).languages) == 27
