"""What the holder lets others see."""

from sqlmodel import select

from issuer.codes import is_code
from issuer.deployment import Deployment
from issuer.errors import NotFound
from issuer.links import token_hash
from issuer.records import Visibility
from issuer.tables import CredentialRow


def set_visibility(deployment: Deployment, token: str, visibility: Visibility) -> None:
    """Store the holder's choice; only the holder's secret token opens it. Raises NotFound."""
    with deployment.writing() as session:
        mine = select(CredentialRow).where(CredentialRow.holder_token_hash == token_hash(token))
        row = session.exec(mine.where(CredentialRow.state == "issued")).first() if is_code(token) else None
        if row is None:
            raise NotFound("unknown_credential", "There is no certificate with that link here.")
        row.show_grade, row.show_parts = visibility.grade, visibility.parts
        row.show_evidence, row.page = visibility.evidence, visibility.page.value
        session.add(row)
