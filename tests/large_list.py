"""A status list as long as asked for, in which thousands of credentials are revoked already."""

from random import Random

from sqlalchemy import insert, update
from sqlmodel import select

from issuer.tables import CredentialRow, StatusEntry, StatusList
from issuer.transactions import writing

_UNIQUE = ("urn", "code", "short_code", "share_id", "holder_token_hash")


def lengthen(office, *, length, revoked):
    """Give the first list of an office this length and that many revoked entries; something was issued."""
    chance = Random(1)  # noqa: S311  (the same places each time)
    with writing(office.engine) as session:
        listed = session.exec(select(StatusList).order_by(StatusList.id)).first()
        model = session.exec(select(CredentialRow).order_by(CredentialRow.id)).first().model_dump()
        taken = set(session.exec(select(StatusEntry.list_index)))
        session.exec(update(StatusList).where(StatusList.id == listed.id).values(length=length))
        first = max(session.exec(select(CredentialRow.id))) + 1_000
        keys = range(first, first + revoked)
        rows = [{**model, "id": key, "status": "revoked", **_handles(key)} for key in keys]
        session.connection().execute(insert(CredentialRow.__table__), rows)
        free = (index for index in chance.sample(range(length), revoked + len(taken)) if index not in taken)
        place = {
            "institution_id": listed.institution_id,
            "status_list_id": listed.id,
            "purpose": "revocation",
        }
        entries = [
            {**place, "credential_id": key, "list_index": index, "is_set": True}
            for key, index in zip(keys, free, strict=False)
        ]
        session.connection().execute(insert(StatusEntry.__table__), entries)


def _handles(key):
    return {name: f"{name[0]}{key:07}" for name in _UNIQUE} | {"secured": "{}", "unsigned": None}
