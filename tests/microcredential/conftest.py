"""A complete credential of the profile, as bytes and as a document that a test may break."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from microcredential import check_credential

_EXAMPLE = Path(__file__).parent / "documents" / "credential-vn-3ects.json"


@pytest.fixture
def example_bytes():
    return _EXAMPLE.read_bytes()


@pytest.fixture
def example(example_bytes):
    return json.loads(example_bytes)


@pytest.fixture
def achievement(example):
    return example["credentialSubject"]["achievement"]


@pytest.fixture
def findings():
    """Give the findings of a credential whose institution is registered in Viet Nam, in November 2026."""

    def check(credential, now=datetime(2026, 11, 21, tzinfo=UTC)):
        return check_credential(credential, institution_country="VN", now=now)

    return check
