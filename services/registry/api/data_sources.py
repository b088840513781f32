"""Sources of figures from outside (*databronnen*), known and still unknown (OQ-04)."""

from datetime import date
from typing import Annotated

from fastapi import Query

from services.registry import streams
from services.registry.api.acting import PROGRAMME_ADMIN, Act, Done
from services.registry.codes import ProgrammeCode
from services.registry.data_source import (
    ChangeSourceStatus,
    DataSource,
    RegisterDataSource,
    SourceCode,
    SourceStatus,
    decide,
)
from services.registry.kept import DATA_SOURCES
from shared.administration.reading import ANYONE, HistoryEntry, Lists, Read, Shown, nearest
from shared.web.paging import Page
from shared.web.routing import router

routes = router(tags=["data-sources"])


class DataSourceView(Shown):
    """A source with its status and owner on the day."""

    programme: str
    source: str
    name: str
    kpis: list[str]
    status: SourceStatus
    owner: str | None


def view(state: DataSource, on: date) -> DataSourceView:
    """A source on the day."""
    status, owner = state.states.at(nearest(on, state.valid_from)) or state.states.steps[0][1]
    return DataSourceView(
        programme=state.programme,
        source=state.source,
        name=state.name,
        kpis=list(state.kpis),
        status=status,
        owner=owner,
        valid_from=state.valid_from,
    )


@routes.post("/data-sources", dependencies=[PROGRAMME_ADMIN], status_code=201)
async def register_data_source(body: RegisterDataSource, acting: Act) -> Done[DataSourceView]:
    """Leg een bron van cijfers vast, ook als nog onbekend is waar zij vandaan komen."""
    return await acting.do_known(
        DATA_SOURCES,
        streams.data_source(body.programme, body.source),
        body,
        lambda state, known: decide(body, state, known.programme(body.programme)),
        view,
        others=[streams.programme(body.programme)],
        location=f"/data-sources/{body.programme}/{body.source}",
    )


@routes.post("/data-sources/{programme}/{source}/states", dependencies=[PROGRAMME_ADMIN], status_code=201)
async def change_source_status(
    programme: ProgrammeCode, source: SourceCode, body: ChangeSourceStatus, acting: Act
) -> Done[DataSourceView]:
    """Leg vast dat een bron bekend is geworden, of niet meer is, en wie haar bijhoudt."""
    return await acting.do_known(
        DATA_SOURCES,
        streams.data_source(programme, source),
        body,
        lambda state, known: decide(body, state, known.programme(programme)),
        view,
        others=[streams.programme(programme)],
    )


@routes.get("/data-sources", dependencies=[ANYONE])
async def list_data_sources(
    listing: Lists,
    programme: Annotated[ProgrammeCode | None, Query()] = None,
    status: Annotated[SourceStatus | None, Query()] = None,
) -> Page[DataSourceView]:
    """De bronnen van cijfers, op de dag."""
    within = f"{programme}/" if programme else ""
    return await listing.page(
        DATA_SOURCES, "data-source", view, lambda one: status in (None, one.status), within=within
    )


@routes.get("/data-sources/{programme}/{source}", dependencies=[ANYONE])
async def read_data_source(programme: ProgrammeCode, source: SourceCode, reading: Read) -> DataSourceView:
    """Eén bron."""
    return await reading.one(DATA_SOURCES, streams.data_source(programme, source), view)


@routes.get("/data-sources/{programme}/{source}/history", dependencies=[ANYONE])
async def data_source_history(programme: ProgrammeCode, source: SourceCode, reading: Read) -> Page[HistoryEntry]:
    """Alles wat over een bron is vastgelegd."""
    return await reading.history(DATA_SOURCES, streams.data_source(programme, source))
