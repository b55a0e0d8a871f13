"""`testamur renew`: a new period from the command line, for what names an address for newer versions."""

import json
import time

import pytest
from command_line import call, make_office
from issuing_office import ACHIEVEMENT, CODE, class_list
from stored_rows import rows

SCORES = class_list(1).decode()


@pytest.fixture
def office(tmp_path):
    return make_office(tmp_path / "data")


def issued(office, tmp_path, *, refresh):
    """Issue one credential; give its short code."""
    options = {"code": CODE, "version": "1", "language": "en", "refresh": refresh, "valid_for": "P1Y"}
    definition, scores = tmp_path / "definition.json", tmp_path / "class.csv"
    definition.write_text(json.dumps({"definition": options, "achievement": ACHIEVEMENT}), encoding="utf-8")
    scores.write_text(SCORES, encoding="utf-8")
    given = ("--institution", "uef", "--definition", definition, "--run", "spring", "--dir", office)
    made = call("issue", scores, *given)
    assert made.status == 0, made.said
    time.sleep(1.1)  # a period begins in a later second than the one before it
    return rows(office, "SELECT short_code FROM credential")[0][0]


def test_a_credential_is_renewed_by_what_is_on_the_paper(office, tmp_path):
    code = issued(office, tmp_path, refresh=True)
    answered = call("renew", code, "--until", "2031-06-30", "--by", "Registrar", "--dir", office)
    assert answered.status == 0, answered.said
    assert answered.out.endswith(": renewed.\n")
    ((text,),) = rows(office, "SELECT secured FROM credential")
    assert json.loads(text)["validUntil"] == "2031-06-30T23:59:59Z"
    assert rows(office, "SELECT number, followed_by FROM credential_version") == [(1, "Registrar")]
    shown = call("verify", "--offline", "-", "--dir", office, stdin=text.encode())
    assert "Traceback" not in shown.said
    late = call("renew", code, "--until", "2020-01-01", "--dir", office)
    assert (late.status, "end before it begins" in late.err) == (1, True)


def test_what_cannot_be_found_again_is_refused_in_words(office, tmp_path):
    refused = call("renew", issued(office, tmp_path, refresh=False), "--dir", office)
    assert (refused.status, "has not opted in" in refused.err) == (1, True)
    assert rows(office, "SELECT count(*) FROM credential_version") == [(0,)]
