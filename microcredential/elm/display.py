"""Write how a European Digital Credential shows itself: its title, its languages and the picture of it."""

from __future__ import annotations

import base64

from microcredential.elm.writer import Node, Writer, present, single
from microcredential.errors import MicroCredentialError

LARGEST_PICTURE = 2 * 1024 * 1024
_KINDS = {b"\x89PNG\r\n\x1a\n": "PNG", b"\xff\xd8\xff": "JPEG"}
_FILE_TYPES = "http://publications.europa.eu/resource/authority/file-type/"
_BASE64 = "http://data.europa.eu/snb/encoding/6146cde7dd"


def write_display(
    title: dict[str, str], description: dict[str, str], picture: bytes | None, writer: Writer
) -> Node:
    """Write the display parameters; `picture` is a PNG or JPEG of the whole credential.

    Raises MicroCredentialError (`picture_kind`, `picture_too_large`).
    """
    languages = [node for tag in title if (node := writer.language_concept(tag))]
    primary = writer.language_concept(writer.language)
    return present(
        {
            "id": writer.new_id("displayParameter"),
            "type": "DisplayParameter",
            "title": title,
            "description": description,
            "primaryLanguage": primary,
            "language": single(languages),
            "individualDisplay": _individual(picture, primary, writer) if picture else None,
        }
    )


def _individual(picture: bytes, language: Node | None, writer: Writer) -> Node:
    kind = next((name for magic, name in _KINDS.items() if picture.startswith(magic)), None)
    if kind is None:
        raise MicroCredentialError(
            "picture_kind", "The picture is neither PNG nor JPEG.", fix="Give one that is."
        )
    if len(picture) > LARGEST_PICTURE:
        raise MicroCredentialError(
            "picture_too_large", "The picture is too large.", fix="Give at most 2 MiB."
        )
    image = {
        "id": writer.new_id("mediaObject"),
        "type": "MediaObject",
        "content": base64.b64encode(picture).decode("ascii"),
        "contentEncoding": writer.known_concept(_BASE64, {"en": "base64"}),
        "contentType": writer.known_concept(_FILE_TYPES + kind, {"en": kind}),
    }
    detail = {"id": writer.new_id("displayDetail"), "type": "DisplayDetail", "image": image, "page": 1}
    return present(
        {
            "id": writer.new_id("individualDisplay"),
            "type": "IndividualDisplay",
            "language": language,
            "displayDetail": detail,
        }
    )
