"""Write the documents of this folder: one file per verdict, named by it, and the world that they need.

    PYTHONPATH=.:tests python tests/documents/make.py

Keys come from fixed seeds and times are fixed, so the same code always writes the same bytes; a test compares
them. `micro-credential.json` is not written again: it is pinned, and must stay good for ever.
"""

import json
from pathlib import Path
from typing import Any

from simulator import Issuer, World, as_bytes

FOLDER = Path(__file__).parent
HOST = "badges.keystone.example"
SILENT_HOST = "silent.example"
REVOKED, SUSPENDED, CLEAR = 101, 202, 303


def make_world() -> tuple[World, Issuer]:
    """Give the world in which the documents are read: one issuer, whose two lists each hold one badge."""
    world = World()
    issuer = world.issuer(HOST)
    issuer.withdraw(REVOKED)
    issuer.withdraw(SUSPENDED, "suspension")
    return world, issuer


def documents() -> dict[str, bytes]:
    """Give every file by its name without the ending."""
    _, issuer = make_world()
    changed = json.loads(issuer.badge())
    changed["credentialSubject"]["name"] = "Somebody Else"
    other_suite = json.loads(issuer.badge())
    other_suite["proof"][0]["cryptosuite"] = "bbs-2023"
    unanswered = issuer.entry(CLEAR) | {"statusListCredential": f"https://{SILENT_HOST}/status/1"}
    return {
        "valid": issuer.badge(credentialStatus=issuer.entry(CLEAR)),
        "expired": issuer.badge(validUntil="2026-06-30T00:00:00Z"),
        "not_yet_valid": issuer.badge(validFrom="2027-06-30T00:00:00Z"),
        "revoked": issuer.badge(credentialStatus=issuer.entry(REVOKED)),
        "suspended": issuer.badge(credentialStatus=issuer.entry(SUSPENDED, "suspension")),
        "invalid": as_bytes(changed),
        "undetermined": issuer.badge(credentialStatus=unanswered),
        "unsupported": as_bytes(other_suite),
        "refused": as_bytes({**issuer.credential(), "evidence": _nested(80)}),
    }


def _nested(depth: int) -> Any:
    value: Any = "deep"
    for _ in range(depth):
        value = {"narrative": value}
    return value


def main() -> None:
    """Write the files."""
    for name, content in documents().items():
        (FOLDER / f"{name}.json").write_bytes(content)


if __name__ == "__main__":
    main()
