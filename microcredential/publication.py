"""What each deployment serves for the profile: the JSON-LD context and the JSON Schema, and their digests."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

CONTEXT_PATH = "/contexts/micro-credential-v1.json"
SCHEMA_PATH = "/schemas/micro-credential-v1.json"
RECOGNITION_SCHEMA_PATH = "/schemas/recognition-decision-v1.json"
CONTEXT_MEDIA_TYPE = "application/ld+json"
_BASE_URL = "{base_url}"
_RECOGNITION = "recognition-decision-v1"


@cache
def context_text() -> bytes:
    """Give the context as it is served, byte for byte; the address of a version never changes its content."""
    return files("microcredential").joinpath("data", "context-micro-credential-v1.json").read_bytes()


def context() -> dict[str, Any]:
    """Give the context as a fresh document."""
    document: dict[str, Any] = json.loads(context_text())
    return document


def digest_multibase(data: bytes) -> str:
    """Give the sha2-256 multihash in multibase base64url (VC Data Integrity 1.0, section 2.6)."""
    multihash = b"\x12\x20" + hashlib.sha256(data).digest()
    return "u" + base64.urlsafe_b64encode(multihash).decode("ascii").rstrip("=")


@cache
def context_digest() -> str:
    """Give the digest of the served bytes for `relatedResource` (VCDM 2.0, 5.3)."""
    return digest_multibase(context_text())


def accepted_context_digests() -> Mapping[str, dict[str, Any]]:
    """Give the contexts that a verifier accepts by the digest in `relatedResource`, without fetching any."""
    return {context_digest(): context()}


@cache
def _schema_template(name: str = "micro-credential-v1") -> str:
    return files("microcredential").joinpath("data", f"schema-{name}.json").read_text("utf-8")


def schema_text(base_url: str) -> bytes:
    """Give the JSON Schema as the deployment at that address serves it."""
    return _served(_schema_template(), base_url)


def recognition_schema_text(base_url: str) -> bytes:
    """Give the JSON Schema of recognition statements as the deployment at that address serves it."""
    return _served(_schema_template(_RECOGNITION), base_url)


def _served(template: str, base_url: str) -> bytes:
    address = json.dumps(base_url.rstrip("/"))[1:-1]
    return template.replace(_BASE_URL, address).encode("utf-8")


@cache
def _schema(name: str = "micro-credential-v1") -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(_schema_template(name))
    return schema


def checking_schema() -> dict[str, Any]:
    """Give the schema for a credential of any deployment: only the path of the context is fixed."""
    return _of_any_deployment(_schema())


def recognition_checking_schema() -> dict[str, Any]:
    """Give the schema for a recognition statement of any deployment."""
    return _of_any_deployment(_schema(_RECOGNITION))


def _of_any_deployment(given: dict[str, Any]) -> dict[str, Any]:
    schema = copy.deepcopy(given)
    schema.pop("$id")
    ending = CONTEXT_PATH.replace(".", r"\.") + "$"
    schema["properties"]["@context"]["contains"] = {"type": "string", "pattern": ending}
    return schema


def achievement_schema() -> dict[str, Any]:
    """Give the part of the schema that an achievement of its own must follow."""
    schema = checking_schema()
    subject = schema["properties"]["credentialSubject"]["properties"]
    return {"$schema": schema["$schema"], "$defs": schema["$defs"], **subject["achievement"]}
