"""The factory: one web application out of settings, services, pages, headers, limits and languages."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, abort, g, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge
from werkzeug.middleware.proxy_fix import ProxyFix

from app.api.calls import add_api
from app.asgi import REFUSED
from app.clock import utc_now
from app.console.access import add_access
from app.console.office import Console
from app.console.pages import MOST_FIELDS, add_console, is_for_staff
from app.dates import long_date
from app.headers import add_headers
from app.languages import LANGUAGES, add_languages
from app.limits import Limits, add_limits
from app.metrics import Metrics, add_metrics
from app.pages.achievements import achievement_pages
from app.pages.catalogue import catalogue_pages
from app.pages.check import check_pages
from app.pages.health import health_pages
from app.pages.holder import holder_pages
from app.pages.home import home_pages
from app.pages.kept_markup import answer_item, fact_item
from app.pages.office import Services
from app.pages.outbox import outbox_pages
from app.pages.paper import paper_pages
from app.pages.published import published_pages
from app.pages.recognition import recognition_pages
from app.pages.refresh import refresh_pages
from app.pages.share import share_pages
from app.pages.trust import trust_pages
from app.problems import add_problems
from app.request_log import add_request_log, write_log_to_stderr
from app.services import build_services, default_fetcher
from app.sessions import CookieSessions
from app.settings import Settings
from app.trust_lists import TrustLists
from app.vc_api.routes import VcApi, add_vc_api, make_vc_api
from app.worker import make_queue, worker_alive
from issuer import Issuer, LinkSecret
from issuer.figures import figures
from issuer.trust_files import TrustFiles
from verifier.sources import Fetches

ROOT = Path(__file__).parents[1]
MAX_CONTENT_BYTES = 6 * 1024 * 1024
MAX_FORM_PARTS = 20
MAX_TEXT_BYTES = 1_500_000  # a pasted credential: the verifier itself stops at 1 MiB
FORM_SECONDS = 12 * 3600
MAX_ENCODED_BYTES = 1024 * 1024  # of a urlencoded form; larger texts come as multipart
_LOOPBACK_NAMES = ["localhost", "127.0.0.1"]


def create_app(
    settings: Settings | None = None,
    *,
    clock: Callable[[], datetime] = utc_now,
    fetcher: Fetches | None = None,
) -> Flask:
    """Make the web application.

    `settings` come from the environment unless given; `fetcher` reaches the outside world and is made from
    them unless given. Raises `SettingsError` for settings that are not safe.
    """
    write_log_to_stderr()
    settings = settings or Settings.from_env()
    services = build_services(settings, clock=clock, fetcher=fetcher)
    if not settings.vc_api:
        return assemble(settings, services)
    local = services.issuer.local if services.issuer is not None else None
    outside = fetcher or default_fetcher(settings)
    return assemble(settings, services, make_vc_api(settings, clock=clock, fetcher=outside, local=local))


class _Application(Flask):
    """Flask without functions that wait: for those it would look at every view and hook of each request."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Give the function as it is."""
        return func


def assemble(settings: Settings, services: Services, vc_api: VcApi | None = None) -> Flask:
    """Put the pages, and the VC-API where it is asked for, on the services that they are given."""
    app = _Application("testamur", root_path=str(ROOT), template_folder="templates", static_folder="static")
    app.extensions["testamur_database"] = services.database
    _configure(app, settings)
    add_request_log(app)
    metrics = _measured(app, services.issuer, settings) if services.issuer is not None else None
    if services.issuer is not None:  # before the forms are bounded: staff may send longer ones
        cookie = "__Host-testamur-staff" if settings.secure else "testamur-staff"
        add_access(app, services.issuer.deployment, cookie=cookie)
    # a certificate of one's own on loopback must not bind every other service of this machine to https
    add_headers(app, secure=settings.secure and not settings.on_loopback)
    add_problems(app)
    add_languages(app)
    _bound_forms(app)
    _protect_forms(app)
    limits = add_limits(
        app, verify=settings.limit_verify, codes=settings.limit_codes, sign_in=settings.limit_sign_in
    )
    _add_pages(app, services, settings, limits, metrics)
    if services.issuer is not None:
        console = _console(services.issuer, services, settings)
        add_console(app, console, limits)
        add_api(app, console, limits)
    if vc_api is not None:
        add_vc_api(app, vc_api, limits, token=settings.vc_api_token)
    _add_words(app, settings)
    return app


def _console(issuer: Issuer, services: Services, settings: Settings) -> Console:
    """Give the console what it stands on; it reads mails only where no server takes them (no_smtp)."""
    links = None if settings.smtp_url else LinkSecret.open(settings.dir / "link-secret")
    return Console(
        issuer=issuer,
        settings=settings,
        worker=make_queue(settings.dir),
        links=links,
        outside=services.outside,
    )


def _configure(app: Flask, settings: Settings) -> None:
    host = urlsplit(settings.base_url).hostname or ""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        DEBUG=settings.debug,
        TRUSTED_HOSTS=sorted({host, *_LOOPBACK_NAMES}) if settings.on_loopback else [host],
        MAX_CONTENT_LENGTH=MAX_CONTENT_BYTES,
        MAX_FORM_PARTS=MAX_FORM_PARTS,
        MAX_FORM_MEMORY_SIZE=MAX_TEXT_BYTES,
        SESSION_COOKIE_NAME="__Host-testamur" if settings.secure else "testamur",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=FORM_SECONDS,
        WTF_CSRF_SSL_STRICT=False,  # it asks for a Referer, which our Referrer-Policy keeps back
    )
    app.session_interface = CookieSessions()
    if settings.trusted_proxies:  # the caller's address only: host and scheme come from the settings
        fixed = ProxyFix(
            app.wsgi_app, x_for=settings.trusted_proxies, x_proto=0, x_host=0, x_port=0, x_prefix=0
        )
        app.wsgi_app = fixed  # type: ignore[method-assign]


def _bound_forms(app: Flask) -> None:
    """Stop what the gateway found too much or too slow, and forms that Werkzeug would read whole (U7)."""

    @app.before_request
    def bound() -> None:
        if REFUSED in request.environ:
            abort(request.environ[REFUSED])
        staff = is_for_staff() and g.get("signed_in") is not None
        request.max_form_parts = MOST_FIELDS if staff else MAX_FORM_PARTS
        if request.mimetype == "application/x-www-form-urlencoded":
            request.max_content_length = MAX_ENCODED_BYTES
            if request.get_data(cache=True).count(b"&") >= (MOST_FIELDS if staff else MAX_FORM_PARTS):
                raise RequestEntityTooLarge


def _protect_forms(app: Flask) -> None:
    """Ask every form that changes something for its token, and refuse what another site sent (W2)."""
    protect = CSRFProtect(app)
    app.extensions["testamur_forms"] = protect

    @app.before_request
    def same_site() -> None:
        sent_by = request.headers.get("Sec-Fetch-Site", "same-origin")
        changes = request.method not in ("GET", "HEAD", "OPTIONS")
        if (
            changes
            and (request.blueprint == "holder" or is_for_staff())
            and sent_by not in ("same-origin", "none")
        ):
            raise BadRequest


def _measured(app: Flask, issuer: Issuer, settings: Settings) -> Metrics:
    """Count requests from the first one on, and let `/metrics` ask the office for its figures."""
    others = TrustLists(settings.dir, settings.trust_lists, settings.trust_publishers)
    metrics = Metrics(
        figures=lambda: figures(issuer.deployment),
        worker_alive=lambda: worker_alive(settings.dir),
        trust_lists=lambda: others.figures(issuer.deployment.now()),
    )
    add_metrics(app, metrics)
    return metrics


def _add_pages(
    app: Flask, services: Services, settings: Settings, limits: Limits, metrics: Metrics | None
) -> None:
    files = TrustFiles(settings.dir)
    without_session = [
        check_pages(services, settings, limits),
        paper_pages(services, settings, limits),
        recognition_pages(services, limits),
    ]
    for pages in without_session:
        app.extensions["testamur_forms"].exempt(pages)
    others = [
        home_pages(services, files),
        catalogue_pages(services),
        holder_pages(services, settings, limits),
        share_pages(services, settings, limits),
        published_pages(services, settings),
        refresh_pages(services, limits),
        achievement_pages(services, settings),
        trust_pages(files),
        health_pages(services, metrics=metrics, token=settings.metrics_token),
    ]
    demonstration = [outbox_pages(services, settings)] if settings.demo else []
    for pages in [*without_session, *others, *demonstration]:
        app.register_blueprint(pages)

    @app.get("/favicon.ico")
    def favicon() -> Response:
        return app.send_static_file("favicon.svg")


def _add_words(app: Flask, settings: Settings) -> None:
    """Give the templates what every page needs."""

    @cache
    def asset(name: str) -> str:
        digest = hashlib.sha256((ROOT / "static" / name).read_bytes()).hexdigest()[:12]
        return f"/static/{name}?v={digest}"

    app.jinja_env.globals.update(  # the same for every page, so that parts without a context of theirs see it
        asset=asset,
        site_name=settings.site_name,
        demo=settings.demo,
        languages=LANGUAGES,
        long_date=long_date,
        answer_item=answer_item,
        fact_item=fact_item,
    )
