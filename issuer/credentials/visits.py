"""Remember when a certificate was first claimed by its holder, and when it was first checked."""

from sqlalchemy import ColumnElement, update
from sqlmodel import col, select

from issuer.codes import is_code
from issuer.deployment import Deployment
from issuer.links import token_hash
from issuer.tables import CredentialRow


def opened(deployment: Deployment, token: str) -> None:
    """Note the first visit of a holder's page; a later one, or a token that is none, changes nothing.

    Raises StorageFailed, for which no page should fail.
    """
    _first(deployment, token, "opened", _of_token(token))


def downloaded(deployment: Deployment, token: str) -> None:
    """Note the first file taken from a holder's page. Raises StorageFailed."""
    _first(deployment, token, "downloaded", _of_token(token))


def checked(deployment: Deployment, code: str) -> None:
    """Note the first visit of the page behind the code on paper. Raises StorageFailed."""
    _first(deployment, code, "checked", col(CredentialRow.code) == code)


def checked_where_shared(deployment: Deployment, share_id: str) -> None:
    """Note the first visit of the page that a holder shares, as a check. Raises StorageFailed."""
    _first(deployment, share_id, "checked", col(CredentialRow.share_id) == share_id)


def _of_token(token: str) -> ColumnElement[bool]:
    return col(CredentialRow.holder_token_hash) == token_hash(token)


def _first(deployment: Deployment, named: str, name: str, mine: ColumnElement[bool]) -> None:
    if not is_code(named):
        return
    column = col(getattr(CredentialRow, name))
    with deployment.reading() as session:  # nearly every visit ends here and takes no lock
        if session.exec(select(CredentialRow.id).where(mine, column.is_(None))).first() is None:
            return
    with deployment.writing() as session:
        session.exec(update(CredentialRow).where(mine, column.is_(None)).values({name: deployment.now()}))
