"""A data folder remembers its address: commands find it again, and another one is refused."""

import pytest

from app.deployment_file import remember, remembered
from app.setting_values import SettingsError
from app.settings import Settings


def settings(folder, **overrides: str) -> Settings:
    environ = {name: overrides.pop(name) for name in list(overrides) if name.startswith("TESTAMUR_")}
    return Settings.from_env(environ, dir=str(folder), **overrides)


def test_a_new_folder_remembers_nothing(tmp_path):
    assert remembered(tmp_path) == {}
    assert settings(tmp_path).base_url == "http://127.0.0.1:8080"


def test_a_damaged_file_is_as_none(tmp_path):
    (tmp_path / "deployment.json").write_text("[1")
    assert remembered(tmp_path) == {}


def test_what_was_remembered_first_stays(tmp_path):
    remember(tmp_path, base_url="http://127.0.0.1:8099", demo=True)
    remember(tmp_path, base_url="http://127.0.0.1:9000", demo=False)
    assert remembered(tmp_path) == {"base_url": "http://127.0.0.1:8099", "demo": "1"}


def test_commands_find_address_and_port_again(tmp_path):
    remember(tmp_path, base_url="http://127.0.0.1:8099", demo=True)
    found = settings(tmp_path)
    assert (found.base_url, found.host, found.port, found.demo) == (
        "http://127.0.0.1:8099",
        "127.0.0.1",
        8099,
        True,
    )


def test_the_same_port_by_hand_is_accepted_and_another_is_not(tmp_path):
    remember(tmp_path, base_url="http://127.0.0.1:8099", demo=False)
    assert settings(tmp_path, port="8099").port == 8099
    with pytest.raises(SettingsError, match=r"made for http://127\.0\.0\.1:8099") as refused:
        settings(tmp_path, port="9000")
    assert refused.value.code == "base_url_changed"


def test_another_base_url_is_refused_and_the_same_accepted(tmp_path):
    remember(tmp_path, base_url="https://badges.example.edu", demo=False)
    secret = "k" * 20 + "abcdefghijklmnopqrst"
    same = {"TESTAMUR_BASE_URL": "https://badges.example.edu", "TESTAMUR_SECRET_KEY": secret}
    assert settings(tmp_path, **same).secure
    with pytest.raises(SettingsError):
        settings(tmp_path, **{**same, "TESTAMUR_BASE_URL": "https://other.example.edu"})


def test_a_remembered_public_address_beats_the_port(tmp_path):
    remember(tmp_path, base_url="https://badges.example.edu", demo=False)
    secret = {"TESTAMUR_SECRET_KEY": "k" * 20 + "abcdefghijklmnopqrst"}
    found = settings(tmp_path, port="9000", **secret)
    assert (found.base_url, found.port) == ("https://badges.example.edu", 9000)


def test_a_loopback_base_url_says_where_to_listen(tmp_path):
    found = settings(tmp_path, TESTAMUR_BASE_URL="http://127.0.0.1:8123")
    assert (found.host, found.port) == ("127.0.0.1", 8123)
