"""Readiness: a database that is gone is told, though the connections that are open still work."""

import shutil

import pytest
from console_office import ConsoleOffice
from database import on_postgresql

from app.database import open_database, readiness, upgrade


@pytest.fixture
def engine(tmp_path):
    made = open_database(f"sqlite:///{tmp_path / 'rows.db'}")
    upgrade(made)
    yield made
    made.dispose()


def test_a_file_that_is_there_is_ready(engine, tmp_path):
    ask = readiness(engine)
    ask()
    with engine.connect() as connection:  # and while somebody else writes
        connection.exec_driver_sql("SELECT 1")
        ask()
    assert (tmp_path / "rows.db").exists()


def test_a_file_that_was_moved_away_is_not(engine, tmp_path):
    ask, held = readiness(engine), engine.connect()
    (tmp_path / "rows.db").rename(tmp_path / "elsewhere.db")
    assert held.exec_driver_sql("SELECT 1").scalar() == 1
    with pytest.raises(FileNotFoundError):
        ask()
    assert not (tmp_path / "rows.db").exists()
    held.close()
    (tmp_path / "elsewhere.db").rename(tmp_path / "rows.db")
    ask()


def test_another_file_in_its_place_is_not(engine, tmp_path):
    ask = readiness(engine)
    shutil.copy(tmp_path / "rows.db", tmp_path / "copy.db")
    (tmp_path / "copy.db").rename(tmp_path / "rows.db")
    with pytest.raises(FileNotFoundError):
        ask()


@pytest.mark.skipif(on_postgresql(), reason="the file of SQLite")
def test_the_page_says_so(tmp_path):
    office = ConsoleOffice(tmp_path / "var")
    web = office.browser()
    assert office.get(web, "/readyz").status_code == 200
    place = tmp_path / "var" / "testamur.db"
    place.rename(tmp_path / "elsewhere.db")
    answer = office.get(web, "/readyz")
    assert (answer.status_code, answer.json["code"]) == (503, "database")
    (tmp_path / "elsewhere.db").rename(place)
    assert office.get(web, "/readyz").status_code == 200
    office.close()
