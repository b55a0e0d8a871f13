"""Ports of loopback for servers of tests that are started later, or more than once."""

import random
import socket

# Below the ports that Linux (from 32768) and others (from 49152) give to outgoing connections: a connection
# of another test would take such a port between two servers of one test.
_PORTS = range(20_000, 32_000)


def free_port() -> int:
    """Find a port of loopback on which nobody listens, and which no outgoing connection is given."""
    for port in random.SystemRandom().sample(_PORTS, 100):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    raise AssertionError(f"no port from {_PORTS.start} to {_PORTS.stop} is free")
