"""The console of an office, served on loopback for a real browser in which somebody is signed in."""

import socket
import threading
from contextlib import contextmanager

from console_office import ConsoleOffice
from playwright.sync_api import Browser, Page
from werkzeug.serving import WSGIRequestHandler, make_server


class _Quiet(WSGIRequestHandler):
    """Serve without a line for each request."""

    def log(self, *args):
        """Say nothing."""


@contextmanager
def served_console(folder, **settings):
    """Serve the console of a new office in a folder for as long as the block runs; give the office."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    house = ConsoleOffice(folder, base_url=f"http://127.0.0.1:{port}", **settings)
    server = make_server("127.0.0.1", port, house.app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield house
    server.shutdown()
    thread.join()
    server.server_close()
    house.close()


def page_of(house: ConsoleOffice, browser: Browser, staff, **options) -> Page:
    """Give a page of a new context, in which `staff` is signed in; None stands for nobody."""
    context = browser.new_context(base_url=house.base_url, **options)
    if staff is not None:
        cookie = house.app.config["STAFF_COOKIE"]
        token = house.client(staff).get_cookie(cookie, domain=house.host).value
        context.add_cookies([{"name": cookie, "value": token, "url": house.base_url}])
    return context.new_page()
