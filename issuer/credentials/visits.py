"""Remember when the holder's page was first opened, and when the first file was taken from it."""

from sqlalchemy import update
from sqlmodel import col, select

from issuer.codes import is_code
from issuer.deployment import Deployment
from issuer.links import token_hash
from issuer.tables import CredentialRow


def opened(deployment: Deployment, token: str) -> None:
    """Note the first visit of a holder's page; a later one, or a token that is none, changes nothing.

    Raises StorageFailed, for which no page should fail.
    """
    _first(deployment, token, "opened")


def downloaded(deployment: Deployment, token: str) -> None:
    """Note the first file taken from a holder's page. Raises StorageFailed."""
    _first(deployment, token, "downloaded")


def _first(deployment: Deployment, token: str, name: str) -> None:
    if not is_code(token):
        return
    column = col(getattr(CredentialRow, name))
    mine = col(CredentialRow.holder_token_hash) == token_hash(token)
    with deployment.reading() as session:  # nearly every visit ends here and takes no lock
        if session.exec(select(CredentialRow.id).where(mine, column.is_(None))).first() is None:
            return
    with deployment.writing() as session:
        session.exec(update(CredentialRow).where(mine, column.is_(None)).values({name: deployment.now()}))
