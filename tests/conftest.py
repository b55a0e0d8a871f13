"""What every test gets: a socket guard, the reference folder, and a rule that CI skips nothing."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

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
