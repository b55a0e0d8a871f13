"""What one member of staff can send to wear the office down: addresses and forms beyond every measure."""

import itertools
import json
import re
import time
from urllib.parse import urlencode

import pytest
from console_office import ConsoleOffice
from issuing_office import ACHIEVEMENT

from app.console.definition_form import languages_of
from app.limits import EXPORTS, HEAVY
from microcredential import load_definition

LISTS = ("batches", "credentials", "definitions", "mail", "people", "tokens", "audit")


@pytest.fixture
def place(tmp_path):
    made = ConsoleOffice(tmp_path / "var")
    yield made
    made.close()


@pytest.mark.parametrize("page", ["9" * 30, "9" * 5_000, "1" + "0" * 19, "-1", "0", "²", "1e9", ""])
def test_a_page_beyond_every_number_is_a_page_of_the_list(place, page):
    client = place.client(place.person("Ida", "issuer", "institution_admin", "auditor"))
    for name in LISTS:
        answer = place.get(client, f"/console/uef/{name}?page={page}&sort=%27;drop&q=%25_%5C")
        assert answer.status_code == 200, name


def test_a_file_in_thousands_of_languages_wears_nobody_down(place):
    letters = [chr(code) for code in range(ord("a"), ord("z") + 1)]
    tags = ["".join(three) for three in itertools.product(letters, repeat=3)][:8_000]
    titles = {"en": "Bomb", **dict.fromkeys(tags, "x")}
    document = {
        "definition": {"code": "B", "version": "1"},
        "achievement": {"title": titles, "learningOutcome": [{}] * 900},
    }
    client = place.client(place.person("Ann Author", "author"))
    data = {"text": json.dumps(document), "faculty": ""}
    answer = place.post(client, "/console/uef/definitions/import", data)
    if answer.status_code == 303:
        began = time.monotonic()
        assert place.get(client, answer.headers["Location"]).status_code == 200
        assert time.monotonic() - began < 30
    carried = {"carried": json.dumps(document), "revision": "1", "act": "save"}
    draft = place.post(client, "/console/uef/definitions/new", {"language": "en"}).headers["Location"]
    began = time.monotonic()
    assert place.post(client, draft, carried).status_code in (303, 422)
    assert time.monotonic() - began < 30


def test_every_wording_of_a_definition_in_a_few_languages_is_shown():
    wanted = ("en", "vi", "lo", "cs", "sk", "de", "fr")
    assert languages_of({"achievement": {"title": dict.fromkeys(wanted, "x")}}) == wanted


def test_one_person_draws_so_much_and_leaves_the_rest_to_others(place):
    ann, ben = (place.person(name, "author") for name in ("Ann Author", "Ben Author"))
    client, most = place.client(ann), int(HEAVY.split()[0])
    nothing = "/console/uef/definitions/drafts/none/certificate.png"
    assert [place.get(client, nothing).status_code for _ in range(most)] == [404] * most
    assert place.get(client, nothing).status_code == 429
    assert place.get(place.client(ann), nothing).status_code == 429  # another browser is the same person
    assert place.get(client, "/console/uef/definitions").status_code == 200
    assert place.get(place.client(ben), nothing).status_code == 404


def test_one_person_takes_so_many_files_away_and_goes_on_looking(place):
    client, most = place.client(place.person("Ida", "issuer")), int(EXPORTS.split()[0])
    lists = [f"/console/uef/{name}" for name in ("batches", "credentials", "mail")]
    asked = [f"{lists[number % 3]}?format=csv" for number in range(most + 1)]
    assert [place.get(client, path).status_code for path in asked] == [200] * most + [429]
    assert {place.get(client, path).status_code for path in lists} == {200}


@pytest.mark.parametrize("code", ["A\nSet-Cookie: x", 'A"; filename="b.exe', "ລາວ-1", "../../etc", "MC-1"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_name_of_a_file_carries_nothing_but_letters(place, code, kind):
    document = {"definition": {"code": code, "version": "1"}, "achievement": ACHIEVEMENT}
    published = place.issuer.publish_definition(
        "uef", load_definition(json.dumps(document).encode(), kind="json")
    )
    client = place.client(place.person("Ida", "issuer"))
    asked = urlencode({"definition": f"{published.code}@1", "kind": kind})
    answer = place.get(client, f"/console/uef/batches/template?{asked}")
    assert answer.status_code == 200
    named = re.fullmatch(r"attachment; filename=([A-Za-z0-9._-]+)", answer.headers["Content-Disposition"])
    assert named is not None
    assert named[1].endswith(f"-1.{kind}")
    assert "Set-Cookie" not in answer.headers or "x" not in answer.headers.getlist("Set-Cookie")
