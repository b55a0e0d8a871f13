"""The one error that this package raises: a machine word and a sentence for people."""

from __future__ import annotations


class KeysError(Exception):
    """Say what is wrong with a key, a DID or the key store, where, and what to do.

    `code` is a snake_case word for programs; `message` is a sentence. Neither ever holds secret material.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    def __reduce__(self) -> tuple[type[KeysError], tuple[str, str]]:
        """Let the error cross to another process: hostile bytes may be read in a limited child."""
        return type(self), (self.code, self.message)
