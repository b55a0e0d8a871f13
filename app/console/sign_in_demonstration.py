"""The passwords of a demonstration's invented staff, read from the file that names them."""

import csv
from collections.abc import Mapping

from app.demonstration.people import STAFF_FILE
from app.settings import Settings


def demonstration_passwords(settings: Settings) -> Mapping[str, str]:
    """Give the passwords by address; none outside a demonstration, and none where there is no such file."""
    path = settings.dir / STAFF_FILE
    if not settings.demo or not path.is_file():
        return {}
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines(), delimiter="\t")
    return {row["address"]: row["password"] for row in rows}
