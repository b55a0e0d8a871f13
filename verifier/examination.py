"""Steps 4 to 13 on one parsed document; a badge and the endorsements inside it go the same way.

1 to 3 are in `verifier.reading`, 14 to 16 in `verifier.verifier`, which also has the numbered list. Steps
before the signature may only refuse: the first that does not pass ends the examination.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ob3.jws import Jws
from verifier.any_credential import (
    before_any_signature,
    check_any_contexts,
    check_any_shape,
    without_open_status,
)
from verifier.canonical import check_canonical
from verifier.contexts import Contexts, check_contexts
from verifier.dates import check_dates
from verifier.endorsements import Endorsements, check_endorsements, endorsement_of
from verifier.issuer_keys import IssuerKeys
from verifier.json_types import id_of
from verifier.jws_proofs import check_jws
from verifier.policy import Policy
from verifier.proofs import ProvenDocument, check_proofs
from verifier.report import CHECK_IDS, Check, Endorsement, Outcome, failed, passed, skipped
from verifier.schemas import check_schemas
from verifier.selections import dates_of_selection, status_of_selection
from verifier.shape import check_shape, issuer_id, kind_of
from verifier.status import StatusCheck
from verifier.verdict import decide
from verifier.work import Work

_SETTLED = (Outcome.passed, Outcome.warning)
_READ = (
    passed("kind", "kind_recognised"),
    passed("container", "container_read"),
    passed("parse", "json_read"),
)


@dataclass(frozen=True)
class Examined:
    """The checks made on one document, the issuer that it claims, what was proven of it, and what came of the
    endorsements inside it, with the examination of each."""

    checks: list[Check] = field(default_factory=list)
    issuer: str | None = None
    proven: ProvenDocument | None = None
    endorsements: Endorsements | None = None
    endorsing: "tuple[Examined, ...]" = ()


@dataclass(frozen=True, kw_only=True)
class Examination:
    """Examine documents with one set of sources, for one verification."""

    keys: IssuerKeys
    status: StatusCheck
    policy: Policy
    accepted_contexts: Mapping[str, Mapping[str, Any]]
    work: Work | None = None
    _endorsed: list[str] = field(default_factory=list)  # those read so far, of all documents

    def examine(
        self, document: Any, *, jws: Jws | None = None, embedded: bool = False, measured: bool = False
    ) -> Examined:
        """Make steps 4 to 13 as far as each lets the next begin; never raises for a bad document.

        Once the verification has used up its computing time nothing is examined any more.

        `jws` is the token that `document` was read from; its signature then takes the place of proofs.
        `measured`: the work of its canonical form is known to be within limits.
        """
        if self.work is not None and self.work.used_up:
            return Examined([failed("canonical", "limit_work")])
        any_kind = self.policy.any_credential
        shape = check_any_shape(document) if any_kind else check_shape(document)  # 4
        if not isinstance(document, dict):
            return Examined([shape])
        issuer = issuer_id(document)
        contexts = (
            check_any_contexts(document)
            if any_kind
            else check_contexts(document, accepted=self.accepted_contexts)
        )
        isolate = self.policy.isolate and not measured
        checks = [shape, *self._before_signature(document, contexts, isolate=isolate)]
        if issuer is None or any(one.outcome not in _SETTLED for one in checks):
            return Examined(checks, issuer)
        proven = self._proven(document, jws, issuer, contexts)  # 8, 9
        checks += [proven.issuer_key, proven.signature]
        if proven.document is None:
            return Examined(checks, issuer, proven)
        endorsements, endorsing = self._endorsements(proven.document, embedded=embedded)  # 13
        checks += [*self._after_signature(proven.document, proven.proof or {}, issuer), endorsements.check]
        return Examined(checks, issuer, proven, endorsements, endorsing)

    def _proven(
        self, document: dict[str, Any], jws: Jws | None, issuer: str, contexts: Contexts
    ) -> ProvenDocument:
        if jws is not None:
            return check_jws(jws, document, issuer, self.keys, strict_claims=self.policy.strict_claims)
        expected = self.policy.of_credentials
        return check_proofs(
            document,
            issuer,
            self.keys,
            extra_contexts=contexts.extra,
            max_proofs=self.policy.max_proofs,
            expected_purpose=expected.purpose,
            domain=expected.domain,
            challenge=expected.challenge,
            allow_keywords=self.policy.any_credential,
            every_one=self.policy.any_credential,
            learn=self.policy.learn_shapes,
        )

    def _before_signature(
        self, document: dict[str, Any], contexts: Contexts, *, isolate: bool
    ) -> list[Check]:
        """Make 5 to 7; schema and context also where the shape failed, for they tell a reader more."""
        if self.policy.any_credential:
            return before_any_signature(document, contexts, self.policy)
        kind = kind_of(document)
        if kind is None or contexts.check.outcome is Outcome.unknown:  # other kinds follow other schemas
            return [skipped("schema", "stopped_earlier"), contexts.check]
        checks = [check_schemas(document, kind, extra_contexts=contexts.extra), contexts.check]  # 5, 6
        if all(one.outcome in _SETTLED for one in checks):
            learn = self.policy.learn_shapes
            checks.append(
                check_canonical(document, extra_contexts=contexts.extra, isolate=isolate, learn=learn)  # 7
            )
        return checks

    def _after_signature(
        self, document: dict[str, Any], proof: Mapping[str, Any], issuer: str
    ) -> list[Check]:
        refresh = "refresh_not_followed" if "refreshService" in document else "no_refresh"
        badge, policy = not self.policy.any_credential, self.policy
        dates = check_dates(document, proof, now=self.keys.now, skew=policy.skew, start_required=badge)
        status = status_of_selection(self.status.check(document, issuer), document, proof)
        return [
            dates_of_selection(dates, document, proof),  # 10
            without_open_status(status) if policy.status_may_stay_open else status,  # 11
            skipped("refresh", refresh),  # 12
        ]

    def _endorsements(
        self, document: dict[str, Any], *, embedded: bool
    ) -> tuple[Endorsements, tuple[Examined, ...]]:
        made: list[Examined] = []

        def examine(one: dict[str, Any], jws: Jws | None) -> Endorsement:
            self._endorsed.append(id_of(one.get("id")) or "")
            made.append(self.examine(one, jws=jws, embedded=True))
            return endorsement_from(made[-1], one)

        left = min(self.policy.max_endorsements, self.policy.max_endorsements_in_all - len(self._endorsed))
        found = check_endorsements(document, examine=None if embedded else examine, most=left)
        return found, tuple(made)


def endorsement_from(examined: Examined, document: Mapping[str, Any]) -> Endorsement:
    """Say what came of one endorsement that was examined."""
    verdict = decide([*_READ, *complete(examined.checks, from_step=3)])
    proven = examined.proven.document if examined.proven else None
    return endorsement_of(document, verdict, proven=proven)


def complete(checks: list[Check], *, from_step: int = 0) -> list[Check]:
    """Put checks in the order of the steps, with those that were not made as skipped."""
    made = {one.id: one for one in checks}
    return [made.get(one) or skipped(one, "stopped_earlier") for one in CHECK_IDS[from_step:]]
