"""The gateway at work: from a request that was read to the bytes of its answer."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import asyncpg
import orjson

from services.kpi.gateway.access import admit
from services.kpi.gateway.documents import Documents
from services.kpi.gateway.plan import MAX_COST, Plan, plan
from services.kpi.gateway.reader import Reader
from services.kpi.gateway.refusal import Json, unavailable
from services.kpi.gateway.request import GraphQLRequest
from services.kpi.gateway.schema import core, execute
from services.kpi.ledger import CONSUMER
from services.kpi.standing import LOGS
from shared.auth.caller import Caller
from shared.clock import Clock
from shared.domain.texts import Text
from shared.log.events import Vector
from shared.web.tokens import Tokens

if TYPE_CHECKING:
    from asyncpg.pool import PoolAcquireContext
    from strawberry.types import ExecutionResult

    from shared.feeds.checkpoints import Connection

WAIT_SECONDS = 2.0
"""How long a request waits for what it must have seen (G-13)."""
POLL_SECONDS = 0.01
ACQUIRE_SECONDS = 2.0
KEPT_ANSWERS = 200
LARGEST_KEPT = 128 * 1024
"""Bytes of an answer that is still kept: together at most 25 MB."""

# What the ledger has applied, with all that a live answer depends on beside the question: how far it is known to be
# complete, and what it has set aside.
_STATE = """
select coalesce((select jsonb_agg(jsonb_build_array(log, shard, position) order by log, shard)
                 from app.checkpoints where consumer = $1), '[]')::text as positions,
       (select min(until) from app.caught_up) as until,
       (select count(*) from app.parked where consumer = $1) as parked"""


@dataclass(frozen=True, slots=True)
class State:
    """A state of the ledger: nothing that an answer says of now changes while it stays the same."""

    positions: tuple[tuple[str, int, int], ...]
    until: datetime | None
    parked: int

    @property
    def vector(self) -> Vector:
        """The positions applied."""
        return {(log, shard): number for log, shard, number in self.positions}

    def covers(self, asked: Vector) -> bool:
        """Whether it has applied everything that is asked, of the logs that it follows."""
        known = self.vector
        return all(known.get(place, 0) >= number for place, number in asked.items() if place[0] in LOGS)


@dataclass(slots=True)
class Answer:
    """What was found: `body` for a good answer that was made before, else a result to be shown."""

    token: str = ""
    cost: int = 0
    result: "ExecutionResult | None" = None
    body: bytes | None = None
    key: object = None


@dataclass
class Gateway:
    """Reads documents, waits for what must be visible, executes within one state of the ledger, and remembers."""

    pool: "asyncpg.Pool[asyncpg.Record]"
    tokens: Tokens
    clock: Clock
    seconds: float
    documents: Documents = field(default_factory=lambda: Documents(core()))
    _kept: OrderedDict[object, bytes] = field(default_factory=OrderedDict)

    async def answer(self, request: GraphQLRequest, caller: Caller, language: str) -> Answer:
        """Answer a request. Raises `Refusal`, `GraphQLErrors`, and what the database raises."""
        document = self.documents.read(request.query)
        planned = plan(core(), document, request.operation_name, request.variables)
        asked = self._at_least(planned)
        async with asyncio.timeout(WAIT_SECONDS + self.seconds):
            if asked:
                await self._visible(asked)
            async with (
                self._connected() as connection,
                connection.transaction(isolation="repeatable_read", readonly=True),
            ):
                return await self._in_state(connection, request, planned, caller, language)

    def keep(self, answer: Answer, body: bytes) -> None:
        """Remember a good answer for as long as nothing changes."""
        if answer.key is not None and len(body) <= LARGEST_KEPT:
            self._kept[answer.key] = body
            while len(self._kept) > KEPT_ANSWERS:
                self._kept.popitem(last=False)

    async def _in_state(
        self, connection: "Connection", request: GraphQLRequest, planned: Plan, caller: Caller, language: str
    ) -> Answer:
        state, now = await read_state(connection), self.clock.now()
        question = orjson.dumps([request.query, request.operation_name, planned.variables, language])
        # An answer tells how long ago the ledger was complete: to the second.
        key = (question, caller, state, int(now.timestamp()))
        kept = self._kept.get(key)
        if kept is not None:
            return Answer(body=kept)
        document = self.documents.read(request.query)
        reader = Reader(connection, caller, self.tokens, now)
        await admit(connection, caller, reader.today)
        try:
            async with asyncio.timeout(self.seconds):
                result = await execute(request.query, document, planned, reader)
        finally:
            await reader.close()
        return Answer(self.tokens.seal(state.vector), planned.cost, result, key=key)

    def _at_least(self, planned: Plan) -> Vector:
        return self.tokens.at_least(",".join(planned.at_least))

    async def _visible(self, asked: Vector) -> None:
        """Wait until the ledger has applied all of it. Raises `Refusal` (`NOT_YET_VISIBLE`)."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + WAIT_SECONDS
        while True:
            async with self._connected() as connection:
                if (await read_state(connection)).covers(asked):
                    return
            if loop.time() >= deadline:
                told = Text("Wat u al zag of schreef is hier nog niet.", "What you saw or wrote is not here yet.")
                raise unavailable("NOT_YET_VISIBLE", told)
            await asyncio.sleep(POLL_SECONDS)

    def _connected(self) -> "PoolAcquireContext[asyncpg.Record]":
        return self.pool.acquire(timeout=ACQUIRE_SECONDS)


async def read_state(connection: "Connection") -> State:
    """The state of the ledger that this connection sees."""
    row = await connection.fetchrow(_STATE, CONSUMER)
    if row is None:
        raise LookupError("a statement without from gives a row")
    positions = tuple((log, shard, number) for log, shard, number in orjson.loads(row["positions"]))
    return State(positions, row["until"], row["parked"])


def described(answer: Answer) -> Json:
    """What goes with a good answer: the token of what it reflects (for `atLeast`), and what it took."""
    return {"token": answer.token, "cost": {"computed": answer.cost, "allowed": MAX_COST}}
