"""What others are given of a stored credential, and the credential in its text, whatever its form.

A credential of which the holder may show a part is stored with the proof that is the holder's alone: whoever
has it can show anything in it, and readers refuse it. Everybody else is given a selection from it that shows
everything. No key is needed for that, and the same stored text always gives the same selection.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from issuer.errors import IssuerError
from issuer.proof_forms import ProofForm
from microcredential import CONTEXT_PATH, context
from ob3 import FrozenContexts, Ob3Error
from ob3.jws import credential_of, read_jws
from ob3.selective import derive
from ob3.strict_json import dump, parse

JSON_TYPE = "application/vc+ld+json"
TOKEN_TYPE = "text/plain"  # noqa: S105  (Open Badges 3.0, "Token": the media type of a compact JWS)
_EVERYTHING = ("",)  # the JSON Pointer to the whole document


@lru_cache(maxsize=8)
def own_contexts(base_url: str) -> Mapping[str, dict[str, Any]]:
    """Give the contexts of a deployment that are not pinned with the standards, to be read only."""
    return FrozenContexts({base_url + CONTEXT_PATH: context()})


def shown_text(stored: str, form: ProofForm, base_url: str) -> str:
    """Give the text for readers of a credential that was signed at a base URL.

    Raises IssuerError `stored_wrong` if no selection can be made of what is stored.
    """
    return _everything_of(stored, base_url) if form.is_selective else stored


def is_token(text: str) -> bool:
    """Tell whether the text of a credential is a signed token; else it is JSON."""
    return not text.lstrip().startswith("{")


def content_type(text: str) -> str:
    """Give the media type under which the text of a credential is served."""
    return TOKEN_TYPE if is_token(text) else JSON_TYPE


def document_in(text: str) -> dict[str, Any]:
    """Give the credential in a text, with its proofs if it has any; raises Ob3Error."""
    document: dict[str, Any] = credential_of(read_jws(text)) if is_token(text) else parse(text)
    return document


def unsigned_in(text: str) -> dict[str, Any]:
    """Give the credential in a text as it was before it was signed; raises Ob3Error."""
    return {name: value for name, value in document_in(text).items() if name != "proof"}


def file_ending(text: str) -> str:
    """Give the ending of a file with this text (Open Badges 3.0, "File Serialization")."""
    return "jwt" if is_token(text) else "json"


@lru_cache(maxsize=64)
def _everything_of(stored: str, base_url: str) -> str:
    """Select everything; kept for a while, since it takes 20 ms and a page asks more than once."""
    try:
        shown = derive(parse(stored), selective_pointers=_EVERYTHING, extra_contexts=own_contexts(base_url))
    except Ob3Error as error:
        message = f"The stored credential cannot be shown: {error.message}"
        raise IssuerError("stored_wrong", message) from error
    return dump({**shown, "proof": [shown["proof"]]})
