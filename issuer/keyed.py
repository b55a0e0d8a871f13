"""Statements on rows of given keys: made once for a single key and once for several.

A list within a statement has it written anew each time, which takes longer than the statement itself.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, bindparam
from sqlmodel import Session, col

from issuer.transactions import run

_NAME = "keys"


@dataclass(frozen=True)
class Keyed:
    """A statement in both forms."""

    of_one: Any
    of_several: Any

    @classmethod
    def made(cls, make: Callable[[Callable[[Any], ColumnElement[bool]]], Any]) -> "Keyed":
        """Make both; `make` gets what says of a column that it holds one of the keys."""
        one: Any = bindparam(_NAME)
        several: Any = bindparam(_NAME, expanding=True)
        return cls(make(lambda column: col(column) == one), make(lambda column: col(column).in_(several)))

    def run(self, session: Session, keys: Sequence[int], given: Mapping[str, Any]) -> Any:
        """Run it as `issuer.transactions.run` does; there is at least one key."""
        if len(keys) == 1:
            return run(session, self.of_one, {**given, _NAME: keys[0]})
        return run(session, self.of_several, {**given, _NAME: keys})
