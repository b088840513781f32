"""School boards (*schoolbesturen, bevoegd gezag*)."""

from datetime import date

from services.registry import streams
from services.registry.api.acting import REGISTRY_ADMIN, Act, Done
from services.registry.api.naming import former
from services.registry.board import Board, BoardNumber, RegisterBoard, RenameBoard, decide
from services.registry.kept import BOARDS
from shared.administration.reading import ANYONE, HistoryEntry, Lists, Read, Shown, nearest
from shared.domain.findings import nowhere
from shared.web.paging import Page
from shared.web.routing import router

routes = router(tags=["boards"])


class BoardView(Shown):
    """A board with its name on the day."""

    board: str
    name: str
    former_names: list[str]


def view(state: Board, on: date) -> BoardView:
    """A board with its name on the day."""
    day = nearest(on, state.valid_from)
    return BoardView(
        board=state.board,
        name=state.names.at(day) or "",
        former_names=former(state.names, day),
        valid_from=state.valid_from,
    )


@routes.post("/boards", dependencies=[REGISTRY_ADMIN], status_code=201)
async def register_board(body: RegisterBoard, acting: Act) -> Done[BoardView]:
    """Leg een schoolbestuur vast."""
    return await acting.do_known(
        BOARDS,
        streams.board(body.board),
        body,
        lambda state, _: decide(body, state),
        view,
        location=f"/boards/{body.board}",
    )


@routes.post("/boards/{board}/names", dependencies=[REGISTRY_ADMIN], status_code=201)
async def rename_board(board: BoardNumber, body: RenameBoard, acting: Act) -> Done[BoardView]:
    """Geef een schoolbestuur dat u vastlegde een andere naam vanaf een dag."""
    if not (await acting.reach()).recorded(streams.board(board)):
        raise nowhere()
    return await acting.do_known(BOARDS, streams.board(board), body, lambda state, _: decide(body, state), view)


@routes.get("/boards", dependencies=[ANYONE])
async def list_boards(listing: Lists) -> Page[BoardView]:
    """De schoolbesturen, op volgorde van nummer."""
    return await listing.page(BOARDS, "board", view)


@routes.get("/boards/{board}", dependencies=[ANYONE])
async def read_board(board: BoardNumber, reading: Read) -> BoardView:
    """Eén schoolbestuur."""
    return await reading.one(BOARDS, streams.board(board), view)


@routes.get("/boards/{board}/history", dependencies=[ANYONE])
async def board_history(board: BoardNumber, reading: Read) -> Page[HistoryEntry]:
    """Alles wat over een schoolbestuur is vastgelegd."""
    return await reading.history(BOARDS, streams.board(board))
