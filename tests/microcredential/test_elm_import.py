"""The import of a micro-credential from the European Learning Model: a draft, and all that it lacks."""

import base64
import copy
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import yaml
from elm_badges import another, example, full, is_told, leaves, with_leaf
from hypothesis import given
from hypothesis import strategies as st

from microcredential import (
    MicroCredentialError,
    Subject,
    bind,
    build_credential,
    check_achievement,
    load_definition,
)
from microcredential.elm import elm_definition, elm_document, read_elm
from microcredential.elm.form import faults
from microcredential.elm.losses import written
from ob3.strict_json import dump

DEMONSTRATION = Path(__file__).parents[2] / "app" / "demonstration"
WORDS = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=6)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)
SPECIFICATION = "credentialSubject.hasClaim.specifiedBy"


def loaded(definition):
    return load_definition(json.dumps(definition).encode(), kind="json")


def foreign():
    """A description as the Commission's own tool writes them, with things that we do not know."""
    return {
        "@context": "http://data.europa.eu/snb/model/context/edc-ap",
        "id": "urn:epass:qualification:1",
        "type": "Qualification",
        "title": {"en": "Digital micro-credential creation", "es": "Creación"},
        "description": {"en": "Makes one."},
        "eqfLevel": {
            "id": "http://data.europa.eu/snb/eqf/6",
            "type": "Concept",
            "inScheme": {"id": "http://data.europa.eu/snb/eqf/25831c2", "type": "ConceptScheme"},
            "prefLabel": {"en": "Level 6"},
        },
        "creditPoint": {
            "id": "urn:epass:creditPoint:1",
            "type": "CreditPoint",
            "framework": {
                "id": "http://data.europa.eu/snb/education-credit/6fcec5c5af",
                "type": "Concept",
                "prefLabel": {"en": "European Credit Transfer System"},
            },
            "point": "2",
        },
        "learningOutcome": [
            {"id": "urn:epass:learningOutcome:1", "type": "LearningOutcome", "title": {"en": "Make one."}},
            {
                "id": "https://uniz.example/outcomes/2",
                "type": "LearningOutcome",
                "title": {"en": "Seal one."},
                "relatedESCOSkill": {
                    "id": "http://data.europa.eu/esco/skill/5fd5c985-eaaa-47aa-8314-62359c54505a",
                    "type": "Concept",
                    "inScheme": {
                        "id": "http://data.europa.eu/esco/concept-scheme/skills",
                        "type": "ConceptScheme",
                    },
                    "notation": "Skill",
                    "prefLabel": {"en": "develop digital content"},
                },
            },
        ],
        "learningOutcomeSummary": {"type": "Note", "noteLiteral": {"en": "All about them."}},
        "maximumDuration": "P1M",
        "mode": {"id": "http://data.europa.eu/snb/learning-assessment/e92d221e4d", "type": "Concept"},
        "provenBy": {
            "id": "urn:epass:learningAssessmentSpec:1",
            "type": "LearningAssessmentSpecification",
            "title": {"en": "Digital artefact assessment"},
            "dcType": {
                "id": "urn:epass:concept:1",
                "type": "Concept",
                "inScheme": {"id": "urn:epass:conceptScheme:1", "type": "ConceptScheme"},
                "prefLabel": {"en": "artefact assessment"},
            },
            "gradingScheme": {
                "id": "urn:epass:gradingScheme:1",
                "type": "GradingScheme",
                "title": {"en": "Standard grading, see the handbook"},
            },
        },
        "isPartialQualification": False,
        "volumeOfLearning": "PT60H",
        "language": {
            "id": "http://publications.europa.eu/resource/authority/language/ENG",
            "type": "Concept",
        },
        "somethingNew": {"type": "Thing", "value": 7},
    }


def test_a_description_becomes_a_draft_that_loads():
    definition, _ = elm_definition(foreign())
    draft = loaded(definition)
    assert draft.code == "ELM-DIGITAL-MICRO-CREDENTIAL-CREATION"
    assert (draft.version, draft.language) == ("1", "en")
    achievement = draft.achievement
    assert achievement["title"] == {"en": "Digital micro-credential creation", "es": "Creación"}
    assert achievement["volumeOfLearning"] == "PT60H"
    assert achievement["creditsAvailable"] == 2
    assert achievement["mode"][0]["prefLabel"] == {"en": "Blended"}
    assert achievement["alignment"][0]["targetName"] == "EQF level 6"
    assert achievement["learningOutcome"][1]["relatedESCOSkill"][0]["prefLabel"] == {
        "en": "develop digital content"
    }
    assert achievement["stackability"]["id"].endswith("#standalone")


def test_a_made_up_concept_is_known_by_its_label():
    draft = loaded(elm_definition(foreign())[0])
    assessment = draft.achievement["resultDescription"][0]
    assert assessment["assessmentType"][0]["id"] == "http://data.europa.eu/snb/assessment/de4d165a6c"
    other = foreign()
    other["provenBy"]["dcType"]["prefLabel"]["en"] = "something of our own"
    definition, losses = elm_definition(other)
    assert "assessmentType" not in definition["achievement"]["resultDescription"][0]
    assert is_told("provenBy.dcType.prefLabel.en", losses)


def test_what_a_draft_lacks_is_told_by_name():
    losses = {loss.path: loss for loss in elm_definition(foreign())[1]}
    assert losses["definition.code"].what == "ELM-DIGITAL-MICRO-CREDENTIAL-CREATION"
    assert "definition.version" in losses
    assert losses["eqfLevel"].changed
    assert losses["learningOutcomeSummary"].changed
    for path in (
        "@context",
        "maximumDuration",
        "somethingNew",
        "provenBy.gradingScheme.title",
        "learningOutcome[1].id",
        "creditPoint.framework.prefLabel",
    ):
        assert not losses[path].changed
    assert all(loss.why.endswith(".") for loss in losses.values())


def test_the_basis_of_a_level_is_for_the_author_to_give():
    draft = loaded(elm_definition(foreign())[0])
    codes = {finding.code for finding in check_achievement(draft.achievement)}
    assert "no_basis" in codes


def test_a_summary_of_outcomes_is_no_criterion():
    achievement = elm_definition(foreign())[0]["achievement"]
    assert "criteria" not in achievement
    assert achievement["additionalNote"] == [{"noteLiteral": {"en": "All about them."}}]


def test_nothing_about_the_learner_of_an_award_is_taken_or_told():
    definition, losses = elm_definition(elm_document(full()).document)
    told = json.dumps([definition, [[loss.path, loss.what, loss.why] for loss in losses]])
    badge = full()["credentialSubject"]
    assert losses[0].what == "the award of one learner"
    for secret in (badge["familyName"], "UEF-2231-0457", "8.6", "MC-2026-000457", "2026-06-30"):
        assert secret not in told


def test_a_sealed_award_is_read_and_its_bytes_are_those_of_the_document():
    document = elm_document(example()).document
    text = dump(document)
    plain = {"payload": text, "signatures": [{"protected": "e30", "signature": "AA"}]}
    encoded = {**plain, "payload": base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()}
    assert read_elm(text.encode()) == read_elm(dump(plain).encode()) == read_elm(dump(encoded).encode())


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_json"),
        (b"title: yaml", "not_json"),
        (b"[]", "not_a_map"),
        (b'{"a": 1, "a": 2}', "not_json"),
        (b'{"payload": 7, "signatures": []}', "not_json"),
        (b'{"payload": "%%", "signatures": []}', "not_json"),
        (b'{"payload": "W10", "signatures": []}', "not_a_map"),
        (b'{"a":' * 100 + b"1" + b"}" * 100, "not_json"),
        (b'{"a": "' + b"x" * 9_000_000 + b'"}', "not_json"),
    ],
    ids=["empty", "yaml", "list", "twice", "number-sealed", "noise-sealed", "list-sealed", "deep", "large"],
)
def test_what_cannot_be_read_safely_is_refused(data, code):
    with pytest.raises(MicroCredentialError) as refused:
        read_elm(data)
    assert refused.value.code == code
    assert read_elm(b'{"a": 1}') == {"a": 1}


@pytest.mark.parametrize(
    "wrap",
    [
        lambda one: one,
        lambda one: one | {"type": ["elm:Qualification"]},
        lambda one: one | {"type": "http://data.europa.eu/snb/model/elm/LearningAchievementSpecification"},
        lambda one: {"type": "LearningOpportunity", "learningAchievementSpecification": one},
        lambda one: {"@graph": [{"type": "Organisation"}, one]},
        lambda one: {"credentialSubject": {"hasClaim": [{"title": {}}, {"specifiedBy": one}]}},
    ],
    ids=["alone", "prefix", "address", "opportunity", "graph", "award"],
)
def test_it_is_found_wherever_such_documents_keep_it(wrap):
    definition, _ = elm_definition(wrap(foreign()))
    assert definition["achievement"]["title"]["en"] == "Digital micro-credential creation"


@pytest.mark.parametrize(
    "document",
    [{}, {"type": "Person"}, {"credentialSubject": {"hasClaim": {"specifiedBy": {"type": "Claim"}}}}],
    ids=["empty", "person", "claim"],
)
def test_a_document_without_a_micro_credential_is_refused(document):
    with pytest.raises(MicroCredentialError) as refused:
        elm_definition(document)
    assert refused.value.code == "no_specification"


@pytest.mark.parametrize("make", [foreign, lambda: elm_document(full()).document], ids=["foreign", "own"])
def test_every_leaf_is_in_the_draft_or_among_the_losses(make):
    """Another value makes another draft, unless the leaf is told to be lost; local ids say nothing."""
    document = make()
    within = SPECIFICATION if "credentialSubject" in document else ""
    before = dump(elm_definition(document)[0])
    silent = []
    for place, value in leaves(document):
        path = written(place)
        is_its_class = path == f"{within}.type".removeprefix(".")
        if not path.startswith(within) or str(value).startswith("urn:epass:") or is_its_class:
            continue
        definition, losses = elm_definition(with_leaf(document, place, another(value)))
        if dump(definition) == before and not is_told(path, losses):
            silent.append(path)
    assert silent == []


@given(st.sampled_from(sorted(foreign())), JSON)
def test_a_hostile_description_gives_a_draft_or_a_sentence(term, value):
    document = foreign()
    document[term] = value
    try:
        definition, _ = elm_definition(document)
        loaded(definition)
    except MicroCredentialError as refused:
        assert refused.message  # noqa: PT017 - either way is right, and nothing else may be raised


@given(JSON)
def test_any_json_gives_a_draft_or_a_sentence(value):
    document = {
        "type": "Qualification",
        "title": value,
        "provenBy": value,
        "accreditation": value,
        "learningOutcome": value,
        "additionalNote": value,
        "identifier": value,
        "isPartOf": value,
    }
    assert elm_definition(document)[0]["definition"]["version"]


# --- there and back


def badge_of(definition):
    base = "https://badges.example.edu"
    issuer = copy.deepcopy(example()["issuer"])
    achievement = bind(
        definition, achievement_id=f"{base}/achievements/1", issuer_profile=issuer, base_url=base
    )
    return build_credential(
        credential_id="urn:uuid:5b2f6a52-0a3e-4e58-9a1e-1a4d6d2f7c10",
        issuer_profile=issuer,
        achievement=achievement,
        subject=Subject(
            student_number="1",
            name="Ana Andromeda",
            results={
                part["id"].removeprefix("#"): "7" for part in definition.achievement["resultDescription"]
            },
        ),
        awarded=date(2026, 6, 30),
        valid_from=datetime(2026, 7, 3, tzinfo=UTC),
        status_entries=[],
        base_url=base,
    )


def by_what_it_is(achievement):
    """Give the leaves; of lists whose order says nothing by what they are about."""
    found = dict(leaves({term: part for term, part in achievement.items() if term not in ABOUT}))
    for term, about in ABOUT.items():
        for one in achievement.get(term, []):
            found |= {(term, about(one), *place): leaf for place, leaf in leaves(one)}
    return found


ABOUT = {"alignment": lambda one: one["targetUrl"], "qualityAssurance": lambda one: one["qaType"]["id"]}


@pytest.mark.parametrize("name", ["credit-risk", "open-data", "water-management"])
def test_a_definition_comes_back_but_for_what_was_told(name):
    definition = load_definition((DEMONSTRATION / f"{name}.yaml").read_bytes(), kind="yaml")
    exported = elm_document(badge_of(definition))
    assert faults(exported.document) == []
    drafted, losses = elm_definition(exported.document)
    again = loaded(drafted)
    assert (again.code, again.version, again.language) == (
        definition.code,
        definition.version,
        definition.language,
    )
    before, after = by_what_it_is(definition.achievement), by_what_it_is(again.achievement)
    told = told_terms(definition.achievement, exported.losses, losses)
    differing = {place for place in before.keys() | after.keys() if before.get(place) != after.get(place)}
    untold = [place for place in differing if not any(place[: len(one)] == one for one in told)]
    assert untold == []


def told_terms(achievement, exported, imported):
    """Give the places in an achievement that either account names."""
    told = set()
    for loss in exported:
        path = loss.path.removeprefix("credentialSubject.achievement.")
        steps = tuple(
            int(step) if step.isdigit() else step
            for step in path.replace("[", ".").replace("]", "").split(".")
        )
        if steps[0] in ABOUT:
            steps = (steps[0], ABOUT[steps[0]](achievement[steps[0]][steps[1]]), *steps[2:])
        told.add(steps)
    levels = {f"{SPECIFICATION}.{member}" for member in ("eqfLevel", "nqfLevel", "educationLevel")}
    if any(loss.path.startswith(tuple(levels)) for loss in imported):
        told |= {
            ("alignment", one["targetUrl"]) for one in achievement["alignment"] if "referencingBasis" in one
        }
    return told


def test_the_draft_reads_alike_as_yaml():
    definition, _ = elm_definition(elm_document(example()).document)
    text = yaml.safe_dump(definition, allow_unicode=True, sort_keys=False)
    assert load_definition(text.encode(), kind="yaml") == loaded(definition)
