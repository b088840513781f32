"""Held events (vastgehouden gebeurtenissen): kept apart until the facts they rest on have come."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from services.interventions.pushed import Pushed, restored
from services.interventions.reading import content_from
from services.interventions.tenant import EVERYONE, acting_as
from shared.domain.texts import Text
from shared.log.events import Key
from shared.web.problems import FieldError

KEPT_FOR = timedelta(days=30)

_COLUMNS = """id, organisation, source, source_id, type, time, payload, subject, errors, waits, received_at, expires_at,
traceparent"""

# Holds an event; one of the same key is replaced and keeps its id, which is the sender's receipt.
_PUT = f"""
insert into app.held_events as h ({_COLUMNS})
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
on conflict (organisation, source, source_id) do update set
    type = excluded.type, time = excluded.time, payload = excluded.payload, subject = excluded.subject,
    errors = excluded.errors, waits = excluded.waits, received_at = excluded.received_at,
    expires_at = excluded.expires_at, traceparent = excluded.traceparent
returning h.id
"""

# Says why it is still held, unless it was replaced meanwhile.
_STILL = "update app.held_events set errors = $3, waits = $4 where id = $1 and received_at = $2"

# Lets go of an event, unless it was replaced meanwhile.
_DROP = "delete from app.held_events where id = $1 and received_at = $2"

# These are in the log.
_RELEASE = "delete from app.held_events where id = any($1)"

# An organisation withdraws one.
_WITHDRAW = "delete from app.held_events where organisation = $1 and source = $2 and source_id = $3 returning id"

# An organisation's own, in order of their ids.
_OWN = f"""
select {_COLUMNS} from app.held_events
where organisation = $1 and id > $2 and ($4::text is null or source = $4) and ($5::text is null or source_id = $5)
order by id limit $3
"""
_ONE = f"select {_COLUMNS} from app.held_events where organisation = $1 and id = $2"

# Those that wait for one of these words (null: all), in order of their ids.
_WAITING = f"""
select {_COLUMNS} from app.held_events
where id > $2 and ($1::text[] is null or waits && $1) order by id limit $3
"""
_EXPIRED = f"select {_COLUMNS} from app.held_events where expires_at <= $1 order by id limit $2"
_KEYS = "select id, organisation, source, source_id from app.held_events"
_SUBJECTS = "select distinct subject from app.held_events where subject is not null"

FIRST = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Held:
    """A held event. `payload` has the subject in place of the reference; `waits` names what would help."""

    id: UUID
    key: Key
    type: str
    time: datetime
    payload: str
    subject: UUID | None
    errors: tuple[FieldError, ...]
    waits: frozenset[str]
    received_at: datetime
    expires_at: datetime
    traceparent: str | None

    def pushed(self) -> Pushed:
        """The event as it was pushed, with a stand-in for the reference to its pupil."""
        data, _ = restored(orjson.loads(self.payload))
        command, content = content_from(self.type, data)
        return Pushed(self.key, self.type, self.time, command, content, data, self.traceparent, self.subject)


class HeldEvents:
    """The table of held events. Every method raises `Unavailable` when the database is."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._ids: dict[Key, UUID] = {}

    async def start(self) -> None:
        """Learn which keys are held."""
        async with acting_as(self._pool, EVERYONE) as connection:
            rows = await connection.fetch(_KEYS)
        self._ids = {Key(*key): id_ for id_, *key in rows}

    def id_of(self, key: Key) -> UUID | None:
        """The id under which an event with this key is held, as far as this process knows."""
        return self._ids.get(key)

    def any(self) -> bool:
        """Whether anything is held, as far as this process knows."""
        return bool(self._ids)

    async def put(self, held: Sequence[Held]) -> list[UUID]:
        """Hold these; the ids under which they are held."""
        ids: list[UUID] = []
        async with acting_as(self._pool, EVERYONE) as connection:
            for one in held:
                ids.append(await connection.fetchval(_PUT, *_row(one)))
        self._ids |= {one.key: id_ for one, id_ in zip(held, ids, strict=True)}
        return ids

    async def keep(self, held: Iterable[Held]) -> None:
        """Say why these are still held."""
        async with acting_as(self._pool, EVERYONE) as connection:
            rows = [(one.id, one.received_at, _errors(one.errors), sorted(one.waits)) for one in held]
            await connection.executemany(_STILL, rows)

    async def drop(self, held: Collection[Held]) -> None:
        """Let go of these: they are in the log now, or never will be."""
        async with acting_as(self._pool, EVERYONE) as connection:
            await connection.executemany(_DROP, [(one.id, one.received_at) for one in held])
        for one in held:
            self._ids.pop(one.key, None)

    async def release(self, keys: Collection[Key]) -> None:
        """Let go of whatever is held under these keys: they are in the log."""
        ids = [self._ids[key] for key in keys if key in self._ids]
        if ids:
            async with acting_as(self._pool, EVERYONE) as connection:
                await connection.execute(_RELEASE, ids)
            for key in keys:
                self._ids.pop(key, None)

    async def withdraw(self, key: Key) -> bool:
        """The sender takes one back. False when there is none."""
        async with acting_as(self._pool, key.organisation) as connection:
            found = await connection.fetchval(_WITHDRAW, key.organisation, key.source, key.source_id)
        self._ids.pop(key, None)
        return found is not None

    async def own(
        self, organisation: str, after: UUID, limit: int, source: str | None = None, source_id: str | None = None
    ) -> list[Held]:
        """An organisation's held events after an id, in order."""
        async with acting_as(self._pool, organisation) as connection:
            rows = await connection.fetch(_OWN, organisation, after, limit, source, source_id)
        return [_held(row) for row in rows]

    async def one(self, organisation: str, id_: UUID) -> Held | None:
        """An organisation's held event by its id."""
        async with acting_as(self._pool, organisation) as connection:
            row = await connection.fetchrow(_ONE, organisation, id_)
        return None if row is None else _held(row)

    async def waiting(self, words: Collection[str] | None, after: UUID, limit: int) -> list[Held]:
        """Held events that wait for one of these words (None: all of them), after an id, in order."""
        async with acting_as(self._pool, EVERYONE) as connection:
            rows = await connection.fetch(_WAITING, None if words is None else list(words), after, limit)
        return [_held(row) for row in rows]

    async def expired(self, now: datetime, limit: int) -> list[Held]:
        """Held events whose time is up."""
        async with acting_as(self._pool, EVERYONE) as connection:
            return [_held(row) for row in await connection.fetch(_EXPIRED, now, limit)]

    async def subjects(self) -> list[UUID]:
        """The subjects in held events: their mappings are needed still."""
        async with acting_as(self._pool, EVERYONE) as connection:
            return [row["subject"] for row in await connection.fetch(_SUBJECTS)]


def _row(one: Held) -> tuple[object, ...]:
    key = (one.key.organisation, one.key.source, one.key.source_id)
    content = (one.type, one.time, one.payload, one.subject, _errors(one.errors), sorted(one.waits))
    return (one.id, *key, *content, one.received_at, one.expires_at, one.traceparent)


def _held(row: asyncpg.Record) -> Held:
    errors = tuple(_error(entry) for entry in orjson.loads(row["errors"]))
    key = Key(row["organisation"], row["source"], row["source_id"])
    content = (row["type"], row["time"], row["payload"], row["subject"], errors, frozenset(row["waits"]))
    return Held(row["id"], key, *content, row["received_at"], row["expires_at"], row["traceparent"])


def _errors(errors: Iterable[FieldError]) -> str:
    return orjson.dumps([{**_text(one), "pointer": one.pointer, "code": one.code} for one in errors]).decode()


def _text(one: FieldError) -> dict[str, Any]:
    hint = None if one.hint is None else [one.hint.nl, one.hint.en]
    return {"message": [one.message.nl, one.message.en], "hint": hint}


def _error(entry: dict[str, Any]) -> FieldError:
    hint = None if entry["hint"] is None else Text(*entry["hint"])
    return FieldError(entry["pointer"], entry["code"], Text(*entry["message"]), hint)
