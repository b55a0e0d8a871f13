"""The real application over a real demonstration, with an outside world that notes who is asked."""

import io
import re
import time
from dataclasses import dataclass
from html import unescape

import httpx
from database import settings_for
from demonstration import Demonstration
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app import create_app
from app.settings import Settings
from verifier.fetch import DEFAULT_LIMITS, Fetcher, Limits

PUBLIC = "93.184.215.14"
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
TRACES = ("Traceback (most recent call last)", 'File "', "site-packages", "werkzeug.exceptions", ".py:")
SLOWEST = 10.0  # seconds of one answer, on a busy machine


@dataclass(frozen=True)
class Answer:
    """What came back: the page, the word in its title, and the machine codes of every check."""

    status: int
    text: str
    headers: dict[str, str]
    seconds: float

    @property
    def word(self) -> str:
        found = re.search(r"<title>(.*?)</title>", self.text, re.DOTALL)
        return unescape(found[1]).split(":")[0].split(" · ")[0].strip() if found else ""

    @property
    def codes(self) -> set[str]:
        return set(re.findall(r"<code>([a-z_]+: [a-z_]+)</code>", self.text))

    @property
    def first(self) -> str:
        found = re.search(r'<h1[^>]*id="verdict">(.*?)</h1>', self.text, re.DOTALL)
        return unescape(re.sub(r"<[^>]+>", "", found[1])) if found else ""


class Outside:
    """A resolver and a transport in memory; nothing leaves the machine."""

    def __init__(self) -> None:
        self.names: dict[str, list[str]] = {}
        self.pages: dict[str, httpx.Response] = {}
        self.asked: list[str] = []

    def resolve(self, host: str) -> list[str]:
        if host not in self.names:
            raise OSError(f"no address for {host}")
        return self.names[host]

    def respond(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(str(request.url))
        return self.pages.get(str(request.url)) or httpx.Response(404)


class Site:
    """The web application over a demonstration's data folder, asked as a browser asks."""

    def __init__(self, demo: Demonstration, *, fetching: Limits = DEFAULT_LIMITS, **environ: str) -> None:
        self.outside = Outside()
        given = {
            "TESTAMUR_DIR": str(demo.folder),
            "TESTAMUR_PORT": str(demo.port),
            "TESTAMUR_DEMO": "1",
            "TESTAMUR_LIMIT_VERIFY": "100000 per minute",
            "TESTAMUR_LIMIT_CODES": "100000 per minute",
            **settings_for(demo.folder),
        }
        self.settings = Settings.from_env({**given, **environ})
        host = self.settings.base_url.split("//")[1].split(":")[0]
        fetcher = Fetcher(
            transport=httpx.MockTransport(self.outside.respond),
            resolve=self.outside.resolve,
            own_hosts=(host,),
            limits=fetching,
        )
        self.app = create_app(self.settings, fetcher=fetcher)
        self.web = self.app.test_client()

    def request(self, method: str, path: str, **rest: object) -> Answer:
        """Send a request; whatever it holds, the answer is quick, no fault of ours, and tells no inside."""
        rest.setdefault("headers", BROWSER)
        rest.setdefault("base_url", self.settings.base_url)
        began = time.monotonic()
        response = self.web.open(path, method=method, buffered=True, **rest)
        answer = Answer(
            response.status_code,
            response.get_data().decode("utf-8", "replace"),
            dict(response.headers),
            time.monotonic() - began,
        )
        response.close()
        harmless(answer)
        return answer

    def upload(self, *contents: bytes, name: str = "badge.json", recipient: str = "") -> Answer:
        files = [FileStorage(io.BytesIO(content), filename=name) for content in contents]
        boundary, body = encode_multipart({"files": files, "recipient": recipient})
        return self.request(
            "POST", "/verify", data=body, content_type=f"multipart/form-data; boundary={boundary}"
        )

    def paste(self, text: str | bytes) -> Answer:
        written = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
        head = b'--paste-end\r\nContent-Disposition: form-data; name="text"\r\n\r\n'
        body = head + written + b"\r\n--paste-end--\r\n"
        return self.request(
            "POST", "/verify", data=body, content_type="multipart/form-data; boundary=paste-end"
        )

    def open_address(self, content: bytes, *, host: str = "files.example") -> Answer:
        """Publish bytes at an address of the outside world and paste that address."""
        self.outside.names[host] = [PUBLIC]
        self.outside.pages[f"https://{host}/badge"] = httpx.Response(200, content=content)
        return self.paste(f"https://{host}/badge")


def harmless(answer: Answer) -> None:
    """Assert what holds for every answer to anything."""
    assert answer.status < 500, answer.text[:500]
    assert answer.seconds < SLOWEST
    assert not [trace for trace in TRACES if trace in answer.text]
