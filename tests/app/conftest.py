"""What the tests of the application share: a credential, and an application over fakes."""

import json
from pathlib import Path

import app_fakes
import pytest


@pytest.fixture
def credential() -> dict:
    return json.loads((Path(__file__).parent / "credential.json").read_text("utf-8"))


@pytest.fixture
def world(tmp_path, credential):
    return app_fakes.World(tmp_path, credential)


@pytest.fixture
def demo_world(tmp_path, credential):
    return app_fakes.World(tmp_path, credential, TESTAMUR_DEMO="1")
