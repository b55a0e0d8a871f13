"""The demonstration's data: complete definitions, invented institutions, and classes that can be issued."""

import csv
import io
import re
import unicodedata
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import yaml
from lxml import etree

from app.colours import TEXT_CONTRAST, accent_of, contrast
from microcredential import (
    Subject,
    bind,
    build_credential,
    check_achievement,
    check_credential,
    context,
    describe,
    final_result_key,
    load_definition,
    result_keys,
    status_entry,
    valid_until,
)
from microcredential.vocabulary import countries
from ob3 import canonicalize

FOLDER = Path(__file__).parents[2] / "app" / "demonstration"
BASE = "http://127.0.0.1:8000"
PAPER, DARK = ("#ffffff", "#f2f4f4"), ("#14171a", "#1d2125")
CLASSES = {
    "class-open-data.csv": ("open-data.yaml", 32),
    "class-credit-risk.csv": ("credit-risk.yaml", 8),
    "class-water-management.csv": ("water-management.yaml", 8),
    "class-water-management-2024.csv": ("water-management.yaml", 1),
}


def institutions():
    return yaml.safe_load((FOLDER / "institutions.yaml").read_text("utf-8"))["institutions"]


def definition(name):
    return load_definition((FOLDER / name).read_bytes())


def profile(institution):
    return {
        "id": f"{BASE}/institutions/{institution['slug']}",
        "type": ["Profile"],
        "name": institution["name"],
        "url": institution["url"],
        "email": institution["email"],
        "official": institution["official"],
        "address": {
            "type": ["Address"],
            "addressCountry": countries()[institution["country"]].labels["en"],
            "addressCountryCode": institution["country"],
            "addressRegion": institution["region"],
            "addressLocality": institution["locality"],
        },
    }


def issuer_of(name):
    return next(one for one in institutions() if one["slug"] == definition(name).institution)


def rows(name):
    return list(csv.DictReader(io.StringIO((FOLDER / name).read_bytes().decode("utf-8"))))


def credential_of(row, definition, issuer, achievement):
    results = {key: row[f"result:{key}"] for key in result_keys(achievement) if f"result:{key}" in row}
    results[final_result_key(achievement)] = row["grade"]
    valid_from = datetime.fromisoformat(row["awarded_date"]).replace(hour=9, tzinfo=UTC)
    subject = Subject(
        student_number=row["student_number"],
        name=row["name"],
        started=date.fromisoformat(row["start_date"]),
        ended=date.fromisoformat(row["end_date"]),
        credits_earned=float(row["credits_earned"]),
        certificate_number=row["certificate_number"],
        results=results,
    )
    return build_credential(
        credential_id="urn:uuid:5b2f6a52-0a3e-4e58-9a1e-1a4d6d2f7c10",
        issuer_profile=issuer,
        achievement=achievement,
        subject=subject,
        awarded=date.fromisoformat(row["awarded_date"]),
        valid_from=valid_from,
        valid_until=valid_until(valid_from, definition.valid_for),
        status_entries=[status_entry(list_url=f"{BASE}/status/1", index=1)],
        base_url=BASE,
    )


def test_ten_universities_in_six_countries():
    countries = Counter(one["country"] for one in institutions())
    assert sum(countries.values()) == 10
    assert set(countries) == {"CZ", "IT", "HR", "BE", "VN", "LA"}
    assert len({one["slug"] for one in institutions()}) == 10


@pytest.mark.parametrize("institution", institutions(), ids=lambda one: one["slug"])
def test_an_institution_is_clearly_invented(institution):
    host = re.fullmatch(r"https://www\.([a-z-]+\.example)", institution["url"]).group(1)
    assert institution["email"].endswith(f"@{host}")
    assert institution["other_identifiers"] == [["ext:SCHAC", host]]
    assert "demonstration" in institution["official"]
    assert set(institution["signatory"]) == {"name", "role"}


@pytest.mark.parametrize("institution", institutions(), ids=lambda one: one["slug"])
def test_an_accent_can_be_read(institution):
    accent = accent_of(institution["accent"])
    assert accent is not None
    assert all(contrast(accent.light, ground) >= TEXT_CONTRAST for ground in PAPER)
    assert all(contrast(accent.dark, ground) >= TEXT_CONTRAST for ground in DARK)
    assert contrast(accent.light, accent.on_light) >= TEXT_CONTRAST
    assert contrast(accent.dark, accent.on_dark) >= TEXT_CONTRAST


@pytest.mark.parametrize("path", sorted((FOLDER / "logos").glob("*.svg")), ids=lambda path: path.stem)
def test_a_logo_is_plain_geometry_of_a_known_institution(path):
    assert path.name in {one.get("logo") for one in institutions()}
    tags = {etree.QName(one).localname for one in etree.fromstring(path.read_bytes()).iter()}
    assert tags <= {"svg", "path", "rect", "circle"}


@pytest.mark.parametrize(
    "name", ["credit-risk.yaml", "climate-risk.yaml", "water-management.yaml", "open-data.yaml"]
)
def test_a_definition_has_no_finding_before_and_after_binding(name):
    issuer = profile(issuer_of(name))
    loaded = definition(name)
    assert check_achievement(loaded.achievement, issuer=issuer) == []
    bound = bind(loaded, achievement_id=f"{BASE}/achievements/1", issuer_profile=issuer, base_url=BASE)
    assert check_achievement(bound, issuer=issuer) == []


def test_the_definitions_differ_in_what_they_show():
    vietnamese, lao, czech = (
        definition(f"{one}.yaml") for one in ("credit-risk", "water-management", "open-data")
    )
    assert [one.suspension for one in (vietnamese, lao, czech)] == [False, False, True]
    assert [one.valid_for for one in (vietnamese, lao, czech)] == [None, "P2Y", None]
    assert [set(one.achievement["title"]) for one in (vietnamese, lao, czech)] == [
        {"en", "vi"}, {"lo", "en"}, {"en", "cs"},
    ]  # fmt: skip


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_can_be_issued(name):
    file, least = CLASSES[name]
    loaded, institution = definition(file), issuer_of(file)
    issuer = profile(institution)
    bound = bind(loaded, achievement_id=f"{BASE}/achievements/1", issuer_profile=issuer, base_url=BASE)
    learners = rows(name)
    assert len(learners) >= least
    for row in learners:
        built = credential_of(row, loaded, issuer, bound)
        now = datetime(2026, 11, 1, tzinfo=UTC)
        assert check_credential(built, institution_country=institution["country"], now=now) == []
        assert describe(built, loaded.language).title.lang == loaded.language


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_names_everybody_once(name):
    learners = rows(name)
    for column in ("student_number", "email", "certificate_number", "name"):
        assert len({row[column] for row in learners}) == len(learners)
    for row in learners:
        assert all(value == unicodedata.normalize("NFC", value) for value in row.values())
        assert row["email"].endswith(".example")
        if "given_name" in row:
            assert row["name"] in (
                f"{row['given_name']} {row['family_name']}", f"{row['family_name']} {row['given_name']}"
            )  # fmt: skip


def test_awards_lie_between_june_and_october_2026_but_for_the_earlier_run():
    days = {name: {row["awarded_date"] for row in rows(name)} for name in CLASSES}
    assert days.pop("class-water-management-2024.csv") == {"2024-09-10"}
    assert all("2026-06-01" <= day <= "2026-10-31" for found in days.values() for day in found)


def test_the_large_class_has_names_of_six_languages():
    learners = rows("class-open-data.csv")
    assert set(Counter(row["language"] for row in learners)) == {"cs", "vi", "lo", "hr", "it", "fr"}
    assert all("LAO" in unicodedata.name(row["name"][0]) for row in learners if row["language"] == "lo")


@pytest.mark.parametrize(
    "name", ["class-open-data.csv", "class-credit-risk.csv", "class-water-management.csv"]
)
def test_a_credential_of_each_class_loses_no_term(name):
    file, _ = CLASSES[name]
    issuer, loaded = profile(issuer_of(file)), definition(file)
    bound = bind(loaded, achievement_id=f"{BASE}/achievements/1", issuer_profile=issuer, base_url=BASE)
    built = credential_of(rows(name)[0], loaded, issuer, bound)
    assert canonicalize(built, extra_contexts={built["@context"][3]: context()})
