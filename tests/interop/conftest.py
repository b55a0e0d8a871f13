"""What tests beside implementations under Node ask first: that these are installed."""

import json
import os
import shutil
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def node_peers() -> None:
    """Skip where Node or one of the packages is missing; fail where nothing may be skipped."""
    wanted = json.loads((HERE / "package.json").read_text(encoding="utf-8"))["dependencies"]
    if shutil.which("node") and all((HERE / "node_modules" / name).is_dir() for name in wanted):
        return
    message = "Node or a package in tests/interop/node_modules is missing: run `npm ci` in tests/interop"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)
