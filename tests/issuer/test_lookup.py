"""Finding a credential: by code, short code, secret link, share page; and what is not to be found."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issuer import IssuerError, LinkSecret, NotFound, PageVisibility, Visibility
from issuer.codes import CROCKFORD, base62, is_code, new_code, new_short_code, read_short_code


def test_every_way_leads_to_the_same_record(office):
    office.ready()
    record = office.one()
    desk = office.issuer
    token = desk.holder_url(record).rpartition("/")[2]
    assert desk.credential_by_code(record.code) == record
    assert desk.by_share_id(record.share_id) == record
    assert desk.by_holder_token(token) == record
    for typed in (record.short_code, record.shown_code, record.shown_code.lower(), f" {record.shown_code} "):
        assert desk.by_short_code(typed) == record
    assert record.url == f"{office.base_url}/c/{record.code}"


def test_nothing_else_leads_anywhere(office):
    office.ready()
    record = office.one()
    desk = office.issuer
    for find in (desk.credential_by_code, desk.by_share_id, desk.by_holder_token, desk.by_short_code):
        for wrong in ("", "x", "x" * 22, "' or 1=1 --", "\0", record.urn, "é" * 22, "x" * 100_000):
            with pytest.raises(NotFound):
                find(wrong)
    for find, other in [
        (desk.credential_by_code, record.share_id),
        (desk.by_share_id, record.code),
        (desk.by_holder_token, record.code),
    ]:
        with pytest.raises(NotFound):
            find(other)


def test_a_plan_is_not_a_credential(office):
    office.ready()
    from issuing_office import CODE, class_list
    from sqlmodel import select

    from issuer.plan import plan_rows
    from issuer.tables import CredentialRow
    from issuer.transactions import reading

    preview = office.issuer.import_class_list("uef", CODE, "r", class_list(1))
    plan_rows(office.issuer.deployment, office.links, office.issuer.start_batch(preview, by="x"), at_most=1)
    with reading(office.engine) as session:
        row = session.exec(select(CredentialRow)).one()
    with pytest.raises(NotFound):
        office.issuer.credential_by_code(row.code)
    with pytest.raises(NotFound):
        office.issuer.credential(row.urn)


def test_the_holder_decides_what_others_see(office):
    office.ready()
    record = office.one()
    assert record.visibility == Visibility(grade=False, parts=False, evidence=False, page=PageVisibility.LINK)
    token = office.issuer.holder_url(record).rpartition("/")[2]
    chosen = Visibility(grade=True, evidence=True, page=PageVisibility.PUBLIC)
    office.issuer.set_visibility(token, chosen)
    assert office.issuer.by_share_id(record.share_id).visibility == chosen
    for wrong in (record.code, record.share_id, "x"):
        with pytest.raises(NotFound):
            office.issuer.set_visibility(wrong, Visibility())


def test_a_closed_page_is_not_found_but_the_paper_still_works(office):
    office.ready()
    record = office.one()
    token = office.issuer.holder_url(record).rpartition("/")[2]
    office.issuer.set_visibility(token, Visibility(page=PageVisibility.OFF))
    with pytest.raises(NotFound):
        office.issuer.by_share_id(record.share_id)
    assert office.issuer.credential_by_code(record.code).urn == record.urn


def test_codes_are_long_enough_and_have_no_order():
    chance = random.Random(1)  # noqa: S311  (the form is tested, not the chance)
    codes = [new_code(chance) for _ in range(200)]
    assert all(is_code(code) for code in codes)
    assert len(set(codes)) == 200
    assert codes != sorted(codes)
    assert base62(b"\xff" * 16) != base62(b"\0" * 16) == "0" * 22


@given(st.integers(0, 2**32), st.sampled_from([str.upper, str.lower]), st.sampled_from(["-", " ", ""]))
def test_a_short_code_is_read_as_people_type_it(seed, case, between):
    code = new_short_code(random.Random(seed))  # noqa: S311
    typed = case(code[:4] + between + code[4:]).replace("0", "O").replace("1", "l")
    assert read_short_code(typed) == code


@given(st.text(max_size=12))
def test_any_text_is_a_short_code_or_none(text):
    found = read_short_code(text)
    assert found is None or (len(found) == 8 and set(found) <= set(CROCKFORD))


def test_the_link_secret_is_made_once_and_kept_from_others(tmp_path):
    path = tmp_path / "link-secret"
    first = LinkSecret.open(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert LinkSecret.open(path).token("urn:x") == first.token("urn:x") != first.token("urn:y")
    assert is_code(first.token("urn:x"))
    assert path.read_text().strip() not in repr(first)
    path.chmod(0o644)
    with pytest.raises(IssuerError) as refused:
        LinkSecret.open(path)
    assert refused.value.code == "link_secret"


@pytest.mark.parametrize("content", ["", "zz", "abcd", "not hex at all"])
def test_a_damaged_link_secret_is_refused(tmp_path, content):
    path = tmp_path / "link-secret"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(IssuerError):
        LinkSecret.open(path)
    with pytest.raises(IssuerError):
        LinkSecret.open(tmp_path / "no" / "such" / "folder")
