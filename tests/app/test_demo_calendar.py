"""The demonstration shows the same states in any year, and builds on what another year has left."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from database import settings_for

from app.demonstration import building
from app.settings import Settings


def build(folder, year):
    settings = Settings.from_env(settings_for(folder), dir=str(folder), port="8093", demo="1")
    now = datetime(year, 12, 3, tzinfo=UTC)
    made = building.build_demonstration(settings, clock=lambda: now, say=lambda _line: None)
    for slug in ("dong-xanh", "nam-khan"):
        for version in made.office.definitions(slug):
            assert version.achievement["version"] == version.version
    return Counter(each.state for each in made.shown)


@pytest.fixture
def _few(monkeypatch):
    """Only the class that ran out and the small ones: enough to meet every date."""
    chosen = tuple(each for each in building._CLASSES if each.institution != "vltavska")
    monkeypatch.setattr(building, "_CLASSES", chosen)
    monkeypatch.setattr(building, "_change_states", lambda _office: None)


@pytest.mark.parametrize("year", [2025, 2031, 2045])
@pytest.mark.usefixtures("_few")
def test_any_year_will_do(tmp_path, year):
    assert build(tmp_path / "data", year) == {"expired": 1, "issued": 19}


@pytest.mark.usefixtures("_few")
def test_a_folder_of_last_year_is_gone_on_with(tmp_path):
    build(tmp_path / "data", 2026)
    assert build(tmp_path / "data", 2027) == {"expired": 1, "issued": 19}
