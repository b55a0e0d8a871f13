"""Attempts to get in, counted for each account and network whether the account exists or not (W4).

An attempt is written down before anything is tried and taken back when it succeeds, so that a hundred at once
are no way around the count. Neither addresses nor networks are kept, only keyed hashes of them.
"""

import hmac
from datetime import timedelta

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from issuer.deployment import Deployment
from issuer.errors import IssuerError
from issuer.staff.totp import office_secret
from issuer.staff_tables import SignInFailure

WINDOW = timedelta(minutes=15)
MOST = 5  # for an account
MOST_OF_NETWORK = 100  # a whole campus may share one
MOST_MAILS = 3  # for a new password, which somebody else may ask for


class TooManyAttempts(IssuerError):  # noqa: N818  (named for the fault, as its siblings)
    """Say that an account or a network must wait."""


def account_subject(deployment: Deployment, email: str) -> str:
    """Give the name under which the attempts on an address are counted."""
    return _subject(deployment, f"account {email.strip().lower()[:254]}")


def mail_subject(deployment: Deployment, email: str) -> str:
    """Give the name under which requests for a new password are counted."""
    return _subject(deployment, f"mail {email.strip().lower()[:254]}")


def network_subject(deployment: Deployment, network: str) -> str:
    """Give the name under which the attempts from a network are counted."""
    return _subject(deployment, f"network {network}")


def begin_attempt(session: Session, deployment: Deployment, subject: str, *, most: int = MOST) -> None:
    """Write an attempt down, within a writing transaction; raises TooManyAttempts, and then writes none."""
    now = deployment.now()
    session.exec(delete(SignInFailure).where(col(SignInFailure.at) <= now - WINDOW))
    made = session.exec(
        select(func.count()).select_from(SignInFailure).where(SignInFailure.subject == subject)
    ).one()
    if made >= most:
        raise TooManyAttempts(
            "too_many_attempts", f"There were too many attempts. Wait {WINDOW.seconds // 60} minutes."
        )
    session.add(SignInFailure(subject=subject, at=now))
    session.flush()


def forget_attempts(session: Session, subject: str) -> None:
    """Take back what was counted for an account, because somebody got in."""
    session.exec(delete(SignInFailure).where(col(SignInFailure.subject) == subject))


def forget_last_attempt(session: Session, subject: str) -> None:
    """Take back the last attempt of a network, whose other accounts stay counted."""
    last = session.exec(
        select(SignInFailure)
        .where(SignInFailure.subject == subject)
        .order_by(col(SignInFailure.id).desc())
        .limit(1)
    ).first()
    if last is not None:
        session.delete(last)


def _subject(deployment: Deployment, told: str) -> str:
    key = office_secret(deployment).key("sign-in attempts")
    return hmac.digest(key, told.encode("utf-8", "surrogatepass"), "sha256").hex()
