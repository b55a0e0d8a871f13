"""A client that is not ours plays a test suite against the VC-API; its documents and ours are exchanged."""

import json
import subprocess
import threading
from pathlib import Path

import pytest
from vc_api_desk import Desk
from werkzeug.serving import WSGIRequestHandler, make_server

HERE = Path(__file__).parent
PINNED = HERE.parents[1] / "ob3/contexts/data"
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
    done = subprocess.run(
        ["node", "vc_api.mjs", base_url, str(PINNED)], cwd=HERE, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-2000:]
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one for one in answers if one["got"] not in one["wanted"]] == []
    assert len(answers) == 52
