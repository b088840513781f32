"""`jos up`, as a whole: real processes, a real PostgreSQL, signals."""

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import stamina

from jos.broker.process import answers
from jos.supervisor.ports import SERVICES
from tests.fixtures.kafka import need_kafka

pytestmark = pytest.mark.timeout(300)

FIRST_PORT = 18400
GONE_WITHIN = 25.0
NOT_YET = (httpx.TransportError, httpx.HTTPStatusError)
NOT_THERE = (AssertionError, OSError)


class Up:
    """A running `jos up`; `words` are more for its command line."""

    def __init__(self, data: Path, *words: str) -> None:
        self.data = data
        plain = {name: value for name, value in os.environ.items() if not name.startswith("JOS_")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "jos", "up", "--json", "--data", str(data), "--port", str(FIRST_PORT), *words],
            env=plain,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.told: dict[str, Any] = {}

    def wait(self) -> "Up":
        """Return when everything is ready."""
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        line = self.process.stdout.readline()
        assert line, self.process.stderr.read()
        self.told = json.loads(line)
        return self

    def origin(self, service: str) -> str:
        return str(httpx.URL(self.told["baseUrls"][service]).copy_with(path="/")).rstrip("/")

    def becomes_ready(self, *services: str) -> None:
        """Asked again while nobody answers or the answer is no, as when a service is being restarted."""
        for service in services:
            for attempt in stamina.retry_context(on=NOT_YET, timeout=60, attempts=None, wait_max=0.5):
                with attempt:
                    httpx.get(self.origin(service) + "/readyz", timeout=20).raise_for_status()

    def kill(self, number: signal.Signals) -> None:
        """Send the signal, and wait until every process that it started is gone."""
        family = [os.pidfd_open(pid) for pid in descendants(self.process.pid)]
        assert len(family) > len(SERVICES)
        self.process.send_signal(number)
        self.process.communicate(timeout=GONE_WITHIN)
        for process in family:
            assert select.select([process], [], [], GONE_WITHIN)[0], "a process was left behind"
            os.close(process)


def descendants(root: int) -> list[int]:
    """The processes that descend from one, itself not among them."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found = [root]
    for pid in found:
        found += children.get(pid, [])
    return found[1:]


def called(name: str, among: list[int]) -> int:
    """The first of these processes with this name."""
    found = [pid for pid in among if Path(f"/proc/{pid}/comm").read_text().strip() == name]
    assert found, f"no {name}"
    return found[0]


@pytest.fixture(scope="module")
def two(home: Path) -> Iterator[tuple[Up, Up]]:
    """Two installations that wish for the same ports, started at the same time."""
    both = tuple(Up(home / name) for name in ("up-one", "up-other"))
    try:
        yield both[0].wait(), both[1].wait()
    finally:
        for up in both:
            up.process.kill()
            up.process.communicate()


@pytest.fixture
def one(two: tuple[Up, Up]) -> Up:
    return two[0]


def test_two_installations_run_side_by_side(two: tuple[Up, Up]) -> None:
    urls = [url for up in two for url in up.told["baseUrls"].values()]
    assert len(set(urls)) == 2 * len(SERVICES)
    for up in two:
        up.becomes_ready(*SERVICES)


def test_the_line_names_every_service_and_the_token_endpoint(one: Up) -> None:
    assert set(one.told["baseUrls"]) == set(SERVICES)
    assert one.told["tokenEndpoint"].endswith("/token")


def test_a_service_that_is_killed_is_there_again_on_its_port(one: Up) -> None:
    killed = called("jos-registry", descendants(one.process.pid))
    os.kill(killed, signal.SIGKILL)
    one.becomes_ready("registry")
    assert called("jos-registry", descendants(one.process.pid)) != killed


def test_a_killed_nursery_takes_its_services_along_and_all_are_there_again(one: Up) -> None:
    os.kill(called("jos-nursery", descendants(one.process.pid)), signal.SIGKILL)
    one.becomes_ready(*SERVICES)


def test_a_killed_database_is_there_again_for_every_service(one: Up) -> None:
    killed = called("postgres", descendants(one.process.pid))
    os.kill(killed, signal.SIGKILL)
    for attempt in stamina.retry_context(on=AssertionError, timeout=30, attempts=None, wait_max=0.5):
        with attempt:
            assert called("postgres", descendants(one.process.pid)) != killed
    one.becomes_ready(*SERVICES)


def test_a_second_process_on_the_same_directory_is_told_that_it_is_busy(one: Up) -> None:
    again = subprocess.run(
        [sys.executable, "-m", "jos", "up", "--data", str(one.data)], capture_output=True, text=True, check=False
    )
    assert again.returncode == 75
    assert "busy" in again.stderr


def test_a_killed_supervisor_leaves_nothing_behind_and_the_next_start_works(two: tuple[Up, Up]) -> None:
    two[1].kill(signal.SIGKILL)
    again = Up(two[1].data).wait()
    assert again.told["database"]["port"] == two[1].told["database"]["port"]
    again.kill(signal.SIGINT)
    assert again.process.returncode == 0


def test_a_polite_end_stops_everything_in_time(one: Up) -> None:
    one.kill(signal.SIGTERM)
    assert one.process.returncode == 0


async def test_a_killed_broker_is_there_again_where_it_was(home: Path) -> None:
    """`jos up --feed kafka` tells where its broker is, keeps it running there, and ends it."""
    need_kafka()
    up = Up(home / "up-kafka", "--feed", "kafka")
    try:
        up.wait()
        assert up.told["feed"]["kind"] == "kafka"
        port = int(up.told["feed"]["brokers"].rpartition(":")[2])
        assert await answers(port)
        killed = called("java", descendants(up.process.pid))
        os.kill(killed, signal.SIGKILL)
        async for attempt in stamina.retry_context(on=NOT_THERE, timeout=60, attempts=None, wait_max=0.5):
            with attempt:
                assert called("java", descendants(up.process.pid)) != killed
                assert await answers(port)
        up.becomes_ready(*SERVICES)
        up.kill(signal.SIGTERM)
        assert up.process.returncode == 0
        assert not await answers(port)
    finally:
        up.process.kill()
        up.process.communicate()
