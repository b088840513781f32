"""`POST /events`: the hot route. Raw, so that nothing is done to a request that it does not need."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.interventions import answers
from services.interventions.envelope import from_headers
from services.interventions.hints import with_own_sites
from services.interventions.pushed import Pushed
from services.interventions.reading import Unreadable, read
from services.interventions.running import BASE, Running, running
from services.interventions.verdicts import Result, unreadable
from shared.auth.require import authorised, caller_of
from shared.domain.texts import Text
from shared.web.bodies import MAX_BODY, media_type, parse_json, parse_object, read_body
from shared.web.exchange import exchange_of, language_of
from shared.web.problems import Problem, error
from shared.web.schema_errors import did_you_mean

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
BINARY = "application/json"
MAX_BATCH = 8 * 1024 * 1024
MAX_EVENTS = 1000
SLICE = 100
"""Events that are read before others get their turn."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: who asks, for what, in which language."""

    organisation: str
    language: str
    traceparent: str
    dry_run: bool
    atomic: bool


@authorised("provider-system")
async def push(request: Request) -> Response:
    """Take one event, or a list of them."""
    if not running(request).follower.ready.is_set():
        raise Problem(None, "unavailable", headers={"Retry-After": "1"})
    here, asked = running(request), _asked(request)
    kind = _kind(request)
    if kind == BATCH:
        values = _list(await read_body(request, MAX_BATCH))
        return await here.deadline.within(_push_batch(values, here, asked), len(values))
    raw = await read_body(request, MAX_BODY)
    value = parse_object(raw) if kind == STRUCTURED else from_headers(request.headers.raw, parse_object(raw))
    return await here.deadline.within(_push_one(value, here, asked))


async def _push_one(value: object, here: Running, asked: Asked) -> Response:
    [result] = await _results([value], here, asked)
    if not result.stands and result.status != 202:
        raise answers.refusal(result)
    body = answers.single(result, here.tokens, asked.language, dry_run=asked.dry_run)
    headers = {}
    if result.status == 201 and not asked.dry_run:
        headers["Location"] = f"{BASE}/events/{result.receipt}"
    return _json(body, 200 if asked.dry_run else result.status, headers)


async def _push_batch(values: list[object], here: Running, asked: Asked) -> Response:
    results = await _results(values, here, asked)
    if asked.atomic and not all(result.stands for result in results):
        raise answers.refused_together(results)
    receipt = None if asked.dry_run else here.means.log.new_id()
    body = answers.batch(results, receipt, here.tokens, asked.language, dry_run=asked.dry_run)
    if receipt is not None:
        await here.receipts.put(receipt, asked.organisation, here.means.clock.now(), body)
    return _json(body, 200 if all(result.stands for result in results) else 207)


async def _results(values: list[object], here: Running, asked: Asked) -> list[Result]:
    """The verdict on each event, in order. Raises `LogError`: then the whole may be sent again (G-05)."""
    items = [item async for item in _read(values, here, asked)]
    pushed = [item for item in items if isinstance(item, Pushed)]
    if asked.dry_run or (asked.atomic and len(pushed) < len(items)):
        judged = await here.intake.attempt(pushed)
    elif asked.atomic:
        judged = await here.intake.take_together(pushed)
    else:
        judged = await here.intake.take(pushed)
    left = iter(judged)
    return [item if isinstance(item, Result) else next(left) for item in items]


async def _read(values: list[object], here: Running, asked: Asked) -> AsyncIterator[Pushed | Result]:
    now = here.means.clock.now()
    for index, value in enumerate(values):
        if index % SLICE == SLICE - 1:
            await asyncio.sleep(0)
        try:
            yield read(value, asked.organisation, now, asked.traceparent)
        except Unreadable as problem:
            yield unreadable(with_own_sites(problem, value, asked.organisation, here.means.facts))


def _asked(request: Request) -> Asked:
    """What the query asks. Raises 400: a misspelt `dryRun` must not store anything."""
    flags = {"dryRun": False, "atomic": False}
    for name, value in request.query_params.multi_items():
        if name not in flags:
            raise Problem(None, "unknown-field", [error("unknown-field", "/query", did_you_mean(name, list(flags)))])
        if value not in ("true", "false"):
            raise Problem(None, "code", [error("code", f"/query/{name}", Text("true of false", "true or false"))])
        flags[name] = value == "true"
    trace = exchange_of(request.scope).traceparent
    organisation = caller_of(request).organisation
    return Asked(organisation, language_of(request.scope), trace, flags["dryRun"], flags["atomic"])


def _kind(request: Request) -> str:
    """The media type. Raises 415, which says how to send many events."""
    try:
        kind = media_type(request, (STRUCTURED, BATCH, BINARY))
    except Problem as problem:
        raise Problem(None, "media-type", detail=_MEDIA, headers=problem.headers) from None
    if kind == BINARY and "ce-specversion" not in request.headers:
        raise Problem(None, "media-type", detail=_BINARY, headers={"Accept": f"{STRUCTURED}, {BATCH}"})
    return kind


def _list(raw: bytes) -> list[object]:
    values = parse_json(raw)
    if not isinstance(values, list):
        raise Problem(None, "not-a-list", [error("not-a-list")])
    if not values:
        raise Problem(None, "body-empty", [error("body-empty")], detail=_NO_EVENTS)
    if len(values) > MAX_EVENTS:
        raise Problem(None, "batch-too-large")
    if len(raw) > MAX_BODY:
        _check_sizes(values)
    return values


def _check_sizes(values: Iterable[object]) -> None:
    for index, value in enumerate(values):
        if len(orjson.dumps(value)) > MAX_BODY:
            raise Problem(None, "too-large", [error("too-large", f"/{index}")])


def _json(body: dict[str, object], status: int, headers: dict[str, str] | None = None) -> Response:
    return Response(orjson.dumps(body), status, headers, media_type="application/json")


_NO_EVENTS = Text(
    f"De lijst heeft geen gebeurtenissen. Stuur er 1 tot {MAX_EVENTS}; is er niets te melden, stuur dan niets.",
    f"There are no events in the list. Send 1 to {MAX_EVENTS}; when there is nothing to tell, send nothing.",
)
_MEDIA = Text(
    f"Stuur één gebeurtenis als {STRUCTURED} (of binair, met ce-koppen), of een JSON-lijst als {BATCH}. "
    "NDJSON wordt hier niet aangenomen.",
    f"Send one event as {STRUCTURED} (or binary, with ce- headers), or a JSON list as {BATCH}. "
    "NDJSON is not accepted here.",
)
_BINARY = Text(
    f"application/json is de binaire vorm en vraagt ce-koppen; anders {STRUCTURED} of {BATCH}.",
    f"application/json is the binary form and needs ce- headers; otherwise {STRUCTURED} or {BATCH}.",
)

route = Route(f"{BASE}/events", push, methods=["POST"])
