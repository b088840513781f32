"""Rows of `log.feed` to events, in less than half the time that `stored_event` takes; the same events, by a test.

A frozen dataclass sets each field through `object.__setattr__`: half of the time of reading a log goes there. Here the
fields are set on an open twin with the same slots, which then becomes the frozen class.
"""

from collections.abc import Callable, Iterable
from dataclasses import fields
from typing import Any, TypeVar

from asyncpg import Record

from shared.log.events import Columns, Key, Position, StoredEvent

T = TypeVar("T")


def _opened(frozen: type[T]) -> Callable[..., T]:
    """A maker of instances of a frozen dataclass with slots, from all its fields in order."""
    names = [field.name for field in fields(frozen)]  # type: ignore[arg-type]
    lines = ["class Twin:", f"    __slots__ = {tuple(names)!r}", f"    def __init__(self, {', '.join(names)}):"]
    lines += [f"        self.{name} = {name}" for name in names]
    lines += [f"def make({', '.join(names)}):", f"    made = Twin({', '.join(names)})"]
    lines += ["    made.__class__ = frozen", "    return made"]
    space: dict[str, Any] = {"frozen": frozen}
    exec("\n".join(lines), space)  # noqa: S102  (our own field names, as dataclasses does it)
    make: Callable[..., T] = space["make"]
    return make


_position = _opened(Position)
_key = _opened(Key)
_columns = _opened(Columns)
_event = _opened(StoredEvent)


def decode(rows: Iterable[Record]) -> list[StoredEvent]:
    """The events of rows that were selected with `shared.log.rows.COLUMNS`."""
    return [
        _event(
            _position(shard, number),
            epoch,
            id,
            _key(organisation, source, source_id),
            type,
            stream,
            stream_version,
            time,
            recorded_at,
            payload,
            content_hash,
            row_hash,
            _columns(*columns),
            judgement,
            traceparent,
        )
        for (
            shard, number, epoch, id, organisation, source, source_id, type, stream, stream_version, time, recorded_at,
            payload, content_hash, row_hash, judgement, traceparent, *columns,
        ) in rows
    ]  # fmt: skip
