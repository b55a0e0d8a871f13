"""The address of the database: what is taken, what is refused, and that a refusal tells no password."""

import pytest
from sqlalchemy import make_url

from app.database_url import database_url
from app.settings import Settings, SettingsError

PASSWORD = "pass-w0rd"
GOOD = {
    f"postgresql://u:{PASSWORD}@db.example.edu:5432/testamur": ("db.example.edu", 5432, "testamur"),
    f"postgresql+psycopg://u:{PASSWORD}@db.example.edu/testamur": ("db.example.edu", None, "testamur"),
    "postgresql://u@/testamur?host=/run/postgresql": (None, None, "testamur"),
    "postgresql:///testamur?sslmode=verify-full": (None, None, "testamur"),
    "postgresql://u:p%40ss@[::1]:5433/testamur": ("::1", 5433, "testamur"),
}
BAD = [
    f"postgres://u:{PASSWORD}@h/n",
    f"postgresql+psycopg2://u:{PASSWORD}@h/n",
    f"postgresql+asyncpg://u:{PASSWORD}@h/n",
    f"mysql://u:{PASSWORD}@h/n",
    f"u:{PASSWORD}@h/n",
    PASSWORD,
    "postgresql",
    "postgresql://",
    f"postgresql://u:{PASSWORD}@h",
    f"postgresql://u:{PASSWORD}@h/",
    f"postgresql://u:{PASSWORD}@h/n/m",
    f"postgresql://u:{PASSWORD}@h:port/n",
    f"postgresql://u:{PASSWORD}@h:0/n",
    f"postgresql://u:{PASSWORD}@h:99999/n",
    f"postgresql://u:{PASSWORD}#@h/n",
    f"postgresql://u:{PASSWORD}@[h/n",
    f"postgresql://u:{PASSWORD}@h/n m",
    f"postgresql://u:{PASSWORD}\n@h/n",
    "sqlite://",
    "sqlite:///",
    "sqlite:file.db",
]


@pytest.mark.parametrize("text", GOOD)
def test_postgresql_is_taken_with_our_driver(text):
    url = make_url(database_url(text))
    assert url.drivername == "postgresql+psycopg"
    assert (url.host, url.port, url.database) == GOOD[text]
    assert url.query == make_url(text).query


def test_a_file_stays_a_file(tmp_path):
    assert database_url(f"sqlite:///{tmp_path}/testamur.db") == f"sqlite:///{tmp_path}/testamur.db"


@pytest.mark.parametrize("text", BAD)
def test_anything_else_is_refused_without_its_password(text, tmp_path):
    with pytest.raises(SettingsError) as refused:
        Settings.from_env({"TESTAMUR_DIR": str(tmp_path), "TESTAMUR_DATABASE_URL": text})
    assert refused.value.code == "database_url"
    assert "postgresql://USER:PASSWORD@HOST:5432/NAME" in refused.value.message
    assert PASSWORD not in refused.value.message


def test_the_setting_reaches_the_service_with_our_driver(tmp_path):
    given = {"TESTAMUR_DIR": str(tmp_path), "TESTAMUR_DATABASE_URL": f"postgresql://u:{PASSWORD}@h/n"}
    settings = Settings.from_env(given)
    assert settings.database_url == f"postgresql+psycopg://u:{PASSWORD}@h/n"
    assert PASSWORD not in repr(settings)
