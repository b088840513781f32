"""What an EHR recorded, and the CloudEvent it sends of it."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from jos.demo.schools import Provider
from shared.clock import AMSTERDAM
from shared.domain.events import TYPE_PREFIX

Data = dict[str, object]
"""The `data` of a CloudEvent."""

CloudEvent = dict[str, object]


@dataclass(frozen=True, slots=True)
class Record:
    """One entry: the day it was recorded, the short name of its type (`coaching-recorded`), its data.

    `number` is its place among the provider's entries, 0 until it has one.
    """

    day: date
    type: str
    data: Data
    number: int = 0

    def numbered(self, number: int) -> "Record":
        """The same entry, with its place."""
        return replace(self, number=number)

    @property
    def id(self) -> str:
        """The entry's key in the EHR: what it is known by for ever (G-04)."""
        return f"ecd-2022-{self.number:06d}"

    @property
    def full_type(self) -> str:
        return f"{TYPE_PREFIX}{self.type}.v1"


def cloud_event(record: Record, provider: Provider) -> CloudEvent:
    """The CloudEvent (1.0, NL GOV profile) of an entry; recorded in the afternoon of its day, a second apart."""
    afternoon = datetime.combine(record.day, time(15), AMSTERDAM)
    recorded = afternoon + timedelta(seconds=record.number % 7200)
    return {
        "specversion": "1.0",
        "id": record.id,
        "source": provider.source,
        "type": record.full_type,
        "time": recorded.isoformat(),
        "datacontenttype": "application/json",
        "data": record.data,
    }
