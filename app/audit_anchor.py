"""The anchor of the audit: how far each chain had come, in a file beside the database.

Whoever can write the database but not the data folder cannot take away a whole chain, its end, or the newest
entries with an older copy of the database, without `testamur audit verify` telling.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from issuer import IssuerError
from issuer.audit.verify import Anchor

ANCHOR_FILE = "audit-anchor.json"


def write_anchor(folder: Path, anchors: Mapping[str, Anchor]) -> None:
    """Note how far the chains have come; a chain that is shorter than noted keeps its older note."""
    kept = read_anchor(folder)
    newer = {
        name: one for name, one in anchors.items() if name not in kept or one.number >= kept[name].number
    }
    told = {name: {"number": one.number, "hash": one.hash} for name, one in sorted({**kept, **newer}.items())}
    if newer == {name: kept.get(name) for name in newer}:
        return
    temporary = folder / f".{ANCHOR_FILE}.{os.getpid()}"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(told, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(folder / ANCHOR_FILE)


def read_anchor(folder: Path) -> dict[str, Anchor]:
    """Read what was noted; empty where nothing was. Raises IssuerError for a file that cannot be read."""
    path = folder / ANCHOR_FILE
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return {name: Anchor(int(one["number"]), str(one["hash"])) for name, one in told.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise IssuerError("audit_anchor", f"{path} cannot be read as the anchor of the audit.") from error
