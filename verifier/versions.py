"""Tell which edition of the W3C data model a credential is written in."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from ob3.contexts import VC1, VC2
from verifier.json_types import as_list


class Version(StrEnum):
    """The editions of the Verifiable Credentials Data Model in which Open Badges 3.0 travel."""

    vcdm_2_0 = "vcdm_2_0"
    vcdm_1_1 = "vcdm_1_1"


_FIRST_CONTEXT: Mapping[object, Version] = {VC2: Version.vcdm_2_0, VC1: Version.vcdm_1_1}


def version_of(document: Mapping[str, Any]) -> Version | None:
    """Give the edition that the first context names, or None where it names neither.

    The first context alone decides (Open Badges 3.0 implementation guide, on VCDM 1.1): members such as
    `issuanceDate` may be written by mistake, and then have no meaning in the edition that is named.
    """
    sequence = as_list(document.get("@context"))
    first = sequence[0] if sequence else None
    return _FIRST_CONTEXT.get(first) if isinstance(first, str) else None
