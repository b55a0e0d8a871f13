"""Values that a database can take: texts without NUL and halves of surrogate pairs, numbers of 64 bits.

SQLite would keep some of them and PostgreSQL none; refused in one place, both answer alike.
"""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ExecutionContext

from issuer.errors import IssuerError, NotFound

READ_ONLY = "testamur_read_only"  # the execution option that tells a reading transaction from a writing one
_LARGEST = 2**63


def refuse_unfit(_cursor: Any, _statement: str, parameters: Any, context: ExecutionContext) -> None:
    """Look at what a statement is given, before it is sent; raises what `refusal` gives."""
    for one in parameters if isinstance(parameters, list) else (parameters,):
        if _is_unfit(one.values() if isinstance(one, Mapping) else one or ()):
            options = context.root_connection.get_execution_options()
            raise refusal(reads=bool(options.get(READ_ONLY)))


def refusal(*, reads: bool) -> IssuerError:
    """Give the error for a value that does not fit: nothing like it is kept, and nothing like it can be."""
    if reads:
        return NotFound("unknown", "There is nothing with that name, number or code here.")
    return IssuerError(
        "unfit_value",
        "A text is too long or holds a character that cannot be kept, or a number is too large; nothing was "
        "changed. Type it anew rather than pasting it, or make it shorter.",
    )


def _is_unfit(values: Collection[Any]) -> bool:
    """Look at all texts at once: encoding them is the quickest way, and one call for many."""
    try:
        if b"\x00" in "".join([value for value in values if isinstance(value, str)]).encode():
            return True
    except UnicodeEncodeError:
        return True
    numbers = [value for value in values if isinstance(value, int)]
    return bool(numbers) and not -_LARGEST <= min(numbers) <= max(numbers) < _LARGEST
