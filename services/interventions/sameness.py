"""Whether an event is the one that has its key, and where it differs (G-04)."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import orjson

from services.interventions.personal import escaped
from services.interventions.pushed import Pushed
from services.interventions.trajectory import COPIED
from shared.log.events import StoredEvent


def changes(pushed: Pushed, subject: UUID | None, stored: StoredEvent) -> list[str]:
    """Pointers to what differs from the stored event; none when it is the same.

    What was copied onto a step of a trajectory at append is not the sender's, and is left out of the comparison.
    """
    if pushed.type != stored.type:
        return ["/type"]
    new, old = pushed.payload(subject, {}), orjson.loads(stored.payload)
    time = [] if pushed.time == stored.time else ["/time"]
    return time + [pointer.replace("/subject", "/pupilRef") for pointer in _differences(new, old, "/data")]


def _differences(new: Any, old: Any, pointer: str) -> Iterator[str]:
    if isinstance(new, Mapping) and isinstance(old, Mapping):
        for name in {**old, **new}:
            if name not in new and name in COPIED and "subject" in old:
                continue
            if name not in new or name not in old:
                yield f"{pointer}/{escaped(name)}"
            else:
                yield from _differences(new[name], old[name], f"{pointer}/{escaped(name)}")
    elif new != old:
        yield pointer
