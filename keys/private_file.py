"""Read and write files that nobody but their owner may read, without gaps for a crash or a second process."""

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from keys.errors import KeysError

_READABLE_BY_OTHERS = 0o077


def read_private(path: Path, *, what: str, limit: int) -> bytes:
    """Read a file of at most `limit` bytes that only its owner can read; `what` names it in messages.

    Raises KeysError `file_missing`, `file_unreadable`, `file_open_to_others` or `file_too_large`.
    """
    descriptor = _open(path, what)
    try:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode):
            raise KeysError("file_unreadable", f"The {what} {path} is not a file.")
        if state.st_mode & _READABLE_BY_OTHERS:
            raise KeysError(
                "file_open_to_others",
                f"The {what} {path} is open to other users. Close it with: chmod 600 {path}",
            )
        if state.st_size > limit:
            raise KeysError("file_too_large", f"The {what} {path} has more than {limit} bytes.")
        return os.read(descriptor, limit)
    finally:
        os.close(descriptor)


def check_private_folder(folder: Path) -> None:
    """Make sure that only its owner can enter the folder.

    Raises KeysError `file_missing` or `file_open_to_others`.
    """
    if not folder.is_dir():
        raise KeysError("file_missing", f"There is no key store at {folder}.")
    if folder.stat().st_mode & _READABLE_BY_OTHERS:
        raise KeysError(
            "file_open_to_others",
            f"The key store {folder} is open to other users. Close it with: chmod 700 {folder}",
        )


@contextmanager
def locked_folder(folder: Path) -> Iterator[int]:
    """Hold the folder against every other process that locks it; gives its descriptor for `write_private`."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def write_private(path: Path, data: bytes, *, folder_descriptor: int) -> None:
    """Write a file with mode 0600 whole or not at all; the caller holds the lock of its folder.

    Raises KeysError `file_not_written` when the disk refuses.
    """
    unfinished = path.with_suffix(".unfinished")  # under the lock nobody else uses the name
    try:
        _write_through(unfinished, data)
        unfinished.replace(path)
        os.fsync(folder_descriptor)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise KeysError(
            "file_not_written", f"The file {path} could not be written: {error.strerror}."
        ) from error


def _open(path: Path, what: str) -> int:
    try:
        # O_NONBLOCK: a named pipe in the file's place must not hold us for ever
        return os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError as error:
        raise KeysError("file_missing", f"The {what} {path} does not exist.") from error
    except OSError as error:
        raise KeysError("file_unreadable", f"The {what} {path} cannot be read: {error.strerror}.") from error


def _write_through(path: Path, data: bytes) -> None:
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(descriptor)
