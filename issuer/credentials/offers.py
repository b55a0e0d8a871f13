"""The micro-credentials that have been published, by code, as filters and lists name them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import col, select

from issuer.deployment import Deployment
from issuer.staff.roles import Act
from issuer.staff.within import within
from issuer.tables import DefinitionRow, DefinitionVersionRow


@dataclass(frozen=True)
class Offer:
    """A code with the title of its newest version, by language, and its versions: key -> version."""

    code: str
    titles: Mapping[str, str]
    versions: Mapping[int, str]


def offers(desk: Deployment, act: Act = Act.READ_CREDENTIALS) -> list[Offer]:
    """List what the faculties of whoever acts have published, by code."""
    with desk.reading() as session:
        query = (
            select(DefinitionRow, DefinitionVersionRow)
            .where(DefinitionVersionRow.definition_id == DefinitionRow.id)
            .where(DefinitionRow.institution_id == desk.tenant)
        )
        rows = session.exec(
            within(query, desk.actor, act).order_by(
                col(DefinitionRow.code), col(DefinitionVersionRow.id).desc()
            )
        )
        newest: dict[str, Mapping[str, str]] = {}
        versions: dict[str, dict[int, str]] = {}
        for definition, version in rows:
            if definition.code not in newest:
                newest[definition.code] = _titles(version)
            versions.setdefault(definition.code, {})[version.id or 0] = version.version
    return [Offer(code, titles, versions[code]) for code, titles in newest.items()]


def _titles(version: DefinitionVersionRow) -> Mapping[str, str]:
    document = json.loads(version.document)
    titles = document.get("title")
    return titles if isinstance(titles, dict) and titles else {"en": str(document.get("name", ""))}
