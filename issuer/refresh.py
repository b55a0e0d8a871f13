"""The newest version of a credential, at the address that the credential itself names (ADR 0019).

The address holds a token of 128 bits that stands nowhere but in the credential, so whoever can ask for the
newest version holds an older one already. It opens no page of the holder's and changes nothing.
"""

import hmac

from issuer.codes import is_code
from issuer.deployment import Deployment
from issuer.errors import NotFound
from issuer.lookup import by_urn
from issuer.records import CredentialRecord


def newest_version(deployment: Deployment, named: str) -> str:
    """Give the text of a credential as last signed; `named` is `UUID/TOKEN`. Raises NotFound.

    A revoked credential is given too: its status is for the status list to tell.
    """
    number, _, token = named.partition("/")
    if not is_code(token):
        raise _not_found()
    try:
        record = by_urn(deployment, f"urn:uuid:{number}")
    except NotFound:
        raise _not_found() from None
    address = refresh_address(record)
    asked = deployment.refresh_url(record.urn, token)
    if address is None or not hmac.compare_digest(address.encode(), asked.encode()):
        raise _not_found()
    return record.text


def refresh_address(record: CredentialRecord) -> str | None:
    """Give the address of newer versions that a credential names, None where it names none."""
    service = record.document.get("refreshService")
    return str(service["id"]) if isinstance(service, dict) else None


def _not_found() -> NotFound:
    return NotFound("unknown_credential", "There is no certificate at that address.")
