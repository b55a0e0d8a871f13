"""A judge of pages: for everyone, on a phone and a desk, by keyboard alone, from one host."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, Page, Request

AXE = Path(__file__).parent / "interop/node_modules/axe-core/axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
WIDTHS = (320, 390, 1280)
JUDGED = ((1280, "light"), (390, "dark"))  # width and colours in which axe looks; layout is measured in all
NARROWEST_RING = 2
DATE_STOPS = 3  # a date has four places for the keyboard

_OVERFLOW = """() => {
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  const out = [...document.querySelectorAll('main *, header *, footer *')].filter(each =>
    each.getBoundingClientRect().right > document.documentElement.clientWidth + 1 &&
    !each.closest('.scroll, .hidden'));
  return wide > 0 || out.length ? [wide, ...out.map(each => each.outerHTML.slice(0, 120))] : [];
}"""
_RUN_AXE = """async tags => {
  const result = await axe.run({runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']});
  return result.violations.flatMap(rule => rule.nodes.map(node => rule.id + ': ' + node.html.slice(0, 160)));
}"""
# What the Tab key should reach: one radio button stands for its group, the first where none is chosen.
_REACHABLE = """() => { const stands = each => {
    const group = [...each.form.elements].filter(other => other.name === each.name);
    return (group.find(other => other.checked) ?? group[0]) === each; };
  return [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), textarea, select, summary, [tabindex="0"]')]
  .filter(each => each.checkVisibility() && (each.type !== 'radio' || stands(each)))
  .map((each, at) => { each.dataset.at = at; return at; }); }"""
_FOCUSED = """() => {
  const here = document.activeElement;
  if (here === document.body || here === document.documentElement) return null;
  const style = getComputedStyle(here), box = here.getBoundingClientRect();
  return {
    at: Number(here.dataset.at), html: here.outerHTML.slice(0, 120),
    ring: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
    seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""


@dataclass
class Watch:
    """What a page asked for and complained about."""

    host: str
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    status: int = 0

    def attach(self, page: Page) -> None:
        page.on("request", self._asked)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("response", self._answered)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith(self.host):
            self.foreign.append(request.url)

    def _said(self, message: ConsoleMessage) -> None:
        # Chromium reports the page's own status, such as 404, as a failed resource.
        if not (self.status >= 400 and "Failed to load resource" in message.text):
            self.complaints.append(message.text)

    def _answered(self, response: Any) -> None:
        if response.request.is_navigation_request():
            self.status = response.status


def axe_source() -> str:
    """Give the source of axe-core, or skip and say what is missing."""
    if not AXE.is_file():
        message = "axe-core is not there: run npm ci in tests/interop"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return AXE.read_text()


def judge(page: Page, axe: str, watch: Watch) -> None:
    """Assert that an open page is for everyone: axe, every width, the keyboard, one host, no complaints."""
    fits_every_width(page)
    for width, colours in JUDGED:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=colours)
        assert faults(page, axe) == [], (page.url, width, colours)
    is_reached_by_keyboard(page)
    assert watch.foreign == []
    assert watch.complaints == [], (page.url, watch.complaints)


def faults(page: Page, axe: str) -> list[str]:
    """List what axe finds on a page as it stands."""
    page.evaluate(axe)
    found: list[str] = page.evaluate(_RUN_AXE, TAGS)
    return found


def fits_every_width(page: Page) -> None:
    """Assert that nothing is wider than the screen."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(_OVERFLOW) == [], (page.url, width)


def is_reached_by_keyboard(page: Page) -> None:
    """Press Tab all the way round: everything is reached in the order of the source, in view, with a ring.

    A page that was opened at a part of it, `#public`, begins there.
    """
    wanted = page.evaluate(_REACHABLE)
    reached: list[int] = []
    dates = page.locator("input[type=date]").count()
    for _ in range(len(wanted) + 2 + DATE_STOPS * dates):
        page.keyboard.press("Tab")
        focused = page.evaluate(_FOCUSED)
        if focused is None:
            continue
        if reached and focused["at"] == reached[-1]:
            continue  # day, month and year of one date
        if focused["at"] in reached:
            break
        assert focused["ring"] >= NARROWEST_RING, focused["html"]
        assert focused["seen"], focused["html"]
        reached.append(focused["at"])
    first = reached[0]
    assert reached == wanted[first:] + wanted[:first]
