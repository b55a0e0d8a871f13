"""The manner of every object that holds a secret: it prints as nothing and cannot be copied or pickled."""

from typing import Never

from keys.errors import KeysError


class Unshown:
    """Refuse the roads by which an object's slots reach a file, a log or another process.

    A subclass names its own `__slots__`, so that `vars()` has nothing to show either.
    """

    __slots__ = ()

    def __reduce_ex__(self, protocol: object) -> Never:
        raise KeysError("secret_kept", f"A {type(self).__name__} cannot be copied, pickled or written out.")

    def __reduce__(self) -> Never:
        self.__reduce_ex__(0)

    def __getstate__(self) -> Never:
        self.__reduce_ex__(0)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}, not shown>"
