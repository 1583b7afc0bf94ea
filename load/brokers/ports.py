"""Free ports on the loopback interface."""

import random
import socket

__all__ = ["free_port", "free_ports", "is_free"]

# Below the range from which the system takes the ports of outgoing connections (32768 and up on Linux). Within it, a
# client that keeps trying to reach a stopped broker sooner or later connects to itself, and keeps the broker out.
_PORTS = range(20_000, 32_000)
_ATTEMPTS = 100


def free_port(other_than: int = 0) -> int:
    """A TCP port that nobody on 127.0.0.1 listens on now."""
    for port in random.sample(_PORTS, _ATTEMPTS):
        if port != other_than and is_free(port):
            return port
    raise OSError(f"none of {_ATTEMPTS} ports tried between {_PORTS.start} and {_PORTS.stop} is free")


def free_ports(count: int) -> list[int]:
    """As many different ones."""
    found = [port for port in random.sample(_PORTS, _ATTEMPTS) if is_free(port)][:count]
    if len(found) < count:
        raise OSError(f"fewer than {count} of {_ATTEMPTS} ports tried are free")
    return found


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of 127.0.0.1 now."""
    with socket.socket() as probe:
        # As servers do: a port that only has connections in TIME_WAIT counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
