"""Recovery codes: ten ways in for a person whose authenticator is lost, each good once."""

import hmac
import secrets

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from issuer.codes import CROCKFORD
from issuer.deployment import Deployment
from issuer.staff.totp import office_secret
from issuer.staff_tables import Person, RecoveryCode
from issuer.tables import stored_id

HOW_MANY = 10
_LENGTH = 12  # 60 bits
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


def renew_recovery_codes(session: Session, deployment: Deployment, person: Person) -> list[str]:
    """Make ten codes in place of those before, within a writing transaction; they can be shown only now."""
    session.exec(delete(RecoveryCode).where(col(RecoveryCode.person_id) == person.id))
    codes = [_new_code() for _ in range(HOW_MANY)]
    for code in codes:
        kept = _hash(deployment, person.public_id, code)
        session.add(RecoveryCode(person_id=stored_id(person), code_hash=kept))
    return codes


def take_recovery_code(session: Session, deployment: Deployment, person: Person, code: str) -> bool:
    """Use a code up, within a writing transaction; False for a wrong one and for one that was used."""
    taken = session.execute(
        update(RecoveryCode)
        .where(col(RecoveryCode.person_id) == person.id)
        .where(col(RecoveryCode.code_hash) == _hash(deployment, person.public_id, code))
        .where(col(RecoveryCode.used).is_(None))
        .values(used=deployment.now())
        .execution_options(synchronize_session=False)
    )
    return bool(taken.rowcount == 1)  # type: ignore[attr-defined]


def recovery_codes_left(session: Session, person_id: int) -> int:
    """Count the codes that a person can still use."""
    unused = (
        select(func.count())
        .select_from(RecoveryCode)
        .where(RecoveryCode.person_id == person_id)
        .where(col(RecoveryCode.used).is_(None))
    )
    return session.exec(unused).one()


def forget_recovery_codes(session: Session, person_id: int) -> None:
    """Delete the codes of a person."""
    session.exec(delete(RecoveryCode).where(col(RecoveryCode.person_id) == person_id))


def _new_code() -> str:
    code = "".join(secrets.choice(CROCKFORD) for _ in range(_LENGTH))
    return "-".join(code[at : at + 4] for at in range(0, _LENGTH, 4))


def _hash(deployment: Deployment, public_id: str, code: str) -> str:
    """Hash a code with the office's key: the database alone does not allow guessing."""
    plain = code[:80].upper().replace("-", "").replace(" ", "").translate(_MISREAD)
    key = office_secret(deployment).key("recovery codes")
    return hmac.digest(key, f"{public_id}\x00{plain}".encode("utf-8", "surrogatepass"), "sha256").hex()
