"""What an engine for PostgreSQL is given: limits on waiting, a pool, and what each connection must be."""

from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, text

_SECOND = 1_000  # PostgreSQL counts in milliseconds
_SESSION = {
    "timezone": "UTC",
    "lock_timeout": 20 * _SECOND,  # as long as a writer on SQLite waits for its turn
    "statement_timeout": 60 * _SECOND,
    # A process that stopped in the middle of a transaction must not hold up the other writers for good.
    "idle_in_transaction_session_timeout": 60 * _SECOND,
}
_MIGRATION = {"lock_timeout": 120 * _SECOND, "statement_timeout": 0}
_CONNECTION: dict[str, Any] = {
    "application_name": "testamur",
    "connect_timeout": 10,  # seconds
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
}


class UnfitDatabase(Exception):  # noqa: N818  (named for the fault)
    """Say why a database cannot keep what this service writes; `code` and `message` as elsewhere."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.code = "unfit_database"
        self.message = message


def postgresql_engine(url: URL) -> Engine:
    """Make an engine; whatever the address says after `?` beats the values of this module.

    READ COMMITTED, whatever the server's default: see `issuer.transactions`. The threads of the web process
    (twelve, `app.serving`) each need one connection at most.
    """
    engine = create_engine(
        url,
        isolation_level="READ COMMITTED",
        pool_size=5,
        max_overflow=10,
        pool_timeout=10,
        pool_recycle=1_800,
        pool_pre_ping=True,  # a server that was started anew costs nobody an error page
        connect_args={
            **{name: value for name, value in _CONNECTION.items() if name not in url.query},
            "options": _options(url),
        },
    )
    event.listen(engine, "connect", _refuse_other_encoding)
    return engine


def wait_for_migration(connection: Connection) -> None:
    """Give a migration more time than a page has: it waits for whoever works, and rewrites whole tables."""
    for name, value in _MIGRATION.items():
        connection.execute(
            text("select set_config(:name, :value, true)"), {"name": name, "value": str(value)}
        )


def _options(url: URL) -> str:
    own = " ".join(f"-c {name}={value}" for name, value in _SESSION.items())
    theirs = url.query.get("options", "")
    return f"{own} {theirs if isinstance(theirs, str) else ' '.join(theirs)}".strip()


def _refuse_other_encoding(connection: Any, _record: Any) -> None:
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise UnfitDatabase(
            f"The database keeps its texts as {encoding}, which has no room for every name. Make it with: "
            "createdb --encoding=UTF8 --template=template0 NAME"
        )
