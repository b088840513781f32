"""What can be asked: the roots of the schema."""

from datetime import date

import strawberry

from services.kpi.definitions import Basis
from services.kpi.gateway.asking import Asked, programme_of, seen_by
from services.kpi.gateway.codes import CodeList, Lang, code_lists
from services.kpi.gateway.definition_types import Definition, definition_of
from services.kpi.gateway.fields import field
from services.kpi.gateway.filters import AtLeast, KnownOn, known_on
from services.kpi.gateway.jos_figures import JosFigures, jos_figures
from services.kpi.gateway.kpi_types import Info, Kpi
from services.kpi.gateway.paging import Place, cut_page
from services.kpi.gateway.places import SchoolNode
from services.kpi.gateway.refusal import not_found
from services.kpi.gateway.school_lists import SchoolConnection, schools_of
from shared.domain.calendar import period as period_of
from shared.domain.texts import Text


@strawberry.type(description="A programme (programma).")
class Programme:
    """A programme as it is known."""

    words: strawberry.Private[Text]
    code: str
    region: str | None
    status: str | None
    start: date | None

    @field
    def title(self, lang: Lang = Lang.NL) -> str:
        """Its name."""
        return self.words.in_(lang.value)


@strawberry.type(description="Who is asking, as the token says.")
class Me:
    """The caller."""

    client_id: str
    organisation: str
    roles: list[str]
    scopes: list[str]
    schools: list[str]
    programmes: list[str]
    municipalities: list[str]
    region: str | None


@strawberry.type(description="Figures about youth help at school (jeugdhulp op school). Reading only.")
class Query:
    """The roots."""

    @field
    async def kpi(self, info: Info, code: str) -> Kpi | None:
        """A KPI by its code; null when there is none."""
        versions = (await info.context.kpis()).get(code)
        if versions is None:
            raise not_found("code")
        return Kpi(code=code, versions=versions)

    @field
    async def kpis(self, info: Info) -> list[Kpi]:
        """Every KPI, by code."""
        return [Kpi(code=code, versions=versions) for code, versions in sorted((await info.context.kpis()).items())]

    @field
    async def definitions(self, info: Info) -> list[Definition]:
        """The definitions of every KPI, in every version."""
        known = sorted((await info.context.kpis()).items())
        return [definition_of(each.definition, each.number) for _, versions in known for each in versions]

    @field
    async def jos_figures(
        self,
        info: Info,
        programme: str,
        period: str,
        basis: Basis | None = None,
        as_known_on: KnownOn = None,
        at_least: AtLeast = None,
    ) -> JosFigures | None:
        """The page "Jeugdhulp op school in cijfers" of a programme and a period."""
        asked = Asked("", programme, period_of(period), basis=basis, known_on=known_on(as_known_on))
        return jos_figures(asked, await seen_by(info.context, programme))

    @field
    async def schools(
        self,
        info: Info,
        programme: str,
        on: date | None = None,
        at_least: AtLeast = None,
        first: int | None = None,
        after: str | None = None,
    ) -> SchoolConnection | None:
        """The schools that take part in a programme on a day (default: today)."""
        reader = info.context
        day = on or reader.today
        found = await schools_of(reader, (await programme_of(reader, programme)).code, day)
        page = cut_page(reader, ("schools", programme, day), found, _place, first, after)
        return SchoolConnection(page=page, every=found)

    @field
    async def programmes(self, info: Info) -> list[Programme]:
        """The programmes that are known."""
        return [
            Programme(words=each.title, code=code, region=each.region, status=each.status, start=each.start)
            for code, each in sorted((await info.context.programmes()).items())
        ]

    @field
    def code_lists(self) -> list[CodeList]:
        """The lists of codes, with labels."""
        return code_lists()

    @field
    def me(self, info: Info) -> Me:
        """Who is asking."""
        caller = info.context.caller
        return Me(
            client_id=caller.client_id,
            organisation=caller.organisation,
            roles=sorted(caller.roles),
            scopes=sorted(caller.scopes),
            schools=sorted(caller.schools),
            programmes=sorted(caller.programmes),
            municipalities=sorted(caller.municipalities),
            region=caller.region,
        )


def _place(school: SchoolNode) -> Place:
    return (school.site_code,)
