"""Definition files: the three shapes, what is written out, and what is refused with place and remedy."""

import json
import unicodedata

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from microcredential import Definition, MicroCredentialError, check_achievement, load_definition, result_keys
from microcredential.definition import _OPTIONS
from microcredential.definition_text import MAX_BYTES
from microcredential.terms import achievement_part

SMALL = """
definition:
  code: MC-1
  version: 1
  language: cs
achievement:
  title: {en: Short, cs: Krátký}
  creditPoint:
    - {framework: "http://data.europa.eu/snb/education-credit/6fcec5c5af", point: 1.5}
  volumeOfLearning: 42
  learningOutcome:
    - title: {en: Apply one thing., cs: Použít jednu věc.}
    - Posoudit jinou.
  mode: [http://data.europa.eu/snb/learning-assessment/920fbb3cbe]
  alignment:
    - targetUrl: http://data.europa.eu/snb/qdr/c_82e7da58
      referencingBasis: https://w3id.org/testamur/ns/v1#referenced
"""


def refused(data, **options):
    with pytest.raises(MicroCredentialError) as caught:
        load_definition(data if isinstance(data, bytes) else data.encode(), **options)
    assert caught.value.message
    return caught.value


def test_a_whole_credential_gives_its_achievement_and_nothing_of_the_learner(example_bytes):
    definition = load_definition(example_bytes)
    assert (definition.code, definition.version, definition.language) == ("MC-CRS-2026", "2026-1", "en")
    assert "nothing about the learner" in definition.notes[0]
    assert "Minh Anh" not in json.dumps(definition.achievement, ensure_ascii=False)
    assert not {"id", "image", "creator", "related"} & definition.achievement.keys()
    assert "badges.example.edu.vn/achievements" not in json.dumps(definition.achievement)
    assert result_keys(definition.achievement) == {"exam": "#exam", "project": "#project", "final": "#final"}
    assert check_achievement(definition.achievement) == []


def test_a_bare_achievement_is_the_same_definition(example_bytes, achievement):
    whole, bare = load_definition(example_bytes), load_definition(json.dumps(achievement).encode())
    assert whole.achievement == bare.achievement


def test_json_is_also_yaml(achievement):
    text = yaml.safe_dump({"achievement": achievement}, allow_unicode=True, sort_keys=False)
    assert load_definition(text.encode(), kind="yaml").achievement["title"] == achievement["title"]


def test_short_forms_are_written_out():
    achievement = load_definition(SMALL.encode()).achievement
    assert achievement["type"] == ["Achievement", "MicroCredentialAchievement"]
    assert achievement["name"] == "Short"
    assert achievement["inLanguage"] == "cs"
    assert achievement["version"] == "1"
    assert achievement["creditPoint"][0]["point"] == "1.5"
    assert achievement["creditsAvailable"] == 1.5
    assert achievement["volumeOfLearning"] == "PT42H"
    assert [one["id"] for one in achievement["learningOutcome"]] == ["#lo1", "#lo2"]
    assert achievement["learningOutcome"][1]["title"] == {"cs": "Posoudit jinou."}
    assert achievement["mode"] == [
        {
            "id": "http://data.europa.eu/snb/learning-assessment/920fbb3cbe",
            "type": "Concept",
            "prefLabel": {"en": "Online", "cs": "Online"},
        }
    ]
    level = achievement["alignment"][0]
    assert (level["targetType"], level["targetCode"]) == ("ext:NQF", "6")
    assert level["type"] == ["Alignment", "LevelAlignment"]


def test_fields_and_skills_are_repeated_for_those_who_know_only_open_badges(example_bytes, example):
    stripped = example["credentialSubject"]["achievement"]
    stripped["alignment"] = stripped["alignment"][:2]
    again = load_definition(json.dumps(stripped).encode()).achievement["alignment"]
    assert again == load_definition(example_bytes).achievement["alignment"]


def test_options_are_read():
    text = SMALL.replace(
        "language: cs",
        "language: cs\n  suspension: true\n  valid_for: P2Y\n  institution: a-b\n"
        "  signatory: {name: N, role: R}",
    )
    definition = load_definition(text.encode())
    assert isinstance(definition, Definition)
    assert (definition.suspension, definition.valid_for, definition.institution) == (True, "P2Y", "a-b")
    assert definition.signatory == {"name": "N", "role": "R"}


def test_the_reason_for_an_unusual_workload_travels_in_the_achievement():
    text = SMALL.replace(
        "language: cs", "language: cs\n  workload_reason: {en: A week in the field., cs: Týden v terénu.}"
    )
    text = text.replace("volumeOfLearning: 42", "volumeOfLearning: 90")
    achievement = load_definition(text.encode()).achievement
    assert achievement["additionalNote"][0]["noteLiteral"]["en"] == "Workload: A week in the field."
    assert "hours_per_credit" not in {one.code for one in check_achievement(achievement)}
    bare = {**achievement, "additionalNote": []}
    assert "hours_per_credit" in {one.code for one in check_achievement(bare)}


def test_yaml_means_what_it_says():
    text = SMALL.replace("code: MC-1", "code: 2026-01-01").replace("cs: Krátký", "no: on")
    definition = load_definition(text.encode())
    assert definition.code == "2026-01-01"
    assert definition.achievement["title"]["no"] == "on"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: &x [1]\nb: *x", "alias"),
        ("a: !!python/object/apply:os.system ['true']", "tag"),
        ("a: !!timestamp 2026-01-01", "tag"),
        ("achievement: {}\nachievement: {}", "duplicate_key"),
        ("[" * 100 + "]" * 100, "too_deep"),
        ("a: [1", "not_yaml"),
        ("a: \x01", "not_yaml"),
        ("? [a]\n: b", "key"),
        ("- a", "not_a_map"),
        ("", "not_a_map"),
        ("a: 1\n---\nb: 2", "not_yaml"),
        ('{"a": 1, "a": 2}', "not_json"),
        ('{"a": NaN}', "not_json"),
        ("{", "not_json"),
        ('{"title": 3}', "wrong_shape"),
        ("hello: world", "no_achievement"),
        ("definition: {}", "no_achievement"),
        ("achievement: {title: T}\nlearner: x", "unknown_key"),
        ("definition: {colour: red}\nachievement: {title: T}", "unknown_key"),
        ("achievement: {titel: T, name: N}", "unknown_key"),
        ("definition: 3\nachievement: {title: T}", "wrong_shape"),
        ("achievement: {title: T}", "no_code"),
        ("definition: {code: A}\nachievement: {title: T}", "no_version"),
    ],
)
def test_a_file_that_is_no_definition_is_refused(text, code):
    assert refused(text).code == code


def test_bytes_that_are_no_text_are_refused():
    assert refused(b"a: \xff").code == "not_utf8"


def test_a_file_may_be_as_large_as_the_limit_and_no_larger():
    padding = b"#" + b"x" * (MAX_BYTES - len(SMALL.encode()) - 2) + b"\n"
    assert load_definition(padding + SMALL.encode()).code == "MC-1"
    assert refused(b"#" + padding + SMALL.encode()).code == "too_large"


@pytest.mark.parametrize(
    ("find", "replace", "code", "path"),
    [
        ("language: cs", "language: Czech!", "bad_language", "definition.language"),
        ("language: cs", "language: cs\n  valid_for: 2 years", "bad_duration", "definition.valid_for"),
        ("language: cs", "language: cs\n  suspension: 'yes'", "wrong_shape", "definition.suspension"),
        ("language: cs", "language: cs\n  suspension: 1", "wrong_shape", "definition.suspension"),
        ("language: cs", "language: cs\n  signatory: {name: N}", "wrong_shape", "definition.signatory"),
        ("language: cs", "language: cs\n  institution: A B", "wrong_shape", "definition.institution"),
        ("/920fbb3cbe", "/nothing", "unknown_concept", "achievement.mode[0]"),
        ("- Posoudit jinou.", "- {titel: x}", "unknown_key", "achievement.learningOutcome[1].titel"),
        ("- Posoudit jinou.", "- {id: 'urn:x', title: x}", "bad_id", "achievement.learningOutcome[1].id"),
        ("- Posoudit jinou.", "- {id: lo1, title: x}", "duplicate_id", "achievement.learningOutcome[1].id"),
        ("- Posoudit jinou.", "- 3", "wrong_shape", "achievement.learningOutcome[1]"),
        ("- Posoudit jinou.", "- {title: x, relatedESCOSkill: [IRI]}", "wrong_shape",
         "achievement.learningOutcome[1].relatedESCOSkill[0]"),
    ],
)  # fmt: skip
def test_a_fault_is_named_by_its_place_with_a_remedy(find, replace, code, path):
    assert find in SMALL
    error = refused(SMALL.replace(find, replace))
    assert (error.code, error.path) == (code, path)
    assert error.fix


def test_a_text_that_turns_its_direction_is_refused():
    error = refused(SMALL.replace("Short", '"Sh\\u202eort"'))
    assert (error.code, error.path) == ("forbidden_character", "achievement.title.en")


def test_a_text_in_pieces_is_a_finding():
    achievement = load_definition(
        SMALL.replace("Krátký", unicodedata.normalize("NFD", "Krátký")).encode()
    ).achievement
    assert "not_nfc" in {one.code for one in check_achievement(achievement)}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
TERMS = sorted(achievement_part().terms)
ACHIEVEMENTS = st.dictionaries(st.sampled_from(TERMS), JSON, max_size=8)
OPTIONS = st.dictionaries(st.sampled_from(sorted(_OPTIONS)), JSON)


def load_or_refuse(data, **options):
    """Load; check what was loaded. Only MicroCredentialError may come out."""
    try:
        definition = load_definition(data, **options)
    except MicroCredentialError:
        return
    check_achievement(definition.achievement)


@given(st.binary(max_size=200), st.sampled_from(["json", "yaml", None]))
def test_any_bytes_load_or_are_refused(data, kind):
    load_or_refuse(data, kind=kind)


@given(st.text(alphabet="ab:-{}[]&*!|>'\"\n #,?%@`~<", max_size=60))
def test_any_yaml_like_text_loads_or_is_refused(text):
    load_or_refuse(text.encode(), kind="yaml")


@given(ACHIEVEMENTS, OPTIONS)
def test_any_structure_loads_or_is_refused(achievement, options):
    known = {"code": "A", "version": "1", **options}
    load_or_refuse(json.dumps({"definition": known, "achievement": {"title": "T", **achievement}}).encode())


@given(st.sampled_from(TERMS), JSON)
def test_one_part_replaced_loads_or_is_refused(term, value):
    document = load_definition(SMALL.encode()).achievement | {term: value}
    load_or_refuse(json.dumps(document).encode())
