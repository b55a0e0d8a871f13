"""Step 4: the shape that every badge must have before anything in it means something.

The published JSON Schema is lenient: it lets a wrong `evidence.type`, `source.type` or
`resultDescription.type` and a subject with neither id nor identifier pass, so these are looked at here
(OPEN_BADGES_3, section (a), probes 4 and 7 to 9). Nulls vanish from the signed quads without a trace and are
refused.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from verifier.json_types import as_list, as_object, has_type, id_of, objects_within
from verifier.report import Check, failed, passed, warning

BADGE_TYPES = ("OpenBadgeCredential", "AchievementCredential")
ENDORSEMENT_TYPE = "EndorsementCredential"

# member of an object with the type on the left -> the type that its values must have
_TYPED_MEMBERS = (
    ("AchievementSubject", "identifier", "IdentityObject"),
    ("AchievementSubject", "result", "Result"),
    ("AchievementSubject", "source", "Profile"),
    ("Achievement", "resultDescription", "ResultDescription"),
    ("Achievement", "creator", "Profile"),
    ("Profile", "otherIdentifier", "IdentifierEntry"),
    ("Profile", "parentOrg", "Profile"),
)

Document = Mapping[str, Any]


def kind_of(document: Document) -> str | None:
    """Give the schema kind of a credential, or None where it is neither badge nor endorsement."""
    if not has_type(document, "VerifiableCredential"):
        return None
    if has_type(document, ENDORSEMENT_TYPE):
        return ENDORSEMENT_TYPE
    return "AchievementCredential" if any(has_type(document, one) for one in BADGE_TYPES) else None


def check_shape(document: object) -> Check:
    """Judge what a document must have to be a badge, or an endorsement, at all."""
    if not isinstance(document, dict):
        return failed("shape", "not_an_object")
    for code, place in _faults(document):
        return failed("shape", code, place=place)
    if any(_empty_lists(document)):
        return warning("shape", "empty_list", place=next(_empty_lists(document)))
    return passed("shape", "complete")


def issuer_id(document: object) -> str | None:
    """Give the id that a document claims for its issuer."""
    return id_of(as_object(document).get("issuer"))


def _faults(document: Document) -> Iterator[tuple[str, str]]:
    """Give every fault as code and place; the first is reported."""
    kind = kind_of(document)
    if kind is None:
        yield "not_a_badge", "type"
        return
    yield from _issuer_faults(document)
    yield from _subject_faults(document, kind)
    for node in objects_within(document):
        yield from _member_faults(node)


def _issuer_faults(document: Document) -> Iterator[tuple[str, str]]:
    issuer = document.get("issuer")
    if not issuer_id(document):
        yield "no_issuer", "issuer"
    elif isinstance(issuer, dict) and not has_type(issuer, "Profile"):
        yield "wrong_type", "issuer.type"


def _subject_faults(document: Document, kind: str) -> Iterator[tuple[str, str]]:
    subject = document.get("credentialSubject")
    if not isinstance(subject, dict):
        yield "no_subject", "credentialSubject"
    elif kind == ENDORSEMENT_TYPE:
        if not id_of(subject):
            yield "no_subject", "credentialSubject.id"
    else:
        yield from _recipient_faults(subject)
        yield from _achievement_faults(subject.get("achievement"))
        for place, one in _numbered(document, "evidence"):
            if not has_type(one, "Evidence"):
                yield "wrong_type", f"{place}.type"


def _recipient_faults(subject: Document) -> Iterator[tuple[str, str]]:
    if not has_type(subject, "AchievementSubject"):
        yield "wrong_type", "credentialSubject.type"
    if not id_of(subject) and not as_list(subject.get("identifier")):
        yield "no_recipient", "credentialSubject"


def _achievement_faults(achievement: object) -> Iterator[tuple[str, str]]:
    if not has_type(achievement, "Achievement"):
        yield "no_achievement", "credentialSubject.achievement"
        return
    criteria = as_object(as_object(achievement).get("criteria"))
    if not (criteria.get("id") or criteria.get("narrative")):
        yield "no_criteria", "credentialSubject.achievement.criteria"


def _member_faults(node: Document) -> Iterator[tuple[str, str]]:
    for name, value in node.items():
        if value is None or (isinstance(value, list) and None in value):
            yield "null_member", name[:100]
    for owner, name, wanted in _TYPED_MEMBERS:
        if name in node and has_type(node, owner):
            yield from (
                ("wrong_type", f"{place}.type")
                for place, one in _numbered(node, name)
                if isinstance(one, dict) and not has_type(one, wanted)
            )


def _numbered(node: Document, name: str) -> Iterator[tuple[str, Any]]:
    for at, one in enumerate(as_list(node.get(name))):
        yield f"{name}[{at}]", one


def _empty_lists(document: Document) -> Iterator[str]:
    """Name members that are empty lists: the standard forbids them, but they change no meaning."""
    for node in objects_within(document):
        yield from (name[:100] for name, value in node.items() if value == [])
