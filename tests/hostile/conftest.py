"""What the hostile tests share: the application over a real demonstration, and a stranger with a key."""

import json
from pathlib import Path

import pytest
from foreign_badge import Stranger
from hostile_site import Site


@pytest.fixture(scope="session")
def site(demo) -> Site:
    """The application over the reading demonstration, without limits on how often one may ask."""
    return Site(demo)


@pytest.fixture(scope="session")
def good(demo) -> bytes:
    """The file of a really issued micro-credential that is in force."""
    return Path(demo.credentials("issued")[0]["json"]).read_bytes()


@pytest.fixture(scope="session")
def document(good) -> dict:
    """The same credential as a value; tests copy it before they spoil it."""
    return json.loads(good)


@pytest.fixture(scope="session")
def stranger() -> Stranger:
    """An issuer whom nobody knows, with a key of his own."""
    return Stranger()
