"""Badges for the tests of the European Learning Model: one that says everything, leaf by leaf."""

import copy
import json
from pathlib import Path

_EXAMPLE = Path(__file__).parent / "microcredential" / "documents" / "credential-vn-3ects.json"
NS = "https://w3id.org/testamur/ns/v1#"
ECTS = "http://data.europa.eu/snb/education-credit/6fcec5c5af"


def example():
    """The worked example of the profile."""
    return json.loads(_EXAMPLE.read_text(encoding="utf-8"))


def concept(iri, label, **more):
    return {"id": iri, "type": "Concept", "prefLabel": {"en": label}, **more}


def body(iri, name, **more):
    return {"id": iri, "type": ["Profile"], "name": name, **more}


def address(code, **more):
    return {"type": ["Address"], "addressCountryCode": code, **more}


def level(target_type, url, basis, **more):
    return {
        "type": ["Alignment", "LevelAlignment"],
        "targetName": f"A level of {target_type}",
        "targetCode": "6",
        "targetFramework": "A framework",
        "targetType": target_type,
        "targetUrl": url,
        "referencingBasis": concept(NS + basis, basis),
        **more,
    }


def full():
    """A badge with a value in every member that the mapping knows, and in many that it does not."""
    badge = copy.deepcopy(example())
    subject = badge["credentialSubject"]
    achievement = subject["achievement"]
    badge["issuer"] |= {
        "phone": "+84 24 0000 0000",
        "description": "A university.",
        "image": {"id": "https://www.example.edu.vn/logo.png", "type": "Image"},
        "parentOrg": body("https://parent.example", "Parent", address=address("VN", postalCode="100000")),
    }
    badge["issuer"]["address"] |= {"streetAddress": "1 Street", "postOfficeBoxNumber": "7"}
    badge |= {
        "validUntil": "2031-07-03T02:00:00Z",
        "evidence": [
            {"id": "https://work.example/1", "type": ["Evidence"], "name": "Report", "genre": "text"}
        ],
        "refreshService": {"id": "https://badges.example.edu.vn/r/1", "type": "1EdTechCredentialRefresh"},
        "termsOfUse": [{"type": "Terms", "id": "https://terms.example"}],
    }
    subject["identifier"] += [
        {"type": "IdentityObject", "hashed": False, "identityHash": "M. A. Nguyễn", "identityType": "name"},
        {
            "type": "IdentityObject",
            "hashed": True,
            "identityHash": "sha256$ab",
            "salt": "cd",
            "identityType": "emailAddress",
        },
    ]
    subject |= {
        "narrative": "Worked in a group of three.",
        "role": "student",
        "source": body("https://partner.example", "Partner", address=address("CZ")),
    }
    subject["result"][2] |= {"status": "Completed"}
    achievement |= {
        "awardingBody": [
            copy.deepcopy(badge["issuer"]),
            body("https://partner.example", "Partner", address=address("CZ"), url="https://partner.example"),
        ],
        "additionalNote": [{"type": "Note", "noteLiteral": {"en": "A note.", "vi": "Ghi chú."}}],
        "otherIdentifier": [
            {"type": "IdentifierEntry", "identifier": "X1", "identifierType": "ext:catalogue"}
        ],
        "specialization": "Banking",
        "fieldOfStudy": "Banking practice",
        "inLanguage": "en",
    }
    achievement["learningOutcome"][0] |= {
        "relatedSkill": [
            concept(
                "http://data.europa.eu/snb/dcf/u69o196gu6",
                "Developing digital content",
                notation="3.1",
                inScheme="http://data.europa.eu/snb/dcf/25831c2",
            )
        ],
        "reusabilityLevel": concept(
            "http://data.europa.eu/snb/skill-reuse-level/cross-sector", "cross-sector"
        ),
    }
    achievement["alignment"] += [
        level("ext:EQF", "http://data.europa.eu/snb/eqf/6", "referenced", targetDescription="By report."),
        level("ext:NQF", "http://data.europa.eu/snb/qdr/c_c392e7a2", "legislated"),
        level("ext:QFEHEA", f"{NS}QFEHEA-1", "referenced"),
        {"type": ["Alignment"], "targetName": "Something else", "targetUrl": "https://other.example/1"},
    ]
    achievement["creditPoint"] += [{"type": "CreditPoint", "framework": f"{NS}credit-VN", "point": "2"}]
    achievement["resultDescription"][0]["assessmentType"] += [
        concept("http://data.europa.eu/snb/assessment/b1b68f6735", "quiz")
    ]
    achievement["resultDescription"][0]["alignment"] = [
        {
            "type": ["Alignment"],
            "targetName": "An outcome",
            "targetUrl": achievement["learningOutcome"][0]["id"],
        }
    ]
    achievement["resultDescription"] += [
        {
            "id": f"{achievement['id']}#attitude",
            "type": ["ResultDescription"],
            "name": "Attitude",
            "resultType": "RubricCriterionLevel",
            "allowedValue": ["A", "B"],
            "rubricCriterionLevel": [
                {"id": f"{achievement['id']}#good", "type": ["RubricCriterionLevel"], "name": "Good"},
                {"id": f"{achievement['id']}#poor", "type": ["RubricCriterionLevel"], "name": "Poor"},
            ],
        },
        {
            "id": f"{achievement['id']}#second",
            "type": ["ResultDescription", "AssessmentDescription"],
            "name": "Second sitting",
            "assessmentType": [
                concept("http://data.europa.eu/snb/assessment/d30284d7df", "oral examination")
            ],
            "supervision": concept(
                "http://data.europa.eu/snb/supervision-verification/44314532f9", "Supervised"
            ),
        },
    ]
    subject["result"] += [
        {
            "type": ["Result"],
            "resultDescription": f"{achievement['id']}#attitude",
            "achievedLevel": f"{achievement['id']}#good",
        }
    ]
    achievement["qualityAssurance"][0] |= {
        "standard": ["https://standard.example"],
        "reviewDate": "2028-01-01T00:00:00Z",
    }
    return badge


def leaves(value, place=()):
    """Give every leaf with its place; null says nothing and is none."""
    if isinstance(value, dict | list):
        for step, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(one, (*place, step))
    elif value is not None:
        yield place, value


def with_leaf(document, place, value):
    """Give a copy with another value at that place."""
    changed = copy.deepcopy(document)
    part = changed
    for step in place[:-1]:
        part = part[step]
    part[place[-1]] = value
    return changed


def another(value):
    """Give a value of the same kind that says something else."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    return f"{value}x"


def is_told(path, losses):
    """Tell whether a leaf is among the losses, by itself or as a part of what is lost whole."""
    return any(
        path == loss.path or (not loss.changed and path.startswith((f"{loss.path}.", f"{loss.path}[")))
        for loss in losses
    )
