"""What the W3C data model asks of any credential or presentation, badge or not (VCDM 2.0, and 1.1).

Pure rules on parsed JSON: each gives the faults that it finds, with their places. Whether every term has a
meaning is asked elsewhere (`ob3.canonicalize`), and so are status entries, contexts and proofs.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ob3.contexts import VC1, VC2
from ob3.iri import is_absolute_iri
from verifier.dates import Stamp, read_stamp
from verifier.json_types import as_list, has_type
from verifier.value_objects import value_object_faults
from verifier.versions import Version, version_of

CREDENTIAL, PRESENTATION = "VerifiableCredential", "VerifiablePresentation"
ENVELOPE = "EnvelopedVerifiableCredential"

# VCDM 2.0, sections 4.10 to 4.12 and 5.3 to 5.6, and 5.10 for the reserved ones: each is an object, or a set
# of objects, with a type of its own. True where an id is required as well.
_TYPED = {
    "credentialStatus": False,
    "credentialSchema": True,
    "termsOfUse": False,
    "evidence": False,
    "refreshService": False,
    "confidenceMethod": False,
    "renderMethod": False,
}
_TYPED_WITH_ID_IN_1_1 = frozenset({"credentialStatus", "credentialSchema", "refreshService"})
_SRI = re.compile(r"sha(?:256|384|512)-[A-Za-z0-9+/]{16,}={0,2}", re.ASCII)
_MULTIBASE = re.compile(r"u[A-Za-z0-9_-]{16,}|z[1-9A-HJ-NP-Za-km-z]{16,}", re.ASCII)
_SHA2_MULTIHASH = ("uEi", "uFE", "zQm", "z8V")  # the first characters of sha2-256 and sha2-512 multihashes

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Fault:
    """One rule that a document breaks: where, as a JSON Pointer, and what is asked there."""

    place: str
    rule: str

    def __str__(self) -> str:
        return f"{self.place or 'The document'} {self.rule}"


Faults = Iterator[Fault]


def credential_faults(document: object, *, zone_required: bool = False) -> Faults:
    """Find what keeps a document from being a credential of the data model.

    `zone_required` asks for times with a zone: an issuer must write one, a reader takes UTC for it (4.9.1).
    """
    if not isinstance(document, dict):
        yield Fault("", "must be a JSON object.")
        return
    version = version_of(document)
    yield from _context_faults(document)
    yield from _type_faults(document, CREDENTIAL)
    yield from _id_faults(document, "")
    yield from _issuer_faults(document)
    yield from _subject_faults(document)
    yield from _period_faults(document, version, zone_required=zone_required)
    for name, needs_id in _TYPED.items():
        older = version is Version.vcdm_1_1 and name in _TYPED_WITH_ID_IN_1_1
        yield from _typed_faults(document, name, needs_id=needs_id or older)
    yield from _related_faults(document)
    yield from (Fault(place, rule) for place, rule in value_object_faults(document))


def presentation_faults(document: object) -> Faults:
    """Find what keeps a document from being a presentation of the data model (VCDM 2.0, section 4.13).

    Credentials inside are judged by themselves; here only their kind is asked for.
    """
    if not isinstance(document, dict):
        yield Fault("", "must be a JSON object.")
        return
    yield from _context_faults(document)
    yield from _type_faults(document, PRESENTATION)
    yield from _id_faults(document, "")
    if "holder" in document:
        yield from _party_faults(document["holder"], "/holder")
    yield from _typed_faults(document, "termsOfUse", needs_id=False)
    for place, one in _members(document, "verifiableCredential"):
        yield from _inner_faults(one, place)


def is_enveloped(document: object) -> bool:
    """Tell whether an object is the envelope around a credential in another form (section 4.13.1)."""
    return isinstance(document, dict) and document.get("type") in (ENVELOPE, [ENVELOPE])


def _context_faults(document: Document) -> Faults:
    """Section 4.3: an ordered set, the base context first, then addresses or objects."""
    sequence = document.get("@context")
    if not isinstance(sequence, list):
        yield Fault("/@context", "must be a list of contexts.")
        return
    if not sequence or sequence[0] not in (VC1, VC2):
        yield Fault("/@context/0", "must be the base context of Verifiable Credentials.")
    for number, one in enumerate(sequence):
        if not (is_absolute_iri(one) or isinstance(one, dict)):
            yield Fault(f"/@context/{number}", "must be an address or an object.")


def _type_faults(document: Document, required: str, place: str = "") -> Faults:
    """Section 4.5: one or more texts, and among them the type of the thing."""
    types = document.get("type")
    if not _is_type(types):
        yield Fault(f"{place}/type", "must be one or more texts.")
    elif required not in as_list(types):
        yield Fault(f"{place}/type", f"must include {required}.")


def _is_type(value: Any) -> bool:
    return bool(value) and all(isinstance(one, str) and one for one in as_list(value))


def _id_faults(thing: Document, place: str, *, required: bool = False) -> Faults:
    """Section 4.4: a single URL."""
    if (required or "id" in thing) and not is_absolute_iri(thing.get("id")):
        yield Fault(f"{place}/id", "must be one address (URL).")


def _issuer_faults(document: Document) -> Faults:
    yield from _party_faults(document.get("issuer"), "/issuer")


def _party_faults(value: object, place: str) -> Faults:
    """Sections 4.7 and 4.13: a URL, or an object with one as its id."""
    if isinstance(value, dict):
        yield from _id_faults(value, place, required=True)
    elif not is_absolute_iri(value):
        yield Fault(place, "must be one address (URL), or an object with one as its id.")


def _subject_faults(document: Document) -> Faults:
    """Section 4.8: one or more objects, each with a claim."""
    found = list(_members(document, "credentialSubject"))
    if not found:
        yield Fault("/credentialSubject", "must be one or more objects.")
    for place, one in found:
        if not isinstance(one, dict) or not one:
            yield Fault(place, "must be an object with a claim.")
        else:
            yield from _id_faults(one, place)


def _period_faults(document: Document, version: Version | None, *, zone_required: bool) -> Faults:
    """Section 4.9: times with a zone, the beginning not after the end; 1.1 asks for `issuanceDate`."""
    older = version is Version.vcdm_1_1
    first, last = ("issuanceDate", "expirationDate") if older else ("validFrom", "validUntil")
    if older and first not in document:
        yield Fault(f"/{first}", "must be there in a credential of the data model 1.1.")
    stamps: dict[str, Stamp] = {}
    for name in (first, last):
        stamp = read_stamp(document[name]) if name in document else None
        if stamp is not None:
            stamps[name] = stamp
        if name in document and (stamp is None or (zone_required and not stamp.zoned)):
            yield Fault(f"/{name}", "must be a date and time with a zone.")
    if len(stamps) == 2 and stamps[first].moment > stamps[last].moment:
        yield Fault(f"/{last}", f"must not be before {first}.")


def _typed_faults(document: Document, name: str, *, needs_id: bool) -> Faults:
    for place, one in _members(document, name):
        if not isinstance(one, dict):
            yield Fault(place, "must be an object.")
            continue
        if not _is_type(one.get("type")):
            yield Fault(f"{place}/type", "must be there: each of these names its type.")
        yield from _id_faults(one, place, required=needs_id)


def _related_faults(document: Document) -> Faults:
    """Section 5.3: objects with an id that stands once, and at least one digest."""
    seen: set[str] = set()
    for place, one in _members(document, "relatedResource"):
        if not isinstance(one, dict):
            yield Fault(place, "must be an object.")
            continue
        yield from _id_faults(one, place, required=True)
        if isinstance(one.get("id"), str) and one["id"] in seen:
            yield Fault(f"{place}/id", "must stand once among the related resources.")
        seen.add(str(one.get("id")))
        yield from _digest_faults(one, place)


def _digest_faults(resource: Document, place: str) -> Faults:
    sri, multibase = as_list(resource.get("digestSRI")), as_list(resource.get("digestMultibase"))
    if not sri and not multibase:
        yield Fault(place, "must have digestSRI or digestMultibase.")
    if not all(isinstance(one, str) and _SRI.fullmatch(one) for one in sri):
        yield Fault(f"{place}/digestSRI", "must be the name of a hash, a hyphen and its value.")
    if not all(isinstance(one, str) and _is_multihash(one) for one in multibase):
        yield Fault(f"{place}/digestMultibase", "must be a SHA-2 multihash in multibase.")


def _is_multihash(text: str) -> bool:
    return _MULTIBASE.fullmatch(text) is not None and text.startswith(_SHA2_MULTIHASH)


def _inner_faults(one: Any, place: str) -> Faults:
    if not isinstance(one, dict):
        yield Fault(place, "must be an object: a credential, or a credential in an envelope.")
    elif is_enveloped(one):
        contexts = as_list(one.get("@context"))
        if VC2 not in contexts:
            yield Fault(f"{place}/@context", "must name the context that gives the envelope its meaning.")
        if not str(one.get("id", "")).startswith("data:"):
            yield Fault(f"{place}/id", "must be a data: URL.")
    elif not has_type(one, CREDENTIAL):
        yield Fault(f"{place}/type", f"must include {CREDENTIAL}.")
    elif not as_list(one.get("proof")):
        yield Fault(f"{place}/proof", "must be there: a presentation holds secured credentials.")


def _members(document: Document, name: str) -> Iterator[tuple[str, Any]]:
    """Give each value of a member with its place; null and an empty list are values that fit nothing."""
    if name not in document:
        return
    value = document[name]
    if isinstance(value, list) and value:
        yield from ((f"/{name}/{number}", one) for number, one in enumerate(value))
    else:
        yield f"/{name}", value
