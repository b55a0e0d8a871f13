"""Setting up a second factor, renewing recovery codes, and taking a lost factor away."""

from dataclasses import dataclass, field

from issuer.audit.record import AuditedAct
from issuer.deployment import Deployment
from issuer.errors import IssuerError, NotFound
from issuer.staff.accounts import account_of, account_row, record_for_person
from issuer.staff.failures import account_subject, begin_attempt, forget_attempts
from issuer.staff.passwords import WORK, Work
from issuer.staff.passwords_changed import check_own_password
from issuer.staff.recovery import forget_recovery_codes, recovery_codes_left, renew_recovery_codes
from issuer.staff.sessions import SignedIn, close_sessions_of, open_session
from issuer.staff.totp import fitting_step, keep_totp, offered_totp_secret
from issuer.staff_tables import Person
from issuer.tables import stored_id


@dataclass(frozen=True)
class Confirmed:
    """A second factor that was set up: the new session's token, and the codes to be shown once."""

    token: str = field(repr=False)
    recovery_codes: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True)
class FactorState:
    """Whether somebody has a second factor, and how many recovery codes they can still use."""

    is_set_up: bool
    codes_left: int


def factor_state(deployment: Deployment, signed_in: SignedIn) -> FactorState:
    """Tell how somebody's second factor stands."""
    with deployment.reading() as session:
        person = account_row(session, signed_in.public_id)
        return FactorState(person.totp_confirmed is not None, recovery_codes_left(session, stored_id(person)))


def confirm_second_factor(
    deployment: Deployment,
    signed_in: SignedIn,
    session_token: str,
    code: str,
    *,
    password: str = "",
    work: Work = WORK,
) -> Confirmed:
    """Set up the second factor that this session offers, because an authenticator gave its code.

    Who has one already gives the password too. All sessions end and a new one begins. Raises IssuerError for
    a code or password that does not fit, TooManyAttempts.
    """
    if factor_state(deployment, signed_in).is_set_up:
        check_own_password(deployment, signed_in, password, work=work)
    secret = offered_totp_secret(deployment, signed_in.public_id, session_token)
    subject = account_subject(deployment, signed_in.email)
    with deployment.writing() as session:
        begin_attempt(session, deployment, subject)
    step = fitting_step(secret, code, deployment.now())
    if step is None:
        raise IssuerError(
            "code",
            "This code does not fit. Type the six digits that the authenticator shows now; the clock of the "
            "telephone must be right.",
        )
    with deployment.writing() as session:
        person = account_row(session, signed_in.public_id)
        if person.totp_confirmed is not None and not signed_in.second_factor:
            raise IssuerError("second_factor", "A second factor was set up meanwhile. Sign in with it.")
        before = person.totp_confirmed is not None
        keep_totp(deployment, person, secret, last_step=step)
        session.add(person)
        codes = renew_recovery_codes(session, deployment, person)
        close_sessions_of(session, stored_id(person))
        forget_attempts(session, subject)
        told = AuditedAct(
            "person.second_factor",
            person.public_id,
            {"set_up": before},
            {"set_up": True, "codes": len(codes)},
        )
        record_for_person(session, deployment, person, told)
        token = open_session(session, deployment, stored_id(person), second_factor=True)
    return Confirmed(token, tuple(codes))


def renew_codes(
    deployment: Deployment, signed_in: SignedIn, *, password: str, work: Work = WORK
) -> tuple[str, ...]:
    """Make ten recovery codes in place of those before. Raises IssuerError, TooManyAttempts."""
    if not signed_in.second_factor:
        raise IssuerError("second_factor", "Set up a second factor first: the codes stand in for it.")
    check_own_password(deployment, signed_in, password, work=work)
    with deployment.writing() as session:
        person = account_row(session, signed_in.public_id)
        codes = renew_recovery_codes(session, deployment, person)
        told = AuditedAct("person.recovery", person.public_id, after={"renewed": len(codes)})
        record_for_person(session, deployment, person, told)
    return tuple(codes)


def reset_second_factor(deployment: Deployment, email: str) -> str:
    """Take somebody's second factor and recovery codes away and end their sessions; give their name.

    For whoever runs the service, once they have made sure who asks. Raises NotFound.
    """
    with deployment.writing() as session:
        person = _known(account_of(session, email.strip().lower()), email)
        before = person.totp_confirmed is not None
        person.totp_sealed, person.totp_confirmed = None, None
        session.add(person)
        forget_recovery_codes(session, stored_id(person))
        close_sessions_of(session, stored_id(person))
        told = AuditedAct("person.second_factor", person.public_id, {"set_up": before}, {"set_up": False})
        record_for_person(session, deployment, person, told, themselves=False)
        return person.name


def _known(person: Person | None, email: str) -> Person:
    if person is None:
        raise NotFound("unknown_person", f"There is no account for {email[:100]}.")
    return person
