"""Definition files: into drafts and out of them without loss, in the short form that people write."""

import contextlib
import json
from datetime import UTC, datetime

import pytest
from definition_drafts import DEMONSTRATION, author, complete_document, open_institution, reviewer
from hypothesis import given, settings
from hypothesis import strategies as st

from issuer.certificate import certificate_data
from issuer.deployment import Deployment
from issuer.documents import certificate_input
from issuer.drafts import sample
from issuer.drafts.checking import findings_of
from issuer.drafts.documents import definition_of, named, readable
from issuer.drafts.drafts import begin_draft
from issuer.drafts.files import document_of_version, read_file, written_json, written_yaml
from issuer.drafts.review import approve_draft, send_for_review
from issuer.drafts.sample import sample_badge, sample_certificate, sample_version
from issuer.drafts.shortening import shortened
from issuer.errors import IssuerError
from issuer.records import DefinitionVersion, InstitutionRecord
from microcredential import load_definition

FILES = [path for path in sorted(DEMONSTRATION.glob("*.yaml")) if path.stem != "institutions"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_is_imported_and_exported_without_loss(path):
    data = path.read_bytes()
    document, notes = read_file(data)
    assert notes == ()
    for written in (written_json(document), written_yaml(document)):
        assert load_definition(written) == load_definition(data)
        assert read_file(written) == (document, ())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_was_written_out_in_full_becomes_short_again(path):
    loaded = load_definition(path.read_bytes())
    options = {"code": loaded.code, "version": loaded.version, "language": loaded.language}
    full = {"definition": options, "achievement": loaded.achievement}
    short = shortened(full)
    assert definition_of(short) == definition_of(full)
    assert len(json.dumps(short)) < 0.8 * len(json.dumps(full))
    assert not {"name", "description", "creditsAvailable", "type"} & short["achievement"].keys()


def test_an_unusual_workload_keeps_its_reason():
    document = complete_document(workload_reason={"en": "Fieldwork."})
    document["achievement"]["volumeOfLearning"] = "PT200H"
    loaded = definition_of(document)
    full = {"definition": {"code": loaded.code, "version": loaded.version}, "achievement": loaded.achievement}
    assert shortened(full)["definition"]["workload_reason"] == {"en": "Fieldwork."}


def test_a_published_version_is_exported_as_a_file_that_loads(office):
    anna = author(office, open_institution(office))
    rita = reviewer(office, anna.tenant)
    options = {"valid_for": "P2Y", "suspension": True, "refresh": True}
    draft = begin_draft(anna, complete_document(**options))
    send_for_review(anna, draft.public_id, revision=1)
    version = approve_draft(rita, draft.public_id, revision=1)
    document = document_of_version(version)
    assert definition_of(document) == definition_of(complete_document(**options))
    assert document["definition"]["refresh"] is True
    assert read_file(written_yaml(document))[0] == document


def test_a_whole_credential_gives_its_achievement(office):
    office.ready()
    document, notes = read_file(office.one().text.encode())
    assert [note.split()[0] for note in notes] == ["“creator”", "“image”"]
    assert named(document)[0] == "MC-CRS-2026"
    assert not {"image", "creator", "id"} & document["achievement"].keys()


def test_a_definition_that_lacks_something_can_be_imported():
    document, _ = read_file(b"achievement:\n  title: {en: T}\n  volumeOfLearning: sometimes\n")
    assert document == {"achievement": {"title": {"en": "T"}, "volumeOfLearning": "sometimes"}}
    assert {"no_code", "no_version", "no_hours"} <= {
        finding.code for finding in findings_of(document, profile=None)
    }


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_a_map"),
        (b"- 1", "not_a_map"),
        (b"{", "not_json"),
        (b"a: &x 1\nb: *x", "alias"),
        (b"title: {en: T}\nflavour: 1", "unknown_key"),
        (b'achievement: {title: {en: "a\\0b"}}', "not_json"),
        (b"definition: {code: A}", "no_achievement"),
        (b"x: " + b"y" * 300_000, "too_large"),
        (b"credentialSubject: 7", "no_achievement"),
    ],
)
def test_files_that_are_refused(data, code):
    with pytest.raises(IssuerError) as refused:
        read_file(data)
    assert refused.value.code == code
    assert read_file(b"title: {en: T}")[0]["achievement"] == {"title": {"en": "T"}}


def test_what_yaml_would_change_is_not_written_as_yaml():
    document = complete_document()
    document["achievement"]["tag"] = [10**15]
    assert json.loads(written_json(document))["achievement"]["tag"] == [10**15]
    with pytest.raises(IssuerError, match="JSON"):
        written_yaml(document)


def test_working_notes_and_empty_wordings_are_never_published():
    document = complete_document()
    document["working"] = {"hours": {"contact": 24}}
    document["achievement"]["title"]["lo"] = ""
    assert definition_of(document) == definition_of(complete_document())
    assert "working" not in json.loads(written_json(document))


def test_every_fault_of_a_document_is_found_at_once():
    document = complete_document(valid_for="soon", code="")
    document["achievement"]["mode"] = ["x"]
    document["achievement"]["resultDescription"][1]["id"] = "not a word"
    reading = readable(document)
    assert [(fault.id, fault.code) for fault in reading.faults] == [
        ("M10", "unknown_concept"),
        ("M9", "bad_id"),
        ("M2", "no_code"),
        ("O5", "bad_duration"),
    ]
    assert reading.definition is not None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | st.text("ab\u0e81é", max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "title", "en", "type", "noteLiteral", "url"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(complete_document()["achievement"])), JSON)
def test_whatever_stands_in_a_field_is_judged_and_never_raises(term, value):
    document = complete_document()
    document["achievement"][term] = value
    findings_of(document, profile=None)
    assert shortened(document) == document or definition_of(shortened(document)) == definition_of(document)


def test_samples_are_drawn_of_whatever_there_is(office):
    anna = author(office, open_institution(office))
    for document in (
        {},
        {"achievement": {"title": {"lo": "ນ້ຳ"}}, "definition": {"language": "lo"}},
        complete_document(),
    ):
        version = sample_version(anna, document)
        assert sample_certificate(anna, version).startswith(b"\x89PNG")
        assert sample_badge(version).startswith(b"\x89PNG")


def test_a_sample_names_no_credential(office):
    anna = author(office, open_institution(office))
    version = sample_version(anna, complete_document())
    said = sample._as_sample(certificate_input(sample._record(anna, version), anna), anna)
    data = certificate_data(said)
    assert data["words"]["sample"] == "Sample"
    assert data["verify"]["url"] == f"{office.base_url}/c"
    assert data["verify"]["short_code"] == "Sample"


@settings(max_examples=80, deadline=None)
@given(term=st.sampled_from(sorted(complete_document()["achievement"])), value=JSON)
def test_a_sample_of_anything_is_made_or_refused_with_a_reason(term, value):
    document = complete_document()
    document["achievement"][term] = value
    version = bound_version(document)
    with contextlib.suppress(IssuerError):
        certificate_data(certificate_input(sample._record(DESK, version), DESK))


DESK = Deployment(None, "https://badges.example.edu", lambda: datetime(2026, 7, 3, tzinfo=UTC))


def bound_version(document):
    """The sample of a document as `sample_version` makes it, without a database."""
    definition = readable(document).definition
    profile = {"id": "did:example:1", "type": ["Profile"], "name": "University"}
    bound = sample._bound(DESK, definition, profile)
    institution = InstitutionRecord(
        *("uef", None, "University", {}, "VN", "https://www.example.edu", None, None, None, "U", "#1f3f6b"),
        *(None, None, DESK.now()),
    )
    return DefinitionVersion(
        *("sample", "https://badges.example.edu/achievements/sample", definition.code, definition.version),
        *(definition.language, False, None, None, "", bound, institution, DESK.now()),
    )
