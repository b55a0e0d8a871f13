"""What every test gets: a socket guard, databases, the reference folder, and a rule that CI skips nothing."""

import gc
import os
import socket
import warnings
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import database
import pytest
from demonstration import Demonstration, make_demonstration, serving
from hypothesis import HealthCheck, settings

settings.register_profile(
    "default", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "nightly", max_examples=2_000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

_LOOPBACK = ("127.", "::1", "localhost")
_ENDING = pytest.StashKey[ExitStack]()
_OTHER_PASS = "about {0} itself: it runs in the pass of the suite on {0}"
_LOOKS = "about how pages look, which no database changes: judged in the pass on SQLite"


def pytest_collection_finish() -> None:
    """Keep thousands of collected tests out of every later collection of garbage: it would take seconds."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="module", autouse=True)
def _what_stays_is_looked_at_once() -> Iterator[None]:
    """Keep what the tests of a module left to those after them out of later collections as well."""
    yield
    gc.collect()
    gc.freeze()


def pytest_configure(config: pytest.Config) -> None:
    """Start PostgreSQL where it is asked for, once for the session and before xdist starts its workers."""
    asked = os.environ.pop(database.ASKED, "sqlite")  # popped: it is no setting of the service
    if asked not in ("sqlite", "postgresql"):
        raise pytest.UsageError(f"{database.ASKED} is {asked!r}; it may be sqlite or postgresql")
    # Commands are called inside the process of the tests; only its end closes what a command left open.
    config.addinivalue_line("filterwarnings", "ignore:<psycopg.Connection:ResourceWarning")
    warnings.filterwarnings("ignore", "<psycopg.Connection", ResourceWarning)  # after the last test too
    if asked == "postgresql":
        config.stash[_ENDING] = ExitStack()
        config.stash[_ENDING].enter_context(database.serving_databases())


def pytest_unconfigure(config: pytest.Config) -> None:
    if _ENDING in config.stash:
        config.stash[_ENDING].close()


def pytest_report_header() -> str:
    return f"database: {database.version() if database.on_postgresql() else 'SQLite'}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave what is about one kind of database to its own pass."""
    other, name = ("sqlite", "SQLite") if database.on_postgresql() else ("postgresql", "PostgreSQL")
    for item in items:
        if item.get_closest_marker(other):
            item.add_marker(pytest.mark.skip(reason=_OTHER_PASS.format(name)))
        elif database.on_postgresql() and item.get_closest_marker("looks"):
            item.add_marker(pytest.mark.skip(reason=_LOOKS))


@pytest.fixture(autouse=True)
def _databases_end_with_their_test(request: pytest.FixtureRequest) -> Iterator[None]:
    """Drop what was made for folders of this test; what is shared between tests stays until the end."""
    folder = request.getfixturevalue("tmp_path") if "tmp_path" in request.fixturenames else None
    yield
    if folder is not None and database.on_postgresql():
        database.forget_below(folder)


@pytest.fixture(autouse=True, scope="session")
def _no_pass_is_a_lie(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """See that nothing ran on SQLite in the pass on PostgreSQL."""
    yield
    if database.on_postgresql():
        base = tmp_path_factory.getbasetemp()
        assert [str(path) for path in base.rglob("testamur.db")] == [], "give the folder to database.url_for"


class OutsideWorldError(Exception):
    """A test tried to leave the machine."""


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch):
    """Allow sockets to loopback and Unix paths only."""
    real_connect = socket.socket.connect

    def connect(self, address):
        if isinstance(address, tuple) and not str(address[0]).startswith(_LOOPBACK):
            raise OutsideWorldError(f"a test tried to connect to {address[0]}")
        return real_connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(scope="session")
def reference() -> Path:
    """Give the folder of published vectors and samples that TESTAMUR_REFERENCE names, or skip and say so."""
    folder = os.environ.get("TESTAMUR_REFERENCE")
    if not folder or not Path(folder).is_dir():
        message = "TESTAMUR_REFERENCE does not name the folder with published vectors and samples"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return Path(folder)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demonstration:
    """A demonstration for reading: tests that change states make their own."""
    return make_demonstration(tmp_path_factory.mktemp("demo") / "data")


@pytest.fixture(scope="session")
def served_demo(demo: Demonstration) -> Iterator[str]:
    """The address of the reading demonstration, served."""
    with serving(demo.folder, demo.port) as base_url:
        yield base_url
