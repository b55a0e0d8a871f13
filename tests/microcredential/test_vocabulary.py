"""The vocabularies: every concept that code, schema or context names is in the data, with its origin."""

import json
import re
from importlib.resources import files
from pathlib import Path

import pytest

from microcredential import MicroCredentialError, vocabulary
from microcredential.frameworks import is_referenced, level_of
from microcredential.publication import checking_schema
from microcredential.vocabulary import Vocabulary

PACKAGE = Path(str(files("microcredential")))
CONCEPT = re.compile(r"http://data\.europa\.eu/snb/(?!model|quadr)[a-z-]+/[a-z0-9_]+")
OURS = re.compile(r"https://w3id\.org/testamur/ns/v1#[A-Za-z0-9-]+")


def known():
    iris = {iri for name in Vocabulary for iri in vocabulary.concepts(name)}
    terms = (PACKAGE / "data" / "context-micro-credential-v1.json").read_text()
    return iris | set(OURS.findall(terms))


def test_every_concept_in_our_code_is_in_the_data():
    iris = known()
    for path in PACKAGE.rglob("*.py"):
        text = path.read_text()
        for iri in {*CONCEPT.findall(text), *OURS.findall(text)}:
            assert iri in iris, f"{path.name}: {iri}"


def test_prefixes_in_our_code_make_concepts_of_the_data():
    from microcredential import describing
    from microcredential.rules import assessment, levels

    assert set(describing._MEANING) == set(vocabulary.concepts(Vocabulary.SUPERVISION))
    assert set(vocabulary.concepts(Vocabulary.MODE)) >= assessment._REMOTE
    assert {levels.REFERENCED, levels.INDICATIVE} <= set(vocabulary.concepts(Vocabulary.REFERENCING_BASIS))


def enums(part):
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "enum":
                yield from (one for one in value if one.startswith("http"))
            else:
                yield from enums(value)
    elif isinstance(part, list):
        for value in part:
            yield from enums(value)


def test_every_concept_of_the_schema_is_in_the_data():
    assert set(enums(checking_schema())) <= known()


@pytest.mark.parametrize("name", Vocabulary)
def test_each_vocabulary_says_where_it_comes_from(name):
    document = vocabulary.document(name)
    assert document["origin"]
    rows = document["concepts"]
    assert len({row["id"] for row in rows}) == len(rows)
    assert all(row["labels"]["en"] for row in rows)


def test_a_label_falls_back_to_english():
    online = "http://data.europa.eu/snb/learning-assessment/920fbb3cbe"
    assert vocabulary.label(online, "fr") == "En ligne"
    assert vocabulary.label(online, "lo") == "Online"
    assert vocabulary.label("https://other.example/x") == "https://other.example/x"


def test_an_unknown_concept_is_refused_and_a_known_one_given():
    online = "http://data.europa.eu/snb/learning-assessment/920fbb3cbe"
    assert vocabulary.concept(online, ["fr"])["prefLabel"] == {"en": "Online", "fr": "En ligne"}
    with pytest.raises(MicroCredentialError) as caught:
        vocabulary.concept(online + "0")
    assert caught.value.code == "unknown_concept"


def test_modes_and_assessments_are_told_apart():
    assert vocabulary.in_vocabulary(
        "mode-of-learning-and-assessment", "http://data.europa.eu/snb/learning-assessment/920fbb3cbe"
    )
    assert not vocabulary.in_vocabulary(
        "assessment-type", "http://data.europa.eu/snb/learning-assessment/920fbb3cbe"
    )


def test_countries_have_two_letters():
    assert {"CZ", "IT", "HR", "BE", "VN", "LA"} <= set(vocabulary.countries())
    assert all(re.fullmatch("[A-Z]{2}", code) for code in vocabulary.countries())


@pytest.mark.parametrize(
    ("iri", "framework", "code", "country", "eqf"),
    [
        ("https://w3id.org/testamur/ns/v1#VQF-6", "VQF", "6", "VN", None),
        ("https://w3id.org/testamur/ns/v1#LNQF-5", "LNQF", "5", "LA", None),
        ("http://data.europa.eu/snb/qdr/c_82e7da58", "CZ", "6", "CZ", 6),
        ("http://data.europa.eu/snb/eqf/7", "EQF", "7", None, 7),
        ("http://data.europa.eu/snb/qdr/c_8cf0774e", "QNQ", "6", "IT", 6),
        ("http://data.europa.eu/snb/qdr/c_f875790f", "QNQ", "6", "IT", 6),
    ],
)
def test_levels_are_known(iri, framework, code, country, eqf):
    level = level_of(iri)
    assert (level.framework, level.code, level.country, level.eqf) == (framework, code, country, eqf)


def test_a_level_of_the_eu_list_alone_is_known_without_country():
    iri = next(
        iri
        for iri, row in vocabulary.concepts(Vocabulary.NQF_LEVEL).items()
        if row["labels"]["en"] == "CLQ Level 6"
    )
    assert (level_of(iri).code, level_of(iri).country, level_of(iri).eqf) == ("6", None, None)
    assert level_of("http://data.europa.eu/snb/eqf/9") is None


def test_only_sourced_countries_are_referenced():
    assert [country for country in ("CZ", "IT", "HR", "BE", "VN", "LA") if is_referenced(country)] == [
        "CZ",
        "IT",
        "HR",
        "BE",
    ]


def test_frameworks_keep_their_sources():
    document = json.loads((PACKAGE / "data" / "frameworks.json").read_text())
    assert all(framework["sources"] and framework["certainty"] for framework in document["frameworks"])
