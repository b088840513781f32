"""How a read comes in and what it answers: on which day, as known when, at least how new, which page."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, TypeVar, cast

import orjson
from fastapi import Depends, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, JsonValue
from pydantic.alias_generators import to_camel
from starlette.requests import Request
from starlette.responses import Response

from shared.administration.running import Running
from shared.aggregate import Aggregate, E, State
from shared.auth.caller import Caller
from shared.auth.require import caller_of, require
from shared.clock import today
from shared.domain.calendar import Day
from shared.domain.findings import nowhere
from shared.log.events import StoredEvent
from shared.web.conditional import etag
from shared.web.paging import DEFAULT_LIMIT, AtLeast, Cursor, Limit, Page, link_next

ANYONE = Depends(require())
"""Any signed-in caller."""

ValidOn = Annotated[Day | None, Query(alias="validOn", description="Wat gold op deze dag; standaard vandaag.")]
KnownAt = Annotated[AwareDatetime | None, Query(alias="knownAt", description="Wat wij wisten op dit moment.")]
Count = Annotated[bool, Query(description="Tel ook het totaal.")]


class Shown(BaseModel):
    """Anything that is shown; `validFrom` and `validTo` are its first and last day (null: open)."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    valid_from: date
    valid_to: date | None = None

    def holds(self, day: date) -> bool:
        """Whether it held on this day."""
        return self.valid_from <= day <= (self.valid_to or date.max)


S = TypeVar("S", bound=Shown)
V = TypeVar("V", bound=BaseModel)


def nearest(on: date, first: date, last: date | None = None) -> date:
    """The day itself, or the nearest one on which the thing exists."""
    return max(first, min(on, last or date.max))


class RecordedBy(BaseModel):
    """Who recorded something: the organisation, and for that organisation itself and auditors the account.

    `authority` is the written decision it rests on, else the roles by which it was done; `reason` a code.
    """

    organisation: str
    client: str | None = None
    authority: str | None = None
    reason: str | None = None


class HistoryEntry(BaseModel):
    """One event of a stream: what happened, when it was recorded, by whom and on whose authority."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    version: int
    type: str
    data: dict[str, JsonValue]
    recorded_at: datetime
    recorded_by: RecordedBy


class Reading:
    """One read, as it was asked: on which day (`on_given` says whether that was said), as known when."""

    def __init__(
        self,
        request: Request,
        response: Response,
        valid_on: ValidOn = None,
        known_at: KnownAt = None,
        at_least: AtLeast = None,
    ) -> None:
        self.caller: Caller = caller_of(request)
        self.running = cast("Running", request.app.state.running)
        self.on = valid_on or today(self.running.clock)
        self.on_given = valid_on is not None
        self.known_at = known_at
        self._at_least = at_least
        self._request = request
        self._response = response

    async def ready(self) -> None:
        """Wait until the copy is new enough. Raises 503 `not-yet-visible` after two seconds."""
        await self.running.caught_up(self._at_least)

    async def one(self, aggregate: Aggregate[State | None, E], stream: str, view: Callable[[State, date], S]) -> S:
        """The thing as it was known and held on the day; without a day asked for, as it is nearest to today.

        Raises `Refused` (404) when there is none. The stream's version is the ETag.
        """
        await self.ready()
        state = self.running.directory.state(aggregate, stream, self.known_at)
        shown = None if state is None else view(state, self.on)
        if shown is None or (self.on_given and not shown.holds(self.on)):
            raise nowhere()
        if self.known_at is None:
            self._response.headers["ETag"] = etag(len(self.running.directory.history(stream)))
        return shown

    async def history(self, aggregate: Aggregate[State, E], stream: str) -> Page[HistoryEntry]:
        """Every event of a stream, in the order of recording, on one page. Raises `Refused` (404) for none."""
        await self.ready()
        history = self.running.directory.history(stream, self.known_at)
        if not history:
            raise nowhere()
        return Page(items=[self._entry(aggregate, stored) for stored in history])

    def _entry(self, aggregate: Aggregate[State, E], stored: StoredEvent) -> HistoryEntry:
        return HistoryEntry(
            version=stored.stream_version,
            type=stored.type,
            data=aggregate.read(stored).model_dump(mode="json", by_alias=True),
            recorded_at=stored.recorded_at,
            recorded_by=self._recorded_by(stored),
        )

    def _recorded_by(self, stored: StoredEvent) -> RecordedBy:
        act = orjson.loads(stored.judgement).get("act", {})
        own = self.caller.organisation == stored.key.organisation or self.caller.has("auditor")
        return RecordedBy(
            organisation=stored.key.organisation,
            client=act.get("client") if own else None,
            authority=act.get("by"),
            reason=act.get("reason"),
        )


Read = Annotated[Reading, Depends()]
"""`reading: Read` on a route that also has a rule."""


class Listing:
    """One page of a list, as it was asked."""

    def __init__(
        self,
        request: Request,
        response: Response,
        reading: Read,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
        count: Count = False,
    ) -> None:
        self.reading = reading
        self._limit = limit
        self._count = count
        self._request = request
        self._response = response
        parameters = [(key, value) for key, value in request.query_params.items() if key not in ("cursor", "limit")]
        self._query = f"{request.url.path}?{sorted(parameters)}"
        tokens, organisation = reading.running.tokens, reading.caller.organisation
        self._after = str(tokens.open_cursor(organisation, self._query, cursor)) if cursor else ""

    async def page(
        self,
        aggregate: Aggregate[State | None, E],
        kind: str,
        view: Callable[[State, date], S],
        keep: Callable[[S], bool] = lambda _: True,
        *,
        within: str = "",
    ) -> Page[S]:
        """The streams of a kind (whose names go on with `within`) that hold on the day and that `keep` lets through."""
        await self.reading.ready()
        items: list[tuple[str, S]] = []
        for item in self._shown(aggregate, f"{kind}/{within}", view, keep, self._after):
            items.append(item)
            if len(items) > self._limit:
                break
        total = sum(1 for _ in self._shown(aggregate, f"{kind}/{within}", view, keep)) if self._count else None
        return self._page(items, total)

    def slice(self, shown: Mapping[str, V]) -> Page[V]:
        """One page of what was put together for this read, each under a name of its own, in order of the names."""
        rest = [(name, shown[name]) for name in sorted(shown) if name > self._after]
        return self._page(rest[: self._limit + 1], len(shown) if self._count else None)

    def _page(self, items: Sequence[tuple[str, V]], total: int | None) -> Page[V]:
        """The first of the items, with a cursor when there is one more than fits."""
        cursor = self._cursor(items[self._limit - 1][0]) if len(items) > self._limit else None
        link_next(self._request, self._response, cursor)
        return Page(items=[item for _, item in items[: self._limit]], next_cursor=cursor, total=total)

    def _shown(
        self,
        aggregate: Aggregate[State | None, E],
        beginning: str,
        view: Callable[[State, date], S],
        keep: Callable[[S], bool],
        after: str = "",
    ) -> Iterator[tuple[str, S]]:
        directory, on = self.reading.running.directory, self.reading.on
        for name in directory.names(beginning, after):
            state = directory.state(aggregate, name, self.reading.known_at)
            shown = None if state is None else view(state, on)
            if shown is not None and shown.holds(on) and keep(shown):
                yield name, shown

    def _cursor(self, name: str) -> str:
        return self.reading.running.tokens.seal_cursor(self.reading.caller.organisation, self._query, name)


Lists = Annotated[Listing, Depends()]
"""`listing: Lists` on a route that also has a rule."""
