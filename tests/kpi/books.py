"""Events of the four logs, made by hand in the form in which the services write them, and the ledger they go into."""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import asyncpg

from services.kpi import figures as asking
from services.kpi import presence
from services.kpi.definitions import Basis, shipped
from services.kpi.figure import Figure
from services.kpi.ledger import CONSUMER, apply
from shared.domain.events import TYPE_PREFIX
from shared.log.events import Columns, Key, Position, StoredEvent

NOW = datetime(2022, 7, 5, 10, tzinfo=UTC)
PROGRAMME = "HR-JOS"
PROVIDER = "kvknr:99990001"
START = date(2022, 1, 1)

CONTACTS = {
    "GROUP": "group-intervention-recorded.v1",
    "INDIVIDUAL": "individual-intervention-recorded.v1",
    "PARENT_SUPPORT": "parent-support-recorded.v1",
    "CRISIS": "crisis-intervention-recorded.v1",
    "COACHING": "coaching-recorded.v1",
}

_MARK = """
insert into app.checkpoints (consumer, log, shard, position, epoch) values ($1, $2, $3, $4, 'test')
on conflict (consumer, log, shard) do update set position = greatest(checkpoints.position, excluded.position)"""


class Books:
    """The ledger in a database, and the four logs as lists: `write` makes an event, `post` applies what was written.

    `shard_of` says in which shard an event begins; what corrects it follows it there.
    """

    def __init__(self, connection: asyncpg.Connection | None, shard_of: Callable[[Columns], int] = lambda _: 1) -> None:
        self._connection = connection
        self._shard_of = shard_of
        self._shards: dict[UUID, int] = {}
        self._numbers: Counter[tuple[str, int]] = Counter()
        self.logs: dict[str, list[StoredEvent]] = {}
        self._posted: Counter[str] = Counter()

    @property
    def connection(self) -> asyncpg.Connection:
        """Where the ledger is; books without one are only written in."""
        assert self._connection is not None
        return self._connection

    def copy(self, connection: asyncpg.Connection) -> "Books":
        """The same, written and applied, in a copy of its database."""
        other = Books(connection)
        other.logs = {log: list(events) for log, events in self.logs.items()}
        other._posted = Counter(self._posted)
        other._numbers = Counter(self._numbers)
        other._shards = dict(self._shards)
        return other

    def write(self, log: str, act: str, payload: Mapping[str, object], **columns: object) -> StoredEvent:
        """An event at the end of a log, not applied yet."""
        events = self.logs.setdefault(log, [])
        number = len(events) + 1
        stream = str(columns.pop("stream", f"{log}/{number}"))
        id_, counted = uuid4(), Columns(**columns)  # type: ignore[arg-type]
        shard = self._shards[counted.root] if counted.root in self._shards else self._shard_of(counted)
        self._shards[id_] = shard
        self._numbers[log, shard] += 1
        event = StoredEvent(
            position=Position(shard, self._numbers[log, shard]),
            epoch="test",
            id=id_,
            key=Key("test", "urn:test", f"{log}-{number}"),
            type=TYPE_PREFIX + act,
            stream=stream,
            stream_version=1 + sum(each.stream == stream for each in events),
            time=NOW,
            recorded_at=NOW + timedelta(seconds=number),
            payload=json.dumps(payload, default=_plain),
            content_hash=b"",
            row_hash=b"",
            columns=counted,
            judgement="{}",
            traceparent=None,
        )
        events.append(event)
        return event

    async def apply(self, log: str, events: Sequence[StoredEvent]) -> None:
        """Apply these events of one shard, and move the checkpoint as a consumer would."""
        async with self.connection.transaction():
            await apply(self.connection, log, events)
            await self.connection.execute(_MARK, CONSUMER, log, *events[-1].position)

    async def post(self) -> None:
        """Apply everything that was written and not applied, log by log."""
        for log, events in self.logs.items():
            fresh = events[self._posted[log] :]
            if fresh:
                await self.apply(log, fresh)
            self._posted[log] = len(events)

    async def post_only(self, log: str) -> None:
        """Apply what was written and not applied to one log."""
        await self.apply(log, self.logs[log][self._posted[log] :])
        self._posted[log] = len(self.logs[log])

    async def define(self) -> None:
        """Apply the shipped definitions, and keep what they count by, as a start of kpi does."""
        async with self.connection.transaction():
            await presence.keep(self.connection)
        for definition in shipped().values():
            content = definition.model_dump(mode="json", by_alias=True)
            valid_from = definition.valid_from.isoformat()
            payload = {"kpi": definition.id, "version": 1, "definition": content, "validFrom": valid_from}
            self.write("kpi", "kpi-defined.v1", payload)
        await self.post()

    async def figure(self, kpi: str, period: str = "2022-H1", basis: Basis | None = None, **more: object) -> Figure:
        """The only figure of a KPI for a period."""
        [found] = await self.figures(kpi, period, basis=basis, **more)
        return found

    async def figures(self, kpi: str, period: str = "2022-H1", **more: object) -> list[Figure]:
        """The figures of a KPI."""
        return await asking.figures(self.connection, kpi, PROGRAMME, period, now=NOW, **more)  # type: ignore[arg-type]

    async def rows(self, table: str) -> Counter[str]:
        """Everything in a table of the read models, each row as text."""
        return Counter(row[0] for row in await self.connection.fetch(f"select t::text from app.{table} t"))

    # What the services write.

    def site(self, site: str, type_: str = "SBO", municipality: str = "GM0546", **more: object) -> None:
        """A site that takes part from the start, with its provider."""
        self.write("registry", "school-site-added.v1", _site(site, type_, municipality, **more), school=site)
        self.joined(site, START, type_, municipality)
        choice = {"programme": PROGRAMME, "site": site, "provider": PROVIDER, "validFrom": START, "validTo": None}
        self.write("registry", "provider-chosen-for-school.v1", choice, programme=PROGRAMME, school=site)

    def joined(self, site: str, day: date, type_: str = "SBO", municipality: str = "GM0546") -> StoredEvent:
        """A site begins to take part."""
        payload = {"programme": PROGRAMME, "site": site, "municipality": municipality, "schoolType": type_}
        return self.write("registry", "school-joined-programme.v1", {**payload, "level": None, "validFrom": day})

    def left(self, site: str, day: date, municipality: str = "GM0546") -> StoredEvent:
        """A site takes part for the last day."""
        payload = {"programme": PROGRAMME, "site": site, "municipality": municipality, "schoolType": "SBO"}
        return self.write("registry", "school-left-programme.v1", {**payload, "validTo": day})

    def started(self, case: str, subject: int, day: date, *, site: str = "99HA00", **more: object) -> StoredEvent:
        """A trajectory starts; `duration` and `form` in `more`."""
        data = {"duration": "STRUCTURAL", "form": "INDIVIDUAL", **more}
        return self.write("interventions", "support-trajectory-started.v1", data, **_case(case, subject, day, site))

    def ended(self, case: str, subject: int, day: date, *, site: str = "99HA00") -> StoredEvent:
        """A trajectory is completed."""
        data = {"duration": "STRUCTURAL", "form": "INDIVIDUAL", "result": "REACHED"}
        return self.write("interventions", "support-trajectory-completed.v1", data, **_case(case, subject, day, site))

    def contact(self, day: date, minutes: int, *, site: str = "99HA00", kind: str = "GROUP") -> StoredEvent:
        """An intervention of a kind."""
        columns = {"programme": PROGRAMME, "school": site, "provider": PROVIDER, "day": day, "kind": kind}
        return self.write("interventions", CONTACTS[kind], {}, quantity=Decimal(minutes), **columns)

    def corrected(self, original: StoredEvent, data: Mapping[str, object], **columns: object) -> StoredEvent:
        """A correction with the full new content; `columns` are those that change."""
        old, acting = original.columns, json.loads(original.payload)
        kept = {name: getattr(old, name) for name in Columns._fields if name not in ("root", "replaces")}
        type_ = acting["type"] if "corrects" in acting else original.type
        payload = {"corrects": {"source": "urn:test", "id": "x"}, "type": type_, "data": data}
        chain = {"root": old.root or original.id, "replaces": original.id}
        return self.write("interventions", "event-corrected.v1", payload, **{**kept, **columns, **chain})

    def retracted(self, original: StoredEvent) -> StoredEvent:
        """A retraction."""
        old = original.columns
        columns = {name: getattr(old, name) for name in ("day", "programme", "school", "provider")}
        chain = {"root": old.root or original.id, "replaces": original.id}
        payload = {"retracts": {"source": "urn:test", "id": "x"}, "reason": "ENTERED_IN_ERROR"}
        return self.write("interventions", "event-retracted.v1", payload, **columns, **chain)

    def delivered(self, site: str, numbers: Sequence[float], earlier: StoredEvent | None = None) -> StoredEvent:
        """A delivery for 2022-H1: pupils, recipients, structural, incidental, individual, fte."""
        names = ("pupils", "recipients", "structural", "incidental", "individual", "fte")
        period = {"period": "2022-H1", "periodStart": "2022-01-01", "periodEnd": "2022-06-30", "synthetic": True}
        payload = {"programme": PROGRAMME, "site": site, **period, **dict(zip(names, numbers, strict=True))}
        chain = {"root": earlier.columns.root or earlier.id, "replaces": earlier.id} if earlier else {}
        columns = {"programme": PROGRAMME, "school": site, "day": date(2022, 6, 30), **chain}
        return self.write("kpi", "data-delivery-submitted.v1", payload, stream=f"delivery/{site}", **columns)


def _site(site: str, type_: str, municipality: str, **more: object) -> dict[str, object]:
    plain = {"site": site, "school": site[:4], "name": f"School {site}", "schoolType": type_}
    return {**plain, "municipality": municipality, "subRegion": None, "validFrom": START, **more}


def _case(case: str, subject: int, day: date, site: str) -> dict[str, object]:
    place = {"programme": PROGRAMME, "school": site, "provider": PROVIDER, "kind": "TRAJECTORY"}
    return {"case": case, "subject": UUID(int=subject), "day": day, **place}


def _plain(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else str(value)
