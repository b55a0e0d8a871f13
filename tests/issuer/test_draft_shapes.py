"""Definitions of every shape as drafts: imported, shown in the form, exported, judged as `check` does."""

import json

import pytest
from varied_definitions import SHAPES

from app.console.definition_findings import findings_by_field, meter
from app.console.definition_form import fields_of
from issuer.drafts.checking import findings_of
from issuer.drafts.files import read_file, written_json, written_yaml
from issuer.drafts.shortening import shortened
from microcredential import load_definition
from microcredential.document_check import check_document

PARTS = "hours in parts, credits calculated"
MATRIX = "online with two supervised parts and a matrix"


def file_of(name):
    return json.dumps(SHAPES[name]).encode()


@pytest.mark.parametrize("name", SHAPES)
def test_a_definition_is_imported_and_exported_without_loss(name):
    document, notes = read_file(file_of(name))
    assert notes == ()
    loaded = load_definition(file_of(name))
    assert load_definition(written_json(document)) == loaded
    assert load_definition(written_yaml(document)) == loaded


@pytest.mark.parametrize("name", SHAPES)
def test_the_form_finds_what_the_command_finds(name):
    document, _ = read_file(file_of(name))
    of_the_institution = {"M3", "M4", "M8"}  # without a key it has no profile yet
    assert {one.id for one in findings_of(document, profile=None)} <= of_the_institution
    document["achievement"]["resultDescription"][0].pop("assessmentType")
    found = {(one.id, one.code) for one in findings_of(document, profile=None)}
    checked = check_document(json.dumps({k: v for k, v in document.items() if k != "working"}).encode())
    assert {(one.id, one.code) for one in checked.findings} <= found


def test_the_parts_of_a_workload_become_those_of_the_form():
    document, _ = read_file(file_of(PARTS))
    assert document["working"] == {"hours": {"contact": 24, "self_study": 60, "assessment": 6}}
    assert "workload" not in document["definition"]
    assert document["achievement"]["volumeOfLearning"] == "PT90H"
    assert [one["point"] for one in document["achievement"]["creditPoint"]] == ["3"]
    shown = {field.name: field.values for field in fields_of(document).fields()}
    assert shown["working.hours.contact"] == ("24",)
    assert shown["achievement.volumeOfLearning"] == ("90",)


def test_which_outcomes_are_assessed_is_written_short_again_and_shown():
    loaded = load_definition(file_of(MATRIX))
    full = {"definition": {"code": loaded.code, "version": loaded.version}, "achievement": loaded.achievement}
    short = shortened(full)["achievement"]["resultDescription"]
    assert [one.get("assesses") for one in short] == [["lo1"], ["lo1", "lo2"], None]
    assert not [one for one in short if "alignment" in one]
    document, _ = read_file(file_of(MATRIX))
    shown = {field.name: field.values for field in fields_of(document).fields()}
    assert shown["achievement.resultDescription.1.assesses"] == ("lo1\nlo2",)
    assert "achievement.resultDescription.2.assesses" not in shown


def test_findings_of_indicators_stand_beside_their_field_and_count_for_their_element():
    document, _ = read_file(file_of(MATRIX))
    achievement = document["achievement"]
    achievement["resultDescription"][0]["assesses"] = ["lo9"]
    del achievement["resultDescription"][1]["requiredValue"]
    del achievement["qualityAssurance"][1]
    del achievement["thematicArea"]
    found = findings_of(document, profile={"id": "x", "name": "X", "url": "https://x.example"})
    placed = findings_by_field(found, fields_of(document))
    by_code = {one.code: name for name, ones in placed.beside.items() for one in ones}
    assert by_code["unknown_outcome"] == "achievement.resultDescription.0.assesses"
    assert by_code["no_threshold"] == "achievement.resultDescription.1.requiredValue"
    assert by_code["no_approval"] == "achievement.qualityAssurance"
    assert by_code["no_field"] == "achievement.thematicArea"
    states = {element.id: element.state for element in meter(found).elements}
    assert (states["M9"], states["M11"], states["M6"]) == ("block", "block", "done")
