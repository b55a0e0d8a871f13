"""The lint before signing: what we are about to sign must pass our own verifier under a throw-away key.

A signature cannot be taken back (THREATS I3). So the plan is secured, in the very form in which it will be
issued, with a key that is forgotten at once; the verifier, told that this is the issuer's key, must find the
whole badge valid at the moment from which it is, with a fresh status list; and the rules of the profile must
have nothing that blocks.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

import orjson

from issuer.errors import IssuerError
from issuer.proof_forms import DEFAULT_FORM, ProofForm
from issuer.sealing import Seal
from issuer.status_lists import signed_list
from keys import PublicKey, SecretKey
from microcredential import check_credential
from microcredential.findings import Severity
from ob3 import Ob3Error
from verifier import Outcome, Policy, Verdict, VerificationReport, Verifier

_MOST_LISTS = 8
# Nothing of a plan is a stranger's: a pause of this process must not refuse a certificate.
_PATIENT = 60.0
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
    """Make a verifier without network; our own plan needs no child process to be read in.

    It accepts no token that leaves out a claim. The profile, of which it would warn, is judged by the lint.
    It learns no shapes: the form that it finds by the direct path is the one under which the same document is
    read back (ADR 31), so it is made once.
    """
    policy = Policy(
        isolate=False, strict_claims=True, judge_profile=False, learn_shapes=False, cpu_seconds=_PATIENT
    )
    return Verifier(fetcher=None, clock=clock, keys=keys, local=local, policy=policy)


class Lint:
    """Judge planned credentials of one institution and form with one throw-away key.

    `terms` says what another process needs to make the like, with a key of its own.
    `method` and `kid` are the names of the key that will sign, in proofs and in tokens. Status lists are
    signed with a throw-away key of their own, for Ed25519, whatever the form.
    """

    def __init__(
        self,
        *,
        base_url: str,
        issuer_id: str,
        method: str,
        country: str,
        verifier_factory: VerifierFactory,
        form: ProofForm = DEFAULT_FORM,
        kid: str | None = None,
    ) -> None:
        self.terms: Mapping[str, str] = {
            "base_url": base_url,
            "issuer_id": issuer_id,
            "method": method,
            "country": country,
            "form": form.value,
            "kid": kid or method,
        }
        key = SecretKey.generate(form.algorithm)
        list_key = key if key.algorithm == "Ed25519" else SecretKey.generate()
        self._issuer_id = issuer_id
        self._seal = Seal(
            form=form,
            signer=key.signer(method),
            kid=kid or method,
            public_key=key.public_key,
            base_url=base_url,
        )
        self._list_signer = list_key.signer(method if list_key is key else f"{issuer_id}#lists")
        self._public_keys = {
            self._list_signer.id: list_key.public_key,
            self._seal.kid: key.public_key,
            method: key.public_key,
        }
        self._country = country
        self._verifier_factory = verifier_factory
        self._lists: dict[tuple[str, datetime], bytes] = {}
        self._purposes: Mapping[str, str] = {}
        self._of_moment: tuple[datetime, Verifies] | None = None

    def check(self, unsigned: str, *, valid_from: datetime, lists: Mapping[str, str]) -> dict[str, Any]:
        """Give the document that a text holds; raises LintRefused unless it would be valid.

        `lists` gives the purpose of each status list by its address.
        """
        document = _document(unsigned)
        blocking = [
            finding
            for finding in check_credential(document, institution_country=self._country, now=valid_from)
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
        return document

    def _report(self, unsigned: str, valid_from: datetime, lists: Mapping[str, str]) -> VerificationReport:
        try:
            shown = self._seal.shown(self._seal.secure_text(unsigned, created=valid_from))
        except Ob3Error as error:
            raise LintRefused(error.code, error.message) from error
        self._purposes = lists
        return self._verifier(valid_from).verify(shown.encode())

    def _verifier(self, moment: datetime) -> Verifies:
        """Give the verifier whose clock stands at a moment; rows planned together share theirs."""
        if self._of_moment is None or self._of_moment[0] != moment:
            made = self._verifier_factory(
                clock=lambda: moment, keys=self._public_key, local=lambda url: self._list(url, moment)
            )
            self._of_moment = moment, made
        return self._of_moment[1]

    def _public_key(self, issuer_id: str, method: str) -> PublicKey | None:
        return self._public_keys.get(method) if issuer_id == self._issuer_id else None

    def _list(self, url: str, valid_from: datetime) -> bytes | None:
        """Sign an empty list that the plan points to; None for any other address."""
        if url not in self._purposes:
            return None
        if (url, valid_from) not in self._lists:
            if len(self._lists) > _MOST_LISTS:
                self._lists.clear()
            text = signed_list(
                url=url,
                issuer_id=self._issuer_id,
                purpose=self._purposes[url],
                set_indexes=(),
                valid_from=valid_from,
                signer=self._list_signer,
            )
            self._lists[url, valid_from] = text.encode()
        return self._lists[url, valid_from]


def _document(text: str) -> dict[str, Any]:
    """Read a plan; that there is one reading of it is for what seals it, and for the verifier, to say."""
    try:
        document = orjson.loads(text)
    except ValueError as error:
        raise LintRefused("not_json", f"The plan is not JSON: {error}.") from error
    if not isinstance(document, dict):
        raise LintRefused("not_an_object", "The plan is no JSON object.")
    return document
