"""What the registry knows of other services, for its work list alone: notices that take effect, deliveries that came.

No decision rests on it: a registry whose neighbours are away goes on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import orjson

from shared.domain.events import TYPE_PREFIX
from shared.log.events import StoredEvent


@dataclass(frozen=True, slots=True)
class Ending:
    """A school's coverage stops after this day by a notice."""

    programme: str
    provider: str
    site: str
    contract: str
    notice: str
    last_service_day: date


class Elsewhere:
    """Filled by followers of the logs of contracts and kpi."""

    def __init__(self) -> None:
        self._endings: dict[tuple[str, str, str], Ending] = {}
        self._delivered: set[tuple[str, str, str]] = set()

    def contracts(self, _log: str, events: Sequence[StoredEvent]) -> None:
        """Take in events of contracts, in order; twice is the same as once."""
        for event in events:
            match event.type.removeprefix(TYPE_PREFIX):
                case "termination-effective.v1":
                    ending = _ending(orjson.loads(event.payload))
                    self._endings[ending.contract, ending.notice, ending.site] = ending
                case "termination-notice-withdrawn.v1":
                    told = orjson.loads(event.payload)
                    for key in [key for key in self._endings if key[:2] == (told["contract"], told["notice"])]:
                        del self._endings[key]

    def kpi(self, _log: str, events: Sequence[StoredEvent]) -> None:
        """Take in events of kpi, in order; twice is the same as once."""
        for event in events:
            if event.type.removeprefix(TYPE_PREFIX) == "data-delivery-submitted.v1":
                told = orjson.loads(event.payload)
                self._delivered.add((told["programme"], told["site"], told["period"]))

    def forget_contracts(self) -> None:
        """The log of contracts was restored and will be read again."""
        self._endings.clear()

    def forget_kpi(self) -> None:
        """The log of kpi was restored and will be read again."""
        self._delivered.clear()

    def endings(self, programme: str) -> list[Ending]:
        """Every stop by notice in a programme, by day."""
        found = (ending for ending in self._endings.values() if ending.programme == programme)
        return sorted(found, key=lambda ending: (ending.last_service_day, ending.site))

    def delivered(self, programme: str, site: str, period: str) -> bool:
        """Whether a school's figures for a period came in."""
        return (programme, site, period) in self._delivered


def _ending(told: dict[str, str]) -> Ending:
    return Ending(
        programme=told["programme"],
        provider=told["provider"],
        site=told["site"],
        contract=told["contract"],
        notice=told["notice"],
        last_service_day=date.fromisoformat(told["lastServiceDay"]),
    )
