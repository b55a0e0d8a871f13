"""Signing in: address, password and code together, with one answer for everything that does not fit (W4)."""

from sqlmodel import Session

from issuer.audit.record import AuditedAct
from issuer.deployment import Deployment
from issuer.errors import IssuerError
from issuer.staff.accounts import account_of, record_for_person, sought_address
from issuer.staff.failures import (
    MOST_OF_NETWORK,
    account_subject,
    begin_attempt,
    forget_attempts,
    forget_last_attempt,
    network_subject,
)
from issuer.staff.passwords import WORK, Work, hash_password, is_outgrown, password_fits
from issuer.staff.recovery import recovery_codes_left, take_recovery_code
from issuer.staff.sessions import open_session
from issuer.staff.totp import looks_like_totp, take_totp
from issuer.staff_tables import Person
from issuer.tables import stored_id

UNKNOWN = "unknown account"  # as the audit names whoever tried an address that nobody has


class SignInRefused(IssuerError):  # noqa: N818  (named for the fault, as its siblings)
    """Say that address, password or code do not fit, and never which of them."""


def sign_in(
    deployment: Deployment, email: str, password: str, code: str, *, network: str, work: Work = WORK
) -> str:
    """Begin a session and give its token.

    `code` comes from an authenticator or is a recovery code; `network` names where the request comes from.
    Whoever has set up no second factor gets a session without one (`SignedIn.lacks_second_factor`). Raises
    SignInRefused in the same words and after the same work whatever does not fit, TooManyAttempts after five
    failures for an address, known or not, within 15 minutes.
    """
    address = sought_address(email)
    subjects = account_subject(deployment, email), network_subject(deployment, network)
    with deployment.writing() as session:
        begin_attempt(session, deployment, subjects[1], most=MOST_OF_NETWORK)
        begin_attempt(session, deployment, subjects[0])
    with deployment.reading() as session:
        stored = _password_of(account_of(session, address))
    fits = password_fits(stored, password, work=work)
    with deployment.writing() as session:
        person = account_of(session, address)
        token = None
        if person is not None and fits and _password_of(person) == stored:
            token = _entered(session, deployment, person, code)
        if person is None or token is None:
            _record_failure(session, deployment, person)
        else:
            person.last_sign_in = deployment.now()
            session.add(person)
            forget_attempts(session, subjects[0])
            forget_last_attempt(session, subjects[1])
    if token is None or stored is None:
        raise SignInRefused("not_signed_in", "Address, password or code do not fit.")
    if is_outgrown(stored, work=work):
        _hash_anew(deployment, address, stored, hash_password(password, work=work))
    return token


def take_code(session: Session, deployment: Deployment, person: Person, code: str) -> bool:
    """Use up a code of an authenticator or a recovery code, within a writing transaction."""
    if looks_like_totp(code):
        return take_totp(session, deployment, person, code)
    if not take_recovery_code(session, deployment, person, code):
        return False
    left = recovery_codes_left(session, stored_id(person))
    told = AuditedAct("person.recovery", person.public_id, after={"used": 1, "left": left})
    record_for_person(session, deployment, person, told)
    return True


def _entered(session: Session, deployment: Deployment, person: Person, code: str) -> str | None:
    """Begin a session for somebody whose password fits, None where the code does not."""
    enrolled = person.totp_confirmed is not None
    if enrolled and not take_code(session, deployment, person, code):
        return None
    told = AuditedAct("person.sign_in", person.public_id, after={"second_factor": enrolled})
    record_for_person(session, deployment, person, told)
    return open_session(session, deployment, stored_id(person), second_factor=enrolled)


def _password_of(person: Person | None) -> str | None:
    return person.password_hash if person is not None and person.state == "active" else None


def _hash_anew(deployment: Deployment, address: str, stored: str, hashed: str) -> None:
    """Keep a hash that cost more, unless the password was changed meanwhile."""
    with deployment.writing() as session:
        person = account_of(session, address)
        if person is not None and person.password_hash == stored:
            person.password_hash = hashed
            session.add(person)


def _record_failure(session: Session, deployment: Deployment, person: Person | None) -> None:
    """Write the failure into the audit; whoever nobody is goes the same way, which takes the same time."""
    whose = person or Person(id=0, public_id=UNKNOWN, email="", name="", created=deployment.now())
    told = AuditedAct("person.sign_in_failed", whose.public_id)
    record_for_person(session, deployment, whose, told, themselves=False)
