"""A client that is not ours plays a test suite against the VC-API; its documents and ours are exchanged."""

import threading
from pathlib import Path

import pytest
from node_scripts import run_script
from vc_api_desk import Desk
from werkzeug.serving import WSGIRequestHandler, make_server

PINNED = Path(__file__).parents[2] / "ob3/contexts/data"
pytestmark = [pytest.mark.interop, pytest.mark.usefixtures("node_peers")]


class _Quiet(WSGIRequestHandler):
    def log(self, *_arguments):
        """Say nothing."""


@pytest.fixture
def base_url(tmp_path):
    server = make_server("127.0.0.1", 0, Desk(tmp_path).app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_their_client_gets_the_answers_that_suites_ask_for(base_url):
    answers = run_script("vc_api.mjs", base_url, PINNED)
    assert [one for one in answers if one["got"] not in one["wanted"]] == []
    assert len(answers) == 52
