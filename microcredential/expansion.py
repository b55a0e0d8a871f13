"""Write a definition out in full: short forms become the objects that a credential carries.

A bare concept IRI becomes `{"id", "type", "prefLabel"}`, a text becomes a language map or a note, a level
IRI with its basis becomes a whole alignment, hours become `PT90H`; ESCO skills and fields of study are
repeated as alignments for displayers that know Open Badges alone. Nothing is invented: what is absent
stays absent.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any

from microcredential import vocabulary
from microcredential.errors import MicroCredentialError
from microcredential.frameworks import LEVEL_TYPES, level_of
from microcredential.shapes import concept_id, decimal, has_type, items, language_map, mapping, objects, text

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
ECTS = "http://data.europa.eu/snb/education-credit/6fcec5c5af"
ESCO_PREFIX = "http://data.europa.eu/esco/skill/"


class Expansion:
    """Expand one achievement for one language of instruction."""

    def __init__(self, achievement: dict[str, Any], *, language: str) -> None:
        self.source = copy.deepcopy(achievement)
        self.language = language
        self.languages = tuple(dict.fromkeys([language, *language_map(achievement.get("title"))]))

    def expand(self) -> dict[str, Any]:
        """Give the achievement in full; raises MicroCredentialError for what cannot be read."""
        given = [kind for kind in items(self.source.get("type")) if isinstance(kind, str)]
        kinds = list(dict.fromkeys([*given, "Achievement", "MicroCredentialAchievement"]))
        done: dict[str, Any] = {"type": kinds, "achievementType": "MicroCredential"}
        done |= {term: value for term, value in self.source.items() if term != "type" and value is not None}
        for term, expand in self._expanders().items():
            if done.get(term) is not None:
                done[term] = expand(done[term], f"achievement.{term}")
        self._derive(done)
        return {term: value for term, value in done.items() if value is not None}

    def _expanders(self) -> dict[str, Callable[[Any, str], Any]]:
        return {
            "title": self._language_map,
            "summary": self._language_map,
            "version": self._word,
            "humanCode": self._word,
            "criteria": self._criteria,
            "volumeOfLearning": self._hours,
            "creditPoint": self._each(self._credit_point),
            "learningOutcome": self._each(self._outcome),
            "mode": self._each(self._concept),
            "learningSetting": self._concept,
            "learningOpportunityType": self._concept,
            "thematicArea": self._each(self._concept),
            "stackability": self._concept,
            "awardingBody": self._each(self._body),
            "entryRequirement": self._note,
            "additionalNote": self._each(self._note),
            "qualityAssurance": self._each(self._quality),
            "isPartOf": self._each(self._programme),
            "alignment": self._each(self._alignment),
            "resultDescription": self._each(self._result_description),
        }

    def _derive(self, done: dict[str, Any]) -> None:
        """Add what follows from other fields."""
        title, summary = language_map(done.get("title")), language_map(done.get("summary"))
        for term, words in (("name", title), ("description", summary)):
            if words:
                done.setdefault(term, words.get("en") or next(iter(words.values())))
        done.setdefault("inLanguage", self.language)
        points = [
            decimal(point.get("point"))
            for _, point in objects(done.get("creditPoint"))
            if point.get("framework") == ECTS
        ]
        if points and points[0] is not None:
            done.setdefault("creditsAvailable", plain_number(points[0]))
        fields = [area for _, area in objects(done.get("thematicArea")) if concept_id(area)]
        if fields:
            code = concept_id(fields[0]).rsplit("/", 1)[-1]
            done.setdefault("fieldOfStudy", f"{code} {vocabulary.label(concept_id(fields[0]))}")
        self._repeat_as_alignments(done, fields)

    def _repeat_as_alignments(self, done: dict[str, Any], fields: list[dict[str, Any]]) -> None:
        skills = [
            skill
            for _, outcome in objects(done.get("learningOutcome"))
            for _, skill in objects(outcome.get("relatedESCOSkill"))
        ]
        wanted = [(one, "ISCED-F 2013", "ext:ISCED-F") for one in fields] + [
            (one, "ESCO", "ext:ESCO") for one in skills
        ]
        alignments = items(done.get("alignment"))
        present = {mapping(one).get("targetUrl") for one in alignments}
        for one, framework, target_type in wanted:
            iri = concept_id(one)
            if iri and iri not in present:
                present.add(iri)
                name = language_map(one.get("prefLabel")).get("en") or vocabulary.label(iri)
                alignments = [
                    *alignments,
                    {
                        "type": ["Alignment"],
                        "targetName": name,
                        "targetCode": iri.rsplit("/", 1)[-1],
                        "targetFramework": framework,
                        "targetType": target_type,
                        "targetUrl": iri,
                    },
                ]
        if alignments:
            done["alignment"] = alignments

    def _each(self, expand: Callable[[Any, str], Any]) -> Callable[[Any, str], list[Any]]:
        return lambda value, path: [expand(one, f"{path}[{place}]") for place, one in enumerate(items(value))]

    def _language_map(self, value: Any, path: str) -> Any:
        if isinstance(value, str):
            return {self.language: value}
        if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
            raise _wrong(
                path, "texts by language", "Write it as “en: ...” and the same in each other language."
            )
        return value

    def _word(self, value: Any, path: str) -> str:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise _wrong(path, "a short text", "Write a word or a number.")
        return str(value)

    def _object(self, value: Any, path: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise _wrong(path, "an object with keys", "Write its keys below it, each with a value.")
        return dict(value)

    def _concept(self, value: Any, path: str) -> dict[str, Any]:
        if isinstance(value, str):
            try:
                return vocabulary.concept(value, self.languages)
            except MicroCredentialError as error:
                raise MicroCredentialError(error.code, error.message, path=path, fix=error.fix) from error
        done = {"type": "Concept", **self._object(value, path)}
        known = vocabulary.labels(text(done.get("id")))
        own = done.get("prefLabel", {})
        if not isinstance(own, dict):
            raise _wrong(f"{path}.prefLabel", "texts by language", "Write the label as “en: ...”.")
        wanted = {tag: known[tag] for tag in ("en", *self.languages) if tag in known}
        return {"id": done.pop("id", None), **done, "prefLabel": own if own.get("en") else {**wanted, **own}}

    def _note(self, value: Any, path: str) -> dict[str, Any]:
        if isinstance(value, dict) and "noteLiteral" in value:
            return {"type": "Note", **value}
        return {"type": "Note", "noteLiteral": self._language_map(value, path)}

    def _criteria(self, value: Any, path: str) -> dict[str, Any]:
        return {"narrative": value} if isinstance(value, str) else self._object(value, path)

    def _hours(self, value: Any, path: str) -> Any:
        if isinstance(value, bool) or not isinstance(value, int):
            return value
        return f"PT{value}H"

    def _credit_point(self, value: Any, path: str) -> dict[str, Any]:
        done = {"type": "CreditPoint", **self._object(value, path)}
        points = decimal(done.get("point"))
        if points is not None:
            done["point"] = str(plain_number(points))
        return done

    def _outcome(self, value: Any, path: str) -> dict[str, Any]:
        given = {"title": value} if isinstance(value, str) else self._object(value, path)
        done = {"type": "LearningOutcome", **given}
        if "title" in done:
            done["title"] = self._language_map(done["title"], f"{path}.title")
        for term in ("relatedESCOSkill", "relatedSkill"):
            if term in done:
                done[term] = self._each(self._skill)(done[term], f"{path}.{term}")
        for term in ("skillType", "reusabilityLevel"):
            if term in done:
                done[term] = self._concept(done[term], f"{path}.{term}")
        return done

    def _skill(self, value: Any, path: str) -> dict[str, Any]:
        done = {"type": "Concept", **self._object(value, path)}
        if not text(done.get("id")) or not language_map(done.get("prefLabel")):
            raise _wrong(
                path, "a skill with its IRI and its name", "Write “id: ...” and “prefLabel: {en: ...}”."
            )
        return done

    def _quality(self, value: Any, path: str) -> dict[str, Any]:
        done = {"type": "QualityAssurance", **self._object(value, path)}
        if "title" in done:
            done["title"] = self._language_map(done["title"], f"{path}.title")
        if "qaType" in done:
            done["qaType"] = self._concept(done["qaType"], f"{path}.qaType")
        if "accreditingAgent" in done:
            agent = self._object(done["accreditingAgent"], f"{path}.accreditingAgent")
            done["accreditingAgent"] = {"id": agent.get("url"), "type": ["Profile"], **agent}
        for term in ("dateIssued", "reviewDate", "expiryDate"):
            if isinstance(done.get(term), str) and _DATE.fullmatch(done[term]):
                done[term] += "T00:00:00Z"
        return done

    def _body(self, value: Any, path: str) -> dict[str, Any]:
        given = {"id": value} if isinstance(value, str) else self._object(value, path)
        return {"id": given.get("url"), "type": ["Profile"], **given}

    def _programme(self, value: Any, path: str) -> dict[str, Any]:
        done = {"type": "LearningSpecification", **self._object(value, path)}
        if "title" in done:
            done["title"] = self._language_map(done["title"], f"{path}.title")
        if "qualificationCode" in done:
            done["qualificationCode"] = self._word(done["qualificationCode"], f"{path}.qualificationCode")
        return done

    def _alignment(self, value: Any, path: str) -> dict[str, Any]:
        given = self._object(value, path)
        level = level_of(text(given.get("targetUrl")))
        is_level = level is not None or text(given.get("targetType")) in LEVEL_TYPES
        done: dict[str, Any] = {"type": ["Alignment", "LevelAlignment"] if is_level else ["Alignment"]}
        if level is not None:
            name = (
                vocabulary.label(level.iri)
                if vocabulary.labels(level.iri)
                else f"{level.framework} level {level.code}"
            )
            done |= {
                "targetName": f"EQF level {level.code}" if level.framework == "EQF" else name,
                "targetCode": level.code,
                "targetFramework": level.framework_name,
                "targetType": level.target_type,
            }
        done |= given
        if "referencingBasis" in done:
            done["referencingBasis"] = self._concept(done["referencingBasis"], f"{path}.referencingBasis")
        return done

    def _result_description(self, value: Any, path: str) -> dict[str, Any]:
        given = self._object(value, path)
        kinds = ["ResultDescription"]
        if "assessmentType" in given or has_type(given, "AssessmentDescription"):
            kinds.append("AssessmentDescription")
        done = {"type": kinds, **given}
        for term in ("valueMin", "valueMax", "requiredValue"):
            if term in done:
                done[term] = self._word(done[term], f"{path}.{term}")
        if "allowedValue" in done:
            done["allowedValue"] = self._each(self._word)(done["allowedValue"], f"{path}.allowedValue")
        if "assesses" in done:
            done["assesses"] = self._each(self._word)(done["assesses"], f"{path}.assesses")
        for term in ("assessmentType", "assessmentMode"):
            if term in done:
                done[term] = self._each(self._concept)(done[term], f"{path}.{term}")
        if "supervision" in done:
            done["supervision"] = self._concept(done["supervision"], f"{path}.supervision")
        return done


def plain_number(value: Any) -> int | float:
    """Give a whole number as an int (3, not 3.0), any other as a float."""
    number = float(value)
    return int(number) if number.is_integer() else number


def _wrong(path: str, wanted: str, fix: str) -> MicroCredentialError:
    return MicroCredentialError("wrong_shape", f"Here belongs {wanted}.", path=path, fix=fix)
