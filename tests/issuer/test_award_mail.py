"""The words of the award mail: in the learner's language where there is a catalogue, else in English."""

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from issuer.mailing import words


@pytest.fixture
def vietnamese(tmp_path, monkeypatch):
    """Put a catalogue with two sentences where translations are looked for."""
    catalogue = Catalog(locale="vi")
    catalogue.add("Your certificate: %(title)s", "Chứng chỉ của bạn: %(title)s")
    catalogue.add("Your certificate is ready, %(learner)s.", "Chứng chỉ đã sẵn sàng, %(learner)s.")
    folder = tmp_path / "translations" / "vi" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    monkeypatch.setattr(words, "_TRANSLATIONS", tmp_path / "translations")
    words._environment.cache_clear()
    yield
    words._environment.cache_clear()


def test_a_learner_is_addressed_in_their_language_where_we_have_its_words(office, vietnamese):
    office.ready()
    record = office.one()
    assert record.language == "vi"
    (mail,) = office.issuer.outbox()
    assert mail.subject == "Chứng chỉ của bạn: Phân tích rủi ro tín dụng trong cho vay doanh nghiệp nhỏ"
    assert f"Chứng chỉ đã sẵn sàng, {record.learner_name}." in mail.text
    assert '<html lang="vi">' in mail.html


def test_without_words_the_whole_mail_is_english_and_does_not_mix_two_languages(office):
    office.ready()
    office.one()
    (mail,) = office.issuer.outbox()
    assert mail.subject == "Your certificate: Credit Risk Analysis for Small-Business Lending"
    assert '<html lang="en">' in mail.html
    assert "Phân tích" not in mail.text + mail.html
