"""Read a description out of a credential: ours in full, a foreign one as far as it goes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from microcredential import levels_in_words, vocabulary
from microcredential.definition import WORKLOAD_REASON
from microcredential.description import (
    Assessment,
    Credits,
    Description,
    Evidence,
    Institution,
    Programme,
    Quality,
    Result,
    Text,
    Workload,
)
from microcredential.expansion import ECTS
from microcredential.part_ids import final_description
from microcredential.publication import CONTEXT_PATH
from microcredential.rules.assessment import assessments
from microcredential.rules.quality import EXTERNAL_PREFIX
from microcredential.shapes import (
    concept_id,
    decimal,
    has_type,
    items,
    language_map,
    mapping,
    moment,
    objects,
    text,
)
from microcredential.vocabulary import Vocabulary
from ob3.recent import kept_key, told_by

_HOURS = re.compile(r"PT([1-9][0-9]{0,4})H", re.ASCII)
_SUPERVISION = "http://data.europa.eu/snb/supervision-verification/"
# IRI -> supervised, identity checked (MAPPING, appendix D)
_MEANING = {
    f"{_SUPERVISION}70be69aaf9": (True, True),
    f"{_SUPERVISION}44314532f9": (True, False),
    f"{_SUPERVISION}df2880c5cb": (False, True),
    f"{_SUPERVISION}c598449d64": (False, False),
}


def in_language(value: object, language: str) -> Text | None:
    """Give the words of a language map in the language, else in English, else in the first one."""
    words = language_map(value)
    for tag in (language, language.split("-")[0], "en", *words):
        if tag in words:
            return Text(words[tag], tag)
    return None


def describe(credential: dict[str, Any], language: str = "en") -> Description:
    """Give what a credential says, in that language where the document has it, else in English or its own.

    Takes any document and never raises: what is missing or has another shape is left empty.
    """
    return _Reader(credential, language).description()


def _course(reader: _Reader) -> Mapping[str, Any]:
    """Read what is said of the course, once for all credentials of a class."""
    key = kept_key(reader.seen_of_course())
    return reader.course() if key is None else _of_course(key)


@lru_cache(maxsize=256)  # some courses, each in some languages
def _of_course(key: bytes) -> Mapping[str, Any]:
    """Read what the key says, so that nothing can count that the key does not hold."""
    achievement, issuer, contexts, name, language = told_by(key)
    seen = {
        "issuer": issuer,
        "@context": contexts,
        "name": name,
        "credentialSubject": {"achievement": achievement},
    }
    return MappingProxyType(_Reader(seen, language).course())


class _Reader:
    """Read one credential for one language."""

    def __init__(self, credential: object, language: str) -> None:
        self.credential = mapping(credential)
        self.language = language
        self.subject = mapping(self.credential.get("credentialSubject"))
        self.achievement = mapping(self.subject.get("achievement"))
        self.own_language = text(self.achievement.get("inLanguage")) or None

    def description(self) -> Description:
        achievement, subject = self.achievement, self.subject
        return Description(
            **_course(self),
            language=self.language,
            learner=self._learner(),
            student_number=self._identity("sisSourcedId"),
            awarded=moment(self.credential.get("awardedDate")),
            valid_from=moment(self.credential.get("validFrom", self.credential.get("issuanceDate"))),
            valid_until=moment(self.credential.get("validUntil", self.credential.get("expirationDate"))),
            started=moment(subject.get("activityStartDate")),
            ended=moment(subject.get("activityEndDate")),
            term=text(subject.get("term")),
            certificate_number=text(subject.get("licenseNumber")),
            credits_earned=_number(subject.get("creditsEarned")),
            criteria=text(mapping(achievement.get("criteria")).get("narrative")),
            criteria_url=text(mapping(achievement.get("criteria")).get("id")),
            code=text(achievement.get("humanCode")),
            version=text(achievement.get("version")),
            achievement_id=text(achievement.get("id")),
            results=tuple(self._result(one) for _, one in objects(subject.get("result"))),
            evidence=tuple(self._evidence(one) for _, one in objects(self.credential.get("evidence"))),
        )

    def seen_of_course(self) -> list[Any]:
        """Give what `course` may look at, for `_of_course` to make the same reader of it."""
        others = [self.credential.get(name) for name in ("issuer", "@context", "name")]
        return [self.achievement, *others, self.language]

    def course(self) -> dict[str, Any]:
        """Give what the course and its issuer say, which is the same for a whole class."""
        achievement = self.achievement
        title = self._title()
        return {
            "title": title,
            "other_titles": self._other_titles(title),
            "summary": self._words("summary") or self._plain(achievement.get("description")),
            "institution": self._institution(self.credential.get("issuer")),
            "awarding_bodies": tuple(
                self._institution(one) for one in items(achievement.get("awardingBody"))
            ),
            "workload": self._workload(),
            "levels": levels_in_words.levels(achievement, countries=self._countries()),
            "outcomes": tuple(self._each_word(achievement.get("learningOutcome"), "title")),
            "assessments": tuple(self._assessment(one) for _, one in assessments(achievement)),
            "participation": self._concepts(achievement.get("mode")),
            "language_of_instruction": self.own_language or "",
            "language_name": self._language_name(),
            "setting": self._concept(achievement.get("learningSetting")),
            "offer": self._concept(achievement.get("learningOpportunityType")),
            "fields_of_study": self._concepts(achievement.get("thematicArea")) or self._plain_field(),
            "entry_requirement": self._note(achievement.get("entryRequirement")),
            "quality": tuple(self._quality(one) for _, one in objects(achievement.get("qualityAssurance"))),
            "stackability": concept_id(achievement.get("stackability")).rpartition("#")[2] or None,
            "stackability_text": self._concept(achievement.get("stackability")),
            "programmes": tuple(self._programmes()),
            "notes": tuple(self._notes()),
            "is_profile": self._is_profile(),
        }

    def _is_profile(self) -> bool:
        contexts = items(self.credential.get("@context"))
        ours = any(isinstance(one, str) and one.endswith(CONTEXT_PATH) for one in contexts)
        return ours and has_type(self.achievement, "MicroCredentialAchievement")

    def _plain(self, value: object) -> Text | None:
        return self._own_words(value) if text(value) else None

    def _own_words(self, value: object) -> Text:
        """Give words without a language of their own: in that of the course if they cannot be English."""
        own = self.own_language if self.own_language == "en" or not text(value).isascii() else None
        return Text(text(value), own)

    def _words(self, term: str) -> Text | None:
        return in_language(self.achievement.get(term), self.language)

    def _title(self) -> Text | None:
        return (
            self._words("title")
            or self._plain(self.achievement.get("name"))
            or self._plain(self.credential.get("name"))
        )

    def _other_titles(self, title: Text | None) -> tuple[Text, ...]:
        words = language_map(self.achievement.get("title"))
        return tuple(Text(word, tag) for tag, word in words.items() if title is None or tag != title.lang)

    def _countries(self) -> list[str]:
        """Give the countries of who issues and of who awards."""
        bodies = [self.credential.get("issuer"), *items(self.achievement.get("awardingBody"))]
        codes = [text(mapping(mapping(body).get("address")).get("addressCountryCode")) for body in bodies]
        return [code for code in codes if code]

    def _learner(self) -> str:
        parts = (text(self.subject.get("givenName")), text(self.subject.get("familyName")))
        return text(self.subject.get("name")) or " ".join(filter(None, parts)) or self._identity("name")

    def _identity(self, kind: str) -> str:
        for _, one in objects(self.subject.get("identifier")):
            if one.get("identityType") == kind and one.get("hashed") is not True:
                return text(one.get("identityHash"))
        return ""

    def _institution(self, value: object) -> Institution:
        profile = mapping(value)
        address = mapping(profile.get("address"))
        code = text(address.get("addressCountryCode"))
        known = vocabulary.countries().get(code)
        own_name = text(address.get("addressCountry"))
        country = in_language(known.labels, self.language) if known else None
        if own_name and (
            country is None or country.lang != self.language.split("-")[0] or country.lang == "en"
        ):
            country = Text(own_name, "en")
        return Institution(
            id=text(profile.get("id")) or text(value),
            name=text(profile.get("name")),
            url=text(profile.get("url")),
            country_code=code,
            country=country,
            region=text(address.get("addressRegion")),
            locality=text(address.get("addressLocality")),
        )

    def _workload(self) -> Workload | None:
        points = tuple(
            self._credits(one)
            for _, one in objects(self.achievement.get("creditPoint"))
            if _number(one.get("point"))
        )
        match = _HOURS.fullmatch(text(self.achievement.get("volumeOfLearning")))
        hours = int(match[1]) if match else None
        if not points and hours is None:
            return None
        ects = next((one.points for one in points if one.is_ects), None)
        return Workload(ects, hours, points, self._reason(), Text(_workload_sentence(points, hours), "en"))

    def _credits(self, one: dict[str, Any]) -> Credits:
        iri = text(one.get("framework"))
        is_ects = iri == ECTS
        name = Text("ECTS credits", "en") if is_ects else self._labelled(iri)
        return Credits(_number(one.get("point")), iri, name, is_ects)

    def _reason(self) -> Text | None:
        for words in self._all_notes():
            if words.text.startswith(WORKLOAD_REASON):
                return Text(words.text.removeprefix(WORKLOAD_REASON), words.lang)
        return None

    def _labelled(self, iri: str) -> Text:
        return in_language(vocabulary.labels(iri), self.language) or Text(iri)

    def _concept(self, value: object) -> Text | None:
        """Give the document's label in the language, else the vocabulary's, else any of the document's."""
        own = in_language(mapping(value).get("prefLabel"), self.language)
        known = in_language(vocabulary.labels(concept_id(value)), self.language)
        short = self.language.split("-")[0]
        for words in (own, known):
            if words is not None and words.lang in (self.language, short):
                return words
        return own or known

    def _concepts(self, value: object) -> tuple[Text, ...]:
        return tuple(filter(None, (self._concept(one) for one in items(value))))

    def _each_word(self, value: object, term: str) -> list[Text]:
        found = (in_language(one.get(term), self.language) for _, one in objects(value))
        return [words for words in found if words is not None]

    def _plain_field(self) -> tuple[Text, ...]:
        field = text(self.achievement.get("fieldOfStudy"))
        return (Text(field, None),) if field else ()

    def _language_name(self) -> Text | None:
        short = (self.own_language or "").split("-")[0]
        for row in vocabulary.concepts(Vocabulary.LANGUAGE).values():
            if row["bcp47"] == short:
                return in_language(row["labels"], self.language)
        return None

    def _note(self, value: object) -> Text | None:
        return in_language(mapping(value).get("noteLiteral"), self.language)

    def _all_notes(self) -> list[Text]:
        return [
            words
            for words in (self._note(one) for one in items(self.achievement.get("additionalNote")))
            if words
        ]

    def _notes(self) -> list[Text]:
        return [words for words in self._all_notes() if not words.text.startswith(WORKLOAD_REASON)]

    def _assessment(self, one: dict[str, Any]) -> Assessment:
        weight = decimal(one.get("weightPercent"))
        iri = concept_id(one.get("supervision"))
        supervised, identity_checked = _MEANING.get(iri, (None, None))
        return Assessment(
            id=text(one.get("id")),
            name=self._own_words(one.get("name")),
            types=self._concepts(one.get("assessmentType")),
            modes=self._concepts(one.get("assessmentMode")),
            weight=int(weight) if weight is not None else None,
            supervision=iri or None,
            supervision_text=self._concept(one.get("supervision")),
            supervised=supervised,
            identity_checked=identity_checked,
        )

    def _quality(self, one: dict[str, Any]) -> Quality:
        agent = mapping(one.get("accreditingAgent"))
        kind = concept_id(one.get("qaType"))
        return Quality(
            title=in_language(one.get("title"), self.language),
            kind=kind,
            kind_text=self._concept(one.get("qaType")),
            external=kind.startswith(EXTERNAL_PREFIX),
            agent=text(agent.get("name")),
            agent_url=text(agent.get("url")),
            decision=text(one.get("decision")),
            report=text(one.get("report")),
            issued=moment(one.get("dateIssued")),
            expires=moment(one.get("expiryDate")),
        )

    def _programmes(self) -> list[Programme]:
        found = [
            (one, in_language(one.get("title"), self.language))
            for _, one in objects(self.achievement.get("isPartOf"))
        ]
        return [Programme(words, text(one.get("qualificationCode"))) for one, words in found if words]

    def _result(self, one: dict[str, Any]) -> Result:
        reference = text(one.get("resultDescription"))
        known = {text(part.get("id")): part for _, part in objects(self.achievement.get("resultDescription"))}
        scale = known.get(reference, {})
        return Result(
            key=reference.rpartition("#")[2],
            name=self._own_words(scale.get("name")),
            value=text(one.get("value")) or _rubric_name(scale, text(one.get("achievedLevel"))),
            final=bool(scale) and scale is final_description(self.achievement),
            minimum=_number(scale.get("valueMin")) or None,
            maximum=_number(scale.get("valueMax")) or None,
            required=_number(scale.get("requiredValue")) or text(scale.get("requiredValue")) or None,
            status=text(one.get("status")) or None,
        )

    def _evidence(self, one: dict[str, Any]) -> Evidence:
        return Evidence(text(one.get("id")), text(one.get("name")), text(one.get("narrative")))


def _rubric_name(scale: dict[str, Any], level: str) -> str:
    for _, one in objects(scale.get("rubricCriterionLevel")):
        if level and text(one.get("id")) == level:
            return text(one.get("name")) or text(one.get("level"))
    return ""


def _number(value: object) -> str:
    """Write a number without a needless fraction; nothing for what is no number."""
    number = decimal(value)
    if number is None:
        return ""
    return f"{number:f}" if number % 1 else str(int(number))


def _workload_sentence(points: tuple[Credits, ...], hours: int | None) -> str:
    """Say credits and hours in one line ("3 ECTS credits, 90 hours of study in all")."""
    parts = [
        f"1 {one.name.text}".replace("credits", "credit")
        if one.points == "1" and one.is_ects
        else f"{one.points} {one.name.text}"
        for one in points
    ]
    if hours is not None:
        parts.append(f"{hours} {'hour' if hours == 1 else 'hours'} of study in all")
    return ", ".join(parts)
