"""Documents drawn from a record: the signed text is in them, and they are the same each time."""

from dataclasses import replace

import pikepdf
import pytest
from issuing_office import definition, institution

from issuer.certificate_words import words
from issuer.documents import _level
from microcredential.description import Level, Text
from ob3 import unbake


@pytest.fixture
def record(office):
    office.ready()
    return office.one()


def test_every_container_carries_the_stored_bytes(office, record):
    documents = office.issuer.documents
    assert unbake(documents.baked_png(record)) == record.text
    assert unbake(documents.baked_svg(record)) == record.text
    with pikepdf.open(__import__("io").BytesIO(documents.pdf(record))) as pdf:
        attached = {name: file.get_file().read_bytes() for name, file in pdf.attachments.items()}
    assert attached == {"credential.json": record.text.encode()}


def test_documents_are_the_same_each_time_and_in_another_process(office, record):
    first, second = office.issuer.documents, office.another().documents
    for kind in ("pdf", "png", "baked_png", "baked_svg", "share_card"):
        drawn = getattr(first, kind)(record)
        assert drawn == getattr(first, kind)(record) == getattr(second, kind)(record)


def test_what_is_kept_in_memory_is_bounded(office, record, monkeypatch):
    monkeypatch.setattr("issuer.documents._MAX_KEPT_BYTES", 100_000)
    documents = office.issuer.documents
    for kind in ("pdf", "png", "baked_png", "baked_svg", "share_card"):
        getattr(documents, kind)(record)
    assert documents._kept_bytes == sum(len(one) for one in documents._kept.values()) <= 100_000


def test_a_definition_has_a_badge_without_any_credential(office):
    office.issuer.register_institution(institution())
    office.issuer.create_key("uef")
    published = office.issuer.publish_definition("uef", definition())
    assert office.issuer.documents.badge_png(published).startswith(b"\x89PNG")
    assert b"<svg" in office.issuer.documents.badge_svg(published)


def test_the_certificate_says_what_the_credential_says(office, record):
    from issuer.documents import certificate_input

    said = certificate_input(record, office.issuer.deployment)
    assert said.learner_name == record.learner_name
    assert said.titles["vi"].startswith("Phân tích")
    assert (said.ects, said.hours, said.short_code) == ("3", "90", record.shown_code)
    assert said.levels[0][0].startswith("EQF")
    assert said.shown_address == "127.0.0.1:8080/c"
    assert said.signatory_name == "Trần Quốc Bảo"


def test_levels_are_said_in_the_language_of_the_certificate():
    known = Level(
        code="5",
        name="",
        framework="Lao",
        framework_id="LNQF",
        kind="ext:NQF",
        iri="",
        country_code="LA",
        text=Text("Level 5 of the Lao framework", "en"),
        basis="institutional",
        basis_text=Text("Assigned by the university.", "en"),
    )
    foreign = replace(known, framework_id="", basis=None)
    assert _level(known, "en")[0] == "Level 5 of the Lao framework"
    assert _level(known, "vi") == ("LNQF, bậc 5", words("vi")["basis"]["institutional"])
    compared = replace(known, basis="indicative", not_referenced="LNQF")
    assert _level(compared, "en")[1] == (
        "Only indicative: not referenced to the EQF (no adopted report for the LNQF)."
    )
    assert _level(foreign, "vi") == ("Level 5 of the Lao framework", "Assigned by the university.")
