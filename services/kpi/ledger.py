"""The ledger (*grootboek*): what follows from an event, written in one transaction with the event itself.

An event enters postings; a correction or retraction first enters what undoes the event it replaces. Nothing is ever
counted up by hand, and an event that comes twice changes nothing (G-10).
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from services.kpi import incoming, presence, statements
from services.kpi.compile import acts
from services.kpi.measures import lines_of
from services.kpi.remembered import fact_lines
from shared.log.events import StoredEvent

if TYPE_CHECKING:
    from asyncpg import Record

    from shared.feeds.checkpoints import Connection

CONSUMER = "kpi-ledger"
"""The name of the consumer whose checkpoints say how far the ledger is."""

FACT_ACTS = frozenset(act for line in fact_lines() for act in line.on)
COUNTED = frozenset(acts(lines_of()))
OF_SUBJECTS = frozenset(acts(lines_of(presence.counted())))
KEPT = frozenset(("kpi-defined.v1", "cut-recorded.v1"))

# Every statement of a batch finds a few rows by index. Planned as if the tables were empty, as they are at first, or by
# statistics of yesterday, they would be read through: so it is not left to the planner.
_SHARE = """
select pg_advisory_xact_lock_shared($1), set_config('enable_seqscan', 'off', true),
    set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)"""
_ALONE = "select pg_advisory_xact_lock($1)"

# Definitions and cuts are events of kpi's own log; each is kept once.
_DEFINE = """
insert into app.definition
select c.data ->> 'kpi', (c.data ->> 'version')::integer, (c.data ->> 'validFrom')::date, c.data -> 'definition',
    e.shard, e.position
from unnest($2::integer[], $3::bigint[]) as f (shard, position)
join app.incoming e on e.log = $1 and e.shard = f.shard and e.position = f.position
cross join lateral (select e.payload::jsonb as data) c
where e.act = 'kpi-defined.v1'
on conflict do nothing"""
_CUT = """
insert into app.cut
select c.data ->> 'cut', (c.data ->> 'day')::date, c.data ->> 'reason', c.data -> 'positions',
    coalesce(c.data -> 'parked', '[]'), e.recorded_at, e.shard, e.position
from unnest($2::integer[], $3::bigint[]) as f (shard, position)
join app.incoming e on e.log = $1 and e.shard = f.shard and e.position = f.position
cross join lateral (select e.payload::jsonb as data) c
where e.act = 'cut-recorded.v1'
on conflict do nothing"""

BOOK = statements.book(presence.counted())

_FORGET_SPANS = "delete from app.site_span where site = any($1)"


async def apply(connection: "Connection", log: str, events: Sequence[StoredEvent]) -> None:
    """Write what follows from these events of a log; inside the transaction that moves the checkpoint."""
    await connection.execute(_SHARE, presence.GATE)
    fresh = await incoming.keep(connection, log, events)
    acts_ = {act for _, _, act in fresh}
    if not fresh:
        return
    shards, positions = [shard for shard, _, _ in fresh], [position for _, position, _ in fresh]
    if None in acts_ or acts_ & COUNTED:
        if None in acts_ or acts_ & OF_SUBJECTS:
            await connection.execute(_ALONE, presence.LOCK)
        await follow(connection, await connection.fetch(BOOK, log, shards, positions))
    if acts_ & FACT_ACTS:
        stated = await connection.fetch(statements.remember(), log, shards, positions)
        await _follow_sites(connection, [fact["entity"] for fact in stated if fact["kind"] == "SITE"])
    if acts_ & KEPT:
        await connection.execute(_DEFINE, log, shards, positions)
        await connection.execute(_CUT, log, shards, positions)


async def _follow_sites(connection: "Connection", sites: Sequence[str]) -> None:
    """Make the spans of these sites anew: a backdated change rewrites the months it touches."""
    if sites:
        await connection.execute(_FORGET_SPANS, sites)
        await connection.execute(statements.spans(only="and entity = any($1)"), sites)


async def follow(connection: "Connection", booked: "Sequence[Record]", to: Callable[[str], str] = str) -> None:
    """Make anew what rests on postings of these schools and subjects; `to` says of which read models."""
    await follow_subjects(connection, booked, to)
    await _follow_reporting(connection, [row for row in booked if row["subject"] is None], to)


async def follow_subjects(connection: "Connection", booked: "Sequence[Record]", to: Callable[[str], str] = str) -> None:
    """The same for the subjects alone."""
    subjects = [(row["programme"], row["subject"]) for row in booked if row["subject"] is not None]
    await presence.follow(connection, subjects, to)


async def _follow_reporting(connection: "Connection", schools: "Sequence[Record]", to: Callable[[str], str]) -> None:
    if schools:
        columns = [row["programme"] for row in schools], [row["school"] for row in schools]
        await connection.execute(to(statements.FORGET_REPORTING), *columns)
        await connection.execute(to(statements.reporting_of()), *columns)
