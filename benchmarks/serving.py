"""The page behind the code on paper: found, verified and rendered, by the application without a server."""

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from typing import Any

from werkzeug.test import EnvironBuilder, run_wsgi_app

from app.factory import create_app
from benchmarks.credential import Sample
from benchmarks.goals import PAGE
from benchmarks.interleaved import Contender, cpu
from benchmarks.running_clock import running_clock


@contextmanager
def serving(sample: Sample) -> Iterator[list[Contender]]:
    """Make what serves, each time the page of another learner, and close its database again.

    The log of requests is written, and read by nobody.
    """
    with open(os.devnull, "w") as nowhere, redirect_stderr(nowhere):
        yield from _pages(sample)


def _pages(sample: Sample) -> Iterator[list[Contender]]:
    application = create_app(sample.office.settings, clock=running_clock)
    asked = itertools.cycle([_asked(f"/c/{record.code}", sample) for record in sample.records])

    def page() -> None:
        pieces, status, _headers = run_wsgi_app(application, dict(next(asked)), buffered=True)
        if status != "200 OK" or b'id="verdict"' not in b"".join(pieces):
            raise ValueError(f"the page of the benchmark is {status}")

    yield [Contender(PAGE, cpu(page), 10)]
    application.extensions["testamur_database"].dispose()


def _asked(path: str, sample: Sample) -> dict[str, Any]:
    """Give a browser's request."""
    headers = [("User-Agent", "Mozilla/5.0"), ("Accept", "text/html"), ("Accept-Language", "en")]
    return EnvironBuilder(path, base_url=sample.office.settings.base_url, headers=headers).get_environ()
