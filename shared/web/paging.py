"""Lists: `{items, nextCursor}`, a `Link` to the next page, and the parameters that go with them."""

from collections.abc import Sequence
from typing import Annotated, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel
from starlette.requests import Request
from starlette.responses import Response

MAX_LIMIT = 200
DEFAULT_LIMIT = 50

Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="Hoogstens zoveel op een bladzijde.")]
"""`limit: Limit = DEFAULT_LIMIT`"""

Cursor = Annotated[str | None, Query(max_length=2048, description="De `nextCursor` van de vorige bladzijde.")]
"""`cursor: Cursor = None`"""

AtLeast = Annotated[
    str | None,
    Query(
        alias="atLeast",
        max_length=20_500,
        description="Tekens (`token`) van eerdere antwoorden, met komma's: lees niets dat ouder is.",
    ),
]
"""`at_least: AtLeast = None`"""

T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    """One page of a list, in a fixed order; `nextCursor` is null on the last."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    items: Sequence[T]
    next_cursor: str | None = None
    total: int | None = None


def link_next(request: Request, response: Response, cursor: str | None) -> None:
    """Say where the next page is (RFC 8288); relative, as a proxy may know this service by another name."""
    if cursor is not None:
        url = request.url.include_query_params(cursor=cursor)
        response.headers["Link"] = f'<{url.path}?{url.query}>; rel="next"'
