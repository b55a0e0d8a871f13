"""What the issuer's services raise: one base with a machine word and a sentence for people."""


class IssuerError(Exception):
    """Say why a thing cannot be done: `code` is a snake_case word, `message` a sentence with the remedy."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
