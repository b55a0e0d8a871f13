"""Every sentence of the pages can be translated, and the template for translators is up to date."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / "translations" / "testamur.pot"


def extracted() -> set[str]:
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    keywords = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None}
    found = extract_from_dir(ROOT, methods, options, keywords=keywords)
    return {
        message if isinstance(message, str) else message[0]
        for _file, _line, message, _notes, _context in found
    }


@pytest.fixture(scope="module")
def messages() -> set[str]:
    return extracted()


def test_the_template_for_translators_is_up_to_date(messages):
    with TEMPLATE.open("rb") as file:
        kept = read_po(file)
    listed = {each.id if isinstance(each.id, str) else each.id[0] for each in kept if each.id}
    assert listed == messages, "see translations/README.md"


def test_the_sentences_of_pages_and_checks_are_among_them(messages):
    assert "This certificate is **good**: {institution} awarded it to {name} on {awarded}." in messages
    assert "The file carries no signature." in messages
    assert "Check a certificate" in messages


def test_no_template_holds_words_of_its_own():
    for path in (ROOT / "templates" / "pages").rglob("*.html"):
        text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", path.read_text("utf-8"), flags=re.DOTALL)
        words = re.findall(r">[^<>]*[A-Za-z]{2,}[^<>]*<", text)
        assert words == [], path.name


def test_bold_marks_and_values_come_in_pairs(messages):
    for message in messages:
        assert message.count("**") % 2 == 0, message
        assert message.count("{") == message.count("}") or "begins with" in message, message


def test_a_catalogue_can_be_made_of_it():
    catalogue = Catalog(locale="lo")
    with TEMPLATE.open("rb") as file:
        catalogue.update(read_po(file))
    assert len(catalogue) > 100
