"""A WSGI application served on loopback for as long as a test needs it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from werkzeug.serving import WSGIRequestHandler, make_server


class _Quiet(WSGIRequestHandler):
    def log(self, *_arguments):
        """Say nothing: the tests' output is for the tests."""


def in_one_piece(app):
    """Give an application whose answers are read whole, and their files closed, before a byte is sent.

    A browser that leaves a page drops what it still loads; werkzeug may then forget to close what it read.
    """

    def answering(environ, start_response):
        body = app(environ, start_response)
        try:
            return [b"".join(body)]
        finally:
            if hasattr(body, "close"):
                body.close()

    return answering


@contextmanager
def served(app, *, port: int = 0, ssl_context=None) -> Iterator[int]:
    """Serve an application until the block ends; give its port, a free one unless `port` names it."""
    server = make_server(
        "127.0.0.1", port, in_one_piece(app), threaded=True, ssl_context=ssl_context, request_handler=_Quiet
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
