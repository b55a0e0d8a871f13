"""Run the web process under granian, as the command line, the demo and the tests do."""

import errno
import os
import socket
from typing import TYPE_CHECKING

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from app.database import open_database, upgrade
from app.self_signed import CertificateFiles
from app.setting_values import SettingsError
from app.settings import Settings

if TYPE_CHECKING:
    from app.asgi import Gateway

# Pages need the processor more than they wait: four threads keep two cores busy without hurting latency.
# Checks may wait for other hosts, up to nine seconds each, and so have threads of their own; large files,
# which may cost a second of the processor each, have few.
_PAGES, _CHECKS, _LARGE = 4, 8, 2
_HEADER_MILLISECONDS = 10_000


def serve_web(settings: Settings, *, workers: int = 1, tls: CertificateFiles | None = None) -> None:
    """Serve until SIGINT or SIGTERM, by https with a certificate; call `prepare_to_serve` before."""
    os.environ |= {
        "TESTAMUR_DIR": str(settings.dir),
        "TESTAMUR_HOST": settings.host,
        "TESTAMUR_PORT": str(settings.port),
        "TESTAMUR_DEMO": "1" if settings.demo else "0",
    }
    if tls is not None:
        os.environ["TESTAMUR_BASE_URL"] = settings.base_url
    Granian(
        "app.serving:web_application",
        factory=True,
        interface=Interfaces.ASGINL,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=_HEADER_MILLISECONDS),
        address=settings.host,
        port=settings.port,
        workers=workers,
        respawn_failed_workers=True,
        websockets=False,
        log_level=LogLevels.warning,
        workers_kill_timeout=5,
        ssl_cert=tls.certificate if tls else None,
        ssl_key=tls.key if tls else None,
    ).serve()


def web_application() -> "Gateway":
    """Make the application inside a granian worker, from the environment."""
    # The parent process only watches: it does not need the pages.
    from app.asgi import Gateway, Patience
    from app.factory import MAX_CONTENT_BYTES, create_app
    from verifier.limited import warm_up

    settings = Settings.from_env()
    application = create_app(settings)
    warm_up(settings.base_url)  # so that the first file that somebody hands in need not wait
    patience = Patience(body_bytes=MAX_CONTENT_BYTES)
    return Gateway(application, checks=_CHECKS, large=_LARGE, pages=_PAGES, patience=patience)


def prepare_to_serve(settings: Settings) -> None:
    """Do what may fail before any process is started: granian would start a failing one again and again.

    Raises SettingsError for a port that is taken, and what the database raises.
    """
    refuse_taken(settings)
    settings.dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = open_database(settings.database_url)
    upgrade(engine)
    engine.dispose()


def refuse_taken(settings: Settings) -> None:
    """Raise SettingsError if the address cannot be listened on."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise SettingsError("cannot_listen", _why(error, settings)) from error


def _why(error: OSError, settings: Settings) -> str:
    where = f"{settings.host}, port {settings.port}"
    if error.errno == errno.EADDRINUSE:
        return f"Another program listens on {where}. Stop it, or choose another port with --port."
    if error.errno == errno.EACCES:
        return f"This account may not listen on {where}. Choose a port from 1024 up with --port."
    return f"Nothing can listen on {where}: {error.strerror or error}."
