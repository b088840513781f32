"""The history of a run: what clients sent and were told, and which faults fired, as lines in a file of its own.

The file stands outside the faulted disk and is written before the next thing happens; checkers read nothing else of it.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from shared.log.events import Key

ADDED = frozenset(("pupilRef", "subject"))
"""What differs between a sent and a stored content by design: the reference has become a subject."""
COPIED = frozenset(("duration", "form"))
"""What a trajectory's later steps have from its start."""


@dataclass(frozen=True, slots=True)
class Item:
    """One event of a request: its key, and its content as far as it is stored byte for byte."""

    key: Key
    essence: str


@dataclass(frozen=True, slots=True)
class Told:
    """The answer for one event: `created`, `duplicate`, `conflict`, `rejected`, `held`; the receipt of a stored one."""

    verdict: str
    receipt: str | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request. `status` 0: no answer came; then `told` is empty and nobody knows what happened."""

    items: tuple[Item, ...]
    status: int
    told: tuple[Told, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that fired; `seconds` is how long it took from there until what it hit did its work again."""

    kind: str
    target: str
    seconds: float


def essence(type_: str, data: Mapping[str, Any]) -> str:
    """What must be stored as it was sent, as a digest."""
    text = json.dumps([type_, _bare(data)], sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()[:32]


def _bare(value: Any) -> Any:
    if isinstance(value, list):
        return [_bare(each) for each in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if not isinstance(value, Mapping):
        return value
    left_out = ADDED | COPIED if "endedOn" in value or "taperedOn" in value else ADDED
    return {name: _bare(each) for name, each in value.items() if name not in left_out and each is not None}


class History:
    """The file, open for adding."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("a", encoding="utf-8", buffering=1)

    def attempt(self, one: Attempt) -> None:
        """A request came to its end."""
        items = [[item.key.organisation, item.key.source, item.key.source_id, item.essence] for item in one.items]
        told = [[each.verdict, each.receipt] for each in one.told]
        self._line({"attempt": items, "status": one.status, "told": told, "seconds": round(one.seconds, 4)})

    def fault(self, one: Fault) -> None:
        """A fault fired, and is over."""
        self._line({"fault": one.kind, "target": one.target, "seconds": round(one.seconds, 3)})

    def close(self) -> None:
        """No more."""
        self._file.close()

    def _line(self, line: Mapping[str, object]) -> None:
        self._file.write(json.dumps(line, separators=(",", ":")) + "\n")


def attempts(path: Path) -> Iterator[Attempt]:
    """The requests in a history."""
    for line in _lines(path):
        if "attempt" in line:
            items = tuple(Item(Key(*key), essence) for *key, essence in line["attempt"])
            yield Attempt(items, line["status"], tuple(Told(*each) for each in line["told"]), line["seconds"])


def faults(path: Path) -> Iterator[Fault]:
    """The faults in a history."""
    for line in _lines(path):
        if "fault" in line:
            yield Fault(line["fault"], line["target"], line["seconds"])


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
