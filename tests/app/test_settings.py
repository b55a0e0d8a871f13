"""Settings: read once, checked before anything starts, and described in docs/configuration.md."""

import os
from pathlib import Path

import pytest

from app.setting_values import SettingsError
from app.settings import Settings, table

EVERYWHERE = "0.0.0.0"  # noqa: S104  (never bound)
SECRET = "a-secret-of-the-tests-that-is-long-enough-0123456789"
PUBLIC = {"TESTAMUR_BASE_URL": "https://badges.example.edu", "TESTAMUR_SECRET_KEY": SECRET}


def read(tmp_path, **environ):
    return Settings.from_env({"TESTAMUR_DIR": str(tmp_path), **environ})


def refused(tmp_path, **environ):
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, **environ)
    assert caught.value.message.endswith(
        (".", "'", str(tmp_path / "passphrase"), str(tmp_path / "secret-key"))
    )
    return caught.value.code


def test_a_loopback_service_needs_nothing(tmp_path):
    settings = read(tmp_path)
    assert settings.base_url == "http://127.0.0.1:8080"
    assert settings.on_loopback
    assert settings.database_url == f"sqlite:///{tmp_path / 'testamur.db'}"
    assert settings.fetch_ports == (443, 8443)


def test_the_secret_of_a_loopback_service_is_made_once_and_kept_private(tmp_path):
    first = read(tmp_path)
    kept = tmp_path / "secret-key"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert len(first.secret_key) >= 32
    assert read(tmp_path).secret_key == first.secret_key
    assert first.secret_key not in repr(first)


def test_a_public_service_starts_when_all_is_safe(tmp_path):
    settings = read(tmp_path, **PUBLIC, TESTAMUR_HOST=EVERYWHERE)
    assert settings.secure
    assert not settings.on_loopback
    assert settings.link("/c/x") == "https://badges.example.edu/c/x"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"TESTAMUR_DEBUG": "1"}, "debug"),
        ({"TESTAMUR_SECRET_KEY": ""}, "short_secret"),
        ({"TESTAMUR_SECRET_KEY": "short"}, "short_secret"),
        ({"TESTAMUR_SECRET_KEY": "a" * 64}, "short_secret"),
        ({"TESTAMUR_BASE_URL": "", "TESTAMUR_HOST": EVERYWHERE}, "no_base_url"),
        ({"TESTAMUR_BASE_URL": "", "TESTAMUR_HOST": "192.0.2.7"}, "no_base_url"),
        ({"TESTAMUR_SMTP_URL": "smtp://mail.example.edu"}, "mail_from"),
    ],
)
def test_a_public_service_refuses_to_start_unsafe(tmp_path, change, code):
    assert refused(tmp_path, **{**PUBLIC, **change}) == code


def test_a_loopback_base_url_does_not_excuse_listening_to_everyone(tmp_path):
    environ = {
        "TESTAMUR_BASE_URL": "http://127.0.0.1:8080",
        "TESTAMUR_HOST": EVERYWHERE,
        "TESTAMUR_DEBUG": "1",
    }
    assert refused(tmp_path, **environ) == "debug"
    assert read(tmp_path, **{**environ, "TESTAMUR_HOST": "127.0.0.1"}).debug


@pytest.mark.parametrize("name", ["passphrase", "secret-key"])
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_secret_that_others_can_reach_stops_the_start(tmp_path, name, mode):
    secret = tmp_path / name
    secret.write_text(SECRET)
    secret.chmod(mode)
    assert refused(tmp_path, **PUBLIC) == "readable_secret"
    secret.chmod(0o600)
    assert read(tmp_path, **PUBLIC).secret_key == SECRET


@pytest.mark.parametrize(
    "url",
    [
        "badges.example.edu",
        "ftp://badges.example.edu",
        "https://badges.example.edu/path",
        "https://badges.example.edu?x=1",
        "https://user@badges.example.edu",
        "https://",
        "https://bad ges.example.edu",
        "https://badges.example.edu:99999",
        "https://[::1",
        "http://[::1]:8080",
        "javascript:alert(1)",
        "https://bädges.example.edu",
    ],
)
def test_a_base_url_is_a_scheme_and_a_host(tmp_path, url):
    assert refused(tmp_path, **{**PUBLIC, "TESTAMUR_BASE_URL": url}) == "base_url"


def test_a_base_url_may_end_with_a_slash_and_have_a_port(tmp_path):
    settings = read(tmp_path, **{**PUBLIC, "TESTAMUR_BASE_URL": "https://Badges.example.edu:8443/"})
    assert settings.base_url == "https://badges.example.edu:8443"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("TESTAMUR_PORT", "http"),
        ("TESTAMUR_PORT", "65536"),
        ("TESTAMUR_PORT", "٨٠"),
        ("TESTAMUR_FETCH_PORTS", "443,"),
        ("TESTAMUR_TRUSTED_PROXIES", "-1"),
        ("TESTAMUR_DEMO", "yes"),
        ("TESTAMUR_TIME_ZONE", "Moon/Base"),
        ("TESTAMUR_TIME_ZONE", "../etc/passwd"),
        ("TESTAMUR_BASEURL", "https://typo.example"),
    ],
)
def test_a_wrong_value_is_named(tmp_path, variable, value):
    with pytest.raises(SettingsError, match=variable):
        read(tmp_path, **{variable: value})


def test_the_command_line_beats_the_environment_but_not_the_base_url(tmp_path):
    environ = {"TESTAMUR_DIR": str(tmp_path), "TESTAMUR_PORT": "9", "TESTAMUR_BASE_URL": "http://127.0.0.1:7"}
    settings = Settings.from_env(environ, port="8")
    assert (settings.port, settings.base_url) == (8, "http://127.0.0.1:7")


def test_a_secret_file_that_is_too_short_is_not_used(tmp_path):
    (tmp_path / "secret-key").write_text("x")
    os.chmod(tmp_path / "secret-key", 0o600)
    assert refused(tmp_path) == "short_secret"


def test_the_documentation_lists_exactly_these_settings():
    page = Path(__file__).parents[2] / "docs" / "configuration.md"
    assert table() in page.read_text("utf-8")


@pytest.mark.parametrize("variable", ["TESTAMUR_LIMIT_VERIFY", "TESTAMUR_LIMIT_CODES"])
def test_a_limit_that_cannot_be_read_is_no_limit_and_is_refused(tmp_path, variable):
    accepted = {"TESTAMUR_DIR": str(tmp_path), variable: "5 per minute;50 per hour"}
    assert "5 per minute" in repr(Settings.from_env(accepted))
    for text in ("lots", "5 per fortnight", "-"):
        with pytest.raises(SettingsError) as refused:
            Settings.from_env({**accepted, variable: text})
        assert refused.value.code == "limit"


def test_http_is_for_loopback_only(tmp_path):
    environ = {"TESTAMUR_DIR": str(tmp_path), "TESTAMUR_SECRET_KEY": "k" * 20 + "abcdefghijklmnopqrst"}
    assert Settings.from_env({**environ, "TESTAMUR_BASE_URL": "https://badges.example.edu"}).secure
    with pytest.raises(SettingsError) as refused:
        Settings.from_env({**environ, "TESTAMUR_BASE_URL": "http://badges.example.edu"})
    assert refused.value.code == "base_url"


def test_a_secret_of_the_worker_that_others_can_read_is_refused(tmp_path):
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    for path in (tmp_path / "link-secret", keys / "store.json"):
        path.write_text("sealed")
        path.chmod(0o600)
        assert Settings.from_env({"TESTAMUR_DIR": str(tmp_path)}).port == 8080
        path.chmod(0o644)
        with pytest.raises(SettingsError) as refused:
            Settings.from_env({"TESTAMUR_DIR": str(tmp_path)})
        assert refused.value.code == "readable_secret"
        path.chmod(0o600)
