"""What a data folder remembers of the place it serves, since its credentials name that address for good."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

_FILE = "deployment.json"


def remembered(folder: Path) -> Mapping[str, str]:
    """Read what the folder remembers, `base_url` and `demo`; empty before anything was issued from it."""
    try:
        kept = json.loads((folder / _FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(kept, dict):
        return {}
    return {name: value for name in ("base_url", "demo") if isinstance(value := kept.get(name), str)}


def remember(folder: Path, *, base_url: str, demo: bool) -> None:
    """Write down the address for which the folder issues, unless it is written down already."""
    path = folder / _FILE
    if path.exists():
        return
    temporary = folder / f".{_FILE}.{os.getpid()}"
    temporary.write_text(
        json.dumps({"base_url": base_url, "demo": "1" if demo else "0"}) + "\n", encoding="utf-8"
    )
    temporary.replace(path)


def moved_sentence(folder: Path, made_for: str, asked: str) -> str:
    """Say why a folder cannot serve another address, and what to do."""
    return (
        f"{folder} was made for {made_for}, and its credentials name that address for good; now it would be "
        f"{asked}. Use the address or port as before, or another folder with --dir. If the service has "
        f"really moved, change base_url in {folder / _FILE}."
    )
