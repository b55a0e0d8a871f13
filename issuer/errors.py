"""The one error that the issuing office raises."""


class IssuerError(Exception):
    """Say that an act of the issuing office could not be done.

    `code` is a machine word in snake_case, `message` a sentence for people: what is wrong, where, what to do.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class NotFound(IssuerError):  # noqa: N818  (named for the fault, as its siblings)
    """Say that nothing with that name, number or code is kept here."""


class ClassListRefused(IssuerError):  # noqa: N818
    """Say that a file as a whole cannot be read as a class list."""


class StatusRefused(IssuerError):  # noqa: N818
    """Say that a credential may not change its state in that way."""


class StorageFailed(IssuerError):  # noqa: N818
    """Say that the database is locked, full, gone, or refused what was asked."""


class NotAllowed(IssuerError):  # noqa: N818
    """Say that whoever acts has no role for it."""


class Conflict(IssuerError):  # noqa: N818
    """Say that somebody else has changed the same thing meanwhile, or that its state no longer allows it."""
