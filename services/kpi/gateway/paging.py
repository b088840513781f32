"""Pages of a list in a fixed order; a cursor names the last item seen, for one caller and one question."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import strawberry

from services.kpi.gateway.plan import DEFAULT_PAGE
from services.kpi.gateway.reader import Reader

T = TypeVar("T")
Place = tuple[str, ...]


@strawberry.type(description="Whether there is more, and the cursor to go on from (`after`).")
class PageInfo:
    """The end of a page."""

    has_next_page: bool
    end_cursor: str | None


@dataclass(frozen=True, slots=True)
class Slice(Generic[T]):
    """The items of a page with their places in the order, and what a cursor is bound to."""

    reader: Reader
    question: str
    items: Sequence[tuple[Place, T]]
    more: bool
    total: int

    def cursor(self, place: Place) -> str:
        """The cursor of an item."""
        return self.reader.tokens.seal_cursor(self.reader.caller.organisation, self.question, list(place))

    def page_info(self) -> PageInfo:
        """The end of the page."""
        return PageInfo(has_next_page=self.more, end_cursor=self.cursor(self.items[-1][0]) if self.items else None)


def cut_page(
    reader: Reader,
    question: object,
    items: Sequence[T],
    place: Callable[[T], Place],
    first: int | None,
    after: str | None,
) -> Slice[T]:
    """The page after a cursor; `items` are in order of `place`. Raises `Problem` for a cursor of something else."""
    bound = repr(question)
    placed = [(place(item), item) for item in items]
    rest = placed
    if after is not None:
        seen = reader.tokens.open_cursor(reader.caller.organisation, bound, after)
        last = tuple(seen) if isinstance(seen, list) else ()
        rest = [each for each in placed if each[0] > last]
    size = first or DEFAULT_PAGE
    return Slice(reader, bound, rest[:size], len(rest) > size, len(placed))
