"""The real server under strange bytes on the wire, and under fifty poison uploads at once (promise V7)."""

import socket
import threading
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from demonstration import serving
from foreign_badge import ALIGNMENT
from free_ports import free_port
from hostile_wire import CLOSE, HOST, get, talk, upload
from pdf_files import pdf, wide_names, xref_bomb

UNLIMITED = {"TESTAMUR_LIMIT_VERIFY": "100000 per minute", "TESTAMUR_LIMIT_CODES": "100000 per minute"}
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
CHUNKED = b"POST /verify HTTP/1.1\r\n" + HOST + CLOSE + FORM + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.fixture(scope="module")
def port(demo):
    """A server of its own over the reading demonstration, which may be asked as often as one likes."""
    chosen = free_port()
    with serving(demo.folder, chosen, TESTAMUR_BASE_URL=demo.base_url, **UNLIMITED):
        yield chosen


WIRE = {
    "no host": b"GET / HTTP/1.1\r\n" + CLOSE + b"\r\n",
    "two hosts": b"GET / HTTP/1.1\r\n" + HOST + b"Host: evil.example\r\n" + CLOSE + b"\r\n",
    "two hosts, the other first": b"GET / HTTP/1.1\r\nHost: evil.example\r\n" + HOST + CLOSE + b"\r\n",
    "a host that is not ASCII": b"GET / HTTP/1.1\r\nHost: \xff\xfe\r\n" + CLOSE + b"\r\n",
    "an address in place of a path": b"GET http://evil.example/ HTTP/1.1\r\n" + HOST + CLOSE + b"\r\n",
    "HTTP/1.0": b"GET / HTTP/1.0\r\n\r\n",
    "a TLS hello": b"\x16\x03\x01\x02\x00\x01\x00\x01" * 30 + b"\r\n\r\n",
    "an unknown method": b"FOO /verify HTTP/1.1\r\n" + HOST + CLOSE + b"\r\n",
    "CONNECT": b"CONNECT evil.example:443 HTTP/1.1\r\n" + HOST + CLOSE + b"\r\n",
    "OPTIONS *": b"OPTIONS * HTTP/1.1\r\n" + HOST + CLOSE + b"\r\n",
    "a path of 100,000": b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n" + HOST + CLOSE + b"\r\n",
    "NUL in the path": b"GET /c/\x00 HTTP/1.1\r\n" + HOST + CLOSE + b"\r\n",
    "bytes in the path": b"GET /c/\xff\xfe HTTP/1.1\r\n" + HOST + CLOSE + b"\r\n",
    "escaped bytes in the path": b"GET /c/%ff%fe%00 HTTP/1.1\r\n" + HOST + CLOSE + b"\r\n",
    "up and out": b"GET /static/../../../../etc/passwd HTTP/1.1\r\n" + HOST + CLOSE + b"\r\n",
    "bytes in headers": b"GET /c HTTP/1.1\r\n" + HOST + b"Cookie: \x80\r\nAccept: \xff\r\n" + CLOSE + b"\r\n",
    "5,000 headers": b"GET / HTTP/1.1\r\n" + HOST + b"X-A: b\r\n" * 5_000 + CLOSE + b"\r\n",
    "a header of 2 MB": b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 2_000_000 + b"\r\n" + CLOSE + b"\r\n",
    "a length below zero": b"POST /verify HTTP/1.1\r\n" + HOST + CLOSE + b"Content-Length: -5\r\n\r\nabcde",
    "two lengths": b"POST /verify HTTP/1.1\r\n"
    + HOST
    + CLOSE
    + FORM
    + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
    "length and chunks": CHUNKED.replace(FORM, FORM + b"Content-Length: 5\r\n")
    + b"0\r\n\r\nGET /x HTTP/1.1\r\n\r\n",
    "a broken chunk": CHUNKED + b"zz\r\nabc",
    "20 MB in chunks": CHUNKED + (b"10000\r\n" + b"a" * 65_536 + b"\r\n") * 320 + b"0\r\n\r\n",
    "a packed form": b"POST /verify HTTP/1.1\r\n"
    + HOST
    + CLOSE
    + FORM
    + b"Content-Encoding: gzip\r\nContent-Length: 6\r\n\r\ntext=x",
}


@pytest.mark.parametrize("name", WIRE)
def test_strange_bytes_on_the_wire_are_answered_and_the_server_lives(port, name):
    reply = talk(port, WIRE[name])
    assert reply.status < 500 or reply.status == 501
    assert b"Traceback" not in reply.raw
    assert b"evil.example" not in reply.raw
    assert b"root:" not in reply.raw
    assert reply.seconds < 5
    assert get(port).status == 200


def test_a_form_in_chunks_is_read(port):
    reply = talk(port, CHUNKED + b"7\r\ntext=%7\r\n3\r\nB%7\r\n1\r\nD\r\n0\r\n\r\n")
    assert reply.status == 200
    assert b"is <strong>not valid" in reply.raw


def test_thirty_thousand_parts_over_the_wire(port):
    body = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="f%d"\r\n\r\n\r\n' % n for n in range(30_000)
    )
    head = b"POST /verify HTTP/1.1\r\n" + HOST + CLOSE + b"Content-Type: multipart/form-data; boundary=x\r\n"
    reply = talk(port, head + b"Content-Length: %d\r\n\r\n" % len(body) + body)
    assert reply.status == 413
    assert reply.seconds < 10  # by the clock of a machine that may be busy; it takes a tenth of a second


def _poisons(good, stranger):
    results = [{"type": ["Result"], "alignment": [ALIGNMENT] * 20} for _ in range(20)]
    laughs = b'<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg">&b;</svg>'
    bomb = zlib.compress(b" " * 100_000_000, 9)
    chunk = b"zTXt" + b"openbadgecredential\0\0" + bomb
    return [
        stranger.poison(subject={"result": results}),
        stranger.poison(evidence=[{"type": ["Evidence"], "name": "x"}] * 900),
        pdf(build=wide_names),
        xref_bomb(600),
        laughs,
        b"\x89PNG\r\n\x1a\n"
        + (len(chunk) - 4).to_bytes(4, "big")
        + chunk
        + zlib.crc32(chunk).to_bytes(4, "big"),
        b'{"a":' * 200_000,
        good + b" " * 2_000_000,
        b"<svg " + b"a='b' " * 400_000,
        b"[" + b"{}," * 300_000 + b"{}]",
    ]


def _word(reply):
    title = reply.raw.partition(b"<title>")[2].partition(b"</title>")[0].decode("utf-8", "replace")
    return title.split(":")[0]


@pytest.mark.slow
def test_fifty_poison_uploads_at_once_do_not_hold_up_good_ones(demo, port, good, stranger):
    files = [Path(demo.credentials("issued")[0][kind]).read_bytes() for kind in ("json", "png", "svg", "pdf")]
    poisons = _poisons(good, stranger) * 5
    for file in files:
        assert _word(upload(port, file)) == "Good"
    started, times, words = threading.Event(), [], []

    def ask_well():
        started.wait()
        for at in range(20):
            reply = upload(port, files[at % 4])
            times.append(reply.seconds)
            words.append(_word(reply))

    began = time.monotonic()
    with ThreadPoolExecutor(52) as pool:
        asking = pool.submit(ask_well)
        sent = [pool.submit(upload, port, poison) for poison in poisons]
        started.set()
        replies = [each.result() for each in sent]
        asking.result()
    spent = time.monotonic() - began
    times.sort()
    bad = sorted({f"{each.status} {_word(each)}" for each in replies})
    slowest = max(each.seconds for each in replies)
    print(f"\n50 poison uploads: answered {bad}, slowest {slowest:.1f} s, all in {spent:.1f} s")
    print(
        f"20 good ones meanwhile: median {times[10]:.2f} s, p95 {times[18]:.2f} s, words {sorted(set(words))}"
    )
    assert len(replies) == 50
    assert all(each.status == 200 for each in replies)
    assert {_word(each) for each in replies} <= {"Not valid", "Refused", "Could not be checked"}
    assert set(words) == {"Good"}
    assert slowest < 30
    assert times[18] < 10
    assert get(port).status == 200


def test_a_connection_that_says_nothing_is_no_trouble(port):
    idle = [socket.create_connection(("127.0.0.1", port)) for _ in range(100)]
    for each in idle[:50]:
        each.sendall(b"GET /verify HTTP/1.1\r\n" + HOST)
    reply = get(port)
    for each in idle:
        each.close()
    assert (reply.status, reply.seconds < 5) == (200, True)
