"""The words of an institution: plain text with three placeholders, checked, audited, and never a template."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issuer.mailing.filling import MailText, filled, paragraphs
from issuer.mailing.kinds import MailKind
from issuer.mailing.text_checks import text_findings

GOOD = MailText("Chứng chỉ: {title}", "Chào {name},\n\n{institution} chúc mừng bạn.", "")
HOSTS = frozenset({"example.edu.vn"})
VALUES = {"name": "Anh", "title": "Rủi ro", "institution": "UEF"}


def findings(opening, *, kind=MailKind.AWARD, **fields):
    return text_findings(
        MailText(**{"subject": "s", "opening": opening, "closing": "", **fields}), kind, HOSTS
    )


@pytest.mark.parametrize(
    "typed",
    [
        *("{{7*7}}", "{{ config }}", "{% raw %}", "{0.__class__}", "{name.__class__}", "{name!r}", "{}"),
        *("%s", "%(name)s", "${name.x}", "{ name }", "{NAME}"),
    ],
)
def test_what_looks_like_a_template_stays_as_typed(typed):
    assert filled(typed, VALUES) == typed


def test_placeholders_are_replaced_in_one_pass():
    said = filled("{name}: {title}", {"name": "{title}", "title": "{name}"})
    assert said == "{title}: {name}"
    assert filled("{name}", {"name": "An\r\nBcc: x"}) == "An Bcc: x"


@given(st.text(max_size=200), st.text(max_size=50))
def test_words_without_placeholders_are_never_changed(text, name):
    plain = text.replace("{name}", "").replace("{title}", "").replace("{institution}", "")
    if not any(place in plain for place in ("{name}", "{title}", "{institution}")):
        assert filled(plain, VALUES | {"name": name}) == plain


def test_paragraphs_are_parted_by_empty_lines():
    assert paragraphs("a\nb\n\n\n c \n \n") == ("a\nb", "c")


def test_good_words_may_stand():
    assert text_findings(GOOD, MailKind.AWARD, HOSTS) == {}


@pytest.mark.parametrize("field", ["subject", "opening"])
def test_a_mail_needs_subject_and_opening(field):
    assert set(findings(**{"opening": "o", field: "  "})) == {field}


@pytest.mark.parametrize("word", ["{nam}", "{config}", "{title_}", "{Name}"])
def test_an_unknown_placeholder_is_said_beside_its_field(word):
    assert word in findings(f"Chào {word}")["opening"]


def test_an_invitation_has_no_title():
    assert findings("{title}", kind=MailKind.INVITATION)
    assert not findings("{name}", kind=MailKind.INVITATION)


@pytest.mark.parametrize("character", ["\0", "\x07", "\x1b", "\u202e", "\u2028", "\ue000"])
def test_a_character_that_cannot_be_seen_is_refused(character):
    assert f"U+{ord(character):04X}" in findings(f"a{character}b")["opening"]


def test_a_subject_is_one_line_and_words_have_a_length():
    assert "line break" in findings("o", subject="a\nb")["subject"]
    assert "4001" in findings("x" * 4001)["opening"]
    assert not findings("x" * 4000)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "https://evil.example/x",
            "http://www.example.edu.vn/",
            "see evil.com",
            "EVIL.COM",
            "www.evil.example",
        ),
        *("https://example.edu.vn@evil.example/", "https://example.edu.vn.evil.example", "ｅvil．com"),
        *("https://1.2.3.4/", "https://localhost/", "mail x@evil.example", "notexample.edu.vn"),
        *("javascript://example.edu.vn/%0aalert(1)", "evil。com", "https://[::1]/", "ftp://example.edu.vn"),
    ],
)
def test_addresses_elsewhere_are_refused(text):
    assert "elsewhere" in findings(f"Look: {text} now")["opening"]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "https://example.edu.vn/help?a=b.c",
            "www.example.edu.vn",
            "office@example.edu.vn",
            "PGS.TS Trần Bảo",
        ),
        *("TP.HCM, 30.6.2026", "v.v.", "3.5 credits. Good.", "https://badges.example.edu.vn."),
    ],
)
def test_the_institutions_own_addresses_and_titles_may_stand(text):
    assert findings(f"Look: {text} now") == {}
