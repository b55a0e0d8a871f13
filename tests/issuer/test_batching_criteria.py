"""QC-21: where a course began before its criteria could be read here, somebody says where they could."""

import json
from datetime import UTC, date, datetime

import pytest
from batch_desks import desk, rows, seen, taken_in
from issuing_office import CODE

from issuer import IssuerError
from issuer.audit_tables import AuditEntryRow
from issuer.batching.approval import approve
from issuer.batching.criteria import began_before
from issuer.batching.preview import PreviewQuery, preview_lines

PUBLISHED = datetime(2026, 7, 3, 2, 0, tzinfo=UTC)
HEADER = "name,student_number,email,awarded_date,start_date"


def listed(*starts, awarded="2026-09-01"):
    rows = [f"Anh {place},U-{place},a{place}@example.edu,{awarded},{day}" for place, day in enumerate(starts)]
    return "\n".join([HEADER, *rows, ""]).encode()


@pytest.mark.parametrize(
    ("cells", "first"),
    [
        (["2026-07-02"], date(2026, 7, 2)),
        (["2026-08-01", "2026-04-06", ""], date(2026, 4, 6)),
        (["6.4.2026", "spring"], date(2026, 4, 6)),
        (["2026-07-03"], None),
        (["2026-08-01"], None),
        (["", "spring"], None),
        ([], None),
    ],
)
def test_the_first_day_is_compared_with_the_day_of_publishing(cells, first):
    assert began_before(cells, PUBLISHED) == first


def test_it_is_told_in_the_preview(office):
    office.ready()
    office.clock.forward(days=90)
    nam = desk(office, "nam", "issuer")
    batch_id = taken_in(nam, listed("2026-08-01", "2026-04-06"))
    page = preview_lines(nam, batch_id, PreviewQuery())
    assert page.began == date(2026, 4, 6)
    assert "left_out" not in [line.state.value for line in page.lines]


def test_nothing_is_told_where_the_criteria_were_public_before(office):
    office.ready()
    office.clock.forward(days=90)
    nam = desk(office, "nam", "issuer")
    assert preview_lines(nam, taken_in(nam, listed("2026-08-01")), PreviewQuery()).began is None
    assert preview_lines(nam, taken_in(nam, run="Without days"), PreviewQuery()).began is None


def test_a_line_that_is_left_out_is_not_asked(office):
    office.ready()
    office.clock.forward(days=90)
    nam = desk(office, "nam", "issuer")
    bad = listed("2026-08-01") + b"Anh,U-9,nobody@@x.example,2026-09-01,2026-04-06\n"
    assert preview_lines(nam, taken_in(nam, bad), PreviewQuery()).began is None


def told(office, act="batch.approve"):
    """Give what the audit keeps of approvals."""
    return [json.loads(entry.after or "{}") for entry in rows(office, AuditEntryRow) if entry.act == act]


def test_nobody_approves_it_without_saying_where_the_criteria_could_be_read(office):
    office.ready()
    office.clock.forward(days=90)
    nam = desk(office, "nam", "issuer")
    batch_id = taken_in(nam, listed("2026-08-01", "2026-04-06"))
    for words, code in (("", "criteria_later"), (" \t", "criteria_later"), ("x" * 301, "criteria_place")):
        with pytest.raises(IssuerError) as refused:
            approve(nam, batch_id, **seen(nam, batch_id), criteria=words)
        assert refused.value.code == code
    assert told(office) == []
    approve(nam, batch_id, **seen(nam, batch_id), criteria="Course  page, since January")
    assert [one["criteria_public"] for one in told(office)] == ["Course page, since January"]


def test_what_began_in_time_needs_no_word(office):
    office.ready()
    office.clock.forward(days=90)
    nam = desk(office, "nam", "issuer")
    batch_id = taken_in(nam, listed("2026-07-03", "2026-08-01"))
    approve(nam, batch_id, **seen(nam, batch_id), criteria="not asked")
    assert ["criteria_public" in one for one in told(office)] == [False]


def test_a_list_that_is_issued_at_once_is_asked_too(office):
    office.ready()
    office.clock.forward(days=90)
    late, timely = listed("2026-04-06"), listed("2026-08-01")
    preview = office.issuer.import_class_list("uef", CODE, "Late", late)
    with pytest.raises(IssuerError) as refused:
        office.issuer.start_batch(preview, by="registrar")
    assert refused.value.code == "criteria_later"
    assert "2026-04-06" in refused.value.message
    office.issuer.start_batch(preview, by="registrar", criteria="Course page")
    preview = office.issuer.import_class_list("uef", CODE, "Timely", timely)
    office.issuer.start_batch(preview, by="registrar")
    assert [one.get("criteria_public") for one in told(office)] == ["Course page", None]
