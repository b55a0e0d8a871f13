"""The form of a definition: what goes in comes out, what is typed arrives, and nothing is lost."""

import copy
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from app.console.definition_form import CARRIED, FormNotOurs, document_of, fields_of
from microcredential import definition_text, load_definition

DEMONSTRATION = Path(__file__).parents[2] / "app" / "demonstration"
FILES = sorted(path for path in DEMONSTRATION.glob("*.yaml") if path.stem not in ("institutions", "building"))
ECTS = "http://data.europa.eu/snb/education-credit/6fcec5c5af"
MODE = "http://data.europa.eu/snb/learning-assessment/"


def demonstrated(path):
    return definition_text.read(path.read_bytes(), "yaml")


def written_out(path):
    """The same definition in full, as credentials have it."""
    loaded = load_definition(path.read_bytes(), kind="yaml")
    return {"definition": {"code": loaded.code, "version": loaded.version}, "achievement": loaded.achievement}


def sent(document, **changes):
    """What a browser sends for a document, with some fields typed over."""
    form = MultiDict(fields_of(document).pairs())
    for name, typed in changes.items():
        form.setlist(name, typed if isinstance(typed, list) else [typed])
    return form


def typed(document, name, *values):
    return document_of(sent(document, **{name: list(values)}))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
@pytest.mark.parametrize("document", [demonstrated, written_out])
def test_a_form_that_nobody_touched_changes_nothing(path, document):
    given_ = document(path)
    assert document_of(sent(given_)) == given_


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_browsers_change_line_ends_and_nothing_else(path):
    document = demonstrated(path)
    document["achievement"]["summary"]["en"] = "One.\nTwo.\r\nThree."
    document["achievement"]["title"]["en"] = "Two\nlines"
    pairs = [
        (name, value.replace("\r\n", "\n").replace("\n", "\r\n"))
        for name, value in sent(document).items(multi=True)
    ]
    form = MultiDict(pairs)
    form["achievement.title.en"] = "Twolines"
    assert document_of(form) == document


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "title", "en", "cs", "noteLiteral", "type", "x"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)
TERMS = st.sampled_from(
    [
        *("title", "summary", "learningOutcome", "volumeOfLearning", "creditPoint", "mode", "alignment"),
        *("entryRequirement", "criteria", "tag", "resultDescription", "qualityAssurance", "isPartOf"),
        *("awardingBody", "thematicArea", "stackability", "x-unknown"),
    ]
)
OPTIONS = st.sampled_from(["code", "version", "language", "suspension", "valid_for", "signatory", "other"])
DOCUMENTS = st.fixed_dictionaries(
    {
        "definition": st.dictionaries(OPTIONS, JSON, max_size=4),
        "achievement": st.dictionaries(TERMS, JSON, max_size=6),
    }
)


@settings(max_examples=150, deadline=None)
@given(DOCUMENTS)
def test_whatever_stands_in_a_document_survives_the_form(document):
    assert document_of(sent(document)) == document


@settings(max_examples=100, deadline=None)
@given(DOCUMENTS, st.data())
def test_what_is_typed_is_shown_again_and_the_rest_stays(document, data):
    fields = [
        field for field in fields_of(document).fields() if field.kind.widget in ("line", "area", "number")
    ]
    field = data.draw(st.sampled_from(fields))
    text = data.draw(st.sampled_from(["x", "4o", "Tiếng Việt", "ພາສາລາວ", "90", "<b>&amp;", "2026-13-45"]))
    changed = typed(document, field.name, text)
    shown = {each.name: each for each in fields_of(changed).fields()}
    hours = field.name.startswith("working.")
    own_language = field.name == "definition.language"
    assert shown[field.name].values == (text,)
    for name, other in shown.items():
        untouched = {each.name: each.values for each in fields}.get(name)
        if name != field.name and untouched is not None and not hours and not own_language:
            assert other.values == untouched or "." + field.name.rsplit(".", 1)[0] in "." + name


def test_unknown_terms_are_carried_along():
    document = demonstrated(FILES[0])
    document["achievement"]["specialization"] = "Retail"
    document["achievement"]["learningOutcome"][0]["relatedSkill"] = [{"id": "x:1", "prefLabel": {"en": "S"}}]
    changed = typed(document, "achievement.title.en", "New title")
    expected = copy.deepcopy(document)
    expected["achievement"]["title"]["en"] = "New title"
    assert changed == expected


@pytest.mark.parametrize(
    ("name", "values", "place", "stored"),
    [
        ("achievement.volumeOfLearning", ["120"], ("volumeOfLearning",), "PT120H"),
        ("achievement.volumeOfLearning", ["about 90"], ("volumeOfLearning",), "about 90"),
        (
            "achievement.resultDescription.0.weightPercent",
            ["55"],
            ("resultDescription", 0, "weightPercent"),
            55,
        ),
        (
            "achievement.resultDescription.0.weightPercent",
            ["4o"],
            ("resultDescription", 0, "weightPercent"),
            "4o",
        ),
        ("achievement.mode", ["", MODE + "920fbb3cbe"], ("mode",), [MODE + "920fbb3cbe"]),
        ("achievement.tag", ["banking\r\n\r\n loans "], ("tag",), ["banking", "loans"]),
        ("achievement.entryRequirement.en", ["None"], ("entryRequirement", "en"), "None"),
        ("achievement.creditPoint.0.point", ["2.5"], ("creditPoint", 0, "point"), "2.5"),
    ],
)
def test_what_is_typed_arrives(name, values, place, stored):
    found = typed(demonstrated(FILES[0]), name, *values)["achievement"]
    for part in place:
        found = found[part]
    assert found == stored


def test_what_is_emptied_goes_and_leaves_no_shell():
    document = demonstrated(FILES[0])
    changed = document_of(
        sent(
            document,
            **{"definition.signatory.name": "", "definition.signatory.role": "", "achievement.mode": [""]},
        )
    )
    assert "signatory" not in changed["definition"]
    assert "mode" not in changed["achievement"]


def test_the_labels_of_an_author_stay_with_what_stays_chosen():
    document = demonstrated(FILES[0])
    labelled = document["achievement"]["mode"][0]
    changed = typed(document, "achievement.mode", "", MODE + "7813801c77", labelled["id"])
    assert changed["achievement"]["mode"] == [labelled, MODE + "7813801c77"]


def test_another_level_forgets_what_followed_from_the_old_one():
    document = written_out(FILES[0])
    changed = typed(document, "achievement.alignment.0.targetUrl", "http://data.europa.eu/snb/eqf/5")
    level = changed["achievement"]["alignment"][0]
    assert not {"targetName", "targetCode", "targetFramework", "targetType"} & level.keys()
    assert level["targetDescription"] == document["achievement"]["alignment"][0]["targetDescription"]


def test_alignments_that_are_no_levels_are_not_shown_and_stay():
    document = written_out(FILES[0])
    names = [
        field.name for field in fields_of(document).fields() if field.name.startswith("achievement.alignment")
    ]
    assert {name.split(".")[2] for name in names} == {"0", "1"}
    assert len(document["achievement"]["alignment"]) > 2


def test_a_bare_achievement_shows_its_own_code_and_version():
    document = {
        "achievement": {"humanCode": "MC-1", "version": "3", "inLanguage": "vi", "title": {"vi": "T"}}
    }
    shown = {field.name: field.values for field in fields_of(document).fields()}
    assert shown["definition.code"] == ("MC-1",)
    assert shown["definition.language"] == ("vi",)
    changed = typed(document, "definition.code", "MC-2")
    assert changed == {
        "achievement": {"version": "3", "inLanguage": "vi", "title": {"vi": "T"}},
        "definition": {"code": "MC-2"},
    }


def test_hours_are_added_up():
    document = demonstrated(FILES[0])
    changed = document_of(
        sent(
            document,
            **{
                "working.hours.contact": "24",
                "working.hours.self_study": "60",
                "working.hours.assessment": "6",
            },
        )
    )
    assert changed["achievement"]["volumeOfLearning"] == "PT90H"
    half = typed(document, "working.hours.contact", "twenty")
    assert half["working"]["hours"]["contact"] == "twenty"
    assert half["achievement"]["volumeOfLearning"] == document["achievement"]["volumeOfLearning"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [("P2Y", ("2", "Y")), ("P18M", ("18", "M")), ("soon", ("soon", "")), ("P2½Y", ("2½", "Y"))],
)
def test_a_duration_is_a_number_and_a_unit(value, shown):
    document = {"definition": {"valid_for": value}, "achievement": {}}
    fields = {field.name: field for field in fields_of(document).fields()}
    assert fields["definition.valid_for"].values == shown
    assert document_of(sent(document)) == document
    assert typed(document, "definition.valid_for", "3", "M")["definition"]["valid_for"] == "P3M"


def test_every_language_of_the_definition_has_its_own_input():
    document = {"definition": {"language": "vi"}, "achievement": {"title": {"vi": "T", "lo": ""}}}
    titles = [field for field in fields_of(document).fields() if field.name.startswith("achievement.title")]
    assert [(field.name, field.language) for field in titles] == [
        ("achievement.title.vi", "vi"),
        ("achievement.title.en", "en"),
        ("achievement.title.lo", "lo"),
    ]


@pytest.mark.parametrize("carried", [None, "", "[1]", "{", '{"a": 1, "a": 2}', "[" * 5000])
def test_a_form_without_its_document_is_refused(carried):
    form = sent(demonstrated(FILES[0]))
    form.setlist(CARRIED, [] if carried is None else [carried])
    with pytest.raises(FormNotOurs):
        document_of(form)


def test_the_carried_document_is_ascii():
    carried = fields_of({"achievement": {"title": {"vi": "Tiếng\u2028Việt"}}}).carried
    assert carried.isascii()
    assert json.loads(carried)["achievement"]["title"]["vi"] == "Tiếng\u2028Việt"
