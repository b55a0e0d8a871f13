"""The console of an office, served on loopback for a real browser in which somebody is signed in."""

from contextlib import contextmanager

from console_office import ConsoleOffice
from free_ports import free_port
from loopback import served
from playwright.sync_api import Browser, Page


@contextmanager
def served_console(folder, **settings):
    """Serve the console of a new office in a folder for as long as the block runs; give the office."""
    port = free_port()
    house = ConsoleOffice(folder, base_url=f"http://127.0.0.1:{port}", **settings)
    try:
        with served(house.app, port=port):
            yield house
    finally:
        house.close()


def page_of(house: ConsoleOffice, browser: Browser, staff, **options) -> Page:
    """Give a page of a new context, in which `staff` is signed in; None stands for nobody."""
    context = browser.new_context(base_url=house.base_url, **options)
    if staff is not None:
        cookie = house.app.config["STAFF_COOKIE"]
        token = house.client(staff).get_cookie(cookie, domain=house.host).value
        context.add_cookies([{"name": cookie, "value": token, "url": house.base_url}])
    return context.new_page()
