"""Fork processes that finish what is left behind in a folder; tests/issuer/test_killed.py kills them.

Everything is imported once, so that a kill costs milliseconds and not the time of an interpreter's start.
"""

import os
import sys
from pathlib import Path

from issuing_office import Office

import issuer.issuing

issuer.issuing.CHUNK = 2  # more transactions to be killed in


def work(folder):
    office = Office(folder)
    print("ready", flush=True)
    office.issuer.resume()
    office.close()


while sys.stdin.readline():
    child = os.fork()
    if child == 0:
        try:
            work(Path(sys.argv[1]))
        finally:
            os._exit(0)
    print(child, flush=True)
    sys.stdin.readline()
    _, status = os.waitpid(child, 0)
    print(f"ended {status}", flush=True)
