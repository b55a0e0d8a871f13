"""Limits: how often one network may guess codes and links, or have files checked.

Counted in the memory of each process, which makes guessing 40 bits hopeless; nothing is written down.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, wraps
from ipaddress import ip_address, ip_network
from typing import Any

from flask import Flask, Response, abort, after_this_request, g, request
from flask_limiter import Limiter
from limits import parse_many

from app.api.access import caller

View = Callable[..., Any]
CALLS = "600 per minute;20000 per hour"  # of one token
HEAVY = "120 per minute;3000 per hour"  # of one member of staff: drawings, files, checks of the audit
EXPORTS = "30 per minute;300 per hour"  # of one member of staff: files of up to 50,000 rows
REFUSALS = "60 per minute;600 per hour"  # of one network, of tokens that are none


@dataclass(frozen=True)
class Limits:
    """Wrap views so that they answer 429 when one network asks too often."""

    checks: Callable[[View], View]
    lookups: Callable[[View], View]
    misses: Callable[[View], View]
    sign_ins: Callable[[View], View]
    calls: Callable[[Any], None]
    heavy: Callable[[View], View]
    exports: Callable[[View], View]


def network() -> str:
    """Name the caller's network: the /24 of an IPv4 address, the /56 of an IPv6 one."""
    return _network_of(request.remote_addr or "")


@lru_cache(maxsize=1_000)
def _network_of(caller_address: str) -> str:
    try:
        address = ip_address(caller_address)
    except ValueError:
        return "none"
    return str(ip_network((address, 24 if address.version == 4 else 56), strict=False))


def add_limits(app: Flask, *, verify: str, codes: str, sign_in: str) -> Limits:
    """Make the limits of an app; the figures are texts such as `30 per minute;300 per hour`."""
    limiter = Limiter(network, app=app, storage_uri="memory://", headers_enabled=False)
    return Limits(
        checks=limiter.shared_limit(verify, scope="checks", methods=["POST"]),
        lookups=limiter.shared_limit(codes, scope="lookups"),
        misses=_misses(limiter, codes),
        sign_ins=limiter.shared_limit(sign_in, scope="sign_ins", methods=["POST"]),
        heavy=limiter.shared_limit(HEAVY, scope="heavy", key_func=_member),
        exports=limiter.shared_limit(
            EXPORTS, scope="exports", key_func=_member, exempt_when=_is_only_looked_at
        ),
        calls=_both(
            limiter.shared_limit(REFUSALS, scope="refusals", deduct_when=_unknown),
            limiter.shared_limit(CALLS, scope="calls", key_func=caller),
        ),
    )


def _misses(limiter: Limiter, figures: str) -> Callable[[View], View]:
    """Limit how often one network finds nothing.

    It is asked before each page that a visitor has a link to, so it goes to the counters themselves: what
    Flask-Limiter does for any kind of limit takes five times as long.
    """
    bounds = sorted(parse_many(figures))

    def limited(view: View) -> View:
        @wraps(view)
        def asked(*places: Any, **named: Any) -> Any:
            of = (network(), "misses")
            if not all(limiter.limiter.test(bound, *of) for bound in bounds):
                abort(429)

            @after_this_request
            def count(response: Response) -> Response:
                if response.status_code == 404:
                    for bound in bounds:
                        limiter.limiter.hit(bound, *of)
                return response

            return view(*places, **named)

        return asked

    return limited


def _member() -> str:
    """Name the member of staff who asks, in whatever browser; whoever is nobody is refused anyway."""
    signed_in = g.get("signed_in")
    return f"person {signed_in.person_id}" if signed_in is not None else network()


def _is_only_looked_at() -> bool:
    return request.args.get("format") not in ("csv", "xlsx")


def _both(first: Callable[[Any], Any], second: Callable[[Any], Any]) -> Callable[[Any], None]:
    """Set two limits: whoever invents a new token for each call is no new caller each time."""

    def limited(pages: Any) -> None:
        first(pages)
        second(pages)

    return limited


def _unknown(response: Response) -> bool:
    return response.status_code == 401
