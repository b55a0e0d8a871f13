"""Addresses typed into the form that must not be opened, with a resolver in memory (N1 to N5)."""

import json
import time

import httpx
import pytest
from demonstration import Demonstration
from foreign_badge import as_bytes
from hostile_site import PUBLIC, Site

from verifier.fetch import Limits

PRIVATE = [
    "127.0.0.1",
    "10.0.0.7",
    "172.16.3.4",
    "192.168.1.1",
    "169.254.169.254",
    "100.100.100.200",
    "168.63.129.16",
    "0.0.0.0",  # noqa: S104 - an answer of a resolver, bound to nothing
    "192.0.0.192",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.7",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "ff02::1",
    "::127.0.0.1",
    "2001:db8::1",
    "not an address",
]
NEVER = [
    "http://files.example/badge",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://0x7f000001/",
    "https://2130706433/",
    "https://0177.0.0.1/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[fe80::1%25eth0]/",
    "https://[64:ff9b::7f00:1]/",
    "https://169.254.169.254/latest/meta-data/",
    "https://metadata.google.internal/",
    "https://metadata/",
    "https://localhost/",
    "https://localhost./",
    "https://LOCALHOST/",
    "https://app.localhost/",
    "https://intranet/",
    "https://printer.local/",
    "https://db.internal/",
    "https://a.test/",
    "https://hidden.onion/",
    "https://files.example:22/",
    "https://files.example:80/",
    "https://files.example:99999/",
    "https://files.example:/@127.0.0.1/",
    "https://user:secret@files.example/",
    "https://files.example@127.0.0.1/",
    "https://127.0.0.1\\@files.example/",
    "https://files.example\\.evil.example/",
    "https://files.example%2f@127.0.0.1/",
    "https://files..example/",
    "https://-files.example/",
    "https://files_.example/",
    "https://１２７.0.0.1/",
    "https://①②⑦.0.0.1/",
    "https://loc\u00adalhost/",
    "https://xn--\u0430.example/",
    "https:///etc/passwd",
    "https://",
    "https://?",
    "https://#",
    "https://files.example/\r\nHost: evil.example",
    "https://files.example/\x00",
    "https://files.example/ x",
    "https://" + "a" * 3_000 + ".example/",
    "https://" + "a." * 2_000 + "example/",
    "https://[",
    "https://[::1",
    "https://]",
    "http://[::1]:0/",
    "http://",
]


@pytest.fixture(autouse=True)
def _fresh(site):
    site.outside.names.clear()
    site.outside.pages.clear()
    site.outside.asked.clear()
    site.outside.names["files.example"] = [PUBLIC]


def test_the_accepted_twin_is_opened(site, good):
    for host in ("files.example", "xn--bcher-kva.example", "a-b.c.d.example"):
        assert site.open_address(good, host=host).word == "Good"
    assert site.paste("HTTPS://files.example/badge").status == 200
    site.outside.pages["https://files.example/badge"] = httpx.Response(200, content=good)
    assert site.paste("Https://files.example/badge").word == "Good"
    site.outside.pages["https://files.example:8443/badge?x=1"] = httpx.Response(200, content=good)
    assert site.paste("  https://files.example:8443/badge?x=1#part \n").word == "Good"


@pytest.mark.parametrize("url", NEVER)
def test_an_address_that_may_not_be_opened_is_refused_and_not_asked(site, url):
    answer = site.paste(url)
    assert answer.status in (200, 422)
    if answer.status == 200:
        assert answer.word == "Refused"
        assert any(code.startswith("kind: limit_") for code in answer.codes)
    assert site.outside.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://files.example/",
        "gopher://127.0.0.1:6379/_x",
        "javascript:alert(1)",
        "data:,{}",
        "//files.example/",
        "https:files.example",
        "dict://127.0.0.1/",
        "jar:x",
    ],
)
def test_what_is_no_web_address_is_explained(site, url):
    answer = site.paste(url)
    assert answer.status in (200, 422)
    assert answer.word not in ("Good", "Issuer not known to us")


@pytest.mark.parametrize("address", PRIVATE)
def test_a_name_that_leads_inside_is_refused_even_among_public_answers(site, good, address):
    for answers in ([address], [PUBLIC, address], [address, PUBLIC]):
        site.outside.pages["https://inside.example/badge"] = httpx.Response(200, content=good)
        site.outside.names["inside.example"] = answers
        assert site.paste("https://inside.example/badge").word == "Refused"
    assert site.outside.asked == []


def test_our_own_host_is_not_asked(tmp_path, good):
    base_url = "https://badges.keystone.example"
    empty = Demonstration(folder=tmp_path, port=0, printed={"base_url": base_url})
    public = Site(empty, TESTAMUR_BASE_URL=base_url, TESTAMUR_SECRET_KEY="k3y-" * 12 + "abcdef")
    public.outside.names["badges.keystone.example"] = [PUBLIC]
    public.outside.pages["https://badges.keystone.example/badge"] = httpx.Response(200, content=good)
    for host in ("badges.keystone.example", "BADGES.keystone.example", "badges.keystone.example:8443"):
        assert public.paste(f"https://{host}/verify").word == "Refused"
        assert public.paste(f"https://{host}/badge").word == "Refused"
    assert public.outside.asked == []
    assert public.open_address(good).status == 200
    assert public.outside.asked == ["https://files.example/badge"]


REDIRECTS = {
    "to the metadata service": "http://169.254.169.254/latest/meta-data/",
    "to this machine": "https://127.0.0.1/",
    "to another host": "https://other.example/badge",
    "to plain http": "http://files.example/badge2",
    "to a file": "file:///etc/passwd",
    "to itself": "https://files.example/badge",
    "to another port": "https://files.example:22/",
    "nowhere": "",
    "to a broken address": "https://[",
    "with a line break": "https://files.example/\tx",
    "to our own page": "https://localhost/verify",
}


@pytest.mark.parametrize("name", REDIRECTS)
def test_a_redirect_that_leads_astray_is_not_followed(site, name):
    site.outside.names["other.example"] = [PUBLIC]
    site.outside.pages["https://files.example/badge"] = httpx.Response(
        302, headers={"location": REDIRECTS[name]}
    )
    answer = site.paste("https://files.example/badge")
    assert answer.word in ("Refused", "Could not be checked")
    assert not [each for each in site.outside.asked if not each.startswith("https://files.example/")]
    assert len(site.outside.asked) <= 3


def test_two_redirects_on_one_host_are_followed_and_three_are_not(site, good):
    for at in range(3):
        site.outside.pages[f"https://files.example/{at}"] = httpx.Response(
            302, headers={"location": f"/{at + 1}"}
        )
    site.outside.pages["https://files.example/3"] = httpx.Response(200, content=good)
    assert site.paste("https://files.example/1").word == "Good"
    assert site.paste("https://files.example/0").word == "Refused"


BODIES = {
    "600 KB": (httpx.Response(200, content=b" " * 600_000), "Refused"),
    "packed": (httpx.Response(200, headers={"content-encoding": "gzip"}, content=b""), "Refused"),
    "a web page": (httpx.Response(200, html="<!doctype html><script>alert(1)</script>"), "Not valid"),
    "nothing": (httpx.Response(200, content=b""), "Not valid"),
    "status 404": (httpx.Response(404), "Could not be checked"),
    "status 500": (httpx.Response(500, content=b"{}"), "Could not be checked"),
    "status 204": (httpx.Response(204), "Could not be checked"),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_strange_answer_is_told_apart(site, name):
    response, word = BODIES[name]
    site.outside.pages["https://files.example/badge"] = response
    answer = site.paste("https://files.example/badge")
    assert answer.word == word
    assert "<script>alert" not in answer.text


def test_an_endless_body_is_cut(site):
    class Endless(httpx.SyncByteStream):
        def __iter__(self):
            while True:
                yield b" " * 65_536

    site.outside.pages["https://files.example/badge"] = httpx.Response(200, stream=Endless())
    assert site.paste("https://files.example/badge").word == "Refused"


def entry(url, index="7"):
    members = {"statusPurpose": "revocation", "statusListIndex": index, "statusListCredential": url}
    return {"id": f"{url}#{index}", "type": "BitstringStatusListEntry", **members}


@pytest.mark.parametrize(
    "url", [one for one in NEVER if one.isascii() and one.isprintable() and " " not in one][:40]
)
def test_a_badge_cannot_make_us_ask_inside_and_is_left_open(site, stranger, url):
    """A forbidden address inside a badge is no refusal of the file: the question stays open (never green)."""
    credential = stranger.badge(credentialStatus=entry("https://files.example/list"))
    fine = as_bytes(stranger.sign(credential))
    assert site.upload(fine).word == "Could not be checked"
    site.outside.asked.clear()
    spoilt = as_bytes({**json.loads(fine), "credentialStatus": entry(url)})
    assert site.upload(spoilt).word in ("Not valid", "Could not be checked")
    assert site.outside.asked == []


def test_a_signed_badge_whose_list_lies_inside_is_left_open(site, stranger):
    for host, addresses in (
        ("inside.example", ["10.0.0.7"]),
        ("metadata.internal", [PUBLIC]),
        ("nowhere.example", []),
    ):
        site.outside.names[host] = addresses
        answer = site.upload(stranger.file(credentialStatus=entry(f"https://{host}/list")))
        assert answer.word == "Could not be checked"
    assert site.outside.asked == []


def test_a_badge_cannot_make_us_ask_everybody(site, stranger):
    entries = [entry(f"https://files.example/{at}") for at in range(8)]
    assert site.upload(stranger.file(credentialStatus=entries)).word == "Could not be checked"
    assert len(site.outside.asked) <= 12
    site.outside.asked.clear()
    entries.append(entry("https://files.example/8"))
    assert site.upload(stranger.file(credentialStatus=entries)).word == "Refused"
    assert site.outside.asked == []


def test_the_files_of_one_upload_share_the_time_for_asking_others(demo, stranger):
    class Drip(httpx.SyncByteStream):
        def __iter__(self):
            while True:
                time.sleep(0.1)
                yield b" "

    site = Site(demo, fetching=Limits(session_seconds=1.0))
    site.outside.names["files.example"] = [PUBLIC]
    urls = [f"https://files.example/{at}" for at in range(8)]
    site.outside.pages |= {url: httpx.Response(200, stream=Drip()) for url in urls}
    answer = site.upload(*[stranger.file(credentialStatus=entry(url)) for url in urls])
    assert answer.text.count("Could not be checked") >= 8
    assert answer.seconds < 5


def test_no_picture_schema_or_service_named_in_a_badge_is_asked(site, stranger):
    badge = stranger.badge(
        achievement={"image": {"id": "https://files.example/x.png", "type": "Image"}},
        issuer={
            "image": {"id": "https://files.example/y.png", "type": "Image"},
            "url": "https://files.example/",
        },
        credentialSchema=[{"id": "https://files.example/s.json", "type": "1EdTechJsonSchemaValidator2019"}],
        evidence=[{"id": "https://files.example/e", "type": ["Evidence"]}],
    )
    badge["@context"] = [*badge["@context"], "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"]
    answer = site.upload(as_bytes(stranger.sign(badge)))
    assert answer.word == "Issuer not known to us"
    assert site.outside.asked == []
    assert "files.example/x.png" not in answer.text
