"""Definitions: publishing a version under an address that never changes, and finding it again."""

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from issuer.audit.record import AuditedAct, record
from issuer.badge_pictures import picture_url
from issuer.catalogue_tables import CatalogueEntryRow
from issuer.deployment import Deployment
from issuer.errors import IssuerError, NotFound
from issuer.fonts import check_printable
from issuer.institutions import institution_record, institution_row, issuer_profile
from issuer.office_tables import BadgePictureRow
from issuer.records import DefinitionVersion
from issuer.register.entering import enter
from issuer.register.evidence import Review, digest_of
from issuer.tables import DefinitionRow, DefinitionVersionRow, Institution, stored_id
from microcredential import Definition, Finding, check_achievement, describe
from microcredential.binding import bind
from microcredential.errors import MicroCredentialError
from microcredential.findings import Severity


class DefinitionRefused(IssuerError):  # noqa: N818  (named for the fault)
    """Say that a definition lacks what the profile demands; `findings` has every reason."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        first = findings[0]
        more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
        super().__init__("definition_refused", f"{first.id} {first.path}: {first.message} {first.fix}{more}")
        self.findings = tuple(findings)


def publish_definition(
    deployment: Deployment, slug: str, definition: Definition, *, by: str | None = None
) -> DefinitionVersion:
    """Store a version for good and give it its address; the same one again is given back as it is.

    Nobody reviews what is published this way; the audit tells of it, with `by` for whoever did it. Raises
    DefinitionRefused for a finding that blocks, UnprintableCharacter for a text that the certificate cannot
    print, IssuerError if the version's name is taken by other contents.
    """
    if definition.institution not in (None, slug):
        raise IssuerError(
            "wrong_institution", f"The definition belongs to “{definition.institution}”, not to “{slug}”."
        )
    with deployment.writing() as session:
        institution = institution_row(session, slug)
        newest = session.exec(select(func.max(DefinitionVersionRow.id))).one() or 0
        row = publish_within(session, deployment, institution, definition)
        if stored_id(row) > newest:
            told = {"version": row.public_id, "code": definition.code, "name": row.version}
            kept = {"reviewed": False, "evidence": evidence_digest(session, row)}
            act = AuditedAct("definition.publish", row.public_id, after={**told, **kept})
            record(session, deployment, act, institution=institution, by=by)
        return definition_record(row, institution)


def publish_within(
    session: Session,
    deployment: Deployment,
    institution: Institution,
    definition: Definition,
    *,
    picture: BadgePictureRow | None = None,
    faculty_id: int | None = None,
    review: Review | None = None,
) -> DefinitionVersionRow:
    """Publish within a writing transaction, with an uploaded badge picture if there is one; raises as above.

    A new code belongs to the faculty named; a later version stays where the code belongs. The version is
    entered into the register with what was found and, with `review`, who decided.
    """
    base = _definition_row(session, institution, definition.code, deployment, faculty_id)
    versions = _versions(session, base)
    digest = _digest(definition, picture)
    for row in versions:
        if row.version == definition.version:
            _refuse_other_contents(row, digest)
            return row
    row = _bound(deployment, institution, base, definition, versions[-1] if versions else None, picture)
    row.source_digest = digest
    session.add(row)
    session.flush()
    enter(session, deployment, institution, row, review=review, before=versions)
    return row


def evidence_digest(session: Session, row: DefinitionVersionRow) -> str:
    """Give the digest of what the register keeps beside a version."""
    mine = select(CatalogueEntryRow.evidence).where(CatalogueEntryRow.definition_version_id == row.id)
    return digest_of(session.exec(mine).one())


def definition_versions(deployment: Deployment, slug: str) -> list[DefinitionVersion]:
    """List what an institution has published, by code and then by age."""
    with deployment.reading() as session:
        institution = institution_row(session, slug)
        rows = session.exec(
            _versions_of(institution).order_by(DefinitionRow.code, col(DefinitionVersionRow.id))
        )
        return [definition_record(row, institution) for row in rows]


def find_version(session: Session, institution: Institution, name: str) -> DefinitionVersionRow:
    """Find a version by `CODE` (the newest), `CODE@VERSION` or its address; raises NotFound."""
    query = _versions_of(institution)
    code, _, version = name.partition("@")
    if name.startswith(("https://", "http://")):
        query = query.where(DefinitionVersionRow.achievement_id == name)
    else:
        query = query.where(DefinitionRow.code == code)
        query = query.where(DefinitionVersionRow.version == version) if version else query
    found = session.exec(query.order_by(col(DefinitionVersionRow.id).desc())).first()
    if found is None:
        raise NotFound("unknown_definition", f"{institution.name} has published no “{name[:100]}”.")
    return found


def achievement(deployment: Deployment, public_id: str) -> DefinitionVersion:
    """Find a version by the last part of its address; raises NotFound."""
    with deployment.reading() as session:
        found = session.exec(
            select(DefinitionVersionRow, Institution)
            .where(DefinitionVersionRow.public_id == public_id)
            .where(DefinitionVersionRow.institution_id == Institution.id)
        ).first()
        if found is None:
            raise NotFound("unknown_achievement", "There is no micro-credential with that address here.")
        return definition_record(*found)


def definition_record(row: DefinitionVersionRow, institution: Institution) -> DefinitionVersion:
    """Turn a row into the value that leaves the office."""
    document, options = json.loads(row.document), json.loads(row.options)
    return DefinitionVersion(
        public_id=row.public_id,
        achievement_id=row.achievement_id,
        code=document["humanCode"],
        version=row.version,
        language=options["language"],
        suspension=options["suspension"],
        valid_for=options["valid_for"],
        signatory=options["signatory"],
        text=row.document,
        achievement=document,
        institution=institution_record(institution),
        created=row.created,
        refresh=options.get("refresh", False),
    )


def _versions_of(institution: Institution) -> SelectOfScalar[DefinitionVersionRow]:
    return (
        select(DefinitionVersionRow)
        .where(DefinitionVersionRow.institution_id == institution.id)
        .where(DefinitionVersionRow.definition_id == DefinitionRow.id)
    )


def _definition_row(
    session: Session, institution: Institution, code: str, deployment: Deployment, faculty_id: int | None
) -> DefinitionRow:
    row = session.exec(
        select(DefinitionRow)
        .where(DefinitionRow.institution_id == institution.id)
        .where(DefinitionRow.code == code)
    ).first()
    if row is None:
        row = DefinitionRow(
            institution_id=stored_id(institution), faculty_id=faculty_id, code=code, created=deployment.now()
        )
        session.add(row)
        session.flush()
    return row


def _versions(session: Session, base: DefinitionRow) -> list[DefinitionVersionRow]:
    mine = select(DefinitionVersionRow).where(DefinitionVersionRow.definition_id == base.id)
    return list(session.exec(mine.order_by(col(DefinitionVersionRow.id))))


def _refuse_other_contents(row: DefinitionVersionRow, digest: str) -> None:
    if row.source_digest != digest:
        raise IssuerError(
            "version_taken",
            f"Version {row.version} was published with other contents, and credentials repeat it. "
            "Give the new contents a new version.",
        )


def _bound(
    deployment: Deployment,
    institution: Institution,
    base: DefinitionRow,
    definition: Definition,
    previous: DefinitionVersionRow | None,
    picture: BadgePictureRow | None,
) -> DefinitionVersionRow:
    """Bind the definition to its address, refusing what the profile forbids (MAPPING.md, M1 to M11)."""
    public_id = str(uuid.UUID(int=deployment.random.getrandbits(128), version=4))
    profile = issuer_profile(institution)
    try:
        bound = bind(
            definition,
            achievement_id=deployment.achievement_url(public_id),
            issuer_profile=profile,
            base_url=deployment.base_url,
            previous_id=previous.achievement_id if previous else None,
            previous_version=previous.version if previous else None,
        )
    except MicroCredentialError as error:
        raise IssuerError(error.code, error.message) from error
    if picture is not None:
        bound["image"]["id"] = picture_url(deployment, picture)
    for text in printed_texts(bound, definition.language, definition.signatory or {}):
        check_printable(text)  # else the certificate could not be set after everything is signed
    blocking = [
        finding for finding in check_achievement(bound, issuer=profile) if finding.severity == Severity.BLOCK
    ]
    if blocking:
        raise DefinitionRefused(blocking)
    return DefinitionVersionRow(
        institution_id=base.institution_id,
        definition_id=stored_id(base),
        version=definition.version,
        public_id=public_id,
        achievement_id=deployment.achievement_url(public_id),
        document=_json(bound),
        options=_json(_options(definition)),
        badge_picture_id=stored_id(picture) if picture else None,
        source_digest="",
        created=deployment.now(),
    )


def printed_texts(achievement: Mapping[str, Any], language: str, signatory: Mapping[str, str]) -> list[str]:
    """List every text of a definition that its certificate prints."""
    description = describe({"credentialSubject": {"achievement": achievement}}, language)
    printed = [
        *(title for title in (description.title, *description.other_titles) if title is not None),
        *description.outcomes,
        *(assessment.name for assessment in description.assessments),
        *(one.title for one in description.quality if one.title is not None),
    ]
    agents = [one.agent for one in description.quality]
    return [*(each.text for each in printed), *agents, *signatory.values()]


def _options(definition: Definition) -> dict[str, Any]:
    chosen = {"refresh": True} if definition.refresh else {}  # absent from what was published before it was
    return {
        **chosen,
        "language": definition.language,
        "suspension": definition.suspension,
        "valid_for": definition.valid_for,
        "signatory": dict(definition.signatory) if definition.signatory else None,
    }


def _digest(definition: Definition, picture: BadgePictureRow | None) -> str:
    """Tell contents apart; the notes say only what of the file was left out."""
    contents: list[Any] = [definition.achievement, definition.code, definition.version, _options(definition)]
    contents += [picture.digest] if picture else []
    text = json.dumps(contents, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
