"""What a row of a class list costs when it is issued, counted: what ten rows more add, and never seconds."""

import pytest
from issuing_office import Office, class_list
from sql_counts import statements
from work_counts import calls_of

FEW, MANY = 20, 60


@pytest.fixture(scope="module")
def issued(tmp_path_factory):
    """Statements and calls for a few rows and for many, the first class having been issued before."""
    office = Office(tmp_path_factory.mktemp("counted") / "office")
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
    assert issued[MANY][0] == issued[FEW][0] <= 80


def test_a_row_is_canonicalised_and_hashed_no_more_often_than_it_must(issued):
    assert a_row(issued, "_hashlib.openssl_sha256") <= 60  # by a template in the lint, then directly
    assert a_row(issued, "pyld.jsonld.JsonLdProcessor._process_context") == 0
    assert a_row(issued, "ob3.canonical._canonical") <= 1.5  # lint or reading back


def test_a_row_is_read_and_written_as_json_few_times(issued):
    assert a_row(issued, "json.loads", "orjson.loads") <= 6
    assert a_row(issued, "json.dumps", "orjson.dumps") <= 8


def test_a_row_takes_so_many_calls(issued):
    assert a_row(issued) <= 15_000
