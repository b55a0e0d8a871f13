"""Codes of authenticators (RFC 6238): six digits, thirty seconds, each good once."""

import hmac
import re
import secrets
from base64 import b32encode
from datetime import datetime
from urllib.parse import urlsplit

import pyotp
from sqlalchemy import update
from sqlmodel import Session, col

from issuer.deployment import Deployment
from issuer.errors import IssuerError
from issuer.office_secret import OfficeSecret
from issuer.qr import qr_svg
from issuer.staff.sealing import seal, unseal
from issuer.staff_tables import Person

STEP_SECONDS = 30
_WINDOW = 1  # RFC 6238, section 5.2: one step for a clock that is off
_SECRET_BYTES = 20  # RFC 4226, section 4, R6
_CODE = re.compile(r"\d{6}", re.ASCII)


def office_secret(deployment: Deployment) -> OfficeSecret:
    """Give the office's secret; raises IssuerError where the process has none."""
    if deployment.secret is None:
        raise IssuerError("no_office_secret", "This process has no office secret, so nobody can sign in.")
    return deployment.secret


def new_totp_secret() -> str:
    """Make a secret for an authenticator: 160 bits in base32."""
    return b32encode(secrets.token_bytes(_SECRET_BYTES)).decode("ascii")


def offered_totp_secret(deployment: Deployment, public_id: str, session_token: str) -> str:
    """Give the secret that a session may set up.

    It is derived, so nothing is kept until a code confirms it, and the factor before it holds until then.
    """
    key = office_secret(deployment).key("second factor on offer")
    told = f"{public_id}\x00{session_token}".encode()
    return b32encode(hmac.digest(key, told, "sha256")[:_SECRET_BYTES]).decode("ascii")


def totp_address(deployment: Deployment, email: str, secret: str) -> str:
    """Give the address that an authenticator reads from the QR code."""
    host = urlsplit(deployment.base_url).hostname or "localhost"
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=host)


def totp_qr(deployment: Deployment, email: str, secret: str) -> str:
    """Draw that address as an SVG; a long e-mail address gives way, for the code must stay readable."""
    try:
        drawn = qr_svg(totp_address(deployment, email, secret))
    except IssuerError:
        drawn = qr_svg(totp_address(deployment, email[:12] + "...", secret))
    # On white, also where the page is dark: cameras read dark on light.
    return drawn.replace("<path ", '<rect width="100%" height="100%" fill="#fff"/><path ', 1)


def in_groups(secret: str) -> str:
    """Write a secret in groups of four, for typing."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def code_at(secret: str, step: int) -> str:
    """Give the code of a step, counted in half minutes since 1970."""
    return pyotp.TOTP(secret).generate_otp(step)


def step_at(now: datetime) -> int:
    """Give the step of a moment."""
    return int(now.timestamp()) // STEP_SECONDS


def looks_like_totp(code: str) -> bool:
    """Tell a code of an authenticator from a recovery code."""
    return _CODE.fullmatch(_plain(code)) is not None


def fitting_step(secret: str, code: str, now: datetime) -> int | None:
    """Give the step whose code this is, within one step of now; every step is looked at."""
    present, plain = step_at(now), _plain(code).encode()
    steps = range(present - _WINDOW, present + _WINDOW + 1)
    fitting = [step for step in steps if hmac.compare_digest(code_at(secret, step).encode(), plain)]
    return fitting[-1] if fitting else None


def take_totp(session: Session, deployment: Deployment, person: Person, code: str) -> bool:
    """Use a code up, within a writing transaction; False for a wrong one and for one that was used."""
    if person.totp_sealed is None or person.totp_confirmed is None:
        return False
    secret = unseal(office_secret(deployment), person.public_id, person.totp_sealed)
    step = fitting_step(secret, code, deployment.now())
    if step is None:
        return False
    taken = session.execute(
        update(Person)
        .where(col(Person.id) == person.id)
        .where(col(Person.totp_last_step) < step)
        .values(totp_last_step=step)
        .execution_options(synchronize_session=False)
    )
    session.refresh(person)
    return bool(taken.rowcount == 1)  # type: ignore[attr-defined]


def keep_totp(deployment: Deployment, person: Person, secret: str, *, last_step: int = 0) -> None:
    """Seal a secret into a person's row and count it as confirmed."""
    person.totp_sealed = seal(office_secret(deployment), person.public_id, secret)
    person.totp_confirmed = deployment.now()
    person.totp_last_step = last_step


def _plain(code: str) -> str:
    return re.sub(r"[\s-]", "", code[:40])
