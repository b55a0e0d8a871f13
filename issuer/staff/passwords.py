"""Passwords of the staff: argon2id hashes, and the refusal of those that are guessed first.

A password is long, not colourful: twelve characters at least, no rules of composition (ASVS 6.2.1, 6.2.5).
"""

import re
import unicodedata
from base64 import b64encode
from dataclasses import dataclass
from typing import Final

import nacl.exceptions
import nacl.pwhash

from issuer.errors import IssuerError

SHORTEST = 12
LONGEST = 200
_MOST_OF_ONE_SORT = 5  # what is left when known words are taken out must have so many characters


@dataclass(frozen=True)
class Work:
    """What one hash costs: `passes` over `memory` bytes."""

    passes: int
    memory: int


# RFC 9106, section 4, second recommendation (3 passes, 64 MiB), in the one lane that libsodium has: one pass
# more than libsodium's own "interactive" limits. About a tenth of a second.
WORK: Final = Work(passes=3, memory=64 * 1024 * 1024)
_PARAMETERS = re.compile(r"\$argon2id\$v=19\$m=(\d{1,9}),t=(\d{1,6}),p=1\$", re.ASCII)

# What people begin with; taken out, little must not be left (ASVS 6.2.4, 6.2.11).
_KNOWN_WORDS = """
    passwords password passwort passw0rd p@ssw0rd p@ssword matkhau heslo lozinka motdepasse contrasena parola
    qwertyuiop asdfghjkl zxcvbnm qwerty qwertz azerty 1q2w3e4r5t6y 1qaz2wsx3edc 1q2w3e4r 1qaz2wsx q1w2e3r4
    qazwsx asdf abcdef abc 01234567890 1234567890 0987654321 123456789 987654321 12345678 123456 654321 12345
    1234 123 iloveyou letmein welcome administrator admin changeme secret dragon monkey football baseball
    superman princess sunshine master trustno1 whatever login default testamur university student hello
    """


def check_password(password: str, *, name: str, email: str) -> str:
    """Give a new password in the form in which it is hashed.

    Raises IssuerError if it is too short or too long, or is soon guessed from the commonest passwords or from
    the person's own name and address.
    """
    read = _composed(password)
    if len(read) < SHORTEST:
        raise IssuerError(
            "short_password",
            f"The password has {len(read)} characters; it needs {SHORTEST}. Four words that do not belong "
            "together are easy to remember.",
        )
    if len(read) > LONGEST:
        raise IssuerError(
            "long_password", f"The password has {len(read)} characters; {LONGEST} are the most."
        )
    if _is_soon_guessed(read, name, email):
        raise IssuerError(
            "known_password",
            "This password is soon guessed: it is little more than a common password, a year, one character "
            "again and again, or your own name or address. Choose another.",
        )
    return read


def hash_password(password: str, *, work: Work = WORK) -> str:
    """Give the argon2id hash of a password as text that names its own parameters."""
    made = nacl.pwhash.argon2id.str(_composed(password).encode(), work.passes, work.memory)
    return made.decode("ascii")


def password_fits(stored: str | None, password: str, *, work: Work = WORK) -> bool:
    """Tell whether a password fits a hash; without one the same work is done and the answer is no (W4)."""
    try:
        fits = nacl.pwhash.argon2id.verify(
            (stored or _nobodys(work)).encode("ascii"), _composed(password).encode("utf-8", "surrogatepass")
        )
    except nacl.exceptions.CryptoError:
        return False
    return bool(fits) and stored is not None


def is_outgrown(stored: str, *, work: Work = WORK) -> bool:
    """Tell whether a hash was made with less work than is asked for now."""
    found = _PARAMETERS.match(stored)
    return found is None or int(found[1]) * 1024 < work.memory or int(found[2]) < work.passes


def _nobodys(work: Work) -> str:
    """Give a hash with the present parameters that no password is known to fit."""
    salt, digest = (b64encode(bytes(length)).decode().rstrip("=") for length in (16, 32))
    return f"$argon2id$v=19$m={work.memory // 1024},t={work.passes},p=1${salt}${digest}"


def _composed(password: str) -> str:
    """Give one form to letters that keyboards send in several."""
    return unicodedata.normalize("NFC", password)


def _is_soon_guessed(password: str, name: str, email: str) -> bool:
    folded = password.casefold()
    own = re.split(r"[\W_]+", f"{name} {email}".casefold())
    words = {*_KNOWN_WORDS.split(), *(each for each in own if len(each) >= 3), "".join(own)}
    for word in sorted(words, key=len, reverse=True):
        folded = folded.replace(word, "")
    left = re.sub(r"(19|20)\d\d", "", folded)
    return len(left) < _MOST_OF_ONE_SORT or len(set(left)) < _MOST_OF_ONE_SORT
