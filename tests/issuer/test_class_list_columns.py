"""What the headers of a class list mean: by their names in seven languages, and by what a person has said."""

from datetime import date
from pathlib import Path

import pytest

from issuer.class_list import read_class_list
from issuer.class_list_aliases import HEADINGS, NAMES
from issuer.class_list_columns import CALLED, PLAIN, choices, find_columns, missing, suggest_mapping
from issuer.errors import ClassListRefused

HEADERS = {
    "en": ["No.", "Full name", "Student ID", "E-mail address", "Date of award", "Final mark"],
    "vi": ["STT", "Họ và tên", "Mã SV", "Email", "Ngày cấp", "Điểm tổng kết"],
    "vi, capitals": ["STT", "HỌ VÀ TÊN", "MSSV", "EMAIL", "NGÀY CẤP", "ĐIỂM"],
    "vi, no accents": ["TT", "Ho va ten", "Ma sinh vien", "Dia chi email", "Ngay cap", "Diem"],
    "lo": ["ລ/ດ", "ຊື່ ແລະ ນາມສະກຸນ", "ລະຫັດນັກສຶກສາ", "ອີເມວ", "awarded", "ຄະແນນ"],
    "cs": ["Poř.", "Jméno a příjmení", "Osobní číslo", "E-mail", "Datum udělení", "Známka"],
    "fr": ["Rang", "Nom et prénom", "Numéro étudiant", "Courriel", "Date d’obtention", "Note finale"],
    "it": ["N.", "Cognome e nome", "Matricola", "Posta elettronica", "Data di conseguimento", "Voto"],
    "hr": ["R.br.", "Ime i prezime", "JMBAG", "E-pošta", "Datum dodjele", "Ocjena"],
    "marked": [
        "#",
        "Name *",
        "Student number:",
        "e-mail (university)",
        "Awarded (dd/mm/yyyy)",
        "GRADE (0-10)",
    ],
}
MEANT = {1: "name", 2: "student_number", 3: "email", 4: "awarded_date", 5: "grade"}
NEEDED = ["name", "student_number", "email", "awarded_date"]


def found(*header, mapping=None, keys=("exam", "project"), awarded_given=False):
    return find_columns(header, result_keys=keys, awarded_given=awarded_given, mapping=mapping)


def refused(*header, **more):
    with pytest.raises(ClassListRefused) as error:
        found(*header, **more)
    return error.value


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
def test_headers_are_understood_in_the_languages_of_the_partners(header):
    assert suggest_mapping(header, result_keys=[]) == MEANT


@pytest.mark.parametrize(
    ("header", "meant"),
    [
        (["Nom", "Prénom"], {0: "family_name", 1: "given_name"}),
        (["Nom"], {0: "name"}),
        (["Jméno", "Příjmení"], {0: "given_name", 1: "family_name"}),
        (["Jméno"], {0: "name"}),
        (["Họ đệm", "Tên"], {0: "family_name", 1: "given_name"}),
        (["Họ và tên", "Tên"], {0: "name", 1: "given_name"}),
        (["First name"], {0: "given_name"}),
        (["exam", "result:project", "Exam"], {0: "result:exam", 1: "result:project"}),
        (["Full name", "name"], {1: "name"}),
        (["Note", "Date", "ID", "Comment", ""], {}),
    ],
)
def test_a_suggestion_names_each_column_once_and_nothing_that_is_unsure(header, meant):
    assert suggest_mapping(header, result_keys=["exam", "project"]) == meant


def test_an_assessment_may_be_called_by_its_name():
    named = {"exam": "Written examination", "project": ""}
    meant = suggest_mapping(["WRITTEN EXAMINATION (40 %)", "project"], result_keys=named)
    assert meant == {0: "result:exam", 1: "result:project"}
    assert suggest_mapping(["Written examination"], result_keys=["exam"]) == {}


def test_no_name_stands_for_two_columns():
    names = [name for names in NAMES.values() for name in names]
    for column, own in NAMES.items():
        for name in own:
            alone = suggest_mapping([name], result_keys=[])
            assert alone[0] in (column, "name"), name
    assert len(names) == len(set(names))


def test_every_heading_of_a_template_is_understood_beside_the_others():
    for headings in HEADINGS.values():
        meant = suggest_mapping(list(headings.values()), result_keys=[])
        assert [meant[place] for place in range(len(headings))] == list(headings)


def test_what_a_person_said_goes_before_what_a_header_seems_to_mean():
    header = ("Name", "Number", "Contact", "Awarded", "Grade")
    said = {"Number": "student_number", " contact ": "email", "Grade": ""}
    columns = found(*header, mapping=said)
    assert columns.places == {"name": 0, "student_number": 1, "email": 2, "awarded_date": 3}
    assert columns.unknown == ()
    assert columns.header("email") == "Contact"


def test_headers_that_differ_in_brackets_only_are_kept_apart():
    said = {"grade (exam)": "result:exam", "grade (project)": "result:project"}
    columns = found(*NEEDED, "Grade (Exam)", "Grade  (project)", mapping=said)
    assert (columns.places["result:exam"], columns.places["result:project"]) == (4, 5)


def test_a_mapping_of_last_time_may_know_other_columns_too():
    columns = found(*NEEDED, "Shoes", mapping={"Gone": "grade", "Shoes": ""})
    assert set(columns.places) == set(NEEDED)
    assert columns.unknown == ()


def test_a_header_said_to_mean_a_column_keeps_it_from_another_of_that_name():
    columns = found(*NEEDED, "Printed as", mapping={"Printed as": "name"})
    assert columns.places["name"] == 4
    assert columns.unknown == ("name",)


def test_two_headers_may_not_mean_the_same():
    assert refused(*NEEDED, "Full name").code == "duplicate_column"
    assert refused(*NEEDED, "a", "b", mapping={"a": "grade", "b": "grade"}).code == "duplicate_column"
    assert refused(*NEEDED, "name (2)").code == "duplicate_column"
    assert found(*NEEDED, "Full name", mapping={"Full name": ""}).places["name"] == 0


def test_a_mapping_to_a_column_that_there_is_not_is_refused():
    assert refused(*NEEDED, "x", mapping={"x": "shoe_size"}).code == "unknown_column"
    assert refused(*NEEDED, "x", mapping={"x": "result:oral"}).code == "unknown_column"
    assert found(*NEEDED, "x", mapping={"x": "result:exam"}).places["result:exam"] == 4


def test_a_missing_column_is_told_with_those_that_may_be_it():
    error = refused("Họ tên", "Nr", "Kontakt", "Awarded")
    assert error.code == "missing_column"
    assert "Student number (student_number), E-mail (email)" in error.message
    assert "“Nr”, “Kontakt”" in error.message
    assert "in one cell" in refused("name+number+email").message


def test_what_is_missing_follows_what_is_there():
    assert missing(NEEDED, awarded_given=False) == ()
    assert missing(["given_name", "family_name", *NEEDED[1:3]], awarded_given=True) == ()
    assert missing(["given_name"], awarded_given=False) == (
        "Name as printed (name) or Given name (given_name) and Family name (family_name)",
        "Student number (student_number)",
        "E-mail (email)",
        "Awarded (awarded_date)",
    )


def test_the_choices_are_every_column_and_result_with_what_it_is():
    offered = choices(["exam"])
    assert [each.column for each in offered] == [*PLAIN, "result:exam"]
    assert [each.column for each in offered if each.required] == NEEDED
    assert all(each.about.endswith(".") for each in offered)


def test_a_class_list_is_read_as_its_institution_has_said():
    data = "Wer;Nummer;Kontakt\nAnh Nguyễn;U-1;anh@example.edu\n".encode()
    said = {"Wer": "name", "Nummer": "student_number", "Kontakt": "email"}
    options = {"known_scales": (), "credits_available": None, "today": date(2026, 7, 3)}
    listed = read_class_list(data, awarded=date(2026, 6, 30), mapping=said, **options)
    assert [row.name for row in listed.rows] == ["Anh Nguyễn"]
    assert listed.places == {"name": 0, "student_number": 1, "email": 2}
    with pytest.raises(ClassListRefused):
        read_class_list(data, awarded=date(2026, 6, 30), **options)


def test_every_column_has_one_word_which_translators_are_given():
    assert list(CALLED) == PLAIN
    template = (Path(__file__).parents[2] / "translations" / "testamur.pot").read_text("utf-8")
    assert [word for word in CALLED.values() if f'msgid "{word}"' not in template] == []
    assert missing(["name", "email"], awarded_given=True) == (f"{CALLED['student_number']} (student_number)",)
