"""Every rule that blocks or warns: one document that breaks it; its twin, the example, breaks none."""

import copy

import profile_indicators
import profile_weaknesses
import pytest
from profile_faults import (
    BREAKS,
    EXAM,
    NS,
    PROJECT,
    WARNS,
)

from microcredential import Severity, check_achievement, check_credential


def test_the_example_has_no_finding(example, findings):
    assert findings(example) == []


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_rule_blocks(name, example, achievement, findings):
    function, element, code = BREAKS[name]
    function(example, example["credentialSubject"], achievement)
    found = {(one.id, one.code) for one in findings(example) if one.severity is Severity.BLOCK}
    assert (element, code) in found


@pytest.mark.parametrize("name", WARNS)
def test_a_weakness_warns_and_does_not_block(name, example, achievement, findings):
    function, element, code = WARNS[name]
    function(example, example["credentialSubject"], achievement)
    found = findings(example)
    assert (element, code) in {(one.id, one.code) for one in found}
    assert not [one for one in found if one.severity is Severity.BLOCK]


@pytest.mark.parametrize("name", [*BREAKS, *WARNS])
def test_one_fault_is_told_once(name, example, achievement, findings):
    function, _, _ = (BREAKS | WARNS)[name]
    function(example, example["credentialSubject"], achievement)
    found = findings(example)
    assert len({(one.id, one.code, one.path) for one in found}) == len(found)
    for one in found:
        if one.id.startswith("QC-"):
            assert one.indicators == (one.id,)
            assert not [other for other in found if other is not one and other.path == one.path != ""]


@pytest.mark.parametrize("name", [*BREAKS, *WARNS])
def test_a_finding_says_where_and_what_to_do(name, example, achievement, findings):
    function, _, _ = (BREAKS | WARNS)[name]
    function(example, example["credentialSubject"], achievement)
    for one in findings(example):
        assert one.path
        assert one.message.endswith(".") or one.code == "schema"
        assert one.fix.endswith((".", ":"))


MANDATORY = {
    "M1": [
        ("subject", "name"),
        ("subject", "familyName"),
        ("subject", "givenName"),
        ("subject", "identifier"),
    ],
    "M2": [("achievement", "title")],
    "M3": [("issuer", "address")],
    "M4": [("credential", "issuer")],
    "M5": [("credential", "awardedDate"), ("credential", "validFrom")],
    "M6": [("achievement", "learningOutcome")],
    "M7": [("achievement", "volumeOfLearning"), ("achievement", "creditPoint")],
    "M8": [("achievement", "alignment")],
    "M9": [("achievement", "resultDescription")],
    "M10": [("achievement", "mode")],
    "M11": [("achievement", "qualityAssurance")],
}


@pytest.mark.parametrize("element", MANDATORY)
def test_each_mandatory_element_is_missed(element, example, achievement, findings):
    parts = {
        "credential": example,
        "issuer": example["issuer"],
        "subject": example["credentialSubject"],
        "achievement": achievement,
    }
    for part, term in MANDATORY[element]:
        del parts[part][term]
    severity = Severity.WARN if element == "M8" else Severity.BLOCK
    assert element in {one.id for one in findings(example) if one.severity is severity}


ACCEPTED = {
    "hours at the lower edge": lambda c, s, a: a.update(volumeOfLearning="PT75H"),
    "half a credit": lambda c, s, a: (
        a["creditPoint"][0].update(point="3.5"),
        a.update(creditsAvailable=3.5, volumeOfLearning="PT95H"),
    ),
    "unusual hours with a reason": lambda c, s, a: a.update(
        volumeOfLearning="PT120H",
        additionalNote=[
            {"type": "Note", "noteLiteral": {"en": "Workload: 30 hours of field work come on top."}}
        ],
    ),
    "two awarding bodies": lambda c, s, a: a.update(
        awardingBody=[
            copy.deepcopy(c["issuer"]),
            {"id": "https://other.example", "type": ["Profile"], "name": "Another University"},
        ]
    ),
    "the required level": lambda c, s, a: profile_weaknesses._rubric(s, a, "b", "b"),
    "a better level": lambda c, s, a: profile_weaknesses._rubric(s, a, "b", "a"),
    "every outcome assessed": lambda c, s, a: profile_indicators.assess(
        a, exam=["lo1", "lo2"], project=["lo2", "lo3"]
    ),
    "grades instead of marks": lambda c, s, a: (
        [a["resultDescription"][EXAM].pop(term) for term in ("valueMin", "valueMax")],
        a["resultDescription"][EXAM].update(allowedValue=["7.8", "5"]),
    ),
    "a status has no scale": lambda c, s, a: (
        [a["resultDescription"][EXAM].pop(term) for term in ("valueMin", "valueMax", "requiredValue")],
        a["resultDescription"][EXAM].update(resultType="Status"),
    ),
    "another creator beside an awarding body": lambda c, s, a: (
        a["creator"].update(id="https://other.example"),
        a.update(awardingBody=[copy.deepcopy(a["creator"])]),
    ),
    "presence does not ask for supervision": lambda c, s, a: (
        a.update(mode=a["resultDescription"][EXAM]["assessmentMode"]),
        a["resultDescription"][PROJECT].pop("supervision"),
    ),
    "no weights at all": lambda c, s, a: [
        a["resultDescription"][n].pop("weightPercent") for n in (EXAM, PROJECT)
    ],
    "the mean rounded": lambda c, s, a: s["result"][2].update(value="8.25"),
    "a name as an identifier": lambda c, s, a: (
        [s.pop(term) for term in ("name", "familyName", "givenName")],
        s["identifier"].append(
            {"type": "IdentityObject", "hashed": False, "identityHash": "Anh", "identityType": "name"}
        ),
    ),
    "stand-alone without a programme": lambda c, s, a: (
        a["stackability"].update(id=f"{NS}standalone"),
        a.pop("isPartOf"),
    ),
    "two status entries": lambda c, s, a: c.update(
        credentialStatus=[c["credentialStatus"], {**c["credentialStatus"], "statusPurpose": "suspension"}]
    ),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_is_allowed_passes(name, example, achievement, findings):
    ACCEPTED[name](example, example["credentialSubject"], achievement)
    assert [one for one in findings(example) if one.severity is Severity.BLOCK] == []


def referenced(iri, target_type, code, name):
    return {
        "type": ["Alignment", "LevelAlignment"],
        "targetName": name,
        "targetCode": code,
        "targetFramework": name,
        "targetType": target_type,
        "targetUrl": iri,
        "referencingBasis": {"id": f"{NS}referenced", "type": "Concept", "prefLabel": {"en": "referenced"}},
    }


CROATIAN_6 = ("http://data.europa.eu/snb/qdr/c_cb53bf24", "ext:NQF", "6", "CROQF")


@pytest.mark.parametrize(("eqf", "blocked"), [("6", False), ("7", True)])
def test_an_eqf_level_is_referenced_only_where_the_national_one_is(
    eqf, blocked, example, achievement, findings
):
    example["issuer"]["address"]["addressCountryCode"] = "HR"
    achievement["alignment"] = [
        referenced(*CROATIAN_6),
        referenced(f"http://data.europa.eu/snb/eqf/{eqf}", "ext:EQF", eqf, "EQF"),
    ]
    codes = {one.code for one in check_credential(example, institution_country="HR")}
    assert ("not_referenced" in codes) is blocked


@pytest.mark.parametrize(("country", "blocked"), [("CZ", False), ("VN", True)])
def test_a_cycle_backs_the_eqf_only_where_the_country_is_referenced(country, blocked, example, achievement):
    cycle = referenced(f"{NS}QFEHEA-2", "ext:QFEHEA", "second cycle", "QF-EHEA")
    cycle["referencingBasis"]["id"] = f"{NS}institutional"
    example["issuer"]["address"]["addressCountryCode"] = country
    achievement["alignment"] = [cycle, referenced("http://data.europa.eu/snb/eqf/7", "ext:EQF", "7", "EQF")]
    codes = {one.code for one in check_credential(example, institution_country=country)}
    assert ("not_referenced" in codes) is blocked


def test_a_definition_is_judged_without_an_issuer(achievement):
    assert check_achievement(achievement) == []


def test_a_definition_is_judged_with_its_issuer(achievement, example):
    assert check_achievement(achievement, issuer=example["issuer"]) == []
    found = check_achievement(achievement, issuer={})
    assert {"M3", "M4"} == {one.id for one in found}
    assert found[0].path.startswith("issuer")


@pytest.mark.parametrize("document", [None, [], "x", 3, {}, {"credentialSubject": [{"achievement": 1}]}])
def test_nothing_makes_a_check_raise(document):
    assert any(one.severity is Severity.BLOCK for one in check_credential(document))
    assert any(one.severity is Severity.BLOCK for one in check_achievement(document, issuer=None))
