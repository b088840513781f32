"""A small service that uses everything of `shared.web`, to be tested from outside."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from fastapi import Depends, FastAPI
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from shared.auth.caller import Caller
from shared.auth.require import authorised, caller_of, require
from shared.auth.verifier import Verifier
from shared.clock import Clock
from shared.domain.findings import refuse
from shared.domain.personal import digits_only, personal_data
from shared.domain.texts import Text
from shared.log.errors import Overloaded, StorageFull
from shared.settings import Settings
from shared.web.app import create_service_app
from shared.web.bodies import parse_object, read_body
from shared.web.conditional import IdempotencyKey, IfMatch
from shared.web.paging import DEFAULT_LIMIT, Cursor, Limit, Page
from shared.web.routing import router


class SchoolType(StrEnum):
    """Two of the school types."""

    SBO = "SBO"
    SO = "SO"


class Strict(BaseModel):
    """How every body of this project is read."""

    model_config = ConfigDict(extra="forbid", strict=True, alias_generator=to_camel, populate_by_name=True)


class Part(Strict):
    """Something nested."""

    kind: Literal["PART"]
    share: Decimal = Field(ge=0, max_digits=4, decimal_places=2)


class Other(Strict):
    """The other member of a union."""

    kind: Literal["OTHER"]
    note_code: str = Field(pattern=r"^N-\d{3}$")


class Visit(Strict):
    """A body with a field of every kind."""

    site_code: str = Field(pattern=r"^[0-9A-Z]{6}$")
    minutes: int = Field(ge=1, le=720)
    occurred_on: date
    recorded_at: AwareDatetime | None = None
    school_type: SchoolType = SchoolType.SBO
    pupil_ref: str | None = Field(default=None, pattern=r"^[A-Za-z0-9._-]{6,64}$")
    parts: list[Annotated[Part | Other, Field(discriminator="kind")]] = []

    @field_validator("pupil_ref")
    @classmethod
    def _no_personal_data(cls, value: str | None) -> str | None:
        if value is not None and digits_only(value):
            raise PydanticCustomError("reference-numeric", "digits only")
        if value is not None and personal_data(value):
            raise PydanticCustomError("personal-data", "personal data")
        return value


routes = router(tags=["visits"])
Pusher = Annotated[Caller, Depends(require("provider-system"))]


@routes.post("/visits", status_code=201)
async def record_visit(body: Visit, caller: Pusher, key: IdempotencyKey, dryRun: bool = False) -> dict[str, str]:
    """Accept a visit."""
    return {"organisation": caller.organisation, "minutes": str(body.minutes), "key": key or "", "dry": str(dryRun)}


@routes.get("/visits")
async def list_visits(caller: Pusher, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None) -> Page[str]:
    """A page."""
    return Page(items=[caller.organisation][:limit], next_cursor=cursor)


@routes.put("/visits/{visit}/minutes")
async def change_minutes(
    visit: int, caller: Pusher, if_match: IfMatch, body: Visit | None = None
) -> dict[str, int | None]:
    """A body that may be left out."""
    return {"visit": visit, "ifMatch": if_match, "minutes": body.minutes if body else None}


@routes.get("/trouble/{kind}")
async def trouble(kind: str, caller: Annotated[Caller, Depends(require("auditor", scope="trouble"))]) -> Response:
    """Raises what the domain and the log raise."""
    match kind:
        case "refused":
            raise refuse("roof-leaks", "/siteCode", "de school is gesloten", "the school is closed")
        case "invalid":
            raise refuse("format", "/siteCode", "verkeerde vorm", "wrong form", Text("zes tekens", "six"), "invalid")
        case "unknown":
            raise refuse("no-such-visit", "", "onbekend", "unknown", kind="unknown")
        case "overloaded":
            raise Overloaded
        case "full":
            raise StorageFull
        case "halfway":
            return StreamingResponse(_halfway())
        case _:
            raise RuntimeError("a secret of 123456782 in an exception")


async def _halfway() -> AsyncIterator[bytes]:
    yield b"begun"
    raise RuntimeError("a secret of 123456782 in an exception")


@authorised("provider-system")
async def raw(request: Request) -> Response:
    """A raw route, as the hot path has."""
    body = parse_object(await read_body(request, 100))
    return JSONResponse({"organisation": caller_of(request).organisation, "keys": len(body)})


@asynccontextmanager
async def nothing_to_open(_app: FastAPI) -> AsyncIterator[None]:
    """The sample holds nothing."""
    yield


def create_sample(settings: Settings, clock: Clock, verifier: Verifier) -> FastAPI:
    """The sample service, under `/sample/v1`."""
    app = create_service_app(
        "sample",
        settings,
        clock,
        lifespan=nothing_to_open,
        verifier=verifier,
        title="Sample",
        routers=[routes],
        lessons={"/sample/v1/visits/{visit}": Text("Stuur een correctie.", "Send a correction.")},
    )
    app.router.routes.append(Route("/sample/v1/raw", raw, methods=["POST"]))
    app.router.routes.append(Route("/sample/v1/visits/{visit}", raw, methods=["POST"]))
    return app
