"""Whom a command may ask: public hosts by https, and this deployment's own address on loopback."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from app.commands.options import WrongUsage, named_folder
from app.deployment_file import remembered
from verifier.fetch import Fetcher

_LOOPBACK = ("127.0.0.1", "localhost")
_DEFAULT_FOLDER = Path("var")


def fetcher_for(folder: Path | None, *, offline: bool = False) -> Fetcher:
    """Make the strict fetcher; this deployment's own address is the one exception, on loopback alone."""
    if offline:
        return Fetcher(resolve=lambda _host: [])  # no name has an address
    base_url = os.environ.get("TESTAMUR_BASE_URL", "").strip().rstrip("/")
    base_url = base_url or remembered(named_folder(folder) or _DEFAULT_FOLDER).get("base_url", "")
    try:
        on_loopback = urlsplit(base_url).hostname in _LOOPBACK
    except ValueError as error:
        raise WrongUsage(f"TESTAMUR_BASE_URL is no address: {base_url}.") from error
    return Fetcher(allow_loopback_origin=base_url if on_loopback else None)
