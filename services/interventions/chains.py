"""A record and its corrections: what holds now of something that was sent once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from services.interventions.correction_types import CORRECTED, RETRACTED
from shared.log.events import Key


@dataclass(frozen=True, slots=True)
class Entry:
    """An event of a stream, as far as decisions look at it; `root` is its own id for an original."""

    id: UUID
    key: Key
    type: str
    data: Mapping[str, Any]
    root: UUID


@dataclass(frozen=True, slots=True)
class Chain:
    """An original (`root`) with the last word on it (`latest`: itself, a correction or a retraction)."""

    root: Entry
    latest: Entry

    @property
    def retracted(self) -> bool:
        """Whether it was withdrawn, which is final (INV-07)."""
        return self.latest.type == RETRACTED

    @property
    def data(self) -> Mapping[str, Any]:
        """What it says now; of something retracted, what it said last is not kept here."""
        data: Mapping[str, Any] = self.latest.data["data"] if self.latest.type == CORRECTED else self.latest.data
        return data

    def day(self, field: str) -> date:
        """A day of what it says now."""
        return date.fromisoformat(self.data[field])


def chains(entries: Iterable[Entry]) -> tuple[Chain, ...]:
    """The chains of a stream, by their originals in order of acceptance."""
    found: dict[UUID, Chain] = {}
    for entry in entries:
        known = found.get(entry.root)
        found[entry.root] = Chain(entry, entry) if known is None else replace(known, latest=entry)
    return tuple(found.values())
