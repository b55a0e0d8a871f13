"""@digitalbazaar/vc in a Node process that stays, to be asked for a number of signatures or verifications."""

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NAME = "@digitalbazaar/vc"
_HERE = Path(__file__).parent
_INTEROP = _HERE.parent / "tests" / "interop"
_INSTALLED = _INTEROP / "node_modules" / "@digitalbazaar" / "vc" / "package.json"


class Peer:
    """A running peer; its answers are seconds of its own CPU, with its compiler and collector in them."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def work(self, what: str, times: int) -> float:
        """Have `sign` or `verify` done that often; give seconds of CPU. Raises RuntimeError if it stops."""
        self._write({"what": what, "times": times})
        answer = self._output.readline()
        if not answer:
            raise RuntimeError(f"{NAME} stopped while it should {what}; its words stand above.")
        microseconds: int = json.loads(answer)["microseconds"]
        return microseconds / 1e6

    def _write(self, value: Mapping[str, Any]) -> None:
        if self._process.stdin is None:
            raise RuntimeError("the peer has no input")
        self._process.stdin.write(json.dumps(value) + "\n")
        self._process.stdin.flush()

    @property
    def _output(self) -> Any:
        return self._process.stdout


def missing() -> str:
    """Say why the peer cannot run here; empty if it can."""
    if not shutil.which("node"):
        return f"no peer: Node is not installed, so {NAME} was not measured"
    if not _INSTALLED.is_file():
        return f"no peer: tests/interop/node_modules is not there (`npm ci` in tests/interop installs {NAME})"
    return ""


def version() -> str:
    """Name the peer, its version and that of Node."""
    node = subprocess.run(["node", "--version"], check=True, capture_output=True, text=True).stdout.strip()
    return f"{NAME} {json.loads(_INSTALLED.read_text())['version']} on Node {node.removeprefix('v')}"


@contextmanager
def running(given: Mapping[str, Any]) -> Iterator[Peer]:
    """Start the peer with `contexts`, `unsigned`, `secured` and `now`, and end it."""
    script = (_HERE / "peer.mjs").read_text(encoding="utf-8")
    process = subprocess.Popen(
        ["node", "--input-type=module", "--eval", script],
        cwd=_INTEROP,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    peer = Peer(process)
    try:
        peer._write(given)
        yield peer
    finally:
        process.kill()
        process.communicate()
