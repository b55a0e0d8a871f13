"""Uploaded badge pictures as kept: under the digest of their bytes, so an address never changes its picture.

A credential names its picture by that address alone: it stays small, and the picture cannot be exchanged.
"""

import re
import uuid
from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select

from issuer.badge_upload import BadgeKind, BadgePicture
from issuer.deployment import Deployment
from issuer.errors import NotFound
from issuer.office_tables import BadgePictureRow
from issuer.tables import Institution, stored_id

_OWN = re.compile(
    r"/(?:badges/[0-9a-f]{64}\.(?:png|svg)|achievements/[A-Za-z0-9][A-Za-z0-9._-]{0,199}/badge\.(?:png|svg))",
    re.ASCII,
)
_ADDRESS = re.compile(r"/badges/([0-9a-f]{64})\.(?:png|svg)", re.ASCII)


def store_picture(
    session: Session, deployment: Deployment, institution: Institution, picture: BadgePicture
) -> BadgePictureRow:
    """Keep a picture for an institution within a writing transaction; the same one again is the same row."""
    mine = select(BadgePictureRow).where(BadgePictureRow.institution_id == institution.id)
    row = session.exec(mine.where(BadgePictureRow.digest == picture.digest)).first()
    if row is None:
        row = BadgePictureRow(
            institution_id=stored_id(institution),
            public_id=str(uuid.UUID(int=deployment.random.getrandbits(128), version=4)),
            digest=picture.digest,
            media_type=picture.media_type,
            data=picture.data,
            created=deployment.now(),
        )
        session.add(row)
        session.flush()
    return row


def picture_url(deployment: Deployment, row: BadgePictureRow) -> str:
    """Give the address of a picture, which holds the digest of its bytes."""
    return f"{deployment.base_url}/badges/{row.digest}.{_kind(row).value}"


def stored_picture(deployment: Deployment, digest: str) -> BadgePicture:
    """Find a picture by its digest, whichever institution uploaded it; raises NotFound."""
    with deployment.reading() as session:
        wanted = select(BadgePictureRow).where(BadgePictureRow.digest == digest)
        row = session.exec(wanted.order_by(col(BadgePictureRow.id))).first()
        if row is None:
            raise NotFound("unknown_picture", "There is no badge picture with that address here.")
        return picture_record(row)


def picture_record(row: BadgePictureRow) -> BadgePicture:
    """Turn a row into the picture."""
    return BadgePicture(_kind(row), row.data)


def picture_of(deployment: Deployment, achievement: Mapping[str, Any]) -> BadgePicture | None:
    """Give the uploaded picture that a published achievement names, None where its badge is drawn."""
    image = achievement.get("image")
    address = str(image.get("id", "")) if isinstance(image, Mapping) else ""
    match = _ADDRESS.fullmatch(address.removeprefix(deployment.base_url))
    return stored_picture(deployment, match[1]) if match else None


def own_picture_path(address: str, base_url: str) -> str | None:
    """Give the path of a badge picture that this deployment serves, uploaded or drawn; None for any other."""
    path = address.removeprefix(base_url)
    return path if path != address and _OWN.fullmatch(path) else None


def _kind(row: BadgePictureRow) -> BadgeKind:
    return BadgeKind.PNG if row.media_type == "image/png" else BadgeKind.SVG
