"""Which port each service listens on."""

import socket
from collections.abc import Iterable

SERVICES = ("issuer", "registry", "interventions", "contracts", "kpi", "gateway")
"""What runs, in the order in which it starts."""

FIRST_PORT = 8400


def choose(host: str = "127.0.0.1", first: int = FIRST_PORT, names: Iterable[str] = SERVICES) -> dict[str, int]:
    """A port for every name: `first`, `first` + 1, ... in order, and a free one in place of each that is taken."""
    chosen: dict[str, int] = {}
    for offset, name in enumerate(names):
        port = first + offset
        chosen[name] = port if _free(host, port) and port not in chosen.values() else _any(host, chosen.values())
    return chosen


def _free(host: str, port: int) -> bool:
    """Whether a listener could be opened there now; a closed one that lingers is no hindrance."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError:
            return False
        return True


def _any(host: str, taken: Iterable[int]) -> int:
    """A free port of the system's choice."""
    while True:
        with socket.socket() as probe:
            probe.bind((host, 0))
            port = int(probe.getsockname()[1])
        if port not in taken:
            return port
