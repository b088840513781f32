"""An installation to measure: embedded PostgreSQL and the services asked for, each a process, as `jos up` runs them."""

import asyncio
import json
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import stamina

from benchmarks.mix import CLIENTS, Mix
from benchmarks.ports import free_ports
from benchmarks.usage import Watch
from jos.demo.acts import Act, stages
from jos.demo.schools import PROGRAMME, PROVIDERS, REGION
from jos.demo.spread import deliveries
from jos.installation import write_private
from jos.supervisor.supervisor import PATHS, environment
from shared.issuer.secrets import hash_secret
from shared.postgres.cluster import Cluster
from shared.postgres.embedded import EmbeddedServer
from shared.settings import Settings

ADMIN = "bench-admin"
SECRET = "a secret of a benchmark, on this machine alone"  # noqa: S105 - of a throw-away issuer
READY_WITHIN = 90.0


@dataclass
class Installation:
    """A running database with settings that lead to it; `urls` by service (a second worker is `interventions-2`)."""

    settings: Settings
    cluster: Cluster
    server: EmbeddedServer
    http: httpx.AsyncClient
    urls: dict[str, str] = field(default_factory=dict)
    pids: dict[str, int] = field(default_factory=dict)

    def watch(self) -> Watch:
        """What every service and PostgreSQL take from now on."""
        return Watch({**self.pids, "postgres": self.server.pid or 0})

    async def token(self, client: str) -> str:
        """A fresh token of a client; it lives for some minutes. Waits where the issuer is asked too often."""
        async for attempt in stamina.retry_context(on=_too_often, attempts=None, timeout=60):
            with attempt:
                answer = await self.http.post(
                    self.urls["issuer"] + "/token",
                    auth=httpx.BasicAuth(client, SECRET),
                    data={"grant_type": "client_credentials"},
                )
                answer.raise_for_status()
        return str(answer.json()["access_token"])

    async def tokens(self) -> list[str]:
        """A fresh token of each of the ten clients of the mix, in order."""
        return list(await asyncio.gather(*(self.token(client) for client in CLIENTS)))

    async def record_facts(self) -> None:
        """Schools, people, contracts: what the demo's administrator records, through the public APIs."""
        from services.registry.programmes import FILES, load  # noqa: PLC0415 - for who asks for facts alone

        programme = load(FILES / "HR-JOS.yaml").model_dump(mode="json", by_alias=True)
        headers = {"Authorization": f"Bearer {await self.token(ADMIN)}"}

        async def record(act: Act) -> str:
            answer = await self.http.post(
                self.urls[act.service] + act.path, json=act.body, headers={**headers, "Idempotency-Key": act.key}
            )
            return str(answer.raise_for_status().json()["token"])

        token = ""
        for stage in stages(programme, deliveries()):
            token = [await record(act) for act in stage][-1]
        await self._known(token)

    async def _known(self, token: str) -> None:
        """Wait until the last fact has arrived where events are judged, by pushing one that needs it."""
        client, event = Mix("facts").events(1)[0]
        headers = {"Authorization": f"Bearer {(await self.tokens())[client]}"}
        deadline = asyncio.get_running_loop().time() + READY_WITHIN
        while asyncio.get_running_loop().time() < deadline:
            answer = await self.http.post(
                self.urls["interventions"] + "/events",
                json=event,
                headers={**headers, "Content-Type": "application/cloudevents+json"},
            )
            if answer.status_code in (200, 201):
                return
            await asyncio.sleep(0.2)
        raise RuntimeError(f"events are not taken: {answer.status_code} {answer.text}, after {token}")


def _too_often(error: Exception) -> bool:
    return isinstance(error, httpx.HTTPStatusError) and error.response.status_code == httpx.codes.TOO_MANY_REQUESTS


def open_folder() -> Path:
    """A new folder that others may pass through, as PostgreSQL never runs as root."""
    folder = Path(tempfile.mkdtemp(prefix="jos-bench-"))
    folder.chmod(0o755)
    return folder


@asynccontextmanager
async def database() -> AsyncIterator[Installation]:
    """A prepared embedded PostgreSQL without services, gone afterwards; it writes to disk as durably as any."""
    folder = open_folder()
    server = EmbeddedServer(folder / "postgres")
    try:
        cluster = await server.start()
        settings = Settings(
            mode="demo",
            database_host=cluster.host,
            database_port=cluster.port,
            secrets_dir=folder / "secrets",
            data_dir=folder,
            rate_per_second=100_000,
        )
        await cluster.prepare(settings)
        async with httpx.AsyncClient(timeout=60.0) as http:
            yield Installation(settings, cluster, server, http)
    finally:
        await server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def installation(*names: str) -> AsyncIterator[Installation]:
    """A database with these services ready on it; `interventions-2` is a second worker."""
    async with database() as found, services(found, *names):
        yield found


@asynccontextmanager
async def services(found: Installation, *names: str) -> AsyncIterator[None]:
    """These services, ready, on a database; stopped afterwards."""
    write_private(found.settings.data_dir / "clients.json", json.dumps(list(_clients())))
    ports = dict(zip(names, free_ports(len(names)), strict=True))
    found.urls = {name: f"http://127.0.0.1:{port}{PATHS[name.partition('-')[0]]}" for name, port in ports.items()}
    async with AsyncExitStack() as stack:
        for name in names:
            await stack.enter_async_context(serving(found, name, ports[name]))
        yield


@asynccontextmanager
async def serving(found: Installation, name: str, port: int) -> AsyncIterator[None]:
    """One service as a process, ready; stopped afterwards. Raises `RuntimeError` when it does not come up."""
    own = {"port": str(port), "issuer": found.urls["issuer"]}
    with (found.settings.data_dir / f"{name}.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "jos", "serve", name.partition("-")[0], "--parent", str(os.getpid())),
            env=environment(found.settings, own),
            stdout=log,
            stderr=log,
        )
    found.pids[name] = process.pid
    try:
        await _ready(found, name, port, process)
        yield
    finally:
        del found.pids[name]
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _ready(found: Installation, name: str, port: int, process: asyncio.subprocess.Process) -> None:
    deadline = asyncio.get_running_loop().time() + READY_WITHIN
    while process.returncode is None and asyncio.get_running_loop().time() < deadline:
        try:
            if (await found.http.get(f"http://127.0.0.1:{port}/readyz")).is_success:
                return
        except httpx.TransportError:
            pass
        await asyncio.sleep(0.05)
    log = (found.settings.data_dir / f"{name}.log").read_text(encoding="utf-8")
    raise RuntimeError(f"{name} does not come up: {log[-2000:]}")


def _clients() -> Sequence[dict[str, object]]:
    """The ten clients of the mix, and one that may do and see everything of its region."""
    hashed = hash_secret(SECRET)
    senders: list[dict[str, object]] = [
        {
            "id": client,
            "secretHash": hashed,
            "organisation": PROVIDERS[number % len(PROVIDERS)].code,
            "roles": ["provider-system"],
            "programmes": [PROGRAMME],
        }
        for number, client in enumerate(CLIENTS)
    ]
    roles = ["registry-admin", "contract-manager", "programme-admin"]
    admin: dict[str, object] = {"id": ADMIN, "organisation": f"region:{REGION}", "roles": roles, "region": REGION}
    return [*senders, {**admin, "secretHash": hashed, "programmes": [PROGRAMME]}]
