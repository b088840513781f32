"""A KPI: its definition and its figures, as a page of objects or as a series of plain columns."""

from dataclasses import replace

import strawberry
from strawberry.types.nodes import FragmentSpread, InlineFragment, SelectedField, Selection

from services.kpi.catalogue import Version
from services.kpi.figure import Dimension, View
from services.kpi.figure import Figure as Found
from services.kpi.gateway.access import Sight
from services.kpi.gateway.asking import Asked, answer, seen_by
from services.kpi.gateway.definition_types import Definition, definition_of
from services.kpi.gateway.fields import field
from services.kpi.gateway.figure_types import Figure, figure_of
from services.kpi.gateway.filters import AtLeast, FigureFilter, KnownOn, Per, asked_of
from services.kpi.gateway.paging import PageInfo, Place, Slice, cut_page
from services.kpi.gateway.reader import Reader
from services.kpi.gateway.series import Series, series_of

Info = strawberry.Info[Reader, None]


@strawberry.type(description="A figure in a page.")
class FigureEdge:
    """An edge."""

    node: Figure
    place: strawberry.Private[Place]
    page: strawberry.Private[Slice[Found]]

    @field
    def cursor(self) -> str:
        """Go on from here with `after`."""
        return self.page.cursor(self.place)


@strawberry.type(description="Figures by period and key.")
class FigureConnection:
    """A page of figures; `totals` is computed anew over everything, never summed from the page."""

    asked: strawberry.Private[Asked]
    seen: strawberry.Private[Sight]
    page: strawberry.Private[Slice[Found]]

    @field
    def edges(self) -> list[FigureEdge]:
        """The figures with their cursors."""
        return [
            FigureEdge(node=figure_of(found, self.seen), place=place, page=self.page)
            for place, found in self.page.items
        ]

    @field
    def nodes(self) -> list[Figure]:
        """The figures."""
        return [figure_of(found, self.seen) for _, found in self.page.items]

    @field
    async def totals(self, info: Info) -> Figure:
        """The same over all keys and the whole period, computed from sums."""
        asked = _with_warnings(self.asked.total(), info)
        [found] = await answer(info.context, asked)
        return figure_of(found, self.seen)

    @field
    def page_info(self) -> PageInfo:
        """The end of the page."""
        return self.page.page_info()

    @field
    def total_count(self) -> int:
        """How many figures there are in all."""
        return self.page.total


@strawberry.type(description="A KPI (kpi).")
class Kpi:
    """A KPI with its versions."""

    versions: strawberry.Private[list[Version]]
    code: str

    @field
    def definition(self, info: Info) -> Definition:
        """The version that holds today."""
        today = info.context.today
        now = [each for each in self.versions if each.valid_from <= today] or self.versions[:1]
        return definition_of(now[-1].definition, now[-1].number)

    @field
    def definitions(self) -> list[Definition]:
        """Every version."""
        return [definition_of(each.definition, each.number) for each in self.versions]

    @field
    async def figures(
        self,
        info: Info,
        filter: FigureFilter,
        by: list[Dimension] | None = None,
        per: Per = None,
        view: View = View.AS_WAS,
        as_known_on: KnownOn = None,
        at_least: AtLeast = None,
        first: int | None = None,
        after: str | None = None,
    ) -> FigureConnection | None:
        """Figures in pages. Below a programme's total: for steward, own school, own provider."""
        reader = info.context
        asked = _with_warnings(asked_of(self.code, filter, by, per, view, as_known_on), info)
        found = await answer(reader, asked)
        page = cut_page(reader, _question(asked), found, _place, first, after)
        return FigureConnection(asked=asked, seen=await seen_by(reader, asked.programme), page=page)

    @field
    async def series(
        self,
        info: Info,
        filter: FigureFilter,
        by: list[Dimension] | None = None,
        per: Per = None,
        view: View = View.AS_WAS,
        as_known_on: KnownOn = None,
        at_least: AtLeast = None,
    ) -> Series | None:
        """The same as columns: element i of every list is about cell i."""
        return series_of(await answer(info.context, asked_of(self.code, filter, by, per, view, as_known_on)))


def _question(asked: Asked) -> Asked:
    """What a cursor is bound to: not to the fields that are asked."""
    return replace(asked, warnings=False)


def _place(figure: Found) -> Place:
    return (figure.period.start.isoformat(), *(part.code for part in figure.key))


def _with_warnings(asked: Asked, info: Info) -> Asked:
    """Comparing the two bases takes more than the figure itself: only when somebody reads it."""
    return replace(asked, warnings=selects(info, "warnings"))


def selects(info: Info, name: str) -> bool:
    """Whether a field is asked for anywhere below this one."""
    return any(_selects(each, name) for each in info.selected_fields)


def _selects(selection: Selection, name: str) -> bool:
    match selection:
        case SelectedField():
            return selection.name == name or any(_selects(each, name) for each in selection.selections)
        case InlineFragment() | FragmentSpread():
            return any(_selects(each, name) for each in selection.selections)
    return False
