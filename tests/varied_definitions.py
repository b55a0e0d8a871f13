"""Complete definitions of varied shape, as files that authors write: none of them has a finding."""

import copy

EU = "http://data.europa.eu/snb"
NS = "https://w3id.org/testamur/ns/v1#"
ECTS = f"{EU}/education-credit/6fcec5c5af"
CRITICAL = {
    "id": "http://data.europa.eu/esco/skill/7dd94ad3-13d6-43fe-8b94-51fcbf67ced9",
    "prefLabel": {"en": "think critically"},
}
NUMBERS = {
    "id": "http://data.europa.eu/esco/skill/31c69100-b612-4a61-8db5-fd314318854c",
    "prefLabel": {"en": "execute analytical mathematical calculations"},
}
ONLINE, PRESENT = f"{EU}/learning-assessment/920fbb3cbe", f"{EU}/learning-assessment/9191af2ed9"
BLENDED, HYBRID = f"{EU}/learning-assessment/e92d221e4d", f"{EU}/learning-assessment/c_3a90b26d"
AT_WORK, LABORATORY = f"{EU}/learning-assessment/729f3bed4b", f"{EU}/learning-assessment/ed4c557045"
WITH_ID = f"{EU}/supervision-verification/70be69aaf9"
UNSUPERVISED = f"{EU}/supervision-verification/c598449d64"
WRITTEN, ORAL = f"{EU}/assessment/6e6cb2cc78", f"{EU}/assessment/d30284d7df"
PORTFOLIO, PRACTICAL = f"{EU}/assessment/4f03b91c0e", f"{EU}/assessment/6a4db9f11d"
PROJECT, QUIZ = f"{EU}/assessment/795dac4096", f"{EU}/assessment/b1b68f6735"
MARKS = {"resultType": "RawScore", "valueMin": "0", "valueMax": "100", "requiredValue": "50"}
EXTERNAL = {
    "title": {"en": "Institutional accreditation"},
    "qaType": f"{EU}/accreditation/bb4618238e",
    "accreditingAgent": {"name": "Example Agency", "url": "https://agency.example"},
    "report": "https://agency.example/reports/1",
    "dateIssued": "2024-05-20",
    "expiryDate": "2029-05-20",
}
INTERNAL = {
    "title": {"en": "Approved by the Academic Board, decision 112/2026"},
    "qaType": f"{NS}internalQA",
    "decision": "approved",
    "dateIssued": "2026-05-01",
    "reviewDate": "2027-05-01",
}


def outcome(words, *skills, **more):
    return {"title": {"en": words}, "relatedESCOSkill": list(skills or (CRITICAL,)), **more}


def exam(key, kind, **more):
    return {"id": key, "name": key.title(), "assessmentType": [kind], **MARKS, **more}


def level(iri, basis):
    return {"targetUrl": iri, "referencingBasis": f"{NS}{basis}"}


def definition(options=None, **achievement):
    """Give a plain complete definition with these parts in place of its own; None leaves one out."""
    whole = {
        "title": {"en": "Reading Statistics"},
        "summary": {"en": "How to read figures and what they leave out."},
        "criteria": "Each assessment passed.",
        "volumeOfLearning": "PT54H",
        "creditPoint": [{"framework": ECTS, "point": "2"}],
        "learningOutcome": [outcome("Read a table."), outcome("Judge a sample.")],
        "mode": [PRESENT],
        "thematicArea": [f"{EU}/isced-f/0542"],
        "entryRequirement": {"en": "None"},
        "qualityAssurance": [EXTERNAL, INTERNAL],
        "stackability": f"{NS}standalone",
        "alignment": [level(f"{EU}/qdr/c_82e7da58", "referenced")],
        "resultDescription": [exam("exam", WRITTEN)],
        **achievement,
    }
    kept = {term: value for term, value in whole.items() if value is not None}
    made = {"definition": {"code": "MC-1", "version": "1", "language": "en", **(options or {})}}
    return copy.deepcopy(made | {"achievement": kept})


def _final(**more):
    return {"id": "final", "name": "Final grade", "resultType": "Result", **more}


SHAPES = {
    "one examination in a room": definition(),
    "online with two supervised parts and a matrix": definition(
        mode=[ONLINE],
        resultDescription=[
            exam("quiz", QUIZ, supervision=UNSUPERVISED, weightPercent=30, assesses=["lo1"]),
            exam("oral", ORAL, supervision=WITH_ID, weightPercent=70, assesses=["lo1", "lo2"]),
            _final(valueMin="0", valueMax="100", requiredValue="50"),
        ],
    ),
    "blended in Vietnamese, level of the institution": definition(
        {"language": "vi"},
        title={"en": "Water", "vi": "Nước"},
        mode=[BLENDED],
        alignment=[level(f"{NS}VQF-6", "institutional"), level(f"{EU}/eqf/6", "indicative")],
        resultDescription=[exam("exam", WRITTEN, supervision=WITH_ID)],
    ),
    "Lao with credits of two systems": definition(
        {"language": "lo", "workload": {"contact": 30, "self_study": 24}},
        title={"en": "Rice", "lo": "ເຂົ້າ"},
        volumeOfLearning=None,
        creditPoint=[
            {"framework": ECTS, "point": "2"},
            {"framework": f"{NS}credit-LA", "point": "1"},
        ],
        alignment=[level(f"{NS}LNQF-5", "institutional")],
    ),
    "hours in parts, credits calculated": definition(
        {"workload": {"contact": 24, "self_study": 60, "assessment": 6}},
        volumeOfLearning=None,
        creditPoint=None,
    ),
    "joint award of two": definition(
        awardingBody=[
            {"id": "issuer"},
            {"name": "Other University", "url": "https://other.example"},
        ],
    ),
    "hybrid, stackable into two programmes": definition(
        mode=[HYBRID],
        stackability=f"{NS}standaloneAndStackable",
        isPartOf=[
            {"id": "https://uni.example/msc", "title": {"en": "MSc"}},
            {"id": "https://uni.example/bsc", "title": {"en": "BSc"}, "qualificationCode": 7},
        ],
        resultDescription=[exam("exam", PROJECT, supervision=WITH_ID)],
    ),
    "at work, passed or failed": definition(
        mode=[AT_WORK],
        resultDescription=[{"name": "Practice", "assessmentType": [PRACTICAL], "resultType": "Status"}],
        learningSetting=f"{EU}/learning-setting/e207a81fc7",
    ),
    "grades in letters": definition(
        resultDescription=[
            {
                "id": "paper",
                "name": "Paper",
                "assessmentType": [PORTFOLIO],
                "resultType": "LetterGrade",
                "allowedValue": ["A", "B", "C"],
                "requiredValue": "C",
            }
        ],
    ),
    "a rubric of levels": definition(
        resultDescription=[
            {
                "id": "portfolio",
                "name": "Portfolio",
                "assessmentType": [PORTFOLIO],
                "resultType": "RubricCriterionLevel",
                "requiredLevel": "urn:uuid:0d6f2f0e-6f0e-4d52-8c0f-3f0c2b0d1e01",
                "rubricCriterionLevel": [
                    {
                        "id": "urn:uuid:0d6f2f0e-6f0e-4d52-8c0f-3f0c2b0d1e01",
                        "type": ["RubricCriterionLevel"],
                        "name": "good",
                    }
                ],
            }
        ],
    ),
    "more hours than usual, with the reason": definition(
        {"workload_reason": {"en": "A week of field work comes on top."}}, volumeOfLearning="PT90H"
    ),
    "a laboratory, half a credit more, the second cycle": definition(
        mode=[LABORATORY],
        volumeOfLearning=65,
        creditPoint=[{"framework": ECTS, "point": 2.5}],
        alignment=[level(f"{NS}QFEHEA-2", "institutional"), level(f"{EU}/eqf/7", "referenced")],
    ),
    "eight outcomes of many kinds": definition(
        learningOutcome=[
            outcome(
                f"Explain part {number}.",
                NUMBERS,
                skillType=f"{EU}/skill-type/skill",
                reusabilityLevel=f"{EU}/skill-reuse-level/transversal",
            )
            for number in range(8)
        ],
    ),
    "fifteen credits over two fields": definition(
        volumeOfLearning="PT420H",
        creditPoint=[{"framework": ECTS, "point": "15"}],
        thematicArea=[f"{EU}/isced-f/0542", f"{EU}/isced-f/0611"],
        learningOpportunityType=f"{EU}/learning-opportunity/74a4a268e8",
    ),
}
