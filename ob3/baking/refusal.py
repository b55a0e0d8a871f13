"""The form of BakingRefused that pictures raise: it tells a safety limit from a fault of the picture."""

from __future__ import annotations

from ob3.errors import BakingRefused


class ImageRefused(BakingRefused):
    """Say why a picture is refused; `limit` is True where a size or count stopped the reading."""

    def __init__(self, code: str, message: str, path: str = "", *, limit: bool = False) -> None:
        super().__init__(code, message, path)
        self.limit = limit

    def __reduce__(self) -> tuple[type[ImageRefused], tuple[str, str, str], dict[str, bool]]:  # type: ignore[override]
        """Let the error cross to another process: pictures are read in a limited child."""
        return type(self), (self.code, self.message, self.path), {"limit": self.limit}
