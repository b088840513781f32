"""Which port each service listens on."""

import socket
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager

SERVICES = ("issuer", "registry", "interventions", "contracts", "kpi", "gateway")
"""What runs, in the order in which it starts."""

FIRST_PORT = 8400


@contextmanager
def reserved(host: str, first: int, names: Iterable[str] = SERVICES) -> Iterator[dict[str, int]]:
    """A port for every name: `first`, `first` + 1, ... in order, and a free one in place of each that is taken.

    While this lasts no other installation on this machine takes them, not even one that starts at the same moment.
    """
    with ExitStack() as kept:
        yield {name: _take(host, first + offset, kept) for offset, name in enumerate(names)}


def _take(host: str, wished: int, kept: ExitStack) -> int:
    port = wished
    while not (_mark(port, kept) and _free(host, port)):
        with socket.socket() as probe:
            probe.bind((host, 0))
            port = int(probe.getsockname()[1])
    return port


def _mark(port: int, kept: ExitStack) -> bool:
    """Take the port among installations: a name in the kernel (unix(7), abstract), gone with the process."""
    mark = kept.enter_context(socket.socket(socket.AF_UNIX))
    try:
        mark.bind(f"\0jos-port-{port}")
    except OSError:
        return False
    return True


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
