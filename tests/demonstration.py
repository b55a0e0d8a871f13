"""Make and serve a demonstration in a folder of its own, as a person would with the command line."""

import contextlib
import itertools
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from database import settings_for
from free_ports import free_port

TESTAMUR = [sys.executable, "-m", "app.cli"]


@dataclass(frozen=True)
class Demonstration:
    """A finished demonstration: what `demo --json` printed, and where it would be served."""

    folder: Path
    port: int
    printed: dict[str, Any]

    @property
    def base_url(self) -> str:
        return self.printed["base_url"]

    def credentials(self, state: str | None = None) -> list[dict[str, Any]]:
        listed = self.printed["credentials"]
        return [each for each in listed if state is None or each["state"] == state]


def environment(folder: Path | None = None, **extra: str) -> dict[str, str]:
    """The environment without settings of whoever runs the tests, with the database of a data folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TESTAMUR_")}
    return {**kept, **(settings_for(folder) if folder else {}), **extra}


def folder_in(arguments: Sequence[object]) -> Path | None:
    """Find the data folder that the arguments of `testamur` name."""
    named = [value for name, value in itertools.pairwise(map(str, arguments)) if name == "--dir"]
    return Path(named[0]) if named else None


def run(*arguments: str, check: bool = True, **extra: str) -> subprocess.CompletedProcess[str]:
    """Run `testamur` with these arguments and give what it printed."""
    done = subprocess.run(
        [*TESTAMUR, *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        env=environment(folder_in(arguments), **extra),
    )
    if check and done.returncode != 0:
        raise AssertionError(
            f"testamur {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
        )
    return done


def make_demonstration(folder: Path) -> Demonstration:
    """Make a demonstration that is signed throughout and not served."""
    port = free_port()
    done = run("demo", "--dir", str(folder), "--port", str(port), "--no-serve", "--json")
    return Demonstration(folder=folder, port=port, printed=json.loads(done.stdout))


@contextlib.contextmanager
def serving(folder: Path, port: int, **extra: str) -> Iterator[str]:
    """Serve a data folder on loopback for as long as the block runs; give its address."""
    with tempfile.TemporaryFile() as log:  # a pipe that nobody reads would stop the server once it is full
        process = subprocess.Popen(
            [*TESTAMUR, "serve", "--dir", str(folder), "--port", str(port)],
            env=environment(folder, **extra),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            yield _wait_until_ready(process, log, f"http://127.0.0.1:{port}")
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_ready(process: subprocess.Popen[bytes], log: IO[bytes], base_url: str) -> str:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if process.poll() is not None:
            log.seek(0)
            raise AssertionError(f"the server stopped: {log.read().decode('utf-8', 'replace')}")
        try:
            with urllib.request.urlopen(f"{base_url}/healthz", timeout=2):
                return base_url
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not answer within 60 s")
