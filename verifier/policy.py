"""Limits and choices of a verification, with units."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, kw_only=True)
class Policy:
    """Say how far a verification goes.

    `isolate`: read containers and make the canonical form of outside bytes in a child process with limits.
    `skew`: how far two honest clocks may differ. `follow_refresh`: ask the issuer for a newer version, which
    tells it that this certificate is being checked. `strict_claims`: refuse a token that leaves out a claim
    which Open Badges 3.0 requires, as its own samples do. The rest are counts per verification (THREATS N5,
    P6; `max_within`: credentials inside learner records and presentations) and the longest time for which
    another deployment's status list is kept.
    """

    isolate: bool = True
    skew: timedelta = timedelta(seconds=60)
    follow_refresh: bool = True
    strict_claims: bool = False
    max_proofs: int = 8
    max_status_entries: int = 8
    max_endorsements: int = 8
    max_within: int = 20
    max_fetches: int = 12
    max_list_age: timedelta = timedelta(seconds=60)


DEFAULT = Policy()
