"""Whether the code and version of a draft are still free, told while it is being written."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, select

from issuer.drafts.documents import named
from issuer.tables import DefinitionRow, DefinitionVersionRow, Institution
from microcredential import Finding, Severity


def name_findings(
    session: Session, institution: Institution, document: Mapping[str, Any], *, faculty_id: int | None
) -> list[Finding]:
    """Find a code of another faculty, a version that is published already, or a code that goes on."""
    code, version, _title = named(document)
    mine = select(DefinitionRow).where(DefinitionRow.institution_id == institution.id)
    base = session.exec(mine.where(DefinitionRow.code == code)).first() if code else None
    if base is None:
        return []
    if base.faculty_id != faculty_id:
        return [
            Finding(
                "M2",
                Severity.BLOCK,
                "definition.code",
                f"The code {code} belongs to another faculty.",
                "Give this definition another code.",
                "code_taken",
            )
        ]
    versions = select(DefinitionVersionRow).where(DefinitionVersionRow.definition_id == base.id)
    if session.exec(versions.where(DefinitionVersionRow.version == version)).first() is not None:
        return [
            Finding(
                "M2",
                Severity.BLOCK,
                "definition.version",
                f"Version {version} is published already, and certificates repeat it.",
                "Give this one a new version.",
                "version_taken",
            )
        ]
    return [
        Finding(
            "M2",
            Severity.INFO,
            "definition.code",
            f"The code {code} is published already.",
            "This will be its next version.",
            "code_goes_on",
        )
    ]
