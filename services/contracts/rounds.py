"""Monitoring rounds (*meetrondes*): after each period of a programme's cadence its schools deliver their figures.

Which deliveries came is known from kpi, for alerts alone: no decision rests on it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import orjson

from services.contracts.facts import Facts
from services.contracts.periods import ONE_DAY
from services.contracts.rules import months_before
from shared.domain.calendar import Period, PeriodType, containing
from shared.domain.events import TYPE_PREFIX
from shared.log.events import StoredEvent

DELIVERED = f"{TYPE_PREFIX}data-delivery-submitted.v1"
CADENCES = {
    "QUARTERLY": PeriodType.QUARTER,
    "HALF_YEARLY": PeriodType.HALF_YEAR,
    "YEARLY": PeriodType.CALENDAR_YEAR,
    "SCHOOL_YEARLY": PeriodType.SCHOOL_YEAR,
}
"""The period after which a programme's schools deliver, by its `cadence`."""

MONTHS = 1
"""How long after its period a round may take before it is behind schedule."""


class Delivered:
    """Which schools delivered for which period; filled by a follower of kpi's log."""

    def __init__(self) -> None:
        self._known: set[tuple[str, str, str]] = set()

    def apply(self, _log: str, events: Sequence[StoredEvent]) -> None:
        """Take in events, in order; twice is the same as once."""
        for event in events:
            if event.type == DELIVERED:
                told = orjson.loads(event.payload)
                self._known.add((told["programme"], told["site"], told["period"]))

    def reset(self) -> None:
        """Forget everything: kpi's log was restored and will be read again."""
        self._known.clear()

    def has(self, programme: str, site: str, period: str) -> bool:
        """Whether a school's figures for a period came in."""
        return (programme, site, period) in self._known


@dataclass(frozen=True, slots=True)
class Round:
    """A round that is behind schedule since a day: so many schools are expected, so many delivered."""

    period: str
    since: date
    expected: int
    delivered: int


def behind(day: date, programme: str, facts: Facts, delivered: Delivered) -> Iterator[Round]:
    """The latest round that should be complete on a day, if it is not; none where the programme has no cadence."""
    type_ = CADENCES.get(str(facts.setting(programme, "cadence", day)))
    if type_ is None:
        return
    about = _due(day, type_)
    schools = [
        site
        for (code, site), spans in facts.participations.items()
        if code == programme and any(first <= about.end <= (last or date.max) for first, last in spans.items())
    ]
    came = sum(delivered.has(programme, site, about.code) for site in schools)
    if came < len(schools):
        yield Round(about.code, _since(about), len(schools), came)


def _due(day: date, type_: PeriodType) -> Period:
    """The latest period whose round may take no longer on a day."""
    found = containing(day, type_)
    while _since(found) > day:
        found = containing(found.start - ONE_DAY, type_)
    return found


def _since(about: Period) -> date:
    return months_before(about.end, -MONTHS)
