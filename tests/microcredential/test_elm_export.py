"""The export to the European Learning Model: where everything goes, and that nothing is lost in silence."""

import copy
import json

import elm_badges
import pytest
from elm_badges import NS, another, concept, example, full, is_told, leaves, level, with_leaf
from hypothesis import assume, given
from hypothesis import strategies as st

from microcredential import MicroCredentialError
from microcredential.elm import elm_document
from microcredential.elm.form import faults
from microcredential.elm.losses import written
from ob3.strict_json import dump, parse

ECTS = elm_badges.ECTS
WORDS = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=6)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def claim():
    return elm_document(example()).document["credentialSubject"]["hasClaim"]


@pytest.fixture(scope="module")
def specification(claim):
    return claim["specifiedBy"]


def with_achievement(**changes):
    badge = example()
    badge["credentialSubject"]["achievement"] |= changes
    return badge


def qualification(badge):
    return elm_document(badge).document["credentialSubject"]["hasClaim"]["specifiedBy"]


def test_it_is_a_european_digital_credential_that_names_the_published_contexts_and_shapes():
    document = elm_document(example()).document
    assert document["@context"] == [
        "https://www.w3.org/2018/credentials/v1",
        "http://data.europa.eu/snb/model/context/edc-ap",
    ]
    assert document["type"] == ["VerifiableCredential", "EuropeanDigitalCredential"]
    assert document["credentialSchema"] == {
        "id": "http://data.europa.eu/snb/model/ap/edc-generic-full",
        "type": "ShaclValidator2017",
    }
    assert document["issued"] == document["validFrom"] == document["issuanceDate"] == "2026-07-03T02:00:00Z"
    assert "proof" not in document


def test_it_has_an_id_of_its_own_and_names_the_badge():
    badge = example()
    document = elm_document(badge).document
    assert document["id"] == badge["id"].replace("urn:uuid:", "urn:credential:")
    assert document["identifier"]["notation"] == badge["id"]
    badge["id"] = "https://badges.example.edu.vn/credentials/1"
    other = elm_document(badge).document["id"]
    assert other.startswith("urn:credential:")
    assert other == elm_document(badge).document["id"]


def test_the_same_badge_gives_the_same_document():
    assert dump(elm_document(full()).document) == dump(elm_document(full()).document)


def test_the_badge_is_not_touched():
    badge = full()
    before = copy.deepcopy(badge)
    elm_document(badge)
    assert badge == before


def test_the_claim_has_title_body_date_and_credits(claim):
    assert claim["type"] == "LearningAchievement"
    assert set(claim["title"]) == {"en", "vi"}
    assert claim["awardedBy"]["awardingDate"] == "2026-06-30T00:00:00Z"
    assert claim["awardedBy"]["awardingBody"]["id"] == example()["issuer"]["id"]
    assert (claim["creditReceived"]["point"], claim["creditReceived"]["framework"]["id"]) == ("3", ECTS)
    assert claim["influencedBy"]["temporal"]["prefLabel"] == {"en": "Spring 2026"}


def test_the_description_is_a_qualification_with_what_all_awards_share(specification):
    assert specification["type"] == "Qualification"
    assert specification["isPartialQualification"] is True
    assert specification["volumeOfLearning"] == "PT90H"
    assert specification["creditPoint"]["point"] == "3"
    assert specification["mode"]["id"].endswith("/learning-assessment/e92d221e4d")
    assert specification["learningSetting"]["id"].endswith("/learning-setting/e207a81fc7")
    assert specification["dcType"]["id"].endswith("/learning-opportunity/74a4a268e8")
    assert specification["thematicArea"]["id"] == "http://data.europa.eu/snb/isced-f/0412"
    assert set(specification["entryRequirement"]["noteLiteral"]) == {"en", "vi"}
    assert len(specification["learningOutcome"]) == 3
    assert specification["isPartOf"]["qualificationCode"]["notation"] == "7340201"


def test_languages_and_countries_are_those_of_the_european_lists(specification):
    assert specification["language"]["id"] == (
        "http://publications.europa.eu/resource/authority/language/ENG"
    )
    issuer = elm_document(example()).document["issuer"]
    assert issuer["location"]["address"]["countryCode"]["id"] == (
        "http://publications.europa.eu/resource/authority/country/VNM"
    )


def test_a_concept_names_its_list(specification):
    assert specification["mode"]["inScheme"] == {
        "id": "http://data.europa.eu/snb/learning-assessment/25831c2",
        "type": "ConceptScheme",
    }


def test_each_assessment_has_its_grade_supervision_type_and_scheme(claim):
    exam = claim["provenBy"][0]
    assert exam["title"] == {"en": "Written examination"}
    assert exam["grade"]["noteLiteral"] == {"en": "7.8"}
    assert exam["idVerification"]["id"].endswith("/supervision-verification/70be69aaf9")
    assert exam["specifiedBy"]["dcType"]["id"] == "http://data.europa.eu/snb/assessment/6e6cb2cc78"
    assert exam["specifiedBy"]["gradingScheme"]["title"] == {
        "en": "RawScore, from 0 to 10, at least 5 required"
    }
    assert exam["awardedBy"] == claim["awardedBy"]
    assert len(claim["provenBy"]) == 3


def test_an_assessment_without_a_result_belongs_to_the_description():
    badge = example()
    badge["credentialSubject"]["result"].pop(0)
    claim = elm_document(badge).document["credentialSubject"]["hasClaim"]
    assert [one["title"]["en"] for one in claim["provenBy"]] == [
        "Individual project with oral defence",
        "Final grade (weighted)",
    ]
    assert claim["specifiedBy"]["provenBy"]["title"] == {"en": "Written examination"}


@pytest.mark.parametrize("basis", ["legislated", "referenced"])
@pytest.mark.parametrize(
    ("kind", "url", "member"),
    [
        ("ext:EQF", "http://data.europa.eu/snb/eqf/6", "eqfLevel"),
        ("ext:NQF", "http://data.europa.eu/snb/qdr/c_c392e7a2", "nqfLevel"),
    ],
    ids=["EQF", "NQF"],
)
def test_a_level_that_its_basis_bears_is_claimed(kind, url, member, basis):
    found = qualification(with_achievement(alignment=[level(kind, url, basis)]))
    assert found[member]["id"] == url
    assert found["additionalNote"][-1]["subject"]["id"] == NS + basis


@pytest.mark.parametrize("basis", ["institutional", "indicative", "something"])
def test_a_level_that_its_basis_does_not_bear_is_told_in_words_alone(basis):
    badge = with_achievement(alignment=[level("ext:EQF", "http://data.europa.eu/snb/eqf/6", basis)])
    found = qualification(badge)
    assert "eqfLevel" not in found
    note = found["additionalNote"][-1]
    assert note["subject"]["id"] == NS + basis
    assert note["noteLiteral"] == {"en": "A level of ext:EQF, A framework, level 6"}


def test_only_quality_assurance_by_others_is_an_accreditation(specification):
    accreditation = specification["accreditation"]
    assert accreditation["dcType"]["id"] == "http://data.europa.eu/snb/accreditation/bb4618238e"
    assert accreditation["accreditingAgent"]["legalName"] == {
        "en": "Example Education Quality Accreditation Centre"
    }
    assert accreditation["decision"]["prefLabel"] == {"en": "accredited"}
    assert accreditation["report"]["contentURL"].endswith("/reports/2024/uef")
    own = next(
        note
        for note in specification["additionalNote"]
        if note.get("subject", {}).get("id") == f"{NS}internalQA"
    )
    assert own["noteLiteral"]["en"].startswith("Internal approval by the Academic Board, decision 112/2026.")
    assert "to be reviewed 2027-06-30" in own["noteLiteral"]["en"]


def test_a_badge_that_stands_alone_is_no_part():
    alone = concept(f"{NS}standalone", "Stand-alone, independent micro-credential")
    assert qualification(with_achievement(stackability=alone))["isPartialQualification"] is False


def test_a_joint_award_names_every_body():
    claim = elm_document(full()).document["credentialSubject"]["hasClaim"]
    bodies = claim["awardedBy"]["awardingBody"]
    assert [one["id"] for one in bodies] == [example()["issuer"]["id"], "https://partner.example"]


def test_a_learner_has_names_and_the_number_of_the_university():
    person = elm_document(example()).document["credentialSubject"]
    assert person["fullName"] == {"en": "Nguyễn Thị Minh Anh"}
    assert person["identifier"]["notation"] == "UEF-2231-0457"
    assert "Thị" in person["fullName"]["en"]


def test_a_hashed_address_is_left_out():
    exported = elm_document(full())
    assert "sha256$ab" not in json.dumps(exported.document)
    assert any("identityHash" in loss.what for loss in exported.losses)


def test_the_document_follows_the_application_profile_but_for_what_the_badge_cannot_say():
    exported = elm_document(full(), picture=b"\x89PNG\r\n\x1a\n....")
    assert faults(exported.document) == []
    assert all(path.endswith((".location", "eIDASIdentifier")) for path in exported.missing), exported.missing


def test_without_a_picture_the_display_is_missing_and_said_to_be():
    assert "displayParameter.individualDisplay" in elm_document(example()).missing


@pytest.mark.parametrize(
    ("picture", "code"),
    [(b"GIF89a", "picture_kind"), (b"\xff\xd8\xff" + b"0" * 2**21, "picture_too_large")],
    ids=["kind", "size"],
)
def test_a_picture_that_viewers_cannot_show_is_refused(picture, code):
    with pytest.raises(MicroCredentialError) as refused:
        elm_document(example(), picture=picture)
    assert refused.value.code == code


def test_the_same_organisation_is_written_once_and_alike():
    badge = example()
    badge["credentialSubject"]["achievement"]["creator"] |= {
        "name": "Another name",
        "url": "https://x.example",
    }
    exported = elm_document(badge)
    assert "Another name" not in json.dumps(exported.document)
    lost = {loss.path for loss in exported.losses}
    creator = "credentialSubject.achievement.creator"
    assert {f"{creator}.name", f"{creator}.url"} <= lost


def test_the_losses_of_the_example_are_these():
    told = [(loss.path, loss.changed) for loss in elm_document(example()).losses]
    achievement = "credentialSubject.achievement"
    assert told == [
        ("@context", False),
        ("type[1]", False),
        ("issuer.address", True),
        ("relatedResource", False),
        ("credentialSubject.additionalName", True),
        (f"{achievement}.image", False),
        (f"{achievement}.criteria.narrative", True),
        (f"{achievement}.tag", False),
        (f"{achievement}.qualityAssurance[1]", True),
        (f"{achievement}.qualityAssurance[1].accreditingAgent.id", False),
        (f"{achievement}.stackability", True),
        (f"{achievement}.related", False),
        (f"{achievement}.alignment[0]", True),
        (f"{achievement}.alignment[0].targetType", False),
        (f"{achievement}.alignment[0].targetUrl", False),
        (f"{achievement}.alignment[1]", True),
        (f"{achievement}.alignment[1].targetType", False),
        (f"{achievement}.alignment[1].targetUrl", False),
        (f"{achievement}.resultDescription[0]", True),
        (f"{achievement}.resultDescription[1]", True),
        (f"{achievement}.resultDescription[2]", True),
        ("credentialStatus", False),
        ("credentialSchema", False),
    ]
    assert all(loss.why.endswith(".") and loss.what for loss in elm_document(example()).losses)


@pytest.mark.parametrize("make", [example, full], ids=["example", "full"])
def test_every_leaf_is_carried_over_or_among_the_losses(make):
    """Another value at any leaf makes another document, unless that leaf is told to be lost."""
    badge = make()
    before = dump(elm_document(badge).document)
    silent = []
    for place, value in leaves(badge):
        exported = elm_document(with_leaf(badge, place, another(value)))
        if dump(exported.document) == before and not is_told(written(place), exported.losses):
            silent.append(written(place))
    assert silent == []


@given(path=st.lists(st.integers(0, 40), max_size=6), value=JSON)
def test_what_nobody_has_thought_of_is_a_loss(path, value):
    assume(any(True for _ in leaves(value)))
    badge = full()
    part, place = badge, ()
    for step in path:
        inner = [
            (key, one)
            for key, one in (part.items() if isinstance(part, dict) else enumerate(part))
            if isinstance(one, dict | list)
        ]
        if inner:
            key, part = inner[step % len(inner)]
            place = (*place, key)
    assume(isinstance(part, dict))
    part["9new"] = value
    losses = elm_document(badge).losses
    assert all(is_told(written((*place, "9new", *below)), losses) for below, _ in leaves(value))


@given(JSON, st.sampled_from(["issuer", "credentialSubject", "achievement", "evidence", "identifier"]))
def test_a_hostile_shape_is_written_as_far_as_it_goes_or_refused(value, term):
    badge = example()
    subject = badge["credentialSubject"]
    holder = {"achievement": subject, "identifier": subject}.get(term, badge)
    holder[term] = value
    subject = badge["credentialSubject"]
    if isinstance(subject, dict) and subject.get("achievement") and isinstance(subject["achievement"], dict):
        parse(dump(elm_document(badge).document))
        return
    with pytest.raises(MicroCredentialError) as refused:
        elm_document(badge)
    assert refused.value.code == "no_achievement"


@given(st.sampled_from(sorted(full()["credentialSubject"]["achievement"])), JSON)
def test_a_hostile_achievement_never_breaks_the_export(term, value):
    badge = full()
    badge["credentialSubject"]["achievement"][term] = value
    if badge["credentialSubject"]["achievement"]:
        parse(dump(elm_document(badge).document))


@pytest.mark.parametrize(
    "document",
    [{}, {"credentialSubject": []}, {"credentialSubject": {"achievement": "https://a.example"}}],
    ids=["empty", "list", "address"],
)
def test_what_is_no_credential_with_an_achievement_is_refused(document):
    with pytest.raises(MicroCredentialError) as refused:
        elm_document(document)
    assert refused.value.code == "no_achievement"


def test_a_document_without_an_end_is_refused():
    badge = example()
    badge["credentialSubject"]["achievement"]["again"] = badge
    with pytest.raises(MicroCredentialError) as refused:
        elm_document(badge)
    assert refused.value.code == "too_deep"


# Where the European Commission's own micro-credential with all elements of Annex I keeps them
# (Sample-MC-Annex1-unsigned.jsonld in its repository of the model), as far as a badge has them.
COMMISSION = """
@context credentialProfiles.inScheme.id credentialProfiles.prefLabel.en
displayParameter.individualDisplay.displayDetail.image.content
displayParameter.individualDisplay.displayDetail.image.contentEncoding.id
displayParameter.individualDisplay.displayDetail.image.contentType.id
issuer.legalName.en issuer.homepage.contentURL issuer.identifier.notation issuer.identifier.schemeName
issuer.location.address.countryCode.id issuer.location.address.fullAddress.noteLiteral.en
credentialSubject.fullName.en credentialSubject.givenName.en credentialSubject.familyName.en
credentialSubject.hasClaim.title.en
credentialSubject.hasClaim.awardedBy.awardingBody.legalName.en
credentialSubject.hasClaim.provenBy.title.en
credentialSubject.hasClaim.provenBy.awardedBy.awardingBody.id
credentialSubject.hasClaim.provenBy.grade.noteLiteral.en
credentialSubject.hasClaim.provenBy.idVerification.id
credentialSubject.hasClaim.provenBy.specifiedBy.dcType.id
credentialSubject.hasClaim.provenBy.specifiedBy.mode.id
credentialSubject.hasClaim.provenBy.specifiedBy.title.en
credentialSubject.hasClaim.provenBy.specifiedBy.gradingScheme.title.en
credentialSubject.hasClaim.specifiedBy.title.en
credentialSubject.hasClaim.specifiedBy.eqfLevel.id
credentialSubject.hasClaim.specifiedBy.nqfLevel.id
credentialSubject.hasClaim.specifiedBy.thematicArea.id
credentialSubject.hasClaim.specifiedBy.creditPoint.framework.id
credentialSubject.hasClaim.specifiedBy.creditPoint.point
credentialSubject.hasClaim.specifiedBy.entryRequirement.noteLiteral.en
credentialSubject.hasClaim.specifiedBy.isPartialQualification
credentialSubject.hasClaim.specifiedBy.learningOutcome.title.en
credentialSubject.hasClaim.specifiedBy.learningOutcome.relatedESCOSkill.id
credentialSubject.hasClaim.specifiedBy.learningOutcome.relatedSkill.id
credentialSubject.hasClaim.specifiedBy.learningOutcome.reusabilityLevel.id
credentialSubject.hasClaim.specifiedBy.learningSetting.id
credentialSubject.hasClaim.specifiedBy.mode.id
credentialSubject.hasClaim.specifiedBy.volumeOfLearning
credentialSubject.hasClaim.specifiedBy.language.id
credentialSubject.hasClaim.specifiedBy.dcType.id
validFrom
"""


def test_the_elements_stand_where_the_commission_keeps_them():
    document = elm_document(full(), picture=b"\x89PNG\r\n\x1a\n....").document
    ours = {".".join(step for step in place if isinstance(step, str)) for place, _ in leaves(document)}
    assert set(COMMISSION.split()) - ours == set()
