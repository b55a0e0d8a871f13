"""The lint before signing: what we are about to sign must pass our own verifier under a throw-away key.

A signature cannot be taken back (THREATS I3). So the plan is signed with a key that is forgotten at once;
the verifier, told that this is the issuer's key, must find the whole badge valid at the moment from which it
is, with a fresh status list; and the rules of the profile must have nothing that blocks.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from issuer.errors import IssuerError
from issuer.status_lists import signed_list
from keys import PublicKey, SecretKey
from microcredential import CONTEXT_PATH, check_credential, context
from microcredential.credential import rfc3339
from microcredential.findings import Severity
from ob3 import Ob3Error, add_proof
from ob3.strict_json import dump
from verifier import Outcome, Policy, Verdict, VerificationReport, Verifier

KeySource = Callable[[str, str], PublicKey | None]


class LintRefused(IssuerError):  # noqa: N818  (named for the fault)
    """Say why a planned credential must not be signed."""


class Verifies(Protocol):
    """The one thing that the lint needs of a verifier."""

    def verify(self, data: bytes) -> VerificationReport:
        """Report on a secured credential."""


class VerifierFactory(Protocol):
    """Make a verifier for one clock, key source and set of own documents."""

    def __call__(
        self, *, clock: Callable[[], datetime], keys: KeySource, local: Callable[[str], bytes | None]
    ) -> Verifies: ...


def own_verifier(
    *, clock: Callable[[], datetime], keys: KeySource, local: Callable[[str], bytes | None]
) -> Verifies:
    """Make a verifier without network; our own plan needs no child process to be read in."""
    return Verifier(fetcher=None, clock=clock, keys=keys, local=local, policy=Policy(isolate=False))


class Lint:
    """Judge planned credentials of one institution with one throw-away key."""

    def __init__(
        self, *, base_url: str, issuer_id: str, method: str, country: str, verifier_factory: VerifierFactory
    ) -> None:
        self._contexts = {base_url + CONTEXT_PATH: context()}
        self._issuer_id = issuer_id
        self._key = SecretKey.generate()
        self._signer = self._key.signer(method)
        self._country = country
        self._verifier_factory = verifier_factory
        self._lists: dict[tuple[str, datetime], bytes] = {}

    def check(self, unsigned: dict[str, Any], *, valid_from: datetime, lists: Mapping[str, str]) -> None:
        """Raise LintRefused unless the document would be valid; `lists` gives the purpose by list address."""
        blocking = [
            finding
            for finding in check_credential(unsigned, institution_country=self._country, now=valid_from)
            if finding.severity is Severity.BLOCK
        ]
        if blocking:
            first = blocking[0]
            raise LintRefused("profile", f"{first.id} {first.path}: {first.message} {first.fix}")
        report = self._report(unsigned, valid_from, lists)
        failed = [check for check in report.checks if check.outcome is Outcome.failed]
        if report.verdict is not Verdict.valid or failed:
            reasons = [check for check in report.checks if check.outcome in (Outcome.failed, Outcome.unknown)]
            words = " ".join(f"{check.id}: {check.message}" for check in reasons) or "no check says why."
            raise LintRefused("lint", f"The verifier calls it {report.verdict}: {words}")

    def _report(
        self, unsigned: dict[str, Any], valid_from: datetime, lists: Mapping[str, str]
    ) -> VerificationReport:
        try:
            secured = secure(unsigned, signer=self._signer, created=valid_from, contexts=self._contexts)
        except Ob3Error as error:
            raise LintRefused(error.code, error.message) from error
        verifier = self._verifier_factory(
            clock=lambda: valid_from,
            keys=self._public_key,
            local=lambda url: self._list(url, lists[url], valid_from) if url in lists else None,
        )
        return verifier.verify(secured.encode())

    def _public_key(self, issuer_id: str, method: str) -> PublicKey | None:
        return self._key.public_key if (issuer_id, method) == (self._issuer_id, self._signer.id) else None

    def _list(self, url: str, purpose: str, valid_from: datetime) -> bytes:
        """Sign an empty list; rows planned together share their time and so their list."""
        if (url, valid_from) not in self._lists:
            self._lists.clear()
            text = signed_list(
                url=url,
                issuer_id=self._issuer_id,
                purpose=purpose,
                set_indexes=(),
                valid_from=valid_from,
                signer=self._signer,
            )
            self._lists[url, valid_from] = text.encode()
        return self._lists[url, valid_from]


def secure(
    unsigned: dict[str, Any], *, signer: Any, created: datetime, contexts: Mapping[str, dict[str, Any]]
) -> str:
    """Sign a document and write it as it is stored: compact JSON, its proof in an array (OB 3.0 schema)."""
    secured = add_proof(unsigned, signer=signer, created=rfc3339(created), extra_contexts=contexts)
    return dump({**secured, "proof": [secured["proof"]]})
