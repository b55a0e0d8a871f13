"""Random codes by which a credential is found: never a sequence, never derived from a person."""

import re
from random import Random

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: they are misread, or make words
CODE_LENGTH = 22  # 62**22 > 2**128
SHORT_CODE_LENGTH = 8
_PAIRS = [first + second for first in BASE62 for second in BASE62]
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})
_SHORT_CODE = re.compile(f"[{CROCKFORD}]{{{SHORT_CODE_LENGTH}}}")
_CODE = re.compile(f"[0-9A-Za-z]{{{CODE_LENGTH}}}")


def base62(data: bytes) -> str:
    """Write 16 bytes as 22 letters and digits."""
    number, pairs = int.from_bytes(data, "big"), []
    for _ in range(CODE_LENGTH // 2):
        number, pair = divmod(number, 62 * 62)
        pairs.append(_PAIRS[pair])
    return "".join(reversed(pairs))


def new_code(random: Random) -> str:
    """Make a code of 128 random bits for a link."""
    return base62(random.getrandbits(128).to_bytes(16, "big"))


def new_short_code(random: Random) -> str:
    """Make a code of 40 random bits that a person can type."""
    drawn = random.getrandbits(5 * SHORT_CODE_LENGTH)
    return "".join([CROCKFORD[drawn >> 5 * place & 31] for place in range(SHORT_CODE_LENGTH)])


def is_code(text: str) -> bool:
    """Say whether a text has the form of a link code."""
    return _CODE.fullmatch(text) is not None


def read_short_code(text: str) -> str | None:
    """Read a code as typed from paper, in any case, with O for 0 and I or L for 1; None if it is none."""
    plain = text[:40].upper().replace("-", "").replace(" ", "").translate(_MISREAD)
    return plain if _SHORT_CODE.fullmatch(plain) else None
