"""Markup, scripts and turned text in every place that a page repeats: shown as text or not at all (U5)."""

import copy
import json
import re
from html.parser import HTMLParser

import pytest
from foreign_badge import as_bytes, micro_credential
from hostile_site import Site

MARKUP = "<script>alert(1)</script><img src=https://evil.example/x onerror=alert(2)>'\"><svg onload=alert(3)>"
TRICKS = [
    "{{7*7}}",
    "{name}",
    "**bold**",
    "%(number)s",
    "{0.__class__}",
    "&lt;b&gt;",
    "\u202etxet",
    "]]>",
    "-->",
    "\\u003cb",
]
LINKS = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)//https://a.example/",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "https://user:secret@evil.example/",
    "ftp://evil.example/",
    "blob:https://evil.example/x",
]


class Page(HTMLParser):
    """Collect the elements, the addresses in attributes and the event handlers of a page."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.links, self.handlers = set(), [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.add(tag)
        for name, value in attrs:
            if name in ("href", "src", "action", "formaction", "srcset", "poster", "data"):
                self.links.append((tag, value or ""))
            if name.startswith("on") or name == "style":
                self.handlers.append((tag, name))


def inert(text):
    """Assert that a page runs nothing and loads nothing but our own files."""
    page = Page(text)
    assert not page.elements & {"script", "iframe", "object", "embed", "base", "math", "foreignobject"}
    assert page.handlers == []
    for tag, link in page.links:
        assert not re.match(r"\s*(?:javascript|data|vbscript|blob|ftp):", link, re.IGNORECASE), link
        if tag != "a":
            assert re.match(r"/(?!/)|#", link), (tag, link)
    return page


@pytest.mark.parametrize(
    "payload", [MARKUP, *TRICKS, "x" * 5_000, "\u202e\u2066\u200b\ufeff", "\u0300" * 2_000]
)
def test_texts_that_a_stranger_signed_are_shown_as_text(site, document, stranger, payload):
    answer = site.upload(as_bytes(micro_credential(document, stranger, payload)))
    assert "signature: signature_fits" in answer.codes
    assert answer.first.startswith("The issuer is not known to us")
    assert "is-good" not in answer.text.partition("What was checked")[0].partition("<main")[2]
    inert(answer.text)
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_our_own_twin_is_inert_and_good(site, good):
    answer = site.upload(good)
    assert answer.word == "Good"
    inert(answer.text)


@pytest.mark.parametrize("link", LINKS)
def test_a_link_that_is_no_web_address_is_not_one(site, stranger, link):
    evidence = [{"id": link, "type": ["Evidence"], "name": "Thesis"}]
    spoilt = site.upload(stranger.poison(evidence=evidence, issuer={"url": link}))
    assert spoilt.word == "Not valid"
    inert(spoilt.text)
    if " " not in link and "<" not in link:  # what is no IRI cannot even be signed
        spoilt = site.upload(stranger.file(evidence=evidence, issuer={"url": link}))
    inert(spoilt.text)
    assert "evil.example" not in "".join(address for _tag, address in Page(spoilt.text).links)


def test_a_link_that_is_one_names_nobody(site, stranger):
    evidence = [{"id": "https://a.example/thesis", "type": ["Evidence"], "name": "Thesis"}]
    answer = site.upload(stranger.file(evidence=evidence))
    links = re.findall(r'<a href="https://a\.example/thesis"[^>]*>', answer.text)
    assert all('rel="nofollow noopener noreferrer"' in each for each in links)
    inert(answer.text)


def test_no_picture_of_a_badge_is_loaded_from_elsewhere(site, stranger):
    picture = {"id": "https://evil.example/pixel.png", "type": "Image"}
    inside = {"id": "data:image/svg+xml,<svg onload=alert(1)>", "type": "Image"}
    for each in (picture, inside):
        answer = site.upload(stranger.poison(achievement={"image": each}, issuer={"image": each}))
        assert "evil.example" not in answer.text
        inert(answer.text)
    answer = site.upload(stranger.file(achievement={"image": picture}, issuer={"image": picture}))
    assert "signature: signature_fits" in answer.codes
    assert "evil.example" not in answer.text


def paths(value, path=()):
    yield path
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for name, inner in members:
        yield from paths(inner, (*path, name))


def test_markup_in_any_member_never_reaches_a_page_as_markup(site, document):
    """Refusals quote the document: member names, values, addresses, keys."""
    every = [path for path in paths(document) if path and path[0] != "credentialSubject"]
    for path in every[::3]:
        copied = part = copy.deepcopy(document)
        for step in path[:-1]:
            part = part[step]
        part[path[-1]] = MARKUP
        inert(site.upload(as_bytes(copied)).text)


@pytest.mark.parametrize("name", [MARKUP, "**x**", "{name}", "\u202e", "a" * 10_000])
def test_a_member_name_that_a_refusal_quotes_is_inert(site, document, stranger, name):
    for content in (
        {**document, name: 1},
        {**document, "issuer": {**document["issuer"], name: "x"}},
        {**document, "@context": [name]},
        {**document, "issuer": f"did:web:{name}"},
        {**document, "issuer": f"did:web:evil.example:{name}"},
        {
            **document,
            "proof": [{**document["proof"][0], "verificationMethod": f"{document['issuer']['id']}#{name}"}],
        },
        {**document, "proof": [{**document["proof"][0], "cryptosuite": name}]},
        {**document, "proof": [{**document["proof"][0], "type": name}]},
        {**document, "credentialStatus": {"id": name, "type": name}},
    ):
        inert(site.upload(as_bytes(content)).text)


@pytest.mark.parametrize("name", [MARKUP, "\u202egnp.exe", "<b>.json", "a" * 300, "'\"`"])
def test_a_file_name_is_inert(site, good, name):
    for files in ((good,), (good, b"{}")):
        inert(site.upload(*files, name=name).text)


@pytest.mark.parametrize(
    "text", [MARKUP, "{" + MARKUP, "https://" + MARKUP, "https://evil.example/" + MARKUP, "eyJ" + MARKUP]
)
def test_pasted_text_that_is_shown_again_is_inert(site, text):
    inert(site.paste(text).text)
    inert(site.upload(json.dumps({"id": text}).encode(), recipient=text).text)


@pytest.mark.parametrize(
    "path", ["/c/", "/h/", "/s/", "/achievements/", "/status/", "/institutions/", "/?lang=", "/verify?x="]
)
def test_an_address_that_a_page_repeats_is_inert(site: Site, path):
    inert(site.request("GET", path + MARKUP.replace(" ", "%20")).text)
