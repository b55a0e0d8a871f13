"""Count the calls that some work makes: the same number on every machine, however busy it is."""

import sys
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

_PARSES = "json.decoder.JSONDecoder.decode"


class Calls(Counter):
    """How often each function was called, by module and name; `parsed` are the lengths of all JSON texts."""

    def __init__(self) -> None:
        super().__init__()
        self.parsed: list[int] = []

    def of(self, *names: str) -> int:
        """Give the number of calls of functions whose full name begins with one of these."""
        return sum(count for name, count in self.items() if name.startswith(names))


def calls_of(work: Callable[[], object]) -> Calls:
    """Do some work and give every call that was made in this thread, of Python and of C functions."""
    calls = Calls()

    def look(frame, event, argument):
        if event == "call":
            name = f"{frame.f_globals.get('__name__', '')}.{frame.f_code.co_qualname}"
            calls[name] += 1
            if name == _PARSES:
                calls.parsed.append(len(frame.f_locals["s"]))
        elif event == "c_call":
            calls[f"{getattr(argument, '__module__', '')}.{argument.__qualname__}"] += 1

    sys.setprofile(look)
    try:
        work()
    finally:
        sys.setprofile(None)
    with suppress(KeyError):
        del calls["sys.setprofile"]
    return calls
