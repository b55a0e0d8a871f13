"""The address of the database, as `TESTAMUR_DATABASE_URL` gives it; no database library is imported here."""

from urllib.parse import urlsplit

from app.setting_values import SettingsError

_DRIVER = "postgresql+psycopg"
_POSTGRESQL = ("postgresql", _DRIVER)
_SQLITE = "sqlite:///"


def database_url(text: str) -> str:
    """Give the address with the driver that this service brings; raises SettingsError.

    `sqlite:///FILE` stays as it is; `postgresql://...` and `postgresql+psycopg://...` name a database and,
    after `?`, whatever libpq understands: `sslmode=verify-full`, `host=/run/postgresql`.
    A refusal never repeats the password.
    """
    if text.startswith(_SQLITE) and len(text) > len(_SQLITE):
        return text
    scheme, _, rest = text.partition("://")
    if scheme not in _POSTGRESQL or not rest:
        raise SettingsError(
            "database_url",
            f"TESTAMUR_DATABASE_URL begins with {_shown(scheme)!r}. It must be like "
            "`postgresql://USER:PASSWORD@HOST:5432/NAME` or `sqlite:////FOLDER/testamur.db`.",
        )
    _refuse_malformed(text)
    return f"{_DRIVER}://{rest}"


def _refuse_malformed(text: str) -> None:
    try:
        parts = urlsplit(text)
        named = bool(parts.path.strip("/")) and parts.path.count("/") == 1
        good = named and (parts.port is None or parts.port > 0) and not parts.fragment
    except ValueError:
        good = False
    if not good or not text.isprintable() or " " in text:
        raise SettingsError(
            "database_url",
            "TESTAMUR_DATABASE_URL cannot be read, or names no database. It must be like "
            "`postgresql://USER:PASSWORD@HOST:5432/NAME`; in user and password write `@`, `/`, `#`, `?` and "
            "`%` as `%40`, `%2F`, `%23`, `%3F` and `%25`.",
        )


def _shown(scheme: str) -> str:
    """Show a scheme, and nothing of what has none: it could be a password."""
    plain = scheme.isascii() and scheme.replace("+", "").isalnum() and len(scheme) < 30
    return f"{scheme}://" if plain else "something else"
