"""Two deployments that are served over TLS on loopback, with staff who sign in, and their workers."""

import contextlib
from html import escape

import httpx
from console_office import LIGHT, PASSWORD, Staff
from database import settings_for
from form_visitor import Visitor
from issuing_office import HTTPS_BASE_URL, Office, institution
from recognition_world import SECOND_BASE_URL
from tls_world import served_over_tls

from app import Settings, create_app
from app.recognition_rounds import FEED_BYTES, RecognitionRounds
from app.trust_rounds import TrustRounds
from app.worker import make_queue, work_off
from issuer.staff.accounts import make_person
from issuer.staff.totp import code_at, new_totp_secret, step_at
from verifier.fetch import Fetcher, Limits, PinnedTransport

_ADDRESSES = {"badges.example.edu": "93.184.216.34", "badges.alliance.example": "93.184.216.35"}


class Network(httpx.BaseTransport):
    """What each service's fetcher calls through: the port on which a host is served, by TLS."""

    def __init__(self):
        self.served = {}  # host -> (port, what trusts its certificate)

    def handle_request(self, request):
        """Send what a fetcher asks of a public address to the port of its host."""
        host = request.url.host
        if host not in self.served:
            raise httpx.ConnectError("nobody there")
        port, context = self.served[host]
        route = {(_ADDRESSES[host], 443): ("127.0.0.1", port)}
        return PinnedTransport(ssl_context=context, route=route).handle_request(request)

    def road(self, host):
        """Give the way from somebody's browser to a host."""
        port, context = self.served[host]
        return _Road(port, context)


class _Road(httpx.HTTPTransport):
    """Connect to a port on loopback; TLS, cookies and the service see the name of the host."""

    def __init__(self, port, context):
        super().__init__(verify=context)
        self._port = port

    def handle_request(self, request):
        """Send a request there."""
        sent = httpx.Request(
            request.method,
            request.url.copy_with(host="127.0.0.1", port=self._port),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": request.url.host},
        )
        return super().handle_request(sent)


class University:
    """One deployment with its institution: served, with a worker that takes its turn when told to."""

    def __init__(self, folder, base_url, other_url, network, *, slug, name, clock=None, **changes):
        self.base_url, self.slug, self.name, self.network = base_url, slug, name, network
        self.host = httpx.URL(base_url).host
        self.office = Office(folder, base_url=base_url, **({"clock": clock} if clock else {}))
        self.clock = self.office.clock
        issuer = self.office.issuer
        issuer.register_institution(institution(slug, name=name, names={}, **changes))
        issuer.create_key(slug)
        issuer.sign_status_lists(only_due=False)
        settings = _settings(folder, base_url, other_url)
        fetcher = Fetcher(
            transport=network,
            resolve=lambda host: [_ADDRESSES[host]] if host in _ADDRESSES else [],
            own_hosts=(self.host,),
            limits=Limits(body_bytes=FEED_BYTES),
        )
        told = {"clock": self.clock, "fetcher": fetcher}
        self.app = create_app(settings, **told)
        self.trust_rounds = TrustRounds(settings, issuer, **told)
        self.recognition_rounds = RecognitionRounds(settings, issuer, **told)
        self.queue = make_queue(folder, issuer=issuer)
        self._made = 0

    def person(self, name, *roles):
        """Make somebody with these roles, a password and an authenticator."""
        self._made += 1
        email, secret = f"person{self._made}@{self.slug}.example", new_totp_secret()
        grants = [(self.slug, role, None) for role in roles]
        made = make_person(
            self.office.issuer.deployment,
            email=email,
            name=name,
            grants=grants,
            password=PASSWORD,
            totp_secret=secret,
            by="test",
            work=LIGHT,
        )
        return Staff(name, email, made, 0, secret)

    @contextlib.contextmanager
    def at_desk(self, staff):
        """Sign somebody in as they would; the clock moves on, for each code is good once."""
        self.clock.forward(seconds=30)
        code = code_at(staff.totp_secret, step_at(self.clock.now))
        with self.visitor() as visitor:
            visitor.open("/staff/sign-in")
            told = {"email": staff.email, "password": staff.password, "code": code}
            visitor.press("Sign in", told)
            assert escape(staff.name) in visitor.page
            yield visitor

    def visitor(self):
        """Give somebody's browser that is not signed in."""
        return Visitor(self.base_url, self.network.road(self.host))

    def work(self):
        """Let the worker do what was entered for it, and what the clock says is due."""
        self.queue.look_around()
        work_off(self.queue)


@contextlib.contextmanager
def two_universities(folder):
    """Serve the awarding and the receiving university, each of which has read the other's trust list."""
    network = Network()
    awarding = University(
        folder / "first",
        HTTPS_BASE_URL,
        SECOND_BASE_URL,
        network,
        slug="uef",
        name="Example University of Economics",
    )
    receiving = University(
        folder / "second",
        SECOND_BASE_URL,
        HTTPS_BASE_URL,
        network,
        slug="zagreb",
        name="Example University of Zagreb",
        clock=awarding.clock,
        country="HR",
    )
    with contextlib.ExitStack() as stack:
        for one in (awarding, receiving):
            stack.callback(one.office.close)
            stack.callback(one.app.extensions["testamur_database"].dispose)
            place = folder / f"tls-{one.slug}"
            place.mkdir()
            network.served[one.host] = stack.enter_context(served_over_tls(one.app, one.host, place))
        for one in (awarding, receiving, awarding):
            one.trust_rounds.once(only_due=False)
        yield awarding, receiving


def _settings(folder, base_url, other_url):
    given = {
        "TESTAMUR_DIR": str(folder),
        "TESTAMUR_BASE_URL": base_url,
        "TESTAMUR_SECRET_KEY": "a-secret-of-the-tests-that-is-long-enough-0123456789",
        "TESTAMUR_TRUST_LISTS": f"{other_url}/trust-list.json",
        "TESTAMUR_TRUST_PUBLISHERS": f"did:web:{httpx.URL(other_url).host}",
    }
    return Settings.from_env({**given, **settings_for(folder)})
