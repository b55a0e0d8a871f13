"""Which edition of the data model a credential is written in: its first context decides, nothing else."""

import pytest
from simulator import OB3, VC2

from ob3.contexts import VC1
from verifier.versions import Version, version_of


@pytest.mark.parametrize(
    ("document", "version"),
    [
        ({"@context": [VC2, OB3]}, Version.vcdm_2_0),
        ({"@context": [VC1, OB3]}, Version.vcdm_1_1),
        ({"@context": VC1}, Version.vcdm_1_1),
        ({"@context": [VC2, VC1], "issuanceDate": "2026-01-01T00:00:00Z"}, Version.vcdm_2_0),
        ({"@context": [VC1, VC2], "validFrom": "2026-01-01T00:00:00Z"}, Version.vcdm_1_1),
        ({"@context": [OB3, VC2]}, None),
        ({"@context": [{"@vocab": VC1}]}, None),
        ({"@context": []}, None),
        ({"issuanceDate": "2026-01-01T00:00:00Z"}, None),
    ],
)
def test_the_first_context_decides(document, version):
    assert version_of(document) is version
