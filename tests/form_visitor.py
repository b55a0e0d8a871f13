"""Somebody at a web site, as with a browser without scripts: opens pages, fills forms, presses buttons."""

import html
import re
from html.parser import HTMLParser
from urllib.parse import urljoin

import httpx


class Form:
    """A form of a page: where it goes, what it would send, and the words on its buttons."""

    def __init__(self, action):
        self.action = action
        self.fields = {}  # name -> list of values
        self.boxes = {}  # name -> values that can be ticked
        self.buttons = {}  # words -> (name, value, action)

    def send(self, button, told):
        """Give (action, fields) of a press on a button; `told` replaces values, a list ticks several."""
        name, value, action = self.buttons[button]
        unknown = [one for one in told if one not in self.fields and one not in self.boxes]
        assert unknown == [], f"the form has no field {unknown}"
        values = {**self.fields, **{one: _listed(given) for one, given in told.items()}}
        return action or self.action, {**values, **({name: [value]} if name else {})}


def _listed(given):
    return [str(one) for one in given] if isinstance(given, (list, tuple)) else [str(given)]


class _Reader(HTMLParser):
    """Collect the forms of a page with what a browser would send of each."""

    def __init__(self):
        super().__init__()
        self.forms = []
        self._form = None
        self._text = None  # what collects text: (kind, attributes, pieces)
        self._select = None

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(given.get("action", ""))
            self.forms.append(self._form)
        elif self._form is not None and tag == "input":
            self._input(given)
        elif self._form is not None and tag in ("textarea", "button"):
            self._text = (tag, given, [])
        elif self._form is not None and tag == "select":
            self._select = (given.get("name", ""), [])
        elif tag == "option" and self._select is not None:
            chosen = self._select[1]
            if "selected" in given or not chosen:
                chosen[:] = [given.get("value", "")]

    def _input(self, given):
        name, kind = given.get("name"), given.get("type", "text")
        if not name or kind in ("submit", "button"):
            return
        if kind in ("checkbox", "radio", "file"):
            self._form.boxes.setdefault(name, []).append(given.get("value", "on"))
            if kind == "file" or "checked" not in given:
                return
        self._form.fields.setdefault(name, []).append(given.get("value", "on" if kind == "checkbox" else ""))

    def handle_data(self, data):
        if self._text is not None:
            self._text[2].append(data)

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "select" and self._select is not None:
            name, chosen = self._select
            self._form.fields.setdefault(name, []).extend(chosen)
            self._select = None
        elif self._text is not None and tag == self._text[0]:
            self._ended()

    def _ended(self):
        tag, given, pieces = self._text
        self._text, text = None, "".join(pieces)
        if tag == "textarea":
            self._form.fields[given.get("name", "")] = [text.removeprefix("\n")]
        else:
            words = " ".join(text.split())
            told = (given.get("name", ""), given.get("value", ""), given.get("formaction", ""))
            self._form.buttons[words] = told


class Visitor:
    """Somebody at a site; `page` is the text of what they see, `words` the same without markup."""

    def __init__(self, base_url, transport):
        self.client = httpx.Client(base_url=base_url, transport=transport, follow_redirects=True, timeout=120)
        self.client.headers["Accept"] = "text/html"
        self.url, self.page = base_url, ""

    @property
    def words(self):
        inside = self.page.partition("<main")[2] or self.page
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", inside)).split())

    def open(self, path):
        """Open an address."""
        return self._seen(self.client.get(urljoin(self.url, path)))

    def press(self, button, told=None, *, files=None):
        """Fill the form that has this button, by the names of its fields, and press it."""
        forms = _forms(self.page)
        form = next((one for one in forms if button in one.buttons), None)
        assert form is not None, f"no button {button!r} among {[list(one.buttons) for one in forms]}"
        action, fields = form.send(button, told or {})
        return self._seen(self.client.post(urljoin(self.url, action), data=fields, files=files))

    def follow(self, words):
        """Follow the first link whose words begin so."""
        for found in re.finditer(r'<a\b[^>]*href="([^"]+)"[^>]*>(.*?)</a>', self.page, re.S):
            if " ".join(re.sub(r"<[^>]+>", " ", found[2]).split()).startswith(words):
                return self.open(html.unescape(found[1]))
        raise AssertionError(f"no link {words!r} on {self.url}")

    def _seen(self, answer):
        self.url, self.page = str(answer.url), answer.text
        assert answer.status_code == 200, (answer.status_code, self.url, self.words)
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.client.close()


def _forms(page):
    reader = _Reader()
    reader.feed(page)
    return reader.forms
