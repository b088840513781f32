"""Deliveries as they are kept and asked for: who may deliver for which school, and what was delivered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import asyncpg

from services.kpi.delivery import DataDeliverySubmitted, Delivery, evolve
from services.kpi.directory import region_of
from services.kpi.statements import sections
from shared.aggregate import Aggregate
from shared.auth.caller import Caller
from shared.domain.calendar import Period
from shared.domain.findings import Refused, refuse
from shared.domain.texts import Text
from shared.log.events import Columns, StoredEvent

if TYPE_CHECKING:
    from shared.feeds.checkpoints import Connection

STEWARDS = ("programme-admin", "registry-admin")
"""The roles that administer a whole region."""

_PARTS = sections("deliveries")


@dataclass(frozen=True, slots=True)
class Kept:
    """A delivery as it stands: its version, and when it was first and last delivered."""

    submitted: DataDeliverySubmitted
    version: int
    delivered_at: datetime
    first_delivered_at: datetime


def _columns(event: DataDeliverySubmitted, history: Sequence[StoredEvent]) -> Columns:
    return Columns(
        day=event.period_end,
        programme=event.programme,
        school=event.site,
        root=history[0].id if history else None,
        replaces=history[-1].id if history else None,
    )


DELIVERY: Aggregate[Delivery | None, DataDeliverySubmitted] = Aggregate(
    (DataDeliverySubmitted,), None, evolve, _columns
)
"""How a delivery is kept: a stream per programme, school and period, in which each replaces the one before."""


def stream(programme: str, site: str, period: str) -> str:
    """The stream of the deliveries for one school and period."""
    return f"delivery/{programme}/{site}/{period}"


async def check_place(connection: "Connection", caller: Caller, programme: str, site: str, covered: Period) -> None:
    """Check that the caller may deliver for this school. Raises `Refused` (`school-not-yours`, unknown).

    The answer is the same for a school that is somebody else's, that does not take part, and that does not exist.
    """
    place = await connection.fetchrow(_PARTS["place"], site, programme, covered.start, covered.end)
    if place is None or not place["takes_part"] or not await _may(connection, caller, programme, site, place, covered):
        raise not_yours()


async def _may(
    connection: "Connection", caller: Caller, programme: str, site: str, place: asyncpg.Record, covered: Period
) -> bool:
    if caller.has("school") and not caller.schools.isdisjoint((site, site[:4])):
        return True
    if caller.has("municipal-account-holder") and place["municipality"] in caller.municipalities:
        return True
    return caller.has(*STEWARDS) and caller.region == await region_of(connection, programme, covered.end)


def not_yours() -> Refused:
    """What is said of a school for which the caller may not deliver, whatever the reason."""
    return refuse(
        "school-not-yours",
        "/site",
        "voor deze school kunt u in deze periode geen gegevens aanleveren",
        "you cannot deliver for this school in this period",
        Text(
            "de school doet dan niet mee in dit programma, of hoort niet bij uw organisatie",
            "the school does not take part in this programme then, or does not belong to your organisation",
        ),
        kind="unknown",
    )


@dataclass(frozen=True, slots=True)
class Filter:
    """Which deliveries are asked for; None for all. `after` is the stream after which the page begins."""

    programme: str | None = None
    site: str | None = None
    period: str | None = None
    after: str | None = None


async def active(connection: "Connection", caller: Caller, asked: Filter, limit: int) -> list[Kept]:
    """The active deliveries that the caller may see, in order of programme, school and period."""
    programmes: list[str] = []
    if caller.has(*STEWARDS) and caller.region:
        programmes = [row["entity"] for row in await connection.fetch(_PARTS["programmes"], caller.region)]
    schools = sorted(caller.schools) if caller.has("school") else []
    places = sorted(caller.municipalities) if caller.has("municipal-account-holder") else []
    rows = await connection.fetch(
        _PARTS["active"], programmes, schools, places, asked.after, asked.programme, asked.site, asked.period, limit
    )
    return [
        Kept(_read(row["payload"]), row["stream_version"], row["recorded_at"], row["first_recorded_at"]) for row in rows
    ]


async def history(connection: "Connection", programme: str, site: str, period: str) -> list[Kept]:
    """Every delivery of one school and period, the active one last."""
    rows = await connection.fetch(_PARTS["history"], site, programme, stream(programme, site, period))
    first = rows[0]["recorded_at"] if rows else datetime.min.replace(tzinfo=UTC)
    return [Kept(_read(row["payload"]), row["stream_version"], row["recorded_at"], first) for row in rows]


def _read(payload: str) -> DataDeliverySubmitted:
    return DataDeliverySubmitted.model_validate_json(payload)
