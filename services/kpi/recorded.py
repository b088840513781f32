"""The events that kpi writes without anyone asking: these names and fields are the storage format."""

from datetime import date
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from services.kpi.definitions import Definition
from shared.domain.events import Event


class KpiDefined(Event):
    """A version of a KPI's definition was applied; the one valid on a period's first day computes that period."""

    TYPE: ClassVar[str] = "kpi-defined.v1"

    kpi: str
    version: int
    definition: Definition
    valid_from: date


class Place(BaseModel):
    """The place of an event: the log, its shard, and the position in it."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    log: str
    shard: int
    position: int


class CutRecorded(Event):
    """What the ledger had applied at a moment (*peilmoment*); `day` is the day that a midnight cut closes."""

    TYPE: ClassVar[str] = "cut-recorded.v1"

    cut: str
    reason: str
    day: date | None
    positions: tuple[Place, ...]
    parked: tuple[Place, ...]
