"""The words of mails in the console: written, previewed, refused, set back, and used in what goes out."""

import json

import pytest
from console_office import ConsoleOffice
from sqlmodel import select

from issuer.audit_tables import AuditEntryRow

TEXTS = "/console/uef/mail-texts"
AWARD = TEXTS + "/award/vi"
WORDS = {
    "subject": "Chúc mừng: {title}",
    "opening": "Chào {name},\n\n<b>{institution}</b> {{7*7}} %s {0.__class__} chúc mừng bạn.",
    "closing": "Thân mến.",
    "revision": "",
}


@pytest.fixture
def place(tmp_path):
    made = ConsoleOffice(tmp_path / "var")
    yield made
    made.close()


@pytest.fixture
def admin(place):
    return place.client(place.person("Adam Admin", "institution_admin"))


def revision(page):
    return page.partition('name="revision" value="')[2].partition('"')[0]


def acts(place):
    with place.deployment.reading() as session:
        found = session.exec(select(AuditEntryRow).where(AuditEntryRow.act == "mail_text.change"))
        return [
            (each.subject, json.loads(each.before or "null"), json.loads(each.after or "null"))
            for each in found
        ]


def test_words_of_an_institution_go_out_as_typed_with_our_link_and_warning(place, admin):
    assert place.post(admin, AWARD, WORDS).status_code == 303
    record = place.office.one()
    sent = []
    place.issuer.deliver(sent.append)
    (mail,) = sent
    assert mail.subject == "Chúc mừng: Phân tích rủi ro tín dụng trong cho vay doanh nghiệp nhỏ"
    assert f"Chào {record.learner_name}," in mail.text
    assert "{{7*7}} %s {0.__class__} chúc mừng bạn." in mail.text
    assert "&lt;b&gt;Trường Đại học Kinh tế - Tài chính Ví dụ&lt;/b&gt; {{7*7}} %s" in mail.html
    assert place.issuer.holder_url(record) in mail.text
    assert "This link is yours alone." in mail.text
    assert "We never ask for a password" in mail.text
    assert '<div lang="vi">' in mail.html


def test_saving_and_setting_back_are_audited_with_before_and_after(place, admin):
    place.post(admin, AWARD, WORDS)
    page = place.get(admin, AWARD + "?done=saved").text
    assert "Saved." in page
    assert place.post(admin, AWARD + "/reset", {"revision": revision(page)}).status_code == 303
    told = {name: WORDS[name] for name in ("subject", "opening", "closing")}
    assert acts(place) == [("award vi", None, told), ("award vi", told, None)]
    assert "These are our words." in place.get(admin, AWARD).text


def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(place, admin):
    bad = WORDS | {"opening": "Chào {nam}: https://evil.example", "closing": "\u202ex"}
    answer = place.post(admin, AWARD, bad)
    assert answer.status_code == 422
    assert 'id="opening-note"' in answer.text
    assert 'id="closing-note"' in answer.text
    assert "{nam} means nothing here" in answer.text
    assert "Chào {nam}: https://evil.example" in answer.text
    assert acts(place) == []


def test_the_preview_shows_an_invented_person_and_never_runs_what_is_typed(place, admin):
    answer = place.post(admin, AWARD + "/preview", WORDS, headers={"HX-Request": "true"})
    assert "<html" not in answer.text
    assert "Chào Anna Example," in answer.text
    assert "&lt;b&gt;" in answer.text
    assert "{{7*7}}" in answer.text
    whole = place.post(admin, AWARD + "/preview", WORDS)
    assert "<h1>" in whole.text
    assert "Chào {name}," in whole.text
    assert acts(place) == []


def test_words_that_somebody_else_changed_are_not_written_over(place, admin):
    place.post(admin, AWARD, WORDS)
    mine = WORDS | {"closing": "Trân trọng."}
    answer = place.post(admin, AWARD, mine)
    assert answer.status_code == 409
    assert "Trân trọng." in answer.text
    assert place.post(admin, AWARD, mine | {"revision": revision(answer.text)}).status_code == 303


def test_the_list_names_kinds_and_languages_and_leads_to_others(place, admin):
    place.office.one()
    page = place.get(admin, TEXTS).text
    assert "/mail-texts/award/vi" in page
    assert "/mail-texts/revoked/en" in page
    assert "password/" not in page
    assert place.get(admin, TEXTS + "?kind=award&language=LO").location.endswith("/award/lo")


@pytest.mark.parametrize("path", ["award/xxxx", "award/v1", "password/en", "nothing/en"])
def test_what_is_no_mail_is_not_found(place, admin, path):
    assert place.get(admin, f"{TEXTS}/{path}").status_code == 404
    assert place.post(admin, f"{TEXTS}/{path}", WORDS).status_code == 404


def test_only_those_who_may_write_words_open_them(place):
    issuer = place.client(place.person("Ivo Issuer", "issuer"))
    assert place.get(issuer, TEXTS).status_code == 403
    assert place.post(issuer, AWARD, WORDS).status_code == 403
    theirs = place.client(place.person("Ola Other", "institution_admin", slug="other"))
    assert place.get(theirs, AWARD).status_code == 404
