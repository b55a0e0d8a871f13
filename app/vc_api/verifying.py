"""Verify credentials and presentations: the verifier's way under the policy for any credential.

200 means verified and nothing else: 400 is for what is false, malformed or in a form that is not read, 422
for what is in order but not in force, and for what could not be found out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.vc_api.bodies import Options, text_of, texts_of
from app.vc_api.issuing import with_proof_context
from app.vc_api.refusals import bad
from ob3.errors import JsonRefused
from ob3.jws import JwsInvalid, document_of, enveloped_token, read_jws
from ob3.strict_json import dump
from verifier import Outcome, Policy, Verdict, VerificationReport
from verifier.containers import ContainerKind
from verifier.data_model import CREDENTIAL, PRESENTATION
from verifier.json_types import as_list, has_type
from verifier.policy import Expected

_STATUS_WORDS = frozenset({"status", "credentialStatus"})
_STATUS_OF = {
    Verdict.valid: 200,
    Verdict.invalid: 400,
    Verdict.refused: 400,
    Verdict.unsupported: 400,
}
_UNFIT = (Outcome.failed, Outcome.unknown)
_ANOTHER_FAILS = "another_proof_fails"

MakeVerifier = Callable[[Policy], Any]


@dataclass(frozen=True)
class Answer:
    """The HTTP status and the body that tell a report."""

    status: int
    body: dict[str, Any]


@dataclass(frozen=True)
class Verifying:
    """Verify what is handed in with verifiers of the policy that each request asks for."""

    make_verifier: MakeVerifier

    def credential(self, handed_in: dict[str, Any] | str, options: Options) -> Answer:
        """Verify a credential, in an envelope or not, or a token. Raises Refused for malformed requests."""
        expected = Expected(
            purpose=text_of(options, "expectedProofPurpose") or "assertionMethod",
            domain=text_of(options, "domain"),
            challenge=text_of(options, "challenge"),
        )
        inside = _document_in(handed_in)
        if has_type(inside, PRESENTATION) or not has_type(inside, CREDENTIAL):
            raise bad("not_a_credential", "This is no verifiable credential.")
        return self._judged(handed_in, _policy(options, of_credentials=expected))

    def presentation(self, handed_in: dict[str, Any] | str, options: Options) -> Answer:
        """Verify a presentation and what is in it. Raises Refused for malformed requests."""
        inside = _document_in(handed_in)
        if not has_type(inside, PRESENTATION) or has_type(inside, CREDENTIAL):
            raise bad("not_a_presentation", "This is no verifiable presentation.")
        expected = Expected(
            purpose=text_of(options, "expectedProofPurpose") or "authentication",
            domain=text_of(options, "domain"),
            challenge=text_of(options, "challenge"),
        )
        return self._judged(handed_in, _policy(options, of_presentations=expected))

    def _judged(self, handed_in: dict[str, Any] | str, policy: Policy) -> Answer:
        text = handed_in if isinstance(handed_in, str) else _text(_as_signed(handed_in))
        kind = ContainerKind.JWT if isinstance(handed_in, str) else ContainerKind.JSON
        report = self.make_verifier(policy).verify(text.encode("utf-8", "replace"), kind=kind)
        return answer_of(report)


def _document_in(handed_in: dict[str, Any] | str) -> dict[str, Any]:
    """Give what a token or an envelope holds, or the object itself, unjudged. Raises Refused."""
    try:
        token = handed_in if isinstance(handed_in, str) else enveloped_token(handed_in)
        if token is not None:
            return document_of(read_jws(token))
    except JwsInvalid as error:
        raise bad(error.code, error.message) from error
    return dict(handed_in) if isinstance(handed_in, dict) else {}


def answer_of(report: VerificationReport) -> Answer:
    """Tell a report. A set of proofs is good only if each of them is (VC-DI 1.0, section 4.5)."""
    another_fails = any(one.code == _ANOTHER_FAILS for each in _all(report) for one in each.checks)
    good = report.verdict is Verdict.valid and not another_fails
    status = 400 if another_fails else _STATUS_OF.get(report.verdict, 422)
    made = [one for one in report.checks if one.outcome is not Outcome.skipped]
    body = {
        "verified": good,
        "verdict": report.verdict.value,
        "checks": ["proof", *(one.id for one in made if one.id == "status")],
        "errors": [] if good else _errors(report),
        "warnings": [_told(one) for one in made if one.outcome is Outcome.warning and one.id != "trust"],
        "report": report.to_json()["checks"],
    }
    return Answer(status, body)


def _errors(report: VerificationReport) -> list[dict[str, str]]:
    found = [
        _told(one)
        for one in report.checks
        if (one.outcome in _UNFIT and one.id not in ("trust", "profile")) or one.code == _ANOTHER_FAILS
    ]
    return found or [{"code": report.verdict.value, "title": "Not verified", "detail": "It is not verified."}]


def _told(check: Any) -> dict[str, str]:
    return {"code": check.code, "title": check.id, "detail": check.message}


def _all(report: VerificationReport) -> list[VerificationReport]:
    return [report, *(inner for one in report.within for inner in _all(one))]


def _policy(options: Options, **expected: Expected) -> Policy:
    """Make the policy of a request: an unread status counts unless other checks alone are asked for."""
    asked = texts_of(options, "checks")
    return Policy(
        any_credential=True,
        follow_refresh=False,
        status_may_stay_open=bool(asked) and _STATUS_WORDS.isdisjoint(asked or ()),
        **_fields(expected),
    )


def _fields(expected: Mapping[str, Expected]) -> dict[str, Any]:
    return dict(expected)


def _as_signed(credential: dict[str, Any]) -> dict[str, Any]:
    """Give a credential of 1.1 the context under which its proof was made, where the statements are signed.

    A suite that signs the JSON itself covers the contexts as they stand.
    """
    suites = [one.get("cryptosuite") for one in as_list(credential.get("proof")) if isinstance(one, dict)]
    named = [one for one in suites if isinstance(one, str)]
    return with_proof_context(credential) if named and not any("jcs" in one for one in named) else credential


def _text(document: dict[str, Any]) -> str:
    try:
        return dump(document)
    except JsonRefused as error:
        raise bad(error.code, error.message) from error
