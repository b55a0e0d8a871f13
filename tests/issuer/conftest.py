"""Offices for the tests of the issuing side."""

import pytest
from batch_desks import desk
from issuing_office import HTTPS_BASE_URL, Office


@pytest.fixture
def office(tmp_path):
    """Give an empty office on loopback."""
    office = Office(tmp_path / "var")
    yield office
    office.close()


@pytest.fixture
def https_office(tmp_path):
    """Give an empty office under a public name."""
    office = Office(tmp_path / "var", base_url=HTTPS_BASE_URL)
    yield office
    office.close()


@pytest.fixture
def ready(office):
    """Give an office whose institution has a key and a published definition."""
    office.ready()
    return office


@pytest.fixture
def nam(ready):
    """Give the office as an issuer uses it."""
    return desk(ready, "Nam", "issuer")


@pytest.fixture
def trang(ready):
    """Give the office as another issuer uses it."""
    return desk(ready, "Trang", "issuer")
