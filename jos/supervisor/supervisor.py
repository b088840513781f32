"""Starts everything of one installation in order, keeps it running, and stops it in order."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

import httpx

from jos.exits import Exit, Stop
from jos.installation import Installation, Running
from jos.supervisor.birth import Nursery
from jos.supervisor.broker import Brokers, open_brokers
from jos.supervisor.child import Child
from jos.supervisor.database import Database, given_settings, open_database
from jos.supervisor.ports import reserved
from shared.settings import Settings

READY_WITHIN = 120.0
"""Seconds that everything may take to become ready."""
DRAIN_WITHIN = 18.0
"""Seconds that services may take to finish their requests; with PostgreSQL's own, everything stops within 25."""

PATHS = {
    "issuer": "",
    "registry": "/registry/v1",
    "interventions": "/interventions/v1",
    "contracts": "/contracts/v1",
    "kpi": "/kpi/v1",
    "gateway": "/graphql",
}


class Supervisor:
    """The services of one installation: `children` by name, each restarted when it dies, until `stop`."""

    def __init__(
        self,
        installation: Installation,
        database: Database,
        brokers: Brokers,
        nursery: Nursery,
        ports: Mapping[str, int],
    ) -> None:
        self._installation = installation
        self._database = database
        self._brokers = brokers
        self._settings = database.settings.model_copy(update={"kafka_bootstrap": brokers.address})
        self._ports = ports
        self._nursery = nursery
        self.children = {name: self._child(name) for name in ports}
        self._runs: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Start every service and wait until all are ready. Raises `Stop` when one cannot be (78, 69)."""
        self._runs = [asyncio.create_task(child.run(), name=name) for name, child in self.children.items()]
        self._runs.append(asyncio.create_task(self._database.watch(), name="database"))
        self._runs.append(asyncio.create_task(self._brokers.watch(), name="brokers"))
        ready = asyncio.create_task(self._all_ready())
        await asyncio.wait([ready, *self._runs], return_when=asyncio.FIRST_COMPLETED)
        if not ready.done():
            ready.cancel()
            await self.watch()
        await ready

    async def watch(self) -> None:
        """Return when a service or the database has given up for good, raising its `Stop`."""
        done, _ = await asyncio.wait(self._runs, return_when=asyncio.FIRST_EXCEPTION)
        for run in done:
            run.result()

    async def stop(self) -> None:
        """Stop every service: all are asked at once, so that each has all the time there is to drain."""
        await asyncio.gather(*(child.stop(DRAIN_WITHIN) for child in self.children.values()))
        for run in self._runs:
            run.cancel()
        await asyncio.gather(*self._runs, return_exceptions=True)

    def base_urls(self) -> dict[str, str]:
        """The base URL of every service."""
        return {name: self._origin(name) + PATHS[name] for name in self._ports}

    async def _all_ready(self) -> None:
        async with httpx.AsyncClient(timeout=2.0) as client:
            await asyncio.gather(*(self._ready(client, name) for name in self._ports))

    async def _ready(self, client: httpx.AsyncClient, name: str) -> None:
        """Wait until `/readyz` says yes. Raises `Stop` (69) naming the log when it does not in time."""
        deadline = asyncio.get_running_loop().time() + READY_WITHIN
        while asyncio.get_running_loop().time() < deadline:
            try:
                if (await client.get(self._origin(name) + "/readyz")).is_success:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.1)
        raise Stop(
            Exit.UNAVAILABLE, f"{name} is not ready after {READY_WITHIN:.0f} s; see {self._installation.log(name)}"
        )

    def _child(self, name: str) -> Child:
        metrics = self._settings.metrics_port and self._settings.metrics_port + list(self._ports).index(name)
        own = {"port": str(self._ports[name]), "issuer": self._origin("issuer"), "metrics_port": str(metrics)}
        return Child(name, self._nursery, environment(self._settings, own), self._installation.log(name))

    def _origin(self, name: str) -> str:
        return f"http://{self._settings.host}:{self._ports[name]}"


def environment(settings: Settings, own: Mapping[str, str]) -> dict[str, str]:
    """The environment of a service: this process's own, with the settings written out, and `own` in place of some."""
    values = {key: str(value) for key, value in settings.model_dump().items()}
    plain = {key: value for key, value in os.environ.items() if not key.startswith("JOS_")}
    return plain | {"JOS_" + key.upper(): value for key, value in {**values, **own}.items()}


@asynccontextmanager
async def started(
    installation: Installation, first_port: int, feed: str | None = None
) -> AsyncIterator[tuple[Running, Supervisor]]:
    """Everything of the installation, ready; stopped in order (services, brokers, PostgreSQL) at the end.

    `feed` in place of the one that the environment names.

    Raises `Stop`: 73 (no directory), 75 (busy), 69 (something does not come up); `Misconfigured` for a wrong setting.
    """
    given = given_settings({**os.environ, **({"JOS_FEED": feed} if feed else {})})
    async with AsyncExitStack() as stack:
        installation.create()
        stack.enter_context(installation.lock())
        installation.say_who_may_sign_in()
        nursery = Nursery(installation.log("nursery"))
        await nursery.open()
        stack.push_async_callback(nursery.close)
        database = await stack.enter_async_context(open_database(installation, given, os.environ))
        brokers = await stack.enter_async_context(open_brokers(installation, database.settings))
        ports = stack.enter_context(reserved(given.host, first_port))
        supervisor = Supervisor(installation, database, brokers, nursery, ports)
        stack.push_async_callback(supervisor.stop)
        await supervisor.start()
        running = _running(installation, supervisor, database, brokers)
        installation.remember(running)
        yield running, supervisor


def _running(installation: Installation, supervisor: Supervisor, database: Database, brokers: Brokers) -> Running:
    urls = supervisor.base_urls()
    return Running(
        pid=os.getpid(),
        data=str(installation.data),
        baseUrls=urls,
        tokenEndpoint=urls["issuer"] + "/token",
        database={
            "host": database.settings.database_host,
            "port": database.settings.database_port,
            "prefix": database.settings.database_prefix,
        },
        feed={"kind": database.settings.feed, "brokers": brokers.address},
    )
