"""What the register hands out: plain frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from issuer.catalogue_tables import CatalogueEntryRow
from issuer.records import DefinitionVersion


class VersionState(StrEnum):
    """How a published version stands."""

    PUBLISHED = "published"
    REPLACED = "replaced"
    RETIRED = "retired"


def version_state(row: CatalogueEntryRow) -> VersionState:
    """Say how the version of an entry stands."""
    if row.retired is not None:
        return VersionState.RETIRED
    return VersionState.PUBLISHED if row.newest else VersionState.REPLACED


@dataclass(frozen=True)
class Entry:
    """A version in the register; `number` grows with each one, `evidence` is what was kept at publication."""

    number: int
    version: DefinitionVersion
    state: VersionState
    evidence: Mapping[str, Any]
    retired: datetime | None = None
    retired_reason: str = ""
