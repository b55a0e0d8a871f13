"""What a row of a class list costs when it is issued, counted: what ten rows more add, and never seconds."""

from random import Random

import pytest
from issuing_office import Office, class_list
from sql_counts import statements
from work_counts import calls_of

FEW, MANY = 20, 60


@pytest.fixture(scope="module")
def issued(tmp_path_factory):
    """Statements and calls for a few rows and for many, the first class having been issued before."""
    # a context of its own, of which no test before has said which parts are never the same
    folder = tmp_path_factory.mktemp("counted") / "office"
    chance = Random(7)  # noqa: S311  (two places in a list that fall together would be one statement more)
    office = Office(folder, base_url="https://counted.example", options={"random": chance})
    office.ready()
    office.issue(data=class_list(3), run="first")
    found = {}
    for rows, start in ((FEW, 100), (MANY, 300)):
        with statements(office.engine) as asked:
            calls = calls_of(
                lambda rows=rows, start=start: office.issue(data=class_list(rows, start=start), run=str(rows))
            )
        found[rows] = (len(asked), calls)
    office.close()
    return found


def a_row(issued, *names):
    few, many = issued[FEW][1], issued[MANY][1]
    more = many.of(*names) - few.of(*names) if names else many.total() - few.total()
    return more / (MANY - FEW)


def test_statements_to_the_database_are_made_for_many_rows_at_once(issued):
    assert issued[MANY][0] == issued[FEW][0] <= 66


def test_a_row_is_canonicalised_and_hashed_no_more_often_than_it_must(issued):
    assert a_row(issued, "_hashlib.openssl_sha256") <= 23  # blank nodes that others have as well are known
    assert a_row(issued, "pyld.jsonld.JsonLdProcessor._process_context") == 0
    assert a_row(issued, "ob3.canonical._canonical") == 1  # in the lint, and remembered for reading back


def test_of_a_row_only_that_is_walked_which_differs_from_the_rows_before(issued):
    assert a_row(issued, "ob3.direct.walk._Walk.node") <= 11


def test_a_row_is_read_and_written_as_json_few_times(issued):
    assert a_row(issued, "json.loads", "orjson.loads") <= 5
    looked_through = a_row(
        issued, "ob3.written.written", "ob3.recent.exact_key", "ob3.soundness._is_readable"
    )
    assert a_row(issued, "json.dumps", "orjson.dumps") - looked_through <= 7


def test_what_few_documents_hold_is_looked_for_in_the_text_of_a_row_and_not_in_each_object(issued):
    assert a_row(issued, "ob3.written.written") <= 3  # nothing empty, no keyword, no endorsement
    assert a_row(issued, "verifier.json_types.objects_within", "ob3.class_rules._holds_nothing") == 0


def test_a_row_takes_so_many_calls(issued):
    assert a_row(issued) <= 8_500
