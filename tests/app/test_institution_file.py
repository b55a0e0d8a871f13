"""Institution files: each refusal beside the file that is accepted."""

import json

import pytest

from app.institution_file import read_institutions
from issuer import IssuerError

GOOD = {
    "slug": "uef",
    "name": "Example University",
    "names": {"vi": "Đại học Ví dụ"},
    "country": "VN",
    "url": "https://www.example.edu.vn",
    "other_identifiers": [["ext:ROR", "https://ror.org/00example"]],
    "signatory": {"name": "Trần Quốc Bảo", "role": "Vice-Rector"},
    "hashes_email": True,
    "logo": "logo.svg",
}
LOGO = '<svg xmlns="http://www.w3.org/2000/svg"/>'


def read(folder, document):
    (folder / "logo.svg").write_text(LOGO)
    path = folder / "institution.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return read_institutions(path)


def test_json_and_yaml_and_a_list(tmp_path):
    (one,) = read(tmp_path, GOOD)
    assert (one.slug, one.logo_svg, one.hashes_email) == ("uef", LOGO, True)
    assert one.other_identifiers == (("ext:ROR", "https://ror.org/00example"),)
    (tmp_path / "one.yaml").write_text("slug: a\nname: A\ncountry: CZ\nurl: https://a.example\n")
    assert read_institutions(tmp_path / "one.yaml")[0].country == "CZ"
    assert len(read(tmp_path, {"institutions": [GOOD, GOOD | {"slug": "other"}]})) == 2


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"nmae": "x"}, "nmae is not a key here"),
        ({"accent_dark": "#ffffff"}, "accent_dark is not a key here"),
        ({"country": ""}, "country is missing"),
        ({"country": "XX"}, "not a country code"),
        ({"name": 7}, "name must be text"),
        ({"names": ["Ví dụ"]}, "names must be names by language"),
        ({"names": {"vi": 1}}, "names must be names by language"),
        ({"signatory": "Trần"}, "signatory must be"),
        ({"signatory": {"name": "Trần"}}, "A signatory has a name and a role"),
        ({"other_identifiers": [["ext:ROR"]]}, "other_identifiers must be a list of pairs"),
        ({"hashes_email": "yes"}, "hashes_email must be true or false"),
        ({"logo": "missing.svg"}, "there is no logo missing.svg"),
        ({"logo": "../institution.json"}, "must be the name of an SVG file beside"),
        ({"url": "http://www.example.edu.vn"}, "is not an https address"),
    ],
)
def test_what_cannot_stand_is_named(tmp_path, changes, said):
    with pytest.raises(IssuerError) as refused:
        read(tmp_path, GOOD | changes)
    assert said in refused.value.message
    assert refused.value.message.startswith("institution.json, uef: ")


@pytest.mark.parametrize(
    "document",
    [{"institutions": []}, {"institutions": "x"}, {"institutions": [1]}, {"institutions": [GOOD, GOOD]}],
)
def test_a_list_that_cannot_stand(tmp_path, document):
    with pytest.raises(IssuerError, match="institution"):
        read(tmp_path, document)


@pytest.mark.parametrize("text", ["[1]", "slug: [", "a: &b 1", "\ufeffx", ""])
def test_a_text_that_cannot_be_read(tmp_path, text):
    path = tmp_path / "broken.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(IssuerError, match=r"^broken\.yaml"):
        read_institutions(path)
