"""The one way in which the VC-API says no."""

from keys import KeysError
from ob3 import Ob3Error


class Refused(Exception):  # noqa: N818  (an answer, not a fault)
    """Say with which HTTP status, for which machine word and in which sentence a request is refused.

    400 is for what breaks a rule, 422 for what is in order but cannot be done here.
    """

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


def bad(code: str, message: str) -> Refused:
    """Refuse what breaks a rule."""
    return Refused(400, code, message)


def of(error: Ob3Error | KeysError) -> Refused:
    """Refuse for the reason that a document or a key was refused below."""
    return bad(error.code, str(error)[:500])
