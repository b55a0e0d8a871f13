"""The exceptions of the verifier, each with a machine word and a sentence for people."""


class VerifierError(Exception):
    """Say why something cannot be done.

    `code` is a machine word in snake_case, `message` a sentence for people.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return self.message


class FetchRefused(VerifierError):  # noqa: N818 - named for the fault
    """An address that may not be fetched, or a limit met while fetching it."""


class FetchFailed(VerifierError):  # noqa: N818
    """An address that may be fetched but gave no usable answer."""


class LimitHit(VerifierError):  # noqa: N818
    """Work stopped because it took too much time, memory or room."""


class ContainerRefused(VerifierError):  # noqa: N818
    """A file in which no credential can be read.

    `limit` is True where size, depth, count or work stopped us (verdict `refused`), False where the file is
    malformed or holds no single credential (verdict `invalid`).
    """

    def __init__(self, code: str, message: str, limit: bool = False) -> None:
        super().__init__(code, message)
        self.args = (code, message, limit)
        self.limit = limit


class TrustListRefused(VerifierError):  # noqa: N818
    """A list of institutions that is not believed: malformed, not signed by whom we asked for, too old."""
