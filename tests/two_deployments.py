"""Two deployments that know each other by HTTP alone: one publishes its trust list, the other reads it."""

import io

import app_fakes
import httpx
from database import settings_for
from issuing_office import HTTPS_BASE_URL, Office
from simulator import PUBLIC_ADDRESS, Failure, World
from werkzeug.datastructures import FileStorage

from app import Settings, create_app
from app.trust_rounds import TrustRounds
from issuer.trust_files import TrustFiles
from ob3.trust_list import MAX_BYTES
from verifier.fetch import Fetcher, Limits

HOST = "badges.example.edu"
LIST = f"{HTTPS_BASE_URL}/trust-list.json"
PUBLISHER = f"did:web:{HOST}"
READER_URL = "https://verify.alliance.example"


class _Wires(httpx.BaseTransport):
    """The network between them: the first deployment answers for its host unless told otherwise."""

    def __init__(self, app, world):
        self._served = httpx.WSGITransport(app=app)
        self._world = world

    def handle_request(self, request):
        url = str(request.url)
        if request.url.host != HOST or url in self._world.pages or url in self._world.failures:
            return self._world.handle_request(request)
        self._world.requests.append(url)
        return self._served.handle_request(request)


class TwoDeployments:
    """The publishing office with its pages, and the reading one with its worker's rounds and its pages."""

    def __init__(self, folder, *, lists=LIST, publishers=PUBLISHER):
        self.office = Office(folder / "first", base_url=HTTPS_BASE_URL)
        self.clock = self.office.clock
        self.office.ready()
        self.record = self.office.one()
        self.office.issuer.sign_status_lists(only_due=False)
        self.files = TrustFiles(self.office.folder)
        self.publish()
        self.world = World(now=self.clock.now)
        self.app_of_first = create_app(_settings(self.office.folder, HTTPS_BASE_URL), clock=self.clock)
        wires = _Wires(self.app_of_first, self.world)
        self.fetcher = Fetcher(
            transport=wires, resolve=lambda _host: [PUBLIC_ADDRESS], limits=Limits(body_bytes=MAX_BYTES)
        )
        self.reader = Office(folder / "second", base_url=READER_URL, clock=self.clock)
        self.read_from(lists, publishers)

    def read_from(self, lists, publishers):
        """Start the second deployment with these settings."""
        self.settings = _settings(
            self.reader.folder,
            READER_URL,
            TESTAMUR_TRUST_LISTS=lists,
            TESTAMUR_TRUST_PUBLISHERS=publishers,
        )
        self.rounds = TrustRounds(self.settings, self.reader.issuer, clock=self.clock, fetcher=self.fetcher)
        self.web = create_app(self.settings, clock=self.clock, fetcher=self.fetcher).test_client()

    def publish(self):
        return self.office.issuer.publish_trust_list(self.files, name="Example Consortium")

    def serve(self, text):
        """Let something else stand where the list is published."""
        self.world.publish(LIST, text.encode() if isinstance(text, str) else text)

    def fail(self, failure=Failure.down):
        self.world.fail(LIST, failure)

    def page(self):
        """Give the page that a visitor of the second deployment sees of the badge of the first."""
        self.office.issuer.sign_status_lists(only_due=False)
        files = [FileStorage(io.BytesIO(self.record.text.encode()), filename="badge.json")]
        form = app_fakes.multipart(files=files)
        return self.web.post("/verify", base_url=READER_URL, **form).get_data(as_text=True)

    def close(self):
        self.office.close()
        self.reader.close()


def _settings(folder, base_url, **more):
    secret = "a-secret-of-the-tests-that-is-long-enough-0123456789"
    given = {"TESTAMUR_DIR": str(folder), "TESTAMUR_BASE_URL": base_url, "TESTAMUR_SECRET_KEY": secret}
    return Settings.from_env({**given, **settings_for(folder), **more})
