"""The routes of the VC-API, with and without the name of an issuer (docs/vc-api.md)."""

import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from flask import Blueprint, Flask, Response, request

from app.api.access import bearer_token
from app.limits import Limits
from app.problems import problem_response
from app.settings import Settings
from app.vc_api.bodies import member, options_of, read_body, text_of
from app.vc_api.identifiers import Identifiers
from app.vc_api.issuers import DEFAULT, ISSUERS, EphemeralKeys, SuiteIssuer, issuer_for
from app.vc_api.issuing import Issuing
from app.vc_api.refusals import Refused, bad
from app.vc_api.status_lists import MemoryStatusList
from app.vc_api.verifying import Verifying
from ob3.errors import JsonRefused
from ob3.strict_json import dump
from verifier import Policy, Verifier
from verifier.memory import InMemory
from verifier.sources import Fetches, Local

LIST_NAME = "vc-api-1"
_LARGEST_BODY = 1024 * 1024
_PREFIXES = ("", "/vc-api", "/vc-api/<issuer>")

View = Callable[..., Response]


@dataclass(frozen=True)
class VcApi:
    """What the routes stand on."""

    keys: EphemeralKeys
    statuses: MemoryStatusList
    issuing: Issuing
    verifying: Verifying
    identifiers: Identifiers


def make_vc_api(
    settings: Settings, *, clock: Callable[[], datetime], fetcher: Fetches | None, local: Local | None
) -> VcApi:
    """Make the services of the VC-API, with fresh keys; `local` answers this deployment's own addresses."""
    keys = EphemeralKeys()
    statuses = MemoryStatusList(settings.link(f"/status/{LIST_NAME}"), keys, clock)
    memory = InMemory()

    def own(url: str) -> bytes | None:
        return statuses.local(url) or (local(url) if local else None)

    def verifier(policy: Policy) -> Verifier:
        return Verifier(fetcher=fetcher, clock=clock, policy=policy, memory=memory, local=own, contexts={})

    return VcApi(
        keys=keys,
        statuses=statuses,
        issuing=Issuing(keys, statuses, clock),
        verifying=Verifying(verifier),
        identifiers=Identifiers(fetcher, own),
    )


def add_vc_api(app: Flask, api: VcApi, limits: Limits, *, token: str) -> None:
    """Mount the routes; an empty `token` asks for none, which settings allow on loopback alone."""
    routes = Blueprint("vc_api", __name__)
    guard = _Guard(token)
    _add_calls(routes, api, guard, limits)
    _add_readings(routes, api, guard, limits)
    routes.register_error_handler(Refused, _refusal)
    app.extensions["testamur_forms"].exempt(routes)  # it reads no cookie, and JSON alone
    app.register_blueprint(routes)


@dataclass(frozen=True)
class _Guard:
    """Ask a view for the bearer token, compared in constant time."""

    token: str

    def __call__(self, view: View) -> View:
        @wraps(view)
        def guarded(**values: Any) -> Response:
            if self.token and not hmac.compare_digest(bearer_token().encode(), self.token.encode()):
                response = problem_response(
                    401, code="token", detail="Send the token: Authorization: Bearer ..."
                )
                response.headers["WWW-Authenticate"] = 'Bearer realm="vc-api"'
                return response
            request.max_content_length = _LARGEST_BODY
            return view(**values)

        guarded.vc_api_guarded = True  # type: ignore[attr-defined]
        return guarded


def _add_calls(routes: Blueprint, api: VcApi, guard: _Guard, limits: Limits) -> None:
    def issue(issuer: str = DEFAULT) -> Response:
        body = read_body()
        options = options_of(body)
        credential = member(body, "credential", dict)
        return _json(
            api.issuing.issue(credential, options, _issuer(issuer, text_of(options, "cryptosuite"))), 201
        )

    def derive(issuer: str = DEFAULT) -> Response:
        _issuer(issuer, None)
        body = read_body()
        return _json(api.issuing.derive(member(body, "verifiableCredential", dict), options_of(body)), 201)

    def verify(issuer: str = DEFAULT) -> Response:
        _issuer(issuer, None)
        body = read_body()
        answer = api.verifying.credential(member(body, "verifiableCredential", dict, str), options_of(body))
        return _json(answer.body, answer.status)

    def verify_presentation(issuer: str = DEFAULT) -> Response:
        _issuer(issuer, None)
        body = read_body()
        answer = api.verifying.presentation(
            member(body, "verifiablePresentation", dict, str), options_of(body)
        )
        return _json(answer.body, answer.status)

    def set_status(issuer: str = DEFAULT) -> Response:
        _issuer(issuer, None)
        body = read_body()
        named = api.statuses.set_status(member(body, "credentialId", str), revoked=_wanted(body))
        return _json({}, 200) if named else problem_response(404)

    calls: dict[str, View] = {
        "/credentials/issue": issue,
        "/credentials/derive": derive,
        "/credentials/verify": verify,
        "/credentials/status": set_status,
        "/presentations/verify": verify_presentation,
    }
    for path, view in calls.items():
        bound = guard(limits.checks(view))
        for prefix in _PREFIXES:
            routes.add_url_rule(prefix + path, view_func=bound, methods=["POST"])


def _add_readings(routes: Blueprint, api: VcApi, guard: _Guard, limits: Limits) -> None:
    def about() -> Response:
        return _json(api.keys.dids(), 200)

    def identifier(did: str, issuer: str = DEFAULT) -> Response:
        _issuer(issuer, None)
        return _json(api.identifiers.resolve(did), 200)

    def status_list(issuer: str = DEFAULT) -> Response:
        _issuer(issuer, None)
        response = Response(api.statuses.text(), mimetype="application/vc+ld+json")
        response.headers["Cache-Control"] = "no-cache"
        return response

    routes.add_url_rule("/vc-api", view_func=guard(about))
    bound = guard(limits.lookups(identifier))
    for prefix in _PREFIXES:
        routes.add_url_rule(f"{prefix}/identifiers/<path:did>", view_func=bound)
    for prefix in ("", "/vc-api/<issuer>"):  # not /vc-api/status/...: that is the issuer of this name
        routes.add_url_rule(f"{prefix}/status/{LIST_NAME}", view_func=status_list)


def _issuer(name: str, cryptosuite: str | None) -> SuiteIssuer:
    if name not in ISSUERS:
        raise Refused(404, "unknown_issuer", f"There is no issuer {name[:60]} here.")
    found = issuer_for(name, cryptosuite)
    if found is None:
        raise bad("cryptosuite", f"The issuer {name} does not sign with {cryptosuite}.")
    return found


def _wanted(body: dict[str, Any]) -> bool:
    """Read which status is wanted: revoked, unless the member `status` takes it back."""
    about = member(body, "credentialStatus", dict)
    if about.get("statusPurpose", "revocation") != "revocation":
        raise bad("status_purpose", "The list is for revocation alone.")
    wanted = body.get("status", True)
    if not isinstance(wanted, bool):
        raise bad("malformed_request", "The member status must be true or false.")
    return wanted


def _refusal(refused: Refused) -> Response:
    return problem_response(refused.status, code=refused.code, detail=refused.message)


def _json(value: object, status: int) -> Response:
    """Write an answer; one that tells of text which may not stand in a credential is written in ASCII."""
    try:
        text = dump(value)
    except JsonRefused:
        text = json.dumps(value)
    return Response(text, status, mimetype="application/json")
