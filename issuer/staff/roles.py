"""Roles and the acts that each allows: the one table by which everything in the office is permitted."""

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """What a person is to an institution, a faculty or the consortium."""

    AUTHOR = "author"
    REVIEWER = "reviewer"
    ISSUER = "issuer"
    RECOGNITION_OFFICER = "recognition_officer"
    INSTITUTION_ADMIN = "institution_admin"
    CONSORTIUM_ADMIN = "consortium_admin"
    AUDITOR = "auditor"


class Act(StrEnum):
    """What somebody may do; every page and every service of the office names the one it needs."""

    READ_DEFINITIONS = "read_definitions"
    WRITE_DEFINITIONS = "write_definitions"
    REVIEW_DEFINITIONS = "review_definitions"
    READ_BATCHES = "read_batches"
    PREPARE_BATCHES = "prepare_batches"
    APPROVE_BATCHES = "approve_batches"
    READ_CREDENTIALS = "read_credentials"
    CHANGE_STATUS = "change_status"
    READ_MAIL = "read_mail"
    SEND_MAIL = "send_mail"
    WRITE_MAIL_TEXTS = "write_mail_texts"
    RECOGNISE = "recognise"
    READ_AUDIT = "read_audit"
    READ_REPORTS = "read_reports"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_TOKENS = "manage_tokens"
    MANAGE_INSTITUTION = "manage_institution"
    MANAGE_CONSORTIUM = "manage_consortium"


ALLOWED: Mapping[Role, frozenset[Act]] = {
    Role.AUTHOR: frozenset({Act.READ_DEFINITIONS, Act.WRITE_DEFINITIONS}),
    Role.REVIEWER: frozenset({Act.READ_DEFINITIONS, Act.REVIEW_DEFINITIONS}),
    Role.ISSUER: frozenset(
        {
            Act.READ_DEFINITIONS,
            Act.READ_BATCHES,
            Act.PREPARE_BATCHES,
            Act.APPROVE_BATCHES,
            Act.READ_CREDENTIALS,
            Act.CHANGE_STATUS,
            Act.READ_MAIL,
            Act.SEND_MAIL,
        }
    ),
    Role.RECOGNITION_OFFICER: frozenset({Act.READ_DEFINITIONS, Act.RECOGNISE}),
    Role.INSTITUTION_ADMIN: frozenset(
        {
            Act.READ_DEFINITIONS,
            Act.READ_MAIL,  # of staff alone: learners' mails ask for READ_CREDENTIALS too (mailing.search)
            Act.WRITE_MAIL_TEXTS,
            Act.READ_REPORTS,
            Act.MANAGE_PEOPLE,
            Act.MANAGE_TOKENS,
            Act.MANAGE_INSTITUTION,
        }
    ),
    Role.CONSORTIUM_ADMIN: frozenset({Act.MANAGE_CONSORTIUM, Act.READ_REPORTS}),
    Role.AUDITOR: frozenset(
        {
            Act.READ_DEFINITIONS,
            Act.READ_BATCHES,
            Act.READ_CREDENTIALS,
            Act.READ_MAIL,
            Act.READ_AUDIT,
            Act.READ_REPORTS,
        }
    ),
}

# Those who can sign, or can make somebody who can: a password alone is not enough (ASVS 6.3.3).
NEED_SECOND_FACTOR = frozenset(
    {Role.ISSUER, Role.RECOGNITION_OFFICER, Role.INSTITUTION_ADMIN, Role.CONSORTIUM_ADMIN}
)
# What a program may be given: nothing that a person must answer for by name.
TOKEN_ACTS = frozenset(
    {
        Act.READ_DEFINITIONS,
        Act.READ_BATCHES,
        Act.PREPARE_BATCHES,
        Act.READ_CREDENTIALS,
        Act.CHANGE_STATUS,
        Act.READ_AUDIT,
    }
)
