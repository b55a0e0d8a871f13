"""Find an issued credential by what a person or a page has in hand: id, code, short code, link, or number."""

from functools import cache
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from issuer.codes import CODE_LENGTH, is_code, read_short_code
from issuer.definitions import definition_record, find_version
from issuer.deployment import Deployment
from issuer.errors import IssuerError, NotFound
from issuer.institutions import institution_record, institution_row
from issuer.links import token_hash
from issuer.proof_forms import ProofForm
from issuer.records import CredentialRecord, PageVisibility, RevocationReason, Status, Visibility
from issuer.shown_text import shown_text
from issuer.tables import CredentialRow, DefinitionVersionRow, Institution, Learner

_URN_PREFIX = "urn:uuid:"


def by_code(deployment: Deployment, code: str) -> CredentialRecord:
    """Find by the code in the link on paper; raises NotFound."""
    return _one(deployment, "code", code, plausible=is_code(code))


def by_short_code(deployment: Deployment, short_code: str) -> CredentialRecord:
    """Find by the code that a person types, in any of its spellings; raises NotFound."""
    plain = read_short_code(short_code)
    return _one(deployment, "short_code", plain, plausible=plain is not None)


def by_holder_token(deployment: Deployment, token: str) -> CredentialRecord:
    """Find by the holder's secret token, of which only the hash is kept; raises NotFound."""
    return _one(deployment, "holder_token_hash", token_hash(token), plausible=is_code(token))


def by_share_id(deployment: Deployment, share_id: str) -> CredentialRecord:
    """Find the page that a holder shares; raises NotFound also when the holder has closed it."""
    record = _one(deployment, "share_id", share_id, plausible=is_code(share_id))
    if record.visibility.page is PageVisibility.OFF:
        raise not_found()
    return record


def by_urn(deployment: Deployment, urn: str) -> CredentialRecord:
    """Find by the credential's own id; raises NotFound."""
    return _one(deployment, "urn", urn, plausible=urn.startswith(_URN_PREFIX))


def credentials_of(deployment: Deployment, slug: str) -> list[CredentialRecord]:
    """List what an institution has issued, in the order of issuing."""
    with deployment.reading() as session:
        institution = institution_row(session, slug)
        query = _query().where(CredentialRow.institution_id == institution.id).order_by(col(CredentialRow.id))
        return [credential_record(deployment, row) for row in session.exec(query)]


def issued_row(session: Session, named: str, *, institution: Institution | None = None) -> CredentialRow:
    """Find the row of an issued credential by id, code or short code, of one tenant where one acts.

    Raises NotFound.
    """
    column, wanted = column_of(named)
    query = select(CredentialRow).where(CredentialRow.state == "issued")
    if institution is not None:
        query = query.where(CredentialRow.institution_id == institution.id)
    row = session.exec(query.where(getattr(CredentialRow, column) == wanted)).first()
    if row is None:
        raise not_found()
    return row


def find_award(
    deployment: Deployment, slug: str, student_number: str, definition: str, *, run: str | None = None
) -> str:
    """Give the id of the credential of a student from a definition (`CODE` or `CODE@VERSION`), and run.

    Raises NotFound, or IssuerError if the student has several and no run is named.
    """
    with deployment.reading() as session:
        institution = institution_row(session, slug)
        version = find_version(session, institution, definition)
        query = (
            select(CredentialRow.urn)
            .where(CredentialRow.institution_id == institution.id)
            .where(CredentialRow.state == "issued")
            .where(CredentialRow.learner_id == Learner.id)
            .where(Learner.student_number == student_number)
            .where(CredentialRow.definition_version_id == DefinitionVersionRow.id)
        )
        if "@" in definition:
            query = query.where(CredentialRow.definition_version_id == version.id)
        else:
            query = query.where(DefinitionVersionRow.definition_id == version.definition_id)
        urns = session.exec(query if run is None else query.where(CredentialRow.run == run)).all()
    if not urns:
        raise NotFound(
            "unknown_credential", f"{student_number[:100]} has no credential from {definition[:100]}."
        )
    if len(urns) > 1:
        raise IssuerError(
            "several_credentials",
            f"{student_number[:100]} has {len(urns)} credentials from it: name version and run.",
        )
    return urns[0]


def credential_record(deployment: Deployment, found: Any) -> CredentialRecord:
    """Turn joined rows into the value that leaves the office."""
    row, learner, version, institution = found
    form = ProofForm(row.proof_form)
    return CredentialRecord(
        urn=row.urn,
        text=shown_text(row.secured, form, deployment.base_url),
        institution=institution_record(institution),
        definition=definition_record(version, institution),
        learner_name=learner.name,
        student_number=learner.student_number,
        language=learner.language,
        run=row.run,
        awarded=row.awarded,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        issued_at=row.issued_at,
        verification_method=row.verification_method,
        code=row.code,
        short_code=row.short_code,
        share_id=row.share_id,
        url=deployment.credential_url(row.code),
        share_url=deployment.share_url(row.share_id),
        status=Status(row.status),
        status_since=row.status_since,
        status_reason=RevocationReason(row.status_reason) if row.status_reason else None,
        proof_form=form,
        own_copy=row.secured if form.is_selective else None,
        visibility=Visibility(row.show_grade, row.show_parts, row.show_evidence, PageVisibility(row.page)),
        was_checked=row.checked is not None,
    )


def _query() -> Any:
    return (
        select(CredentialRow, Learner, DefinitionVersionRow, Institution)
        .where(CredentialRow.state == "issued")
        .where(CredentialRow.learner_id == Learner.id)
        .where(CredentialRow.definition_version_id == DefinitionVersionRow.id)
        .where(CredentialRow.institution_id == Institution.id)
    )


@cache
def _query_by(column: str) -> Any:
    """Give the query of a page: putting it together anew would cost as much as asking it."""
    return _query().where(getattr(CredentialRow, column) == bindparam("wanted"))


def column_of(named: str) -> tuple[str, str]:
    """Say in which column an id, a code or a short code stands, and how; raises NotFound."""
    if named.startswith(_URN_PREFIX):
        return "urn", named
    if len(named) == CODE_LENGTH:
        return "code", named
    short = read_short_code(named)
    if short is None:
        raise not_found()
    return "short_code", short


def _one(deployment: Deployment, column: str, wanted: object, *, plausible: bool) -> CredentialRecord:
    if not plausible:
        raise not_found()
    with deployment.reading() as session:
        found = session.exec(_query_by(column), params={"wanted": wanted}).first()
        if found is None:
            raise not_found()
        return credential_record(deployment, found)


def not_found() -> NotFound:
    """Give the error for a credential that is not there, or not for whoever asks."""
    return NotFound("unknown_credential", "There is no certificate with that code here.")
