"""The one error that this package raises: a machine word and a sentence for people."""


class KeysError(Exception):
    """Say what is wrong with a key, a DID or the key store, where, and what to do.

    `code` is a snake_case word for programs; `message` is a sentence. Neither ever holds secret material.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
