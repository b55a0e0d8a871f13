"""The application: wires the packages together and serves them."""

from app.factory import create_app
from app.settings import Settings

__all__ = ["Settings", "create_app"]
