"""A client that is not ours plays a test suite against the VC-API; its documents and ours are exchanged."""

from pathlib import Path

import pytest
from loopback import served
from node_scripts import run_script
from vc_api_desk import Desk

PINNED = Path(__file__).parents[2] / "ob3/contexts/data"
pytestmark = [pytest.mark.interop, pytest.mark.usefixtures("node_peers")]


@pytest.fixture
def base_url(tmp_path):
    with served(Desk(tmp_path).app) as port:
        yield f"http://127.0.0.1:{port}"


def test_their_client_gets_the_answers_that_suites_ask_for(base_url):
    answers = run_script("vc_api.mjs", base_url, PINNED)
    assert [one for one in answers if one["got"] not in one["wanted"]] == []
    assert len(answers) == 52
