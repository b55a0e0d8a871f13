"""The application: wires the packages together and serves them."""

from typing import TYPE_CHECKING, Any

from app.settings import Settings

if TYPE_CHECKING:
    from app.factory import create_app

__all__ = ["Settings", "create_app"]


def __getattr__(name: str) -> Any:
    """Import the web application when it is asked for: a command that shows no page need not wait for it."""
    if name == "create_app":
        from app.factory import create_app

        return create_app
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
