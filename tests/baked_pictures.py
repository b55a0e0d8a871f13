"""What the tests of both kinds of baked picture ask alike."""

import json

import pytest

from ob3 import bake, unbake
from ob3.errors import BakingRefused


def refused(action, code: str, *, limit: bool = False) -> str:
    """Expect a refusal with this code, and whether a limit stopped us; give its sentence."""
    with pytest.raises(BakingRefused) as caught:
        action()
    assert (caught.value.code, caught.value.limit) == (code, limit)
    return caught.value.message


def gives_its_credential(image: bytes, start: str) -> None:
    """Expect a picture of others to give its credential, and to take it again."""
    text = unbake(image)
    assert text.startswith(start)
    if start == "{":
        assert json.loads(text)["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert unbake(bake(image, text)) == text
