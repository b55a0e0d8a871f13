"""Documents of which JSON-LD would drop, guess or read something in two ways, each with an accepted twin."""

from plain_badge import ENDORSEMENT, OB3_CONTEXTS, badge

from ob3.errors import ContextRefused, JsonRefused, MalformedIri, UndefinedTerm

VC1 = "https://www.w3.org/2018/credentials/v1"
EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
OWN = "https://badges.example.edu/contexts/own.json"

ISSUER = badge()["issuer"]
SUBJECT = badge()["credentialSubject"]


def subject(**changes):
    return {**SUBJECT, **changes}


def achievement(**changes):
    return subject(achievement={**SUBJECT["achievement"], **changes})


# what is changed, the error, its code, its place, and a twin that is accepted
REFUSED = {
    "an undefined term": (
        {"nickname": "x"},
        (UndefinedTerm, "undefined_term", "/nickname"),
        {"name": "x"},
    ),
    "an undefined term below": (
        {"credentialSubject": achievement(level="x")},
        (UndefinedTerm, "undefined_term", "/credentialSubject/achievement/level"),
        {"credentialSubject": achievement(fieldOfStudy="x")},
    ),
    "a term of another type": (
        {"issuer": {**ISSUER, "endorsementComment": "x"}},
        (UndefinedTerm, "undefined_term", "/issuer/endorsementComment"),
        {"issuer": {**ISSUER, "description": "x"}},
    ),
    "an undefined type": (
        {"type": ["VerifiableCredential", "Diploma"]},
        (UndefinedTerm, "undefined_type", "/type/1"),
        {"type": ["VerifiableCredential", "https://example.org/Diploma"]},
    ),
    "a 1EdTech type without its context": (
        {"credentialSchema": {"id": "https://a.example/s", "type": "1EdTechJsonSchemaValidator2019"}},
        (UndefinedTerm, "undefined_type", "/credentialSchema/type"),
        {
            "@context": [*OB3_CONTEXTS, EXTENSIONS],
            "credentialSchema": {"id": "https://a.example/s", "type": "1EdTechJsonSchemaValidator2019"},
        },
    ),
    "an empty type": (
        {"type": ["VerifiableCredential", ""]},
        (UndefinedTerm, "undefined_type", "/type/1"),
        {"type": ["VerifiableCredential"]},
    ),
    "a type that is no text": (
        {"type": ["VerifiableCredential", 5]},
        (UndefinedTerm, "not_json_ld", ""),
        {"type": ["VerifiableCredential"]},
    ),
    "a full IRI where a type has a term": (
        {
            "type": [
                "VerifiableCredential",
                "https://purl.imsglobal.org/spec/vc/ob/vocab.html#OpenBadgeCredential",
            ]
        },
        (UndefinedTerm, "iri_for_term", "/type/1"),
        {"type": ["VerifiableCredential", "OpenBadgeCredential"]},
    ),
    "a relative id": (
        {"id": "credentials/1"},
        (MalformedIri, "malformed_iri", "/id"),
        {"id": "https://a.example/credentials/1"},
    ),
    "an empty id": ({"id": ""}, (MalformedIri, "malformed_iri", "/id"), {"id": "urn:x:1"}),
    "an id with a space": (
        {"id": "https://a.example/a b"},
        (MalformedIri, "malformed_iri", "/id"),
        {"id": "https://a.example/a%20b"},
    ),
    "an id with a no-break space": (
        {"id": "https://a.example/a\u00a0b"},
        (MalformedIri, "malformed_iri", "/id"),
        {"id": "https://a.example/ä"},
    ),
    "an id with an angle bracket": (
        {"id": "https://a.example/>b"},
        (MalformedIri, "malformed_iri", "/id"),
        {"id": "https://a.example/b"},
    ),
    "an id with a back-tick": (
        {"id": "urn:a`b"},
        (MalformedIri, "malformed_iri", "/id"),
        {"id": "urn:a'b"},
    ),
    "an id with a control character": (
        {"id": "urn:a\x01b"},
        (MalformedIri, "malformed_iri", "/id"),
        {"id": "urn:ab"},
    ),
    "an id that is a list": (
        {"id": ["urn:a"]},
        (UndefinedTerm, "not_json_ld", ""),
        {"id": "urn:a"},
    ),
    "an id that looks like a keyword": (
        {"id": "@graph"},
        (MalformedIri, "malformed_iri", "/id"),
        {"id": "urn:graph"},
    ),
    "a local label as id": (
        {"id": "_:b0"},
        (MalformedIri, "blank_node_label", "/id"),
        {"id": None},
    ),
    "a relative id below": (
        {"credentialSubject": subject(id="learner")},
        (MalformedIri, "malformed_iri", "/credentialSubject/id"),
        {"credentialSubject": subject(id="did:example:learner")},
    ),
    "a malformed address in a member typed as id": (
        {"issuer": {**ISSUER, "image": "logo.png"}},
        (MalformedIri, "malformed_iri", "/issuer/image"),
        {"issuer": {**ISSUER, "image": "https://a.example/logo.png"}},
    ),
    "null": (
        {"validUntil": None, "issuer": {**ISSUER, "url": None}},
        (UndefinedTerm, "null_value", "/issuer/url"),
        {},
    ),
    "null in a list": (
        {"credentialSubject": achievement(tag=["a", None])},
        (UndefinedTerm, "null_value", "/credentialSubject/achievement/tag/1"),
        {"credentialSubject": achievement(tag=["a"])},
    ),
    "a list in a list": (
        {"credentialSubject": achievement(tag=[["a"]])},
        (UndefinedTerm, "nested_list", "/credentialSubject/achievement/tag"),
        {"credentialSubject": achievement(tag=["a"])},
    ),
    "a value object": (
        {"name": {"@value": "x", "@language": "en"}},
        (UndefinedTerm, "keyword_in_document", "/name/@value"),
        {"name": "x"},
    ),
    "hidden text in @index": (
        {"@index": "free text"},
        (UndefinedTerm, "keyword_in_document", "/@index"),
        {},
    ),
    "a keyword beside its alias": (
        {"@id": "urn:b"},
        (UndefinedTerm, "keyword_in_document", "/@id"),
        {},
    ),
    "something that only looks like a keyword": (
        {"@note": "free text"},
        (UndefinedTerm, "keyword_in_document", "/@note"),
        {},
    ),
    "a member renamed to its IRI": (
        {"https://www.w3.org/2018/credentials#credentialStatus": {"id": "urn:s"}},
        (UndefinedTerm, "iri_as_member", "/https:~1~1www.w3.org~12018~1credentials#credentialStatus"),
        {"credentialStatus": {"id": "urn:s", "type": "BitstringStatusListEntry"}},
    ),
    "a member renamed to the class of the same IRI": (
        {"credentialSubject": subject(Image={"id": "https://a.example/i", "type": "Image"})},
        (UndefinedTerm, "class_as_member", "/credentialSubject/Image"),
        {"credentialSubject": subject(image={"id": "https://a.example/i", "type": "Image"})},
    ),
    "an inline context": (
        {"@context": [*OB3_CONTEXTS, {"x": "urn:x"}]},
        (ContextRefused, "inline_context", "/@context"),
        {"@context": OB3_CONTEXTS},
    ),
    "an inline context alone": (
        {"@context": {"@vocab": "urn:x"}},
        (ContextRefused, "inline_context", "/@context"),
        {"@context": OB3_CONTEXTS},
    ),
    "an unknown context": (
        {"@context": [*OB3_CONTEXTS, "https://evil.example/c"]},
        (ContextRefused, "unknown_context", "/@context"),
        {"@context": [*OB3_CONTEXTS, EXTENSIONS]},
    ),
    "a file as context": (
        {"@context": [*OB3_CONTEXTS, "file:///etc/passwd"]},
        (ContextRefused, "unknown_context", "/@context"),
        {},
    ),
    "a context that defines everything": (
        {"@context": [*OB3_CONTEXTS, "https://www.w3.org/ns/credentials/undefined-terms/v2"]},
        (ContextRefused, "unknown_context", "/@context"),
        {},
    ),
    "a context named twice": (
        {"@context": [*OB3_CONTEXTS, OB3_CONTEXTS[1]]},
        (ContextRefused, "duplicate_context", "/@context"),
        {"@context": OB3_CONTEXTS},
    ),
    "no context": ({"@context": None}, (ContextRefused, "no_context", "/@context"), {}),
    "an empty list of contexts": ({"@context": []}, (ContextRefused, "no_context", "/@context"), {}),
    "contexts that contradict each other": (
        {"@context": [*OB3_CONTEXTS, VC1]},
        (ContextRefused, "context_conflict", ""),
        {},
    ),
    "a context inside an object": (
        {"issuer": {**ISSUER, "@context": OB3_CONTEXTS}},
        (ContextRefused, "nested_context", "/issuer/@context"),
        {"endorsement": [ENDORSEMENT]},
    ),
    "an embedded credential with an inline context": (
        {"endorsement": [{**ENDORSEMENT, "@context": [*OB3_CONTEXTS, {"x": "urn:x"}]}]},
        (ContextRefused, "inline_context", "/endorsement/0/@context"),
        {"endorsement": [ENDORSEMENT]},
    ),
    "an embedded credential of another model": (
        {"endorsement": [{**ENDORSEMENT, "@context": [VC1, *OB3_CONTEXTS[1:]]}]},
        (ContextRefused, "nested_context", "/endorsement/0/@context"),
        {"endorsement": [ENDORSEMENT]},
    ),
    "a graph that holds nothing": (
        {"endorsement": [{**ENDORSEMENT, "proof": {}}]},
        (UndefinedTerm, "unsigned_part", ""),
        {"endorsement": [{**ENDORSEMENT, "proof": {"type": "DataIntegrityProof"}}]},
    ),
    "a graph that holds a mere id": (
        {"endorsement": [{**ENDORSEMENT, "proof": "https://badges.example.edu/proofs/1"}]},
        (UndefinedTerm, "unsigned_part", ""),
        {"endorsement": [{**ENDORSEMENT, "proof": {"id": "urn:x:proof", "type": "DataIntegrityProof"}}]},
    ),
    "a graph that holds an object without values": (
        {"endorsement": [{**ENDORSEMENT, "proof": {"id": "urn:x:proof", "type": []}}]},
        (UndefinedTerm, "unsigned_part", ""),
        {"endorsement": [{**ENDORSEMENT, "proof": {"id": "urn:x:proof", "type": ["DataIntegrityProof"]}}]},
    ),
    "half a surrogate pair": (
        {"name": "\ud83c"},
        (JsonRefused, "unreadable_character", "/name"),
        {"name": "🎓"},
    ),
    "an integer beyond 2^53": (
        {"credentialSubject": achievement(creditsAvailable=2**53 + 1)},
        (JsonRefused, "integer_out_of_range", "/credentialSubject/achievement/creditsAvailable"),
        {"credentialSubject": achievement(creditsAvailable=2**53)},
    ),
    "a number that is not finite": (
        {"credentialSubject": achievement(creditsAvailable=float("inf"))},
        (JsonRefused, "number_not_finite", "/credentialSubject/achievement/creditsAvailable"),
        {"credentialSubject": achievement(creditsAvailable=1e300)},
    ),
    "a number that other programs write as 0": (
        {"credentialSubject": achievement(creditsAvailable=1e-7)},
        (JsonRefused, "number_not_portable", ""),
        {"credentialSubject": achievement(creditsAvailable=1.5e-7)},
    ),
    "a number between two of 16 digits": (
        {"credentialSubject": achievement(creditsAvailable=2251799813685248.5)},
        (JsonRefused, "number_not_portable", ""),
        {"credentialSubject": achievement(creditsAvailable=2251799813685249.5)},
    ),
    "a Python value": (
        {"name": b"x"},
        (JsonRefused, "not_json", "/name"),
        {"name": "x"},
    ),
}
