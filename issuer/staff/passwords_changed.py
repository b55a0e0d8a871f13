"""Choosing a password: by an invitation, by a link that was asked for, or at one's own account."""

from sqlmodel import Session

from issuer.audit.record import AuditedAct
from issuer.deployment import Deployment
from issuer.errors import IssuerError
from issuer.inputs import one_line
from issuer.staff.accounts import account_of, account_row, record_for_person, sought_address
from issuer.staff.failures import (
    MOST_MAILS,
    TooManyAttempts,
    account_subject,
    begin_attempt,
    forget_attempts,
    mail_subject,
)
from issuer.staff.passwords import WORK, Work, check_password, hash_password, password_fits
from issuer.staff.sessions import SignedIn, close_sessions_of, open_session
from issuer.staff.token_rows import (
    TokenKind,
    end_tokens,
    find_invited,
    good_token,
    new_token,
    owe_staff_mail,
    use_token,
)
from issuer.staff_tables import Person
from issuer.tables import stored_id


def accept_invitation(
    deployment: Deployment, secret: str, *, name: str, password: str, work: Work = WORK
) -> str:
    """Open an account with a name and a password of the person's own, and begin their first session.

    Raises NotFound for a link that is not good, IssuerError for a name or password that may not stand.
    """
    told = find_invited(deployment, TokenKind.INVITATION, secret)
    shown = one_line("name", name)
    hashed = hash_password(check_password(password, name=shown, email=told.email), work=work)
    with deployment.writing() as session:
        row, person = good_token(session, deployment, TokenKind.INVITATION, secret)
        use_token(session, deployment, row)
        person.name, person.state = shown, "active"
        _keep(session, deployment, person, hashed)
        return open_session(session, deployment, stored_id(person), second_factor=False)


def ask_for_password(deployment: Deployment, email: str) -> None:
    """Send a link for a new password to whoever can sign in with this address; tell nobody whether it was.

    At most three within 15 minutes for an address.
    """
    with deployment.writing() as session:
        try:
            begin_attempt(session, deployment, mail_subject(deployment, email), most=MOST_MAILS)
        except TooManyAttempts:
            return
        person = account_of(session, sought_address(email))
        if person is None or person.state != "active":
            return
        end_tokens(session, deployment, stored_id(person))
        # Of no institution: staff read the institution's mails, and this link is the person's alone.
        row = new_token(session, deployment, person, TokenKind.PASSWORD, institution_id=None)
        owe_staff_mail(session, deployment, row, kind=TokenKind.PASSWORD.value, recipient=person.email)


def reset_password(deployment: Deployment, secret: str, *, password: str, work: Work = WORK) -> None:
    """Give a person the password that they chose by a link; every session of theirs ends.

    Raises NotFound for a link that is not good, IssuerError for a password that may not stand.
    """
    told = find_invited(deployment, TokenKind.PASSWORD, secret)
    hashed = hash_password(check_password(password, name=told.name, email=told.email), work=work)
    with deployment.writing() as session:
        row, person = good_token(session, deployment, TokenKind.PASSWORD, secret)
        use_token(session, deployment, row)
        _keep(session, deployment, person, hashed)


def change_password(
    deployment: Deployment, signed_in: SignedIn, *, present: str, password: str, work: Work = WORK
) -> str:
    """Change one's own password; all sessions end, and the token of a new one is given.

    Raises IssuerError for a password that is not the present one or that may not stand, TooManyAttempts.
    """
    check_own_password(deployment, signed_in, present, work=work)
    checked = check_password(password, name=signed_in.name, email=signed_in.email)
    hashed = hash_password(checked, work=work)
    with deployment.writing() as session:
        person = account_row(session, signed_in.public_id)
        end_tokens(session, deployment, stored_id(person))
        _keep(session, deployment, person, hashed)
        return open_session(session, deployment, stored_id(person), second_factor=signed_in.second_factor)


def check_own_password(
    deployment: Deployment, signed_in: SignedIn, present: str, *, work: Work = WORK
) -> None:
    """See that whoever sits there knows the password; tries count as those at the sign-in page.

    Raises IssuerError, TooManyAttempts.
    """
    subject = account_subject(deployment, signed_in.email)
    with deployment.writing() as session:
        begin_attempt(session, deployment, subject)
        stored = account_row(session, signed_in.public_id).password_hash
    if not password_fits(stored, present, work=work):
        raise IssuerError("present_password", "The present password does not fit.")
    with deployment.writing() as session:
        forget_attempts(session, subject)


def _keep(session: Session, deployment: Deployment, person: Person, hashed: str) -> None:
    """Keep a new password, end all sessions and take back failed attempts."""
    person.password_hash = hashed
    session.add(person)
    session.flush()
    close_sessions_of(session, stored_id(person))
    forget_attempts(session, account_subject(deployment, person.email))
    told = AuditedAct("person.password", person.public_id)
    record_for_person(session, deployment, person, told)
