"""A campaign: everything runs, EHRs push, a dashboard asks, and one fault after another fires; then it is judged."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from jos.client import Client
from jos.demo.clients import STEWARD
from services.interventions.reading import OWN
from services.kpi.ledger import CONSUMER
from shared.log.events import StoredEvent, Vector
from shared.log.verify import verify_log
from shared.settings import SERVICES
from shared.web.tokens import Tokens
from tests.faults import checkers
from tests.faults.checkers import Violation
from tests.faults.folding import BOOKED, CELLS, cells, fold
from tests.faults.history import Fault, History, attempts, faults
from tests.faults.load import Load
from tests.faults.processes import backends, frozen, kill
from tests.faults.stack import Stack

LOG = "interventions"
ANSWERED_WITHIN = 12.0
"""Seconds within which the client of a run gives up itself, at the latest."""

# How far the ledger is, per log.
APPLIED = f"select log, shard, position from app.checkpoints where consumer = '{CONSUMER}'"

PAGE = """query($seen: String) {
  josFigures(programme: "HR-JOS", period: "2022-H1", basis: EVENTS, atLeast: $seen) { recipients fte }
}"""


@dataclass
class Campaign:
    """One installation under faults. `weights` say how often each kind of fault fires."""

    stack: Stack
    path: Path
    chance: random.Random
    mark: str = "x"
    """Makes the keys of this campaign differ from those of others in the same installation."""
    answers: list[tuple[Vector, Vector]] = field(default_factory=list)
    kills: Counter[str] = field(default_factory=Counter)
    other: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.history = History(self.path)
        self.load = Load(self.stack, self.history, self.chance, self.mark)
        self._over = asyncio.Event()
        self._first = 0
        self._asking: asyncio.Task[None] | None = None

    @property
    def replies_cut(self) -> int:
        """How many answers were cut after the server had worked, on both sides of the services."""
        proxies = (self.stack.database_proxy, *self.stack.proxies.values())
        return sum(proxy.done["reply cut"] for proxy in proxies)

    async def start(self) -> None:
        """Begin to push and to ask."""
        self._first = await self._head(LOG)
        self.load.start()
        self._asking = asyncio.create_task(self._ask())
        assert await self.load.progress(5), "nothing can be pushed, without any fault"

    def bad_network(self, replies: float) -> None:
        """From now on a part of the answers is lost, and a part of the requests arrives twice."""
        for name, proxy in self.stack.proxies.items():
            proxy.cut_replies, proxy.send_twice = replies, (0.1 if name == LOG else 0.0)
        self.stack.database_proxy.cut_replies = replies / 20

    async def fire(self, kind: str) -> None:
        """One fault; returns when what it hit does its work again, or after the time in which it should have."""
        assert await self.load.progress(self.chance.randint(1, 6)), f"no progress before {kind}"
        await FAULTS[kind](self, kind)

    async def end(self) -> list[Violation]:
        """No more faults, no more events; wait until the ledger has everything, and judge."""
        self.stack.heal()
        await self.load.finish()
        now = asyncio.get_running_loop().time
        began = now()
        heads = {log: await self._head(log) for log in SERVICES}
        level = await self._applied(heads, checkers.BACK_WITHIN)
        self.history.fault(Fault("end", "ledger", now() - began if level else checkers.BACK_WITHIN + 1))
        self._over.set()
        if self._asking is not None:
            await self._asking
        self.history.close()
        return await self.judge()

    async def give_up(self) -> None:
        """Stop at once, whatever is under way; after `end` there is nothing left to stop."""
        self.stack.heal()
        self._over.set()
        await self.load.give_up()
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)
        self.history.close()

    async def judge(self) -> list[Violation]:
        """What all checkers find."""
        victim, tried = self.stack.victim, list(attempts(self.path))
        logs = {log: await victim.rows(log) for log in SERVICES}
        rows = logs[LOG]
        folded = fold(rows)
        return [
            *checkers.lost(tried, rows),
            *checkers.phantoms(tried, rows[self._first :], OWN),
            *checkers.receipts(tried, rows),
            *checkers.unsettled(tried),
            *checkers.slow_to_answer(tried, ANSWERED_WITHIN),
            *checkers.slow_to_heal(faults(self.path)),
            *checkers.gone_back(self.answers),
            *[flaw for log, events in logs.items() for flaw in await self._of_log(log, events)],
            *checkers.misread(await self._incoming(), logs),
            *checkers.misbooked(_sums(await victim.fetch("kpi", BOOKED)), folded),
            *checkers.misbooked(_sums(await victim.fetch("kpi", CELLS)), cells(folded)),
        ]

    async def _of_log(self, log: str, events: list[StoredEvent]) -> list[Violation]:
        victim = self.stack.victim
        report = await verify_log(log, victim.settings)
        flaws = [Violation("G-07", f"verify-log {log}: {flaw}") for flaw in report.flaws]
        own = [*checkers.twice(events), *checkers.dense(events)]
        return [*own, *checkers.unchained(events, await victim.log_id(log)), *flaws]

    async def _incoming(self) -> dict[str, Counter[int]]:
        read: dict[str, Counter[int]] = {log: Counter() for log in SERVICES}
        for row in await self.stack.victim.fetch("kpi", "select log, position from app.incoming"):
            read[row["log"]][row["position"]] += 1
        return read

    async def _head(self, log: str) -> int:
        [(head,)] = await self.stack.victim.fetch(log, "select coalesce(max(position), 0) from log.feed")
        return int(head)

    async def _applied(self, heads: dict[str, int], within: float) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                while True:
                    rows = await self.stack.victim.fetch("kpi", APPLIED)
                    places = {row["log"]: row["position"] for row in rows}
                    if all(places.get(log, 0) >= head for log, head in heads.items()):
                        return True
                    await asyncio.sleep(0.05)
        return False

    async def _ask(self) -> None:
        """A dashboard that sends along what it has seen."""
        tokens = Tokens(self.stack.victim.settings.secret("token.key").get_secret_value())
        seen: str | None = None
        async with Client(self.stack.credentials(STEWARD)) as client, httpx.AsyncClient(timeout=15) as http:
            while not self._over.is_set():
                body = {"query": PAGE, "variables": {"seen": seen}}
                answer = await self._asked(client, http, body)
                if answer is not None:
                    token = answer["extensions"]["token"]
                    self.answers.append((tokens.open(seen) if seen else {}, tokens.open(token)))
                    seen = token
                await asyncio.sleep(0.1)

    async def _asked(self, client: Client, http: httpx.AsyncClient, body: dict[str, object]) -> dict[str, Any] | None:
        with suppress(httpx.HTTPError):
            headers = {"Authorization": f"Bearer {await client.token()}"}
            answer = await http.post(self.stack.url("gateway"), json=body, headers=headers)
            if answer.status_code == 200 and "errors" not in answer.json():
                return dict(answer.json())
        return None

    # The faults.

    async def kill_service(self, kind: str) -> None:
        """SIGKILL of a service; it is back when it is ready again."""
        name = kind.removeprefix("kill ")
        pid = self.stack.pid(name)
        if pid is not None and kill(pid):
            await self._healed("SIGKILL", name, self._ready(name))
            self.kills[name] += 1

    async def kill_nursery(self, kind: str) -> None:
        """SIGKILL of the process that all services come from, and they with it."""
        process = self.stack.nursery._process
        if process is not None and kill(process.pid):
            await self._healed("SIGKILL", "nursery", self._ready(*self.stack.supervisor.children))
            self.kills["nursery"] += 1

    async def kill_postmaster(self, kind: str) -> None:
        """SIGKILL of PostgreSQL's main process; the supervisor starts it again."""
        if self.stack.victim.kill_postmaster():
            await self._healed("SIGKILL", "postmaster", self._pushed())
            self.kills["postmaster"] += 1

    async def kill_backend(self, kind: str) -> None:
        """SIGKILL of a process that serves a connection: PostgreSQL ends all others and recovers."""
        pids = backends(self.stack.victim.pid, kind.removeprefix("kill backend of "))
        if pids and kill(self.chance.choice(pids)):
            await self._healed("SIGKILL", kind.removeprefix("kill "), self._pushed())
            self.kills["backend"] += 1

    async def freeze(self, kind: str) -> None:
        """SIGSTOP for a while, then SIGCONT."""
        name = kind.removeprefix("freeze ")
        postmaster = self.stack.victim.pid
        if name == "backends":
            pids = backends(postmaster, "interventions_app")
        else:
            pids = [pid for pid in (postmaster if name == "postmaster" else self.stack.pid(name),) if pid]
        with frozen(*pids) as stopped:
            await asyncio.sleep(self.chance.uniform(0.2, 4.0))
        if stopped:
            await self._healed("SIGSTOP", name, self._pushed())
            self.other["SIGSTOP"] += 1

    async def cut(self, kind: str) -> None:
        """Every connection to the database, or of the clients, is cut."""
        proxy = self.stack.database_proxy if kind == "cut database" else self.stack.proxies[LOG]
        proxy.cut_all()
        await self._healed("cut", kind, self._pushed())
        self.other["cut"] += 1

    async def silence(self, kind: str) -> None:
        """The database takes bytes and answers nothing for a while."""
        proxy = self.stack.database_proxy
        proxy.go_silent()
        await asyncio.sleep(self.chance.uniform(0.5, 4.0))
        proxy.speak()
        await self._healed("silence", "database", self._pushed())
        self.other["silence"] += 1

    async def restart(self, kind: str) -> None:
        """An orderly restart of PostgreSQL."""
        await self.stack.victim.stop()
        await self._healed("restart", "PostgreSQL", self._pushed())
        self.other["restart"] += 1

    async def _healed(self, kind: str, target: str, back: Awaitable[bool]) -> None:
        now = asyncio.get_running_loop().time
        began = now()
        there = await back
        self.history.fault(Fault(kind, target, now() - began if there else checkers.BACK_WITHIN + 1))

    async def _pushed(self) -> bool:
        return await self.load.progress(1, checkers.BACK_WITHIN)

    async def _ready(self, *names: str) -> bool:
        try:
            await asyncio.gather(*(self.stack.ready(name, checkers.BACK_WITHIN) for name in names))
        except (AssertionError, httpx.HTTPError):
            return False
        return "interventions" not in names or await self._pushed()


Fire = Callable[[Campaign, str], Awaitable[None]]

FAULTS: dict[str, Fire] = {
    "kill interventions": Campaign.kill_service,
    "kill kpi": Campaign.kill_service,
    "kill gateway": Campaign.kill_service,
    "kill registry": Campaign.kill_service,
    "kill nursery": Campaign.kill_nursery,
    "kill postmaster": Campaign.kill_postmaster,
    "kill backend of interventions_app": Campaign.kill_backend,
    "kill backend of kpi_app": Campaign.kill_backend,
    "kill backend of interventions_feed": Campaign.kill_backend,
    "kill backend of vault_app": Campaign.kill_backend,
    "freeze interventions": Campaign.freeze,
    "freeze kpi": Campaign.freeze,
    "freeze gateway": Campaign.freeze,
    "freeze postmaster": Campaign.freeze,
    "freeze backends": Campaign.freeze,
    "cut database": Campaign.cut,
    "cut clients": Campaign.cut,
    "silence": Campaign.silence,
    "restart": Campaign.restart,
}

WEIGHTS = {
    "kill interventions": 15,
    "kill kpi": 15,
    "kill gateway": 5,
    "kill registry": 3,
    "kill nursery": 1,
    "kill postmaster": 20,
    "kill backend of interventions_app": 20,
    "kill backend of kpi_app": 12,
    "kill backend of interventions_feed": 5,
    "kill backend of vault_app": 4,
}
"""How often each kind of kill fires among a hundred; those from which it takes long to come back fire seldom."""

OTHERS = [kind for kind in FAULTS if not kind.startswith("kill")]


def _sums(rows: list[Any]) -> dict[tuple[object, ...], object]:
    return {tuple(row)[:-1]: row["amount"] for row in rows}
