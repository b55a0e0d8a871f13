"""What the page behind the code on paper needs of a credential, and no more.

It is read at every visit: neither who learned nor the course is looked up, for both stand in the signed text.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from issuer.codes import is_code
from issuer.columns import plain_columns
from issuer.deployment import Deployment
from issuer.errors import NotFound
from issuer.proof_forms import ProofForm
from issuer.records import PageVisibility, RevocationReason, Status, Visibility
from issuer.shown_text import shown_text
from issuer.tables import CredentialRow, Institution

_CREDENTIAL, _INSTITUTION = plain_columns(CredentialRow), plain_columns(Institution)
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
    )
    .where(_CREDENTIAL.code == bindparam("code"))
    .where(_CREDENTIAL.state == "issued")
    .where(_CREDENTIAL.institution_id == _INSTITUTION.id)
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


def page_record(deployment: Deployment, code: str) -> PageRecord:
    """Find by the code in the link on paper; raises NotFound."""
    with deployment.reading() as session:
        row = session.exec(_ASKED, params={"code": code}).first() if is_code(code) else None
    if row is None:
        raise NotFound("unknown_credential", "There is no certificate with that code here.")
    return PageRecord(
        code=code,
        text=shown_text(row.secured, ProofForm(row.proof_form), deployment.base_url),
        institution=PageInstitution(row.slug, json.loads(row.profile).get("email")),
        status=Status(row.status),
        status_since=row.status_since,
        status_reason=RevocationReason(row.status_reason) if row.status_reason else None,
        visibility=Visibility(row.show_grade, row.show_parts, row.show_evidence, PageVisibility(row.page)),
        was_checked=row.checked is not None,
    )
