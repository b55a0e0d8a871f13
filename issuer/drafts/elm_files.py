"""A file of the European Learning Model as the document of a draft."""

from typing import Any

from microcredential import MicroCredentialError
from microcredential.elm import Loss, elm_definition, read_elm

_OURS = frozenset({"definition", "achievement", "achievementType"})


def read_elm_file(data: bytes) -> tuple[dict[str, Any], tuple[str, ...]] | None:
    """Give the definition in a document of the model with a sentence for each loss; None for another file.

    A seal on the document is not checked: people read a draft before anything is published.
    """
    if data.lstrip()[:1] != b"{":
        return None
    try:
        document = read_elm(data)
        if _OURS & document.keys():
            return None
        definition, losses = elm_definition(document)
    except MicroCredentialError:
        return None  # the reader of definition files says what is wrong
    return definition, tuple(_sentence(loss) for loss in losses)


def _sentence(loss: Loss) -> str:
    return f"{loss.path}: {loss.what}: {loss.why}"
