"""The OpenAPI 3.1 description of the interface; a test compares it with the routes."""

from typing import Any

from app.api.access import PREFIX
from issuer.records import RevocationReason
from issuer.staff.roles import Act

_SLUG = {"name": "slug", "in": "path", "required": True, "schema": {"type": "string"}}
_TEXT = {"type": "string"}
_OBJECT = {"type": "object"}


def openapi(base_url: str) -> dict[str, Any]:
    """Describe every call, with the act that a token needs for it."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Testamur for programs",
            "version": "1",
            "description": "Every call but this one needs a token of the institution, made in the console.",
        },
        "servers": [{"url": base_url}],
        "security": [{"token": []}],
        "paths": {
            f"{PREFIX}/openapi.json": {"get": {**_operation("This description", None), "security": []}},
            **{f"{PREFIX}/{{slug}}{path}": operations for path, operations in _paths().items()},
        },
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Problem": _problem_schema()},
        },
    }


def _paths() -> dict[str, dict[str, Any]]:
    batch, credential, version = _named("batch_id"), _named("credential_id"), _named("public_id")
    page = [_asked("offset", "integer"), _asked("limit", "integer")]
    return {
        "/definitions": {"get": _call("List the published versions", Act.READ_DEFINITIONS)},
        "/definitions/{public_id}": {
            "get": _call("Give a version with its document", Act.READ_DEFINITIONS, version)
        },
        "/batches": {
            "get": _call("List the batches, the newest first", Act.READ_BATCHES, *page),
            "post": _bring(),
        },
        "/batches/{batch_id}": {
            "get": _call("Tell the state of a batch and what to look at", Act.READ_BATCHES, batch)
        },
        "/batches/{batch_id}/report": {
            "get": _call("Tell what became of each recipient", Act.READ_BATCHES, batch)
        },
        "/credentials": {
            "get": _call(
                "Find credentials by number, code or name",
                Act.READ_CREDENTIALS,
                _asked("q", "string"),
                *page,
            )
        },
        "/credentials/{credential_id}": {
            "get": _call("Give a credential, as signed", Act.READ_CREDENTIALS, credential)
        },
        "/credentials/{credential_id}/revoke": {"post": _change("Revoke for good", reason=True)},
        "/credentials/{credential_id}/suspend": {"post": _change("Suspend until reinstated")},
        "/credentials/{credential_id}/reinstate": {"post": _change("Lift a suspension")},
        "/audit.jsonl": {
            "get": _call("Export the audit, an entry a line", Act.READ_AUDIT, media="application/jsonl")
        },
    }


def _operation(summary: str, act: Act | None, media: str = "application/json") -> dict[str, Any]:
    schema = _OBJECT if media == "application/json" else _TEXT
    told = {"200": {"description": "Done", "content": {media: {"schema": schema}}}}
    return {"summary": summary, "responses": told} | ({"x-act": act.value} if act else {})


def _call(
    summary: str, act: Act, *parameters: dict[str, Any], media: str = "application/json"
) -> dict[str, Any]:
    operation = _operation(summary, act, media)
    operation["parameters"] = [_SLUG, *parameters]
    operation["responses"] |= {
        "401": _problem("No token that is in force"),
        "403": _problem("The token may not do this"),
        "404": _problem("It is not there for this token"),
        "422": _problem("What was sent cannot be used"),
        "429": _problem("Too many calls"),
    }
    return operation


def _bring() -> dict[str, Any]:
    operation = _call("Bring a class list as a draft; a person approves it", Act.PREPARE_BATCHES)
    properties = {
        "definition": {"type": "string", "description": "CODE@VERSION"},
        "run": _TEXT,
        "awarded": {"type": "string", "format": "date"},
        "file": {"type": "string", "contentMediaType": "application/octet-stream"},
    }
    schema = {"type": "object", "required": ["definition", "run", "file"], "properties": properties}
    operation["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": schema}}}
    operation["responses"]["201"] = {**operation["responses"].pop("200"), "description": "Taken in"}
    return operation


def _change(summary: str, *, reason: bool = False) -> dict[str, Any]:
    operation = _call(summary, Act.CHANGE_STATUS, _named("credential_id"))
    properties: dict[str, Any] = {"note": {"type": "string", "maxLength": 500}}
    if reason:
        properties["reason"] = {"type": "string", "enum": [each.value for each in RevocationReason]}
    schema = {"type": "object", "properties": properties, "required": ["reason"] if reason else []}
    operation["requestBody"] = {"required": reason, "content": {"application/json": {"schema": schema}}}
    operation["responses"]["409"] = _problem("Its present state does not allow this")
    return operation


def _named(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": _TEXT}


def _asked(name: str, kind: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": {"type": kind}}


def _problem(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": description, "content": {"application/problem+json": {"schema": schema}}}


def _problem_schema() -> dict[str, Any]:
    properties = {
        "type": _TEXT,
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": _TEXT,
        "code": _TEXT,
        "instance": _TEXT,
    }
    return {"type": "object", "required": ["title", "status", "detail"], "properties": properties}
