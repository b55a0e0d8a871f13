"""The European profile on top of the badge: definitions, vocabularies, rules and credentials."""

from microcredential.binding import bind
from microcredential.checking import check_achievement, check_credential
from microcredential.credential import Evidence, Subject, build_credential, status_entry
from microcredential.definition import Definition, load_definition
from microcredential.describing import describe
from microcredential.description import Description, Text
from microcredential.durations import valid_until
from microcredential.errors import MicroCredentialError
from microcredential.findings import Finding, Severity
from microcredential.part_ids import final_result_key, result_keys
from microcredential.publication import (
    CONTEXT_PATH,
    RECOGNITION_SCHEMA_PATH,
    SCHEMA_PATH,
    accepted_context_digests,
    context,
    context_digest,
    context_text,
    recognition_schema_text,
    schema_text,
)

__all__ = [
    "CONTEXT_PATH",
    "RECOGNITION_SCHEMA_PATH",
    "SCHEMA_PATH",
    "Definition",
    "Description",
    "Evidence",
    "Finding",
    "MicroCredentialError",
    "Severity",
    "Subject",
    "Text",
    "accepted_context_digests",
    "bind",
    "build_credential",
    "check_achievement",
    "check_credential",
    "context",
    "context_digest",
    "context_text",
    "describe",
    "final_result_key",
    "load_definition",
    "recognition_schema_text",
    "result_keys",
    "schema_text",
    "status_entry",
    "valid_until",
]
