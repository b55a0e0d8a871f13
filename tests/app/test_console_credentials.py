"""Credentials in the console: the list, the page of each, the questions and what the public then reads."""

import html
import re

import pytest
from credential_office import CredentialOffice, text_of

from issuer.records import Status
from issuer.staff.roles import Role
from issuer.tables import CredentialRow, OutboxMailRow, StatusChange

PEOPLE = (
    "Đặng Quỳnh Nhu,UEF-2231-0391,nhu@student.example",
    "Nguyễn Văn Ấn,UEF-2231-0392,an@student.example",
    "ສົມສະຫວາດ ພົມມະຈັນ,UEF-2231-0393,somsavath@student.example",
)
LIST = "/console/uef/credentials"


@pytest.fixture
def world(tmp_path):
    world = CredentialOffice(tmp_path / "var")
    world.records = world.named(*PEOPLE)
    yield world
    world.close()


def page_of(record):
    return f"{LIST}/{record.short_code}"


def sentence(world, record):
    """Give the one sentence that the public page says."""
    page = world.app.test_client().get(
        f"/c/{record.code}", base_url=world.office.base_url, headers={"Accept": "text/html"}
    )
    return plain(re.search(r"<h1[^>]*>(.*?)</h1>", page.text, re.DOTALL)[1])


def plain(markup):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", markup)).split())


def names(page):
    return [plain(found) for found in re.findall(r'<th scope="row">(.*?)</th>', page.text, re.DOTALL)]


# The list


def test_the_list_finds_filters_and_exports(world):
    issuer = world.client()
    assert len(names(issuer.get(LIST))) == 3
    assert names(issuer.get(f"{LIST}?q=dang+quynh")) == ["Đặng Quỳnh Nhu"]
    assert names(issuer.get(f"{LIST}?q=MC-2026-000392")) == ["Nguyễn Văn Ấn"]
    assert "No credential fits." in text_of(issuer.get(f"{LIST}?q=nobody"))
    assert names(issuer.get(f"{LIST}?status=revoked")) == []
    assert len(names(issuer.get(f"{LIST}?definition=MC-CRS-2026&run=Spring+2026&mail=queued"))) == 3
    assert len(names(issuer.get(f"{LIST}?status=&sort=nonsense&page=-3"))) == 3
    assert names(issuer.get(f"{LIST}?sort=number&page=900"))[0] == "Đặng Quỳnh Nhu"
    export = issuer.get(f"{LIST}?format=csv&q=dang")
    assert export.text.splitlines()[0].lstrip("\ufeff").startswith("name,student_number")
    assert len(export.text.splitlines()) == 2
    assert world.records[0].shown_code in export.text


def test_an_empty_list_says_so(tmp_path):
    empty = CredentialOffice(tmp_path / "empty")
    assert "No credential has been issued yet." in text_of(empty.client().get(LIST))
    empty.close()


def test_an_auditor_reads_and_is_offered_no_act(world):
    auditor = world.client(Role.AUDITOR)
    for page in (auditor.get(LIST), auditor.get(page_of(world.records[0]))):
        assert page.status_code == 200
        assert "act=revoke" not in page.text
        assert 'value="revoke"' not in page.text
    assert "<dialog" not in auditor.get(f"{page_of(world.records[0])}?act=revoke").text
    assert "<dialog" in world.client().get(f"{page_of(world.records[0])}?act=revoke").text


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.REVIEWER, Role.INSTITUTION_ADMIN])
def test_others_may_not_look(world, role):
    assert world.client(role).get(LIST).status_code == 403
    assert world.client(role).get(page_of(world.records[0])).status_code == 403


def test_another_institution_has_no_such_page(world):
    record = world.records[0]
    other = world.client(slug="other")
    for named in (record.short_code, record.shown_code, record.code, record.urn):
        assert other.get(f"/console/other/credentials/{named}").status_code == 404
        assert other.get(f"{LIST}/{named}").status_code == 404
        assert world.client().get(f"{LIST}/{named}").status_code == 200
    own = "/console/other/credentials/act?act=revoke&chosen=" + record.short_code
    assert other.get(own).status_code == 404
    assert "Đặng" not in other.get("/console/other/credentials?q=dang").text.split("<main", 1)[1]


def test_a_role_in_another_faculty_has_no_such_page_and_no_such_act(world):
    record = world.records[0]
    mine, elsewhere = world.faculty("eco"), world.faculty("law", with_definition=False)
    stranger = world.client(Role.ISSUER, faculty=elsewhere)
    assert stranger.get(page_of(record)).status_code == 404
    assert stranger.get(f"{LIST}/act?act=revoke&chosen={record.short_code}").status_code == 404
    form = {"act": "revoke", "why": "error"}
    assert stranger.post(f"{page_of(record)}/status", form, form=LIST).status_code == 404
    assert "No credential has been issued yet." in text_of(stranger.get(LIST))
    assert world.issuer.credential(record.urn).status is Status.GOOD
    own = world.client(Role.ISSUER, faculty=mine)
    assert own.post(f"{page_of(record)}/status", form, form=page_of(record)).status_code == 303


# One credential


def test_the_page_says_what_it_is_and_what_became_of_it(world):
    page = world.client().get(page_of(world.records[0]))
    said = text_of(page)
    assert "Đặng Quỳnh Nhu" in re.search(r"<h1[^>]*>(.*?)</h1>", page.text)[1]
    assert "MC-2026-000391" in said
    assert "n…u@student.example" in said
    assert "nhu@student.example" not in page.text
    assert world.records[0].urn in said
    assert "Signed with key" in said
    assert "Uploaded a class list, line 2" in said
    assert 'lang="vi"' in page.text


@pytest.mark.parametrize("reason", ["replaced", "error", "board", "wish", "key"])
def test_the_public_page_says_after_a_revocation_what_the_question_said_before(world, reason):
    record, issuer = world.records[0], world.client()
    question = issuer.get(f"{page_of(record)}?act=revoke")
    announced = plain(re.search(rf'<p data-why="{reason}">(.*?)</p>', question.text, re.DOTALL)[1])
    done = issuer.post(
        f"{page_of(record)}/status",
        {"act": "revoke", "why": reason, "note": "Letter of 3 July."},
        form=f"{page_of(record)}?act=revoke",
    )
    assert (done.status_code, done.headers["Location"]) == (303, f"{page_of(record)}?done=revoke")
    page = issuer.get(done.headers["Location"])
    assert "The certificate is revoked." in text_of(page)
    assert "Not yet public" in text_of(page)
    assert sentence(world, record).startswith("This certificate is good")
    world.issuer.sign_status_lists()
    assert "Not yet public" not in text_of(issuer.get(page_of(record)))
    assert sentence(world, record) == announced
    public = world.app.test_client().get(f"/c/{record.code}", base_url=world.office.base_url)
    assert "Letter of 3 July." not in public.text
    assert "Letter of 3 July." in issuer.get(page_of(record)).text


def test_a_suspension_is_announced_done_seen_and_lifted(world):
    record, issuer = world.records[0], world.client()
    question = issuer.get(f"{page_of(record)}?act=suspend").text
    announced = plain(re.search(r"The public page will say:</p><p>(.*?)</p>", question, re.DOTALL)[1])
    form = {"form": page_of(record)}
    issuer.post(f"{page_of(record)}/status", {"act": "suspend"}, **form)
    world.issuer.sign_status_lists()
    assert sentence(world, record) == announced
    assert "act=reinstate" in issuer.get(page_of(record)).text
    issuer.post(f"{page_of(record)}/status", {"act": "reinstate"}, **form)
    world.issuer.sign_status_lists()
    assert sentence(world, record).startswith("This certificate is good")


def test_where_suspension_was_not_chosen_the_page_says_why(tmp_path):
    world = CredentialOffice(tmp_path / "plain", suspension=False)
    (record,) = world.issue(1)
    issuer = world.client()
    page = issuer.get(page_of(record))
    assert "act=suspend" not in page.text
    assert "cannot be suspended" in text_of(page)
    refused = issuer.post(f"{page_of(record)}/status", {"act": "suspend"}, form=page_of(record))
    assert refused.status_code == 422
    assert world.issuer.credential(record.urn).status is Status.GOOD
    world.close()


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"act": "revoke"}, 422),
        ({"act": "revoke", "why": "dislike"}, 422),
        ({"act": "revoke", "why": "error", "note": "x" * 501}, 422),
        ({"act": "nonsense", "why": "error"}, 400),
        ({}, 400),
    ],
)
def test_a_form_that_is_not_complete_changes_nothing_and_keeps_what_was_typed(world, form, status):
    record, issuer = world.records[0], world.client()
    answer = issuer.post(f"{page_of(record)}/status", form, form=f"{page_of(record)}?act=revoke")
    assert answer.status_code == status
    if status == 422:
        assert 'role="alert"' in answer.text
        assert form.get("note", "") in answer.text
    assert world.issuer.credential(record.urn).status is Status.GOOD
    good = {"act": "revoke", "why": "error", "note": "x" * 500}
    assert issuer.post(f"{page_of(record)}/status", good, form=page_of(record)).status_code == 303


def test_a_second_revocation_is_told_and_changes_nothing(world):
    record, issuer = world.records[0], world.client()
    form = {"act": "revoke", "why": "error"}
    issuer.post(f"{page_of(record)}/status", form, form=page_of(record))
    again = issuer.post(f"{page_of(record)}/status", form | {"why": "board"}, form=page_of(record))
    assert again.status_code == 422
    assert "revoked, and that is final" in text_of(again)
    assert len(world.rows(StatusChange)) == 1
    assert "<dialog" not in issuer.get(f"{page_of(record)}?act=revoke").text


def test_a_form_without_its_token_or_by_an_auditor_is_refused(world):
    record, form = world.records[0], {"act": "revoke", "why": "error"}
    assert world.client().send(f"{page_of(record)}/status", form).status_code == 400
    auditor = world.client(Role.AUDITOR)
    assert auditor.post(f"{page_of(record)}/status", form, form=LIST).status_code == 403
    assert auditor.post(f"{page_of(record)}/mail", {}, form=LIST).status_code == 403
    assert world.issuer.credential(record.urn).status is Status.GOOD


def test_the_mail_is_sent_again_from_its_page(world):
    record, issuer = world.records[0], world.client()
    waits = issuer.post(f"{page_of(record)}/mail", {}, form=page_of(record))
    assert (waits.status_code, "waits to be sent already" in waits.text) == (422, True)
    world.mails_sent()
    done = issuer.post(f"{page_of(record)}/mail", {}, form=page_of(record))
    assert done.status_code == 303
    assert "The mail will be sent again." in text_of(issuer.get(done.headers["Location"]))
    assert len(world.rows(OutboxMailRow, state="queued")) == 1


# Many credentials


def bulk_form(page):
    """Read the hidden fields of the question about many."""
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text)
    return {name: html.unescape(value) for name, value in fields if name != "csrf_token"}


def test_several_are_chosen_looked_at_and_revoked_together(world):
    issuer = world.client()
    first, second, third = world.records
    issuer.post(f"{page_of(third)}/status", {"act": "revoke", "why": "wish"}, form=page_of(third))
    codes = "&".join(f"chosen={record.short_code}" for record in world.records)
    question = issuer.get(f"{LIST}/act?act=revoke&{codes}")
    assert "Revoke 2 certificates" in text_of(question)
    assert "1 left out" in text_of(question)
    assert {first.learner_name, second.learner_name} == set(names(question))
    form = bulk_form(question) | {"why": "board", "note": "Resolution 7"}
    done = issuer.post(f"{LIST}/act", form, form=LIST)
    assert done.status_code == 303
    told = issuer.get(done.headers["Location"])
    assert "2 certificates revoked" in text_of(told)
    assert "Not done" in text_of(told)
    assert "It is revoked, and that is final." in text_of(told)
    again = issuer.post(f"{LIST}/act", form, form=LIST)
    assert again.headers["Location"] == done.headers["Location"]
    assert len(world.rows(StatusChange)) == 3
    world.issuer.sign_status_lists()
    assert "because the examination board has decided so" in sentence(world, first)
    other = world.client(slug="other")
    assert other.get(done.headers["Location"].replace("/uef/", "/other/")).status_code == 404


def test_all_of_a_search_are_those_found_when_it_was_asked(world):
    issuer = world.client()
    question = issuer.get(f"{LIST}/act?act=suspend&all=1&q=uef-2231-039&run=Spring+2026")
    assert "Suspend 3 certificates" in text_of(question)
    world.named("Nguyễn Muộn,UEF-2231-0399,late@student.example", run="Spring 2026 again")
    issuer.post(f"{LIST}/act", bulk_form(question), form=LIST)
    assert sorted(row.status for row in world.rows(CredentialRow)) == ["good", *["suspended"] * 3]


def test_nothing_chosen_and_too_many_are_told(world, monkeypatch):
    issuer = world.client()
    assert issuer.get(f"{LIST}/act?act=revoke").status_code == 422
    assert issuer.get(f"{LIST}/act?act=nonsense&chosen=x").status_code == 404
    assert issuer.get(f"{LIST}/act?act=revoke&chosen=AAAAAAAA").status_code == 404
    monkeypatch.setattr("app.console.credential_bulk.MOST", 2)
    many = issuer.get(f"{LIST}/act?act=revoke&all=1")
    assert many.status_code == 422
    assert "more than 2" in text_of(many)
    assert issuer.get(f"{LIST}/act?act=revoke&all=1&q=dang").status_code == 200


def test_a_bulk_form_without_a_reason_asks_again_with_what_was_typed(world):
    issuer = world.client()
    question = issuer.get(f"{LIST}/act?act=revoke&all=1")
    answer = issuer.post(f"{LIST}/act", bulk_form(question) | {"note": "Resolution 7"}, form=LIST)
    assert answer.status_code == 422
    assert "Resolution 7" in answer.text
    assert set(names(answer)) == {record.learner_name for record in world.records}
    assert world.rows(StatusChange) == []


# The holder's page


@pytest.mark.parametrize(
    ("headers", "counts"),
    [
        ({"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0"}, True),
        ({"User-Agent": "Mozilla/5.0", "Sec-Fetch-Dest": "document"}, True),
        ({"User-Agent": "facebookexternalhit/1.1"}, False),
        ({"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}, False),
        ({"User-Agent": "WhatsApp/2.23"}, False),
        ({"User-Agent": "Mozilla/5.0", "Sec-Purpose": "prefetch;prerender"}, False),
        ({"User-Agent": "Mozilla/5.0", "Sec-Fetch-Dest": "image"}, False),
        ({"User-Agent": ""}, False),
    ],
)
def test_a_visit_of_a_person_counts_and_a_preview_does_not(world, headers, counts):
    record = world.records[0]
    token = world.issuer.holder_url(record).rpartition("/")[2]
    web = world.app.test_client()

    def ask(path, method="GET"):
        answer = web.open(path, method=method, base_url=world.office.base_url, headers=headers, buffered=True)
        assert answer.status_code == 200

    def row():
        return world.rows(CredentialRow, urn=record.urn)[0]

    ask(f"/h/{token}", "HEAD")
    assert row().opened is None
    ask(f"/h/{token}")
    assert (row().opened is not None) is counts
    ask(f"/h/{token}/certificate.png")
    assert row().downloaded is None
    ask(f"/h/{token}/credential.json", "HEAD")
    assert row().downloaded is None
    ask(f"/h/{token}/credential.json")
    assert (row().downloaded is not None) is counts


def test_no_page_fails_because_a_visit_could_not_be_noted(world, monkeypatch):
    from issuer.errors import StorageFailed

    def fail(*_arguments):
        raise StorageFailed("storage", "The disk is full.")

    monkeypatch.setattr("issuer.credentials.visits.opened", fail)
    token = world.issuer.holder_url(world.records[0]).rpartition("/")[2]
    assert world.app.test_client().get(f"/h/{token}", base_url=world.office.base_url).status_code == 200


def test_no_reason_stands_chosen_before_somebody_chooses(world):
    issuer, record = world.client(), world.records[0]
    for path in (f"{page_of(record)}?act=revoke", f"{LIST}/act?act=revoke&chosen={record.short_code}"):
        question = issuer.get(path)
        assert question.text.count('name="why"') == 5
        assert " checked" not in re.sub(r'name="all"[^>]*', "", question.text)
    refused = issuer.post(
        f"{page_of(record)}/status", {"act": "revoke"}, form=f"{page_of(record)}?act=revoke"
    )
    assert refused.status_code == 422
    world.issuer.sign_status_lists()
    assert sentence(world, record).startswith("This certificate is good")
