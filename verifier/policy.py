"""Limits and choices of a verification, with units."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What a proof must have been made for: its purpose, and domain and challenge where they are given."""

    purpose: str = "assertionMethod"
    domain: str | None = None
    challenge: str | None = None


@dataclass(frozen=True, kw_only=True)
class Policy:
    """Say how far a verification goes.

    `isolate`: read containers and make the canonical form of outside bytes in a child process with limits.
    `skew`: how far two honest clocks may differ. `follow_refresh`: ask the issuer for a newer version, which
    tells it that this certificate is being checked. `strict_claims`: refuse a token that leaves out a claim
    which Open Badges 3.0 requires, as its own samples do. `judge_profile`: say whether a
    micro-credential is complete. `learn_shapes`: read documents under contexts that learn (ADR 30).

    `any_credential`: judge by the rules of the W3C data model alone (`verifier.any_credential`), not as a
    badge; `of_credentials` and `of_presentations` then say what their proofs must have been made for, and
    `status_may_stay_open` that a status which could not be read is a remark.

    `cpu_seconds`: computing time, in all, after which no further document is begun (V7).

    The rest are counts per verification (THREATS N5, P6; `max_endorsements`: of one document; `max_within`:
    credentials inside learner records and presentations) and the longest time for which another deployment's
    status list is kept.
    """

    isolate: bool = True
    skew: timedelta = timedelta(seconds=60)
    follow_refresh: bool = True
    strict_claims: bool = False
    judge_profile: bool = True
    learn_shapes: bool = True
    any_credential: bool = False
    of_credentials: Expected = Expected()
    of_presentations: Expected = Expected(purpose="authentication")
    status_may_stay_open: bool = False
    cpu_seconds: float = 1.0
    max_proofs: int = 8
    max_status_entries: int = 8
    max_endorsements: int = 8
    max_endorsements_in_all: int = 24
    max_within: int = 20
    max_fetches: int = 12
    max_list_age: timedelta = timedelta(seconds=60)


DEFAULT = Policy()
