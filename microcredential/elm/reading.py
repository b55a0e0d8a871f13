"""Read a document of the European Learning Model, sealed or not, and find the micro-credential in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from keys import KeysError
from keys.multibase import base64url_decode
from microcredential.elm.losses import Place
from microcredential.errors import MicroCredentialError
from microcredential.shapes import items, mapping
from ob3 import strict_json
from ob3.errors import JsonRefused

# Pictures stand inside such documents.
LIMITS = strict_json.JsonLimits(size=8 * 1024 * 1024, objects=5_000, values=50_000)
_CLASSES = ("Qualification", "LearningAchievementSpecification")
_MOST_CLAIMS = 100


@dataclass(frozen=True)
class Found:
    """Hold a description of a micro-credential and where it stands, and the assessments beside it."""

    specification: dict[str, Any]
    place: Place
    assessments: tuple[tuple[Place, dict[str, Any]], ...] = ()
    is_award: bool = False


def read_elm(data: bytes) -> dict[str, Any]:
    """Read a file; of a sealed one the document inside, whose seal is not checked.

    Raises MicroCredentialError `not_json`, `not_a_map`.
    """
    document = _object(data)
    if "payload" not in document or "signatures" not in document:
        return document
    payload = document["payload"]
    if not isinstance(payload, str):
        raise _no_document()
    if payload.lstrip()[:1] == "{":
        return _object(payload)
    try:
        return _object(base64url_decode(payload))
    except KeysError as error:
        raise _no_document() from error


def find_specification(document: dict[str, Any]) -> Found:
    """Find the description: the document itself, that of an award, of an opportunity, or one in a graph.

    Raises MicroCredentialError `no_specification`.
    """
    if _is_specification(document):
        return Found(document, ())
    for step, claim in _claims(document):
        inner = mapping(claim.get("specifiedBy"))
        if _is_specification(inner):
            return Found(inner, (*step, "specifiedBy"), tuple(_assessments(claim, step)), is_award=True)
    for step, one in (
        (("learningAchievementSpecification",), document.get("learningAchievementSpecification")),
        *((("@graph", at), one) for at, one in enumerate(items(document.get("@graph")))),
    ):
        if _is_specification(one):
            return Found(one, step)
    raise MicroCredentialError(
        "no_specification",
        "The document describes no micro-credential.",
        fix="Give a Qualification of the European Learning Model, or an award that has one.",
    )


def _is_specification(value: Any) -> bool:
    return any(kind in _CLASSES for kind in _kinds(value))


def _kinds(value: Any) -> list[str]:
    """Give the classes without the prefix or the address of the model."""
    kinds = items(mapping(value).get("type"))
    return [kind.rsplit("/", 1)[-1].rsplit(":", 1)[-1] for kind in kinds if isinstance(kind, str)]


def _claims(document: dict[str, Any]) -> list[tuple[Place, dict[str, Any]]]:
    person = mapping(document.get("credentialSubject"))
    return _each(person.get("hasClaim"), ("credentialSubject", "hasClaim"))


def _assessments(claim: dict[str, Any], place: Place) -> list[tuple[Place, dict[str, Any]]]:
    """Give of each assessment what describes it, and nothing of who took it with what grade."""
    terms = ("type", "title", "dcType", "idVerification", "specifiedBy")
    found = _each(claim.get("provenBy"), (*place, "provenBy"))
    return [(at, {term: one[term] for term in terms if term in one}) for at, one in found]


def _each(value: Any, place: Place) -> list[tuple[Place, dict[str, Any]]]:
    steps = enumerate(value) if isinstance(value, list) else [(None, value)]
    found = [(place if step is None else (*place, step), one) for step, one in steps]
    return [(at, one) for at, one in found if isinstance(one, dict)][:_MOST_CLAIMS]


def _object(data: bytes | str) -> dict[str, Any]:
    try:
        document = strict_json.parse(data, limits=LIMITS)
    except JsonRefused as error:
        raise MicroCredentialError(
            "not_json", f"The file is not JSON that can be read safely: {error.message}", path=error.path
        ) from error
    if not isinstance(document, dict):
        raise MicroCredentialError("not_a_map", "The file holds no document.", fix="Give a JSON-LD document.")
    return document


def _no_document() -> MicroCredentialError:
    return MicroCredentialError(
        "not_json", "What is sealed is no JSON document.", path="payload", fix="Give the document itself."
    )
