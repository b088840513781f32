"""The catalogue: the definitions that hold, each version known from an event in kpi's own log."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from services.kpi.cuts import Cut
from services.kpi.definitions import Definition, stored
from shared.domain.calendar import Period
from shared.domain.findings import Refused, refuse
from shared.domain.texts import Text

if TYPE_CHECKING:
    from shared.feeds.checkpoints import Connection

# Every version of a definition, or of all, that is known (at the cut: kpi's own log up to its position).
_VERSIONS = """
select kpi, version, valid_from, definition::text as definition from app.definition
where ($1::text is null or kpi = $1) and position <= coalesce($2::bigint, position)
order by kpi, valid_from, position"""


@dataclass(frozen=True, slots=True)
class Version:
    """A definition by its version, valid from a day on."""

    number: int
    valid_from: date
    definition: Definition


async def versions(connection: "Connection", kpi: str, cut: Cut | None = None) -> list[Version]:
    """The versions of a KPI, in order of validity. Raises `Refused` (`kpi-unknown`) when there is, or was, none."""
    found = await _versions(connection, kpi, cut)
    if not found:
        raise await _unknown(connection, kpi)
    return found


async def kpis(connection: "Connection", cut: Cut | None = None) -> dict[str, list[Version]]:
    """Every KPI with its versions, by id."""
    found: dict[str, list[Version]] = {}
    for version in await _versions(connection, None, cut):
        found.setdefault(version.definition.id, []).append(version)
    return found


def valid(found: Sequence[Version], period: Period) -> Version | None:
    """The version that computes a period: the last one valid on its first day."""
    return next((version for version in reversed(found) if version.valid_from <= period.start), None)


async def _versions(connection: "Connection", kpi: str | None, cut: Cut | None) -> list[Version]:
    upto = cut.positions.get(("kpi", 1), 0) if cut else None
    rows = await connection.fetch(_VERSIONS, kpi, upto)
    return [Version(row["version"], row["valid_from"], stored(row["definition"])) for row in rows]


async def _unknown(connection: "Connection", kpi: str) -> Refused:
    near = difflib.get_close_matches(kpi.upper(), await kpis(connection), n=3, cutoff=0.5)
    hint = Text(f"bedoelde u {', '.join(near)}?", f"did you mean {', '.join(near)}?") if near else None
    return refuse("kpi-unknown", "/kpi", "deze KPI bestaat niet", "there is no such KPI", hint, kind="unknown")
