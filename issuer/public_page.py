"""What the page behind the code on paper needs of a credential, and no more.

It is read at every visit: neither who learned nor the course is looked up, for both stand in the signed text.
One question brings what the page goes on to ask for: the status lists in which the credential has a place,
and whether anything is stated about its course.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, bindparam, select

from issuer.codes import is_code
from issuer.columns import plain_columns
from issuer.deployment import Deployment
from issuer.errors import NotFound
from issuer.proof_forms import ProofForm
from issuer.recognition.mentioned import names_one_of
from issuer.records import PageVisibility, RevocationReason, Status, Visibility
from issuer.shown_text import shown_text
from issuer.status_lists import keep_while_reading
from issuer.tables import CredentialRow, DefinitionVersionRow, Institution, StatusEntry, StatusList
from issuer.transactions import run

_CREDENTIAL, _INSTITUTION = plain_columns(CredentialRow), plain_columns(Institution)
_VERSION = plain_columns(DefinitionVersionRow)
_PLACE, _LIST = plain_columns(StatusEntry), plain_columns(StatusList)
_TABLES: Any = (
    _INSTITUTION.id.table.join(_CREDENTIAL.id.table, _CREDENTIAL.institution_id == _INSTITUTION.id)
    .join(_VERSION.id.table, _CREDENTIAL.definition_version_id == _VERSION.id)
    .outerjoin(_PLACE.id.table, _PLACE.credential_id == _CREDENTIAL.id)
    .outerjoin(_LIST.id.table, _PLACE.status_list_id == _LIST.id)
)
_COURSE: Any = bindparam("courses", type_=String).concat(_VERSION.public_id)
_ASKED: Any = (
    select(
        _CREDENTIAL.secured,
        _CREDENTIAL.proof_form,
        _CREDENTIAL.status,
        _CREDENTIAL.status_since,
        _CREDENTIAL.status_reason,
        _CREDENTIAL.show_grade,
        _CREDENTIAL.show_parts,
        _CREDENTIAL.show_evidence,
        _CREDENTIAL.page,
        _CREDENTIAL.checked,
        _INSTITUTION.slug,
        _INSTITUTION.profile,
        _INSTITUTION.did,
        _COURSE.label("course"),
        names_one_of(_COURSE, _INSTITUTION.did).label("something_stated"),
        _LIST.public_id.label("list_id"),
        _LIST.text.label("list_text"),
        _LIST.etag,
        _LIST.valid_from,
        _LIST.valid_until,
    )
    .select_from(_TABLES)
    .where(_CREDENTIAL.code == bindparam("code"))
    .where(_CREDENTIAL.state == "issued")
)


@dataclass(frozen=True)
class PageInstitution:
    """Who awarded it: its short name, and where its office is written to."""

    slug: str
    email: str | None


@dataclass(frozen=True)
class PageRecord:
    """One issued credential as its page needs it; `text` is what others are given of it."""

    code: str
    text: str
    institution: PageInstitution
    status: Status
    status_since: datetime | None
    status_reason: RevocationReason | None
    visibility: Visibility
    was_checked: bool  # by a visitor, before this reading
    course: str  # the address of the wording of which it is, by our own rows
    issuer_id: str | None  # likewise
    something_stated: bool  # about either, in whatever state


def page_record(deployment: Deployment, code: str) -> PageRecord:
    """Find by the code in the link on paper; raises NotFound.

    Within `one_snapshot` its status lists are at hand afterwards.
    """
    asked = {"code": code, "courses": deployment.achievement_url("")}
    with deployment.reading() as session:
        rows = run(session, _ASKED, asked).all() if is_code(code) else []
        for each in rows:  # one for each list, or a single one without
            keep_while_reading(
                session, each.list_id, each.list_text, each.etag, each.valid_from, each.valid_until
            )
    if not rows:
        raise NotFound("unknown_credential", "There is no certificate with that code here.")
    row = rows[0]
    return PageRecord(
        code=code,
        text=shown_text(row.secured, ProofForm(row.proof_form), deployment.base_url),
        institution=PageInstitution(row.slug, json.loads(row.profile).get("email")),
        status=Status(row.status),
        status_since=row.status_since,
        status_reason=RevocationReason(row.status_reason) if row.status_reason else None,
        visibility=Visibility(row.show_grade, row.show_parts, row.show_evidence, PageVisibility(row.page)),
        was_checked=row.checked is not None,
        course=row.course,
        issuer_id=row.did,
        something_stated=row.something_stated,
    )
