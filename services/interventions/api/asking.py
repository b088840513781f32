"""What every reading route asks: who, in which language, which page, at least how new."""

from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar

from fastapi import Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from services.interventions.running import SERVICE, Running, running
from shared.auth.require import caller_of, require
from shared.log.events import Vector
from shared.web.exchange import language_of
from shared.web.paging import DEFAULT_LIMIT, Cursor, Limit, Page, link_next
from shared.web.problems import Problem

WAIT_SECONDS = 2.0

SENDER = Depends(require("provider-system"))
OWN = Depends(require("provider-system", "provider-manager"))

SourceQuery = Annotated[str | None, Query(alias="source", max_length=200, description="Bron van de gebeurtenis")]
IdQuery = Annotated[str | None, Query(alias="id", max_length=400, description="Id van de gebeurtenis bij de bron")]

T = TypeVar("T")
V = TypeVar("V")


class Asking:
    """One read by one organisation, of its own things only."""

    def __init__(
        self, request: Request, response: Response, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
    ) -> None:
        self.here: Running = running(request)
        self.organisation = caller_of(request).organisation
        self.language = language_of(request.scope)
        self.limit = limit
        self._request = request
        self._response = response
        parameters = [(key, value) for key, value in request.query_params.items() if key not in ("cursor", "limit")]
        self._query = f"{request.url.path}?{sorted(parameters)}"
        self.after = None if cursor is None else self._open(cursor)

    def page(self, found: Sequence[T], place: Callable[[T], object], view: Callable[[T, str], V]) -> Page[V]:
        """A page of what was found; one more than `limit` was asked for, so that the last page is known as such."""
        shown, more = found[: self.limit], len(found) > self.limit
        tokens = self.here.tokens
        cursor = tokens.seal_cursor(self.organisation, self._query, place(shown[-1])) if more else None
        link_next(self._request, self._response, cursor)
        return Page(items=[view(one, self.language) for one in shown], next_cursor=cursor)

    async def caught_up(self, at_least: str | None) -> None:
        """Wait until findings have been noted up to `atLeast`. Raises 503 `not-yet-visible`."""
        asked: Vector = {k: v for k, v in self.here.tokens.at_least(at_least).items() if k[0] == SERVICE}
        if not await self.here.finder.reached(asked, WAIT_SECONDS):
            raise Problem(None, "not-yet-visible", headers={"Retry-After": "1"})

    def _open(self, cursor: str) -> object:
        return self.here.tokens.open_cursor(self.organisation, self._query, cursor)


Ask = Annotated[Asking, Depends()]
"""`ask: Ask` on a route that also has a rule."""


def nowhere() -> Problem:
    """The same for what does not exist and for what is somebody else's (G-21)."""
    return Problem(None, "not-found")
