"""What can go wrong with a definition or with building a credential from it."""

from __future__ import annotations


class MicroCredentialError(Exception):
    """Say that a definition cannot be read or a credential not be built.

    `code` is a machine word in snake_case, `message` a sentence for people, `path` the place in the
    document (`achievement.learningOutcome[0].title`, empty for the whole), `fix` what to do about it.
    """

    def __init__(self, code: str, message: str, *, path: str = "", fix: str = "") -> None:
        super().__init__(" ".join(part for part in (f"{path}:" if path else "", message, fix) if part))
        self.code = code
        self.message = message
        self.path = path
        self.fix = fix
