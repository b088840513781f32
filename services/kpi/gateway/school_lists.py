"""The schools of a programme on a day, with names for codes and whether their provider is assumed."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date

import strawberry

from services.kpi import directory
from services.kpi.cuts import Cut
from services.kpi.directory import School
from services.kpi.figure import Dimension
from services.kpi.gateway.codes import SCHOOL_TYPES, Coded, coded
from services.kpi.gateway.fields import field
from services.kpi.gateway.paging import PageInfo, Place, Slice
from services.kpi.gateway.places import SchoolNode, school_node
from services.kpi.gateway.reader import Reader
from services.kpi.question import Parameters, relations
from shared.feeds.checkpoints import Connection

# Of every school the last choice of a provider by a day, and whether that was assumed.
_ASSUMED = """
select distinct on (p.school) p.school, (p.attributes ->> 'assumed')::boolean as assumed
from {posting} p
where p.measure = 'provider-choice' and p.programme = {programme} and p.amount > 0 and p.day <= {day}
order by p.school, p.day desc, p.position desc"""


@strawberry.type(description="How many schools there are of a type.")
class SchoolTypeCount:
    """A bar of the chart."""

    type: Coded
    count: int


@strawberry.type(description="All schools of the list together, whatever the page.")
class SchoolTotals:
    """`municipalities` are those in which a school stands, `providers` those that a school has chosen."""

    schools: int
    municipalities: int
    providers: int
    by_type: list[SchoolTypeCount]


@strawberry.type(description="A school in a page.")
class SchoolEdge:
    """An edge."""

    node: SchoolNode
    place: strawberry.Private[Place]
    page: strawberry.Private[Slice[SchoolNode]]

    @field
    def cursor(self) -> str:
        """Go on from here with `after`."""
        return self.page.cursor(self.place)


@strawberry.type(description="Schools by site code.")
class SchoolConnection:
    """A page of schools; `totals` is over all of them, never over the page."""

    page: strawberry.Private[Slice[SchoolNode]]
    every: strawberry.Private[Sequence[SchoolNode]]

    @field
    def edges(self) -> list[SchoolEdge]:
        """The schools with their cursors."""
        return [SchoolEdge(node=school, place=place, page=self.page) for place, school in self.page.items]

    @field
    def totals(self) -> SchoolTotals:
        """All schools together."""
        return totals_of(self.every)

    @field
    def nodes(self) -> list[SchoolNode]:
        """The schools."""
        return [school for _, school in self.page.items]

    @field
    def page_info(self) -> PageInfo:
        """The end of the page."""
        return self.page.page_info()

    @field
    def total_count(self) -> int:
        """How many schools there are in all."""
        return self.page.total


def totals_of(schools: Sequence[SchoolNode]) -> SchoolTotals:
    """What these schools are together; one whose type is not known counts in none."""
    types = Counter(school.type.code for school in schools if school.type)
    return SchoolTotals(
        schools=len(schools),
        municipalities=len({school.municipality.code for school in schools if school.municipality}),
        providers=len({school.provider.code for school in schools if school.provider}),
        by_type=[SchoolTypeCount(type=coded(code, SCHOOL_TYPES), count=types[code]) for code in sorted(types)],
    )


async def schools_of(reader: Reader, programme: str, on: date, cut: Cut | None = None) -> list[SchoolNode]:
    """The schools that take part on a day, by site code."""
    found = await reader.schools(programme, on, cut)
    places = await _names(reader, Dimension.MUNICIPALITY, found, lambda school: school.municipality, on, cut)
    providers = await _names(reader, Dimension.PROVIDER, found, lambda school: school.provider, on, cut)
    assumed = await _assumed(reader, programme, on, cut)
    return [school_node(number, school, places, providers, assumed) for number, school in enumerate(found, 1)]


async def _names(
    reader: Reader,
    dimension: Dimension,
    found: list[School],
    code: Callable[[School], str | None],
    on: date,
    cut: Cut | None,
) -> dict[str, str]:
    codes = tuple(sorted({each for school in found if (each := code(school))}))

    async def ask(connection: Connection) -> dict[str, str]:
        return await directory.names(connection, dimension, codes, on, cut)

    return await reader.once(("names", dimension, codes, on, cut and cut.name), ask)


async def _assumed(reader: Reader, programme: str, on: date, cut: Cut | None) -> dict[str, bool]:
    parameters = Parameters()
    given = {"programme": parameters.add(programme, "text"), "day": parameters.add(on, "date")}
    found = relations(cut, programme, frozenset(("provider-choice",)), parameters)
    prologue = "with " + ",\n".join(found.prologue) + "\n" if found.prologue else ""
    text = prologue + _ASSUMED.format(posting=found.posting, **given)

    async def ask(connection: Connection) -> dict[str, bool]:
        rows = await connection.fetch(text, *parameters.values)
        return {row["school"]: row["assumed"] for row in rows if row["assumed"] is not None}

    return await reader.once(("assumed", programme, on, cut and cut.name), ask)
