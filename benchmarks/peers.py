"""Other event stores, to stand beside ours in the same run: what is not installed is left out, and said so.

Peers are used as their documentation shows, durable, with their defaults, from as many threads as there are clients.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from benchmarks.installation import Installation
from benchmarks.ports import free_ports
from shared.log.events import NewEvent

PAGE = 1000


class Peer(Protocol):
    """A store that takes events and gives them back in order."""

    name: str

    def append(self, events: Sequence[NewEvent]) -> None:
        """Store these together, durable when it returns."""
        ...

    def read(self) -> int:
        """Read everything forward; gives how many there were."""
        ...


def append_rate(peer: Peer, calls: Sequence[Sequence[Sequence[NewEvent]]]) -> float:
    """Events a second: a thread per client, each with its calls one after another."""
    with ThreadPoolExecutor(len(calls)) as threads:
        began = time.perf_counter()
        done = list(threads.map(lambda mine: _append_all(peer, mine), calls))
        taken = time.perf_counter() - began
    return sum(done) / taken


def _append_all(peer: Peer, calls: Sequence[Sequence[NewEvent]]) -> int:
    for events in calls:
        peer.append(events)
    return sum(map(len, calls))


class EventSourcing:
    """`eventsourcing` with its PostgreSQL recorder, on the same server as ours."""

    def __init__(self, cluster_url: str, clients: int) -> None:
        from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore  # noqa: PLC0415

        parts = urlsplit(cluster_url)
        place = ("eventsourcing", parts.hostname or "", parts.port or 5432, parts.username or "", parts.password or "")
        self.name = "eventsourcing"
        self._store = PostgresDatastore(*place, pool_size=clients)
        self._recorder = PostgresApplicationRecorder(self._store)
        self._recorder.create_table()

    def append(self, events: Sequence[NewEvent]) -> None:
        """An event per aggregate, as each of ours has a stream of its own."""
        from eventsourcing.persistence import StoredEvent  # noqa: PLC0415

        self._recorder.insert_events([StoredEvent(one.id, 1, one.type, one.payload.encode()) for one in events])

    def read(self) -> int:
        """Its notification log, a page at a time."""
        count, start = 0, 1
        while found := self._recorder.select_notifications(start, PAGE):
            count += len(found)
            start = int(found[-1].id) + 1
        return count

    def close(self) -> None:
        """Give the connections back."""
        self._store.close()


class UmaDB:
    """UmaDB's own server in a process beside this one, over its client."""

    def __init__(self, url: str) -> None:
        import umadb  # noqa: PLC0415

        self.name = "UmaDB"
        self._event: Any = umadb.Event  # it comes without types
        self._client: Any = umadb.Client(url)

    def append(self, events: Sequence[NewEvent]) -> None:
        """Tagged by stream, without a condition."""
        made = [
            self._event(event_type=one.type, data=one.payload.encode(), tags=[one.stream], uuid=one.id)
            for one in events
        ]
        self._client.append(made)

    def read(self) -> int:
        """Everything from the beginning."""
        count, response = 0, self._client.read()
        while batch := response.next_batch():
            count += len(batch)
        return count


@contextmanager
def peers(found: Installation, clients: int, say: Callable[[str], None]) -> Iterator[list[Peer]]:
    """Those that are installed, empty, ready for so many clients; stopped afterwards."""
    with ExitStack() as stack:
        ready: list[Peer] = []
        try:
            ours = EventSourcing(found.cluster.superuser, clients)
            stack.callback(ours.close)
            ready.append(ours)
        except ImportError:
            say("eventsourcing is not installed (requirements/bench.lock)")
        server = Path(sys.executable).with_name("umadb")
        if server.exists():
            ready.append(stack.enter_context(_umadb(server)))
        else:
            say("umadb is not installed (requirements/bench.lock)")
        yield ready


@contextmanager
def _umadb(server: Path) -> Iterator[UmaDB]:
    folder, [port] = tempfile.mkdtemp(prefix="jos-umadb-"), free_ports(1)
    command = [str(server), "--listen", f"127.0.0.1:{port}", "--db-path", folder]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield UmaDB(_answering(f"http://127.0.0.1:{port}"))
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _answering(url: str, patience: float = 20.0) -> str:
    """The URL, once the server behind it answers. Raises what its client raises when it does not."""
    import umadb  # noqa: PLC0415

    deadline = time.monotonic() + patience
    while True:
        try:
            umadb.Client(url).head()
            return url
        except Exception:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
