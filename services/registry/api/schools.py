"""Schools (*scholen*), by their BRIN."""

from datetime import date

from services.registry import streams
from services.registry.api.acting import REGISTRY_ADMIN, Act, Acting, Done
from services.registry.api.naming import former
from services.registry.api.sites import SiteView
from services.registry.api.sites import view as site_view
from services.registry.codes import Brin
from services.registry.kept import SCHOOLS, SITES
from services.registry.school import PlaceUnderBoard, RegisterSchool, Rename, School, decide
from shared.administration.reading import ANYONE, HistoryEntry, Lists, Read, Shown, nearest
from shared.domain.findings import nowhere
from shared.web.paging import Page
from shared.web.routing import router

routes = router(tags=["schools"])


class SchoolView(Shown):
    """A school, with its name and board on the day."""

    school: str
    name: str
    former_names: list[str]
    board: str | None


def view(state: School, on: date) -> SchoolView:
    """A school with its name and board on the day."""
    day = nearest(on, state.valid_from)
    return SchoolView(
        school=state.school,
        name=state.names.at(day) or "",
        former_names=former(state.names, day),
        board=state.boards.at(day),
        valid_from=state.valid_from,
    )


@routes.post("/schools", dependencies=[REGISTRY_ADMIN], status_code=201)
async def register_school(body: RegisterSchool, acting: Act) -> Done[SchoolView]:
    """Leg een school vast."""
    return await acting.do_known(
        SCHOOLS,
        streams.school(body.school),
        body,
        lambda state, _: decide(body, state),
        view,
        location=f"/schools/{body.school}",
    )


@routes.post("/schools/{school}/names", dependencies=[REGISTRY_ADMIN], status_code=201)
async def rename_school(school: Brin, body: Rename, acting: Act) -> Done[SchoolView]:
    """Geef een school een andere naam vanaf een dag."""
    await _within_reach(acting, school)
    return await acting.do_known(SCHOOLS, streams.school(school), body, lambda state, _: decide(body, state), view)


@routes.post("/schools/{school}/boards", dependencies=[REGISTRY_ADMIN], status_code=201)
async def place_under_board(school: Brin, body: PlaceUnderBoard, acting: Act) -> Done[SchoolView]:
    """Leg vast onder welk bestuur een school valt vanaf een dag."""
    await _within_reach(acting, school)
    return await acting.do_known(
        SCHOOLS,
        streams.school(school),
        body,
        lambda state, known: decide(body, state, known.board(body.board)),
        view,
        others=[streams.board(body.board)],
    )


async def _within_reach(acting: Acting, school: str) -> None:
    """Raises `Refused` (404) for a school outside the caller's region."""
    if not (await acting.reach()).school(school):
        raise nowhere()


@routes.get("/schools", dependencies=[ANYONE])
async def list_schools(listing: Lists) -> Page[SchoolView]:
    """De scholen, op volgorde van BRIN."""
    return await listing.page(SCHOOLS, "school", view)


@routes.get("/schools/{school}", dependencies=[ANYONE])
async def read_school(school: Brin, reading: Read) -> SchoolView:
    """Eén school."""
    return await reading.one(SCHOOLS, streams.school(school), view)


@routes.get("/schools/{school}/sites", dependencies=[ANYONE])
async def list_sites_of_school(school: Brin, listing: Lists) -> Page[SiteView]:
    """De vestigingen van een school."""
    return await listing.page(SITES, "site", site_view, within=school)


@routes.get("/schools/{school}/history", dependencies=[ANYONE])
async def school_history(school: Brin, reading: Read) -> Page[HistoryEntry]:
    """Alles wat over een school is vastgelegd."""
    return await reading.history(SCHOOLS, streams.school(school))
