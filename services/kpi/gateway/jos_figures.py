"""The page "Jeugdhulp op school in cijfers": everything on it, of one programme and one period (kpis.md 4.6)."""

from collections.abc import Sequence
from datetime import date

import strawberry

from services.kpi.cuts import Cut
from services.kpi.figure import Dimension
from services.kpi.figure import Figure as Found
from services.kpi.gateway.access import Reach, Sight
from services.kpi.gateway.asking import Asked, answer
from services.kpi.gateway.codes import SCHOOL_TYPES, coded
from services.kpi.gateway.definition_types import number
from services.kpi.gateway.fields import field
from services.kpi.gateway.figure_types import (
    Completeness,
    DataWarning,
    Figure,
    Period,
    completeness_of,
    figure_of,
    period_of,
    warning_of,
)
from services.kpi.gateway.places import Place, SchoolNode, place
from services.kpi.gateway.reader import Reader
from services.kpi.gateway.school_lists import SchoolTypeCount, schools_of

Info = strawberry.Info[Reader, None]

SCHOOLS, PUPILS, RECIPIENTS, REACH = "KPI-HR-01", "KPI-HR-03", "KPI-HR-04", "KPI-HR-05"
STRUCTURAL, INCIDENTAL, INDIVIDUAL, FTE = "KPI-HR-06", "KPI-HR-07", "KPI-HR-08", "KPI-HR-09"
COMPARED = (PUPILS, RECIPIENTS, STRUCTURAL, INCIDENTAL, INDIVIDUAL, FTE)
"""The figures that exist on both bases, of which differences are told."""
BOTH = (PUPILS, RECIPIENTS, REACH, STRUCTURAL, INCIDENTAL, INDIVIDUAL, FTE)
"""The figures that a basis may be asked of; the others have one."""
ALL = (SCHOOLS, "KPI-HR-02", *BOTH, "KPI-HR-14", "KPI-HR-14-HOSTING", "KPI-HR-14-PROVIDERS")


@strawberry.type(description="A municipality on the map.")
class JosMunicipality:
    """Whether it takes part, and whether a school of the programme stands in it."""

    code: str
    name: str
    participates: bool
    hosts_school: bool


@strawberry.type(description="How small numbers are kept from telling about persons.")
class Disclosure:
    """`policy` is what the caller sees: EVERYTHING, OWN or TOTALS of the programme, or NOTHING about persons."""

    policy: str
    min_cell: int | None = None
    rounding: int | None = None


@strawberry.type(description="The page; shares and reach in percent (0 to 100), unrounded.")
class JosFigures:
    """The page of a programme and a period; every figure is also there as a whole in `figures`."""

    asked: strawberry.Private[Asked]
    seen: strawberry.Private[Sight]
    programme: str
    period: Period

    @field
    async def status(self, info: Info) -> str:
        """How final the figures are: PROVISIONAL, REVISED or FINAL."""
        return (await self._one(info, SCHOOLS)).status.value

    @field
    async def coverage(self, info: Info) -> Completeness:
        """Which schools report: those that delivered, or those of which events are known."""
        return completeness_of((await self._one(info, PUPILS)).completeness)

    @field
    async def schools_by_type(self, info: Info) -> list[SchoolTypeCount]:
        """The schools in the programme on the last day of the period."""
        found = await self._ask(info, SCHOOLS, (Dimension.SCHOOL_TYPE,))
        counts = [(figure.key[0].code, int(figure.value or 0)) for figure in found]
        return [SchoolTypeCount(type=coded(code, SCHOOL_TYPES), count=count) for code, count in counts]

    @field
    async def pupils(self, info: Info) -> int | None:
        """Pupils (leerlingen) of the schools that report."""
        return _whole(await self._one(info, PUPILS))

    @field
    async def recipients(self, info: Info) -> int | None:
        """Pupils who receive youth help at school."""
        return _whole(await self._one(info, RECIPIENTS))

    @field
    async def reach(self, info: Info) -> float | None:
        """Recipients as a share of the pupils, in percent."""
        return number((await self._one(info, REACH)).value)

    @field
    async def structural(self, info: Info) -> int | None:
        """Recipients of structural help."""
        return _above(await self._one(info, STRUCTURAL))

    @field
    async def structural_share(self, info: Info) -> float | None:
        """Their share, in percent."""
        return number((await self._one(info, STRUCTURAL)).value)

    @field
    async def incidental(self, info: Info) -> int | None:
        """Recipients of incidental help alone."""
        return _above(await self._one(info, INCIDENTAL))

    @field
    async def incidental_share(self, info: Info) -> float | None:
        """Their share, in percent."""
        return number((await self._one(info, INCIDENTAL)).value)

    @field
    async def individual(self, info: Info) -> int | None:
        """Recipients of individual help."""
        return _above(await self._one(info, INDIVIDUAL))

    @field
    async def individual_share(self, info: Info) -> float | None:
        """Their share, in percent."""
        return number((await self._one(info, INDIVIDUAL)).value)

    @field
    async def fte(self, info: Info) -> float | None:
        """Fte of youth-help professionals."""
        return number((await self._one(info, FTE)).value)

    @field
    async def municipalities(self, info: Info) -> list[JosMunicipality]:
        """The municipalities that take part or have a school of the programme."""
        schools = await self.schools(info)
        hosting = {each.municipality.code: each.municipality.name for each in schools if each.municipality}
        members = {each.code: each.name for each in await info.context.municipalities(*await self._on(info))}
        return [
            JosMunicipality(code=code, name=name, participates=code in members, hosts_school=code in hosting)
            for code, name in sorted((hosting | members).items())
        ]

    @field
    async def schools(self, info: Info) -> list[SchoolNode]:
        """The schools on the last day of the period."""
        return await schools_of(info.context, *await self._on(info))

    @field
    async def providers(self, info: Info) -> list[Place]:
        """The providers that schools have chosen."""
        return [place(each) for each in await info.context.providers(*await self._on(info))]

    @field
    async def warnings(self, info: Info) -> list[DataWarning] | None:
        """Schools whose delivery and events tell different numbers; null for totals only."""
        if self.seen.reach not in (Reach.EVERYTHING, Reach.OWN):
            return None
        found = [(kpi, await self._ask(info, kpi, warnings=True)) for kpi in COMPARED]
        return [warning_of(kpi, each) for kpi, [figure] in found for each in figure.warnings]

    @field
    async def figures(self, info: Info) -> list[Figure]:
        """The figures of the page, each as a whole."""
        return [figure_of(await self._one(info, kpi), self.seen) for kpi in ALL]

    @field
    def disclosure(self) -> Disclosure:
        """What of the page the caller sees."""
        return Disclosure(policy=self.seen.reach.name)

    async def _on(self, info: Info) -> tuple[str, date, Cut | None]:
        return self.asked.programme, self.asked.period.end, await info.context.cut(self.asked.known_on)

    async def _one(self, info: Info, kpi: str) -> Found:
        [found] = await self._ask(info, kpi)
        return found

    async def _ask(
        self, info: Info, kpi: str, by: tuple[Dimension, ...] = (), warnings: bool = False
    ) -> Sequence[Found]:
        return await answer(info.context, _of(self.asked, kpi, by, warnings))


def _of(asked: Asked, kpi: str, by: tuple[Dimension, ...], warnings: bool) -> Asked:
    return Asked(
        kpi=kpi,
        programme=asked.programme,
        period=asked.period,
        by=by,
        basis=asked.basis if kpi in BOTH else None,
        known_on=asked.known_on,
        warnings=warnings,
    )


def jos_figures(asked: Asked, seen: Sight) -> JosFigures:
    """The page, of which only what is asked is read."""
    return JosFigures(asked=asked, seen=seen, programme=asked.programme, period=period_of(asked.period))


def _whole(figure: Found) -> int | None:
    return None if figure.value is None else int(figure.value)


def _above(figure: Found) -> int | None:
    return None if figure.value is None or figure.numerator is None else int(figure.numerator)
