"""Run the web process under granian, as the command line, the demo and the tests do."""

import os
from typing import TYPE_CHECKING

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from app.settings import Settings

if TYPE_CHECKING:
    from flask import Flask

# Views wait for the database and for other hosts; four at once keep two cores busy without hurting latency.
_BLOCKING_THREADS = 4


def serve_web(settings: Settings, *, workers: int = 1) -> None:
    """Serve until SIGINT or SIGTERM."""
    os.environ |= {
        "TESTAMUR_DIR": str(settings.dir),
        "TESTAMUR_HOST": settings.host,
        "TESTAMUR_PORT": str(settings.port),
        "TESTAMUR_DEMO": "1" if settings.demo else "0",
    }
    Granian(
        "app.serving:web_application",
        factory=True,
        interface=Interfaces.WSGI,
        address=settings.host,
        port=settings.port,
        workers=workers,
        blocking_threads=_BLOCKING_THREADS,
        respawn_failed_workers=True,
        websockets=False,
        log_level=LogLevels.warning,
        workers_kill_timeout=5,
    ).serve()


def web_application() -> "Flask":
    """Make the application inside a granian worker, from the environment."""
    from app.factory import create_app  # the parent process only watches: it does not need the pages

    return create_app(Settings.from_env())
