"""Figures: what the gateway asks for.

    async with pool.acquire() as connection:
        [figure] = await figures(connection, "KPI-HR-04", "HR-JOS", "2022-H1", now=clock.now())
        each = await figures(connection, "KPI-HR-04", "HR-JOS", "2022", now=now, by=(Dimension.SCHOOL,), per=...)

Every figure comes from the ledger alone, live or as it was known at a cut. Who may see it is decided
at the exit: `where={Dimension.PROVIDER: [...]}` and the like keep to what is somebody's own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from services.kpi import cuts
from services.kpi.catalogue import Version, valid, versions
from services.kpi.cuts import Cut
from services.kpi.definitions import Basis
from services.kpi.figure import Dimension, Figure, View
from services.kpi.making import Maker
from services.kpi.question import Question
from services.kpi.standing import Standing, standing
from shared.clock import AMSTERDAM
from shared.domain.calendar import Period, PeriodType, month_number, split
from shared.domain.calendar import period as period_of

if TYPE_CHECKING:
    from shared.feeds.checkpoints import Connection

Where = Mapping[Dimension, Sequence[str]]
"""For each dimension named, the codes that count."""


async def figures(
    connection: "Connection",
    kpi: str,
    programme: str,
    period: Period | str,
    *,
    now: datetime,
    by: Sequence[Dimension] = (),
    per: PeriodType | None = None,
    basis: Basis | None = None,
    as_known_on: date | str | None = None,
    view: View = View.AS_WAS,
    where: Where | None = None,
    warnings: bool = True,
) -> list[Figure]:
    """The figures of a KPI in a programme, in order of period and key; without `by` exactly one per period.

    `per` divides the period; `basis` None takes DELIVERED for a period for which anything was delivered and EVENTS
    for others; `as_known_on` names a cut or a day that is over; `warnings=False` saves the comparison of the two bases.
    Raises `Refused`: `kpi-unknown` (unknown), `period`, `cut-unknown` (invalid).
    """
    whole = period_of(period) if isinstance(period, str) else period
    parts = tuple(split(whole, per) if per else [whole])
    cut = await cuts.find(connection, as_known_on) if as_known_on is not None else None
    known = await versions(connection, kpi, cut)
    filters = {dimension: tuple(codes) for dimension, codes in (where or {}).items()}
    month = month_number(now.astimezone(AMSTERDAM).date())
    stands = await _stands(connection, programme, now, cut)
    question = Question(programme, parts, month, tuple(by), filters, view, cut, stands.kept)
    maker = Maker(connection, stands, warnings)
    made: list[Figure] = []
    for version, periods in _by_version(known, parts):
        made += await _of_version(maker, replace(question, periods=periods), version, basis)
    return sorted(made, key=lambda figure: figure.period.start)


def _by_version(known: Sequence[Version], parts: Sequence[Period]) -> list[tuple[Version, tuple[Period, ...]]]:
    """The periods by the version that computes them; those before any version by the first."""
    groups: dict[int, list[Period]] = {}
    numbered = {version.number: version for version in known}
    for part in parts:
        groups.setdefault((valid(known, part) or known[0]).number, []).append(part)
    return [(numbered[number], tuple(periods)) for number, periods in groups.items()]


async def _of_version(maker: Maker, question: Question, version: Version, basis: Basis | None) -> list[Figure]:
    rules = version.definition.basis
    reason = _not_offered(question.periods[0], version, basis)
    if reason:
        return maker.absent(question, version, basis, reason)
    if basis or Basis.DELIVERED not in rules:
        return await maker.figures(question, version, basis or Basis.EVENTS)
    made = await maker.figures(question, version, Basis.DELIVERED)
    undelivered = tuple(period for period in question.periods if not _reported(made, period))
    if not undelivered or Basis.EVENTS not in rules:
        return made
    derived = await maker.figures(replace(question, periods=undelivered), version, Basis.EVENTS)
    return [figure for figure in made if figure.period not in undelivered] + derived


def _reported(made: Sequence[Figure], period: Period) -> bool:
    return any(figure.completeness.reporting for figure in made if figure.period == period)


def _not_offered(period: Period, version: Version, basis: Basis | None) -> str | None:
    if version.valid_from > period.start:
        return "NOT_DEFINED"
    if period.type not in version.definition.periods:
        return "PERIOD_NOT_OFFERED"
    if basis and basis not in version.definition.basis:
        return "BASIS_NOT_OFFERED"
    return None


async def _stands(connection: "Connection", programme: str, now: datetime, cut: Cut | None) -> Standing:
    """At a cut, the ledger stands where it stood then: this too never changes."""
    if cut is None:
        return await standing(connection, programme, now)
    return Standing(cut.recorded_at, None, len(cut.parked))
