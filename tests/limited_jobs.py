"""Work for the limited child: well behaved, greedy and broken."""

import ctypes
import os
import socket
import subprocess
import time

from verifier.errors import ContainerRefused


def add(first, second):
    return first + second


def spin(seconds=60.0):
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
    return "done"


def spin_in_c():
    """Spend all CPU inside one call that never comes back to the interpreter's signal checks."""
    return pow(7, 10**9, 10**4000 + 1) and len(str(7 ** (10**8)))


def sleep(seconds):
    time.sleep(seconds)
    return "awake"


def hold(size):
    data = bytearray(size)
    data[::4096] = b"x" * len(data[::4096])
    return len(data)


def nest(depth=10**6):
    return [nest(depth - 1)] if depth else []


def crash():
    ctypes.string_at(0)


def kill_itself():
    os._exit(3)


def large_value(size):
    return b"x" * size


def length_of(data):
    return len(data)


def refuse():
    raise ContainerRefused("no_credential", "There is none.", limit=True)


def divide(number):
    return 1 / number


def hostile_value():
    return Hostile()


class Hostile:
    """Would run a command in the process that unpickles it."""

    def __reduce__(self):
        return (subprocess.call, (["touch", "/tmp/limited-job-was-here"],))


class StrangeError(Exception):
    def __init__(self):
        super().__init__(socket.socket)
        self.stream = open(os.devnull)  # noqa: SIM115 - cannot be pickled


def raise_strange():
    raise StrangeError


def environment():
    return dict(os.environ)


def write_file(path):
    with open(path, "w") as file:
        file.write("x" * 10)
        file.flush()


def main_module():
    import sys

    return sys.modules["__main__"].__dict__.get("__file__")


def open_files():
    return len(os.listdir("/proc/self/fd"))


def generate():
    yield 1
