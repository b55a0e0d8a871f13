"""Metrics: requests by route, and what waits in the office, in the form that Prometheus reads."""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from issuer.figures import Figures

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_FRESH_SECONDS = 5.0  # several scrapers, or somebody in a hurry, count the tables once


class Metrics:
    """The metrics of one process: its own requests, and the figures of the office at the time of asking."""

    def __init__(
        self,
        figures: Callable[[], Figures],
        worker_alive: Callable[[], bool],
        trust_lists: Callable[[], Mapping[str, int]] = dict,
    ) -> None:
        self._registry = CollectorRegistry(auto_describe=True)
        self._requests = Counter(
            "testamur_http_requests",
            "Requests by method, route and status.",
            ["method", "route", "status"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "testamur_http_request_seconds",
            "Time to answer, by route.",
            ["route"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._registry.register(_Office(figures, worker_alive, trust_lists))

    def count(self, *, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request; `route` is the rule, never the address, for those hold codes and links."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        """Write everything in the text format of Prometheus."""
        return generate_latest(self._registry)


class _Office(Collector):
    """Ask the office for its figures whenever somebody looks."""

    def __init__(
        self,
        figures: Callable[[], Figures],
        worker_alive: Callable[[], bool],
        trust_lists: Callable[[], Mapping[str, int]],
    ) -> None:
        self._figures = figures
        self._worker_alive = worker_alive
        self._trust_lists = trust_lists
        self._asked: tuple[float, Figures] | None = None

    def describe(self) -> list[Metric]:
        return []  # nothing is asked while the application starts

    def collect(self) -> Iterator[Metric]:
        now = self._recent()
        for name, about, values in (
            ("testamur_batches", "Batches by state.", now.batches),
            ("testamur_open_batch_rows", "Rows of batches being issued, by state.", now.rows),
            ("testamur_mails", "Mails by state.", now.mails),
            ("testamur_credentials", "Credentials by status, planned ones included.", now.credentials),
            ("testamur_trust_lists", "Trust lists of others by use and last look.", self._trust_lists()),
        ):
            family = GaugeMetricFamily(name, about, labels=["state"])
            for state, count in values.items():
                family.add_metric([state], count)
            yield family
        for name, about, value in (
            ("testamur_oldest_due_mail_seconds", "How long the oldest due mail waits.", now.oldest_due_mail),
            ("testamur_oldest_open_batch_seconds", "How long a batch is open.", now.oldest_waiting_batch),
            (
                "testamur_unsigned_status_lists",
                "Lists that do not show their changes.",
                now.unsigned_list_changes,
            ),
            ("testamur_oldest_status_list_seconds", "Age of the oldest signed list.", now.oldest_status_list),
            (
                "testamur_status_lists_differed",
                "How often kept bits were not those of the rows.",
                now.status_lists_differed,
            ),
            ("testamur_worker_up", "1 if this folder has a worker.", float(self._worker_alive())),
        ):
            yield GaugeMetricFamily(name, about, value=value)

    def _recent(self) -> Figures:
        asked = self._asked
        if asked is None or time.monotonic() - asked[0] > _FRESH_SECONDS:
            asked = self._asked = (time.monotonic(), self._figures())
        return asked[1]


def add_metrics(app: Flask, metrics: Metrics) -> None:
    """Count every request of an app."""

    @app.before_request
    def begin() -> None:
        g.metrics_began = time.monotonic()

    @app.after_request
    def count(response: Response) -> Response:
        began = g.get("metrics_began")
        if began is not None:
            metrics.count(
                method=request.method if request.method in _METHODS else "other",
                route=str(request.url_rule) if request.url_rule else "none",
                status=response.status_code,
                seconds=time.monotonic() - began,
            )
        return response


def metrics_response(metrics: Metrics) -> Response:
    """Answer with the metrics."""
    values: dict[str, Any] = {"content_type": CONTENT_TYPE_LATEST}
    return Response(metrics.text(), **values)


_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
