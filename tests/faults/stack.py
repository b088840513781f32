"""Every service of an installation as real processes under the real supervisor, reached through proxies.

Clients reach interventions and the gateway through one proxy each, the services their PostgreSQL through a third.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import httpx
import stamina

from jos.client import Client, Credentials
from jos.demo.acts import Act, stages
from jos.demo.clients import ADMIN, make_clients
from jos.demo.spread import deliveries
from jos.installation import Installation
from jos.supervisor import child
from jos.supervisor.birth import Nursery
from jos.supervisor.broker import Brokers
from jos.supervisor.database import Database
from jos.supervisor.ports import reserved
from jos.supervisor.supervisor import PATHS, Supervisor
from services.registry.programmes import FILES, load
from shared.settings import Settings
from tests.faults.proxy import Proxy, proxied
from tests.faults.victim import Victim, victim

FIRST_PORT = 19400
QUICK_PAUSE = 0.3
"""Seconds that the supervisor of a run waits at most, in place of 10, so that a run sees many kills."""


@dataclass
class Stack:
    """A running installation, and the places where it can be hurt."""

    installation: Installation
    victim: Victim
    supervisor: Supervisor
    nursery: Nursery
    settings: Settings
    """As the services have them."""
    database_proxy: Proxy
    proxies: dict[str, Proxy]

    def url(self, service: str) -> str:
        """Where clients reach a service: through its proxy if it has one."""
        proxy = self.proxies.get(service)
        base = httpx.URL(self.supervisor.base_urls()[service])
        return str(base.copy_with(port=proxy.port) if proxy else base)

    def urls(self) -> dict[str, str]:
        """Where the services are, past every proxy."""
        return self.supervisor.base_urls()

    def pid(self, service: str) -> int | None:
        """The process of a service, if it runs now."""
        return self.supervisor.children[service].pid

    def credentials(self, client: str) -> Credentials:
        """How a client of the demo signs in."""
        return Credentials(self.url("issuer") + "/token", client, self.installation.secret_of(client))

    def heal(self) -> None:
        """Every proxy passes on as if it were not there."""
        for proxy in (self.database_proxy, *self.proxies.values()):
            proxy.speak()
            proxy.delay = proxy.cut_replies = proxy.send_twice = 0.0

    async def ready(self, service: str, within: float = 60.0) -> None:
        """Wait until `/readyz` says yes."""
        url = str(httpx.URL(self.supervisor.base_urls()[service]).copy_with(path="/readyz"))
        async with httpx.AsyncClient(timeout=5) as http:
            async for attempt in stamina.retry_context(
                on=(httpx.HTTPError, AssertionError), timeout=within, attempts=None, wait_initial=0.05, wait_max=0.3
            ):
                with attempt:
                    assert (await http.get(url)).is_success, f"{service} is not ready"


@asynccontextmanager
async def stack(
    home: Path, chance: random.Random, *, brokers: Brokers | None = None, more: Mapping[str, object] | None = None
) -> AsyncIterator[Stack]:
    """Everything, ready, with the demo's schools, people and contracts in it.

    With `brokers` Kafka is the feed; `more` are settings in place of the usual ones.
    """
    brokers = brokers or Brokers()
    given = {"feed": "kafka" if brokers.address else "postgresql", "kafka_bootstrap": brokers.address, **(more or {})}
    longest, child.LONGEST_PAUSE = child.LONGEST_PAUSE, QUICK_PAUSE
    installation = Installation(home)
    installation.create()
    make_clients(installation)
    async with AsyncExitStack() as open_:
        open_.callback(setattr, child, "LONGEST_PAUSE", longest)
        one = await open_.enter_async_context(victim(home))
        watching = asyncio.create_task(Database(one.settings, one.server).watch())
        open_.callback(watching.cancel)
        database_proxy = await open_.enter_async_context(proxied(one.cluster.host, one.cluster.port, chance))
        through = one.settings.model_copy(update={"database_port": database_proxy.port, **given})
        nursery = Nursery(installation.log("nursery"))
        await nursery.open()
        open_.push_async_callback(nursery.close)
        ports = open_.enter_context(reserved(through.host, FIRST_PORT))
        own = {name: ports[name] for name in PATHS}
        supervisor = Supervisor(installation, Database(through, None), brokers, nursery, own)
        open_.push_async_callback(supervisor.stop)
        await supervisor.start()
        proxies = {
            name: await open_.enter_async_context(proxied(through.host, ports[name], chance))
            for name in ("interventions", "gateway")
        }
        running = Stack(installation, one, supervisor, nursery, through, database_proxy, proxies)
        await furnish(running)
        yield running


class Reached(Protocol):
    """An installation as its clients see it."""

    def url(self, service: str) -> str:
        """Where clients reach a service."""
        ...

    def urls(self) -> dict[str, str]:
        """Where the services are, past every proxy."""
        ...

    def credentials(self, client: str) -> Credentials:
        """How a client of the demo signs in."""
        ...


async def furnish(running: Reached) -> None:
    """Schools, people and contracts, so that there is something to push about."""
    programme = load(FILES / "HR-JOS.yaml").model_dump(mode="json", by_alias=True)
    urls = running.urls()
    async with Client(running.credentials(ADMIN)) as admin:
        for stage in stages(programme, deliveries()):
            few = asyncio.Semaphore(8)

            async def record(act: Act, few: asyncio.Semaphore) -> None:
                async with few:
                    headers = {"Idempotency-Key": act.key}
                    answer = await admin.post(urls[act.service] + act.path, act.body, headers=headers)
                    assert answer.is_success, answer.text

            await asyncio.gather(*(record(act, few) for act in stage))
