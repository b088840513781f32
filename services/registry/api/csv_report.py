"""What is told of a CSV file, row by row, while its rows are recorded.

Rows about different things are recorded side by side, so that the log takes many in one write; rows about one thing
follow each other. The report keeps the order of the file.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from enum import StrEnum
from typing import IO, Any, NamedTuple, cast

import orjson
from fastapi import Request
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from services.registry.api.csv_plans import FileKind, Plan
from services.registry.api.hints import with_hints
from services.registry.codes import Command
from services.registry.csv_files import CsvFile, Row
from services.registry.known import Known
from shared.acts import Others
from shared.administration.running import Running
from shared.asking import Asked, Authority, decided, fingerprint
from shared.auth.require import caller_of
from shared.clock import today
from shared.domain.events import Event
from shared.domain.findings import Finding, Refused
from shared.log.events import Vector
from shared.web.exchange import exchange_of, language_of
from shared.web.problems import FieldError, error
from shared.web.schema_errors import field_errors
from shared.web.tokens import merged
from shared.web.translation import problem_for

SIDE_BY_SIDE = 64
"""Rows that are recorded at the same time."""


class Outcome(StrEnum):
    """What a row came to."""

    NEW = "NEW"
    CHANGED = "CHANGED"
    SAME = "SAME"
    ERROR = "ERROR"


class RowError(BaseModel):
    """What is wrong with a row, and in which column."""

    pointer: str
    code: str
    message: str
    hint: str | None = None


class RowReport(BaseModel):
    """One row: its number in the file (the header is row 1), what it is about, what was (or would be) recorded.

    `findings` are the codes of rules that noticed something and let it happen.
    """

    row: int
    key: str | None
    outcome: Outcome
    recorded: list[str] = []
    findings: list[str] = []
    errors: list[RowError] = []


class Summary(BaseModel):
    """How many rows there were, and of which outcome."""

    rows: int
    new: int
    changed: int
    same: int
    errors: int


class ImportReport(BaseModel):
    """The report on a file; `token` is for `atLeast`."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    dry_run: bool
    results: list[RowReport]
    summary: Summary
    token: str


class _Planned(NamedTuple):
    """A row with what it asks; `errors` when it asks nothing that can be done."""

    row: Row
    asked: Command | None = None
    plans: Sequence[Plan] = ()
    errors: Sequence[FieldError] = ()


class _Done(NamedTuple):
    """What came of one thing that a row is about; `before` is what was known of it."""

    before: object
    events: Sequence[Event]
    findings: Sequence[Finding]


class Reporter:
    """One file on its way in."""

    def __init__(self, request: Request, kind: FileKind[Any], authority: Authority, dry_run: bool) -> None:
        self._request = request
        self._kind = kind
        self._adapter = kind.adapter
        self._authority = authority
        self._dry_run = dry_run
        self._caller = caller_of(request)
        self._running = cast("Running", request.app.state.running)
        self._language = language_of(request.scope)
        self._counted = dict.fromkeys(Outcome, 0)
        self._vector: Vector = {}
        self._shown: dict[str, Any] = {}

    async def told(self, file: IO[bytes], rows: CsvFile) -> AsyncIterator[bytes]:
        """The answer, piece by piece; the file is closed at the end, also when nobody listens any more."""
        with file:
            yield b'{"dryRun":%s,"results":[' % (b"true" if self._dry_run else b"false")
            separator = b"\n"
            async for told in self._results(rows):
                yield separator + orjson.dumps(told)
                separator = b",\n"
            token = self._running.tokens.seal(self._vector)
            yield b'\n],"summary":%s,"token":%s}\n' % (orjson.dumps(self._summary()), orjson.dumps(token))

    async def _results(self, rows: CsvFile) -> AsyncIterator[dict[str, object]]:
        await self._running.caught_up(None)
        waiting: list[_Planned] = []
        streams: set[str] = set()
        for row in rows.rows():
            planned = self._planned(row)
            mine = {plan.stream for plan in planned.plans}
            if len(waiting) == SIDE_BY_SIDE or not streams.isdisjoint(mine):
                for told in await self._together(waiting):
                    yield told
                waiting, streams = [], set()
            waiting.append(planned)
            streams |= mine
        for told in await self._together(waiting):
            yield told

    async def _together(self, waiting: Sequence[_Planned]) -> Sequence[dict[str, object]]:
        return await asyncio.gather(*(self._one(each) for each in waiting))

    def _planned(self, row: Row) -> _Planned:
        if row.errors:
            return _Planned(row, errors=row.errors)
        try:
            asked: Command = self._adapter.validate_json(orjson.dumps(dict(row.values)), strict=True)
        except ValidationError as problem:
            return _Planned(row, errors=field_errors(problem.errors(include_url=False), self._kind.model))
        try:
            return _Planned(row, asked, self._kind.plans(asked, self._caller, self._running.directory))
        except Refused as refused:
            return _Planned(row, errors=self._errors(refused))

    async def _one(self, planned: _Planned) -> dict[str, object]:
        row, asked, plans, errors = planned
        written: list[_Done] = []
        if asked is not None:
            try:
                written = [await self._do(asked, plan) for plan in plans]
            except Exception as exception:
                errors = self._errors(self._hinted(exception, asked))
        outcome = _outcome(written, errors)
        self._counted[outcome] += 1
        told: dict[str, object] = {"row": row.number, "key": _key(row.values), "outcome": outcome}
        if written and outcome is not Outcome.SAME:
            told["recorded"] = [event.full_type() for each in written for event in each.events]
        if findings := [finding.code for each in written for finding in each.findings]:
            told["findings"] = findings
        if errors:
            told["errors"] = [entry.in_(self._language) for entry in errors]
        return told

    async def _do(self, asked: Command, plan: Plan) -> _Done:
        if self._dry_run:
            return await self._show(plan)
        asking = Asked(
            organisation=self._caller.organisation,
            content=fingerprint(self._request.url.path, asked.model_dump(mode="json", by_alias=True)),
            traceparent=exchange_of(self._request.scope).traceparent,
            authority=self._authority,
        )
        acts, decide = self._running.acts, lambda state, found: plan.decide(state, self._known(found))
        written = await acts.act(plan.aggregate, plan.stream, asking, decide, plan.others)
        self._vector = merged((self._vector, written.vector))
        self._running.wrote(written.vector)
        return _Done(written.before, written.events, written.findings)

    async def _show(self, plan: Plan) -> _Done:
        """What would be recorded; what the rows before would have made of the same thing is remembered."""
        found = await self._running.acts.log.streams([plan.stream, *plan.others])
        if plan.stream not in self._shown:
            self._shown[plan.stream] = plan.aggregate.fold(found.get(plan.stream, []))
        before = self._shown[plan.stream]
        made = decided(plan.decide(before, self._known(found)))
        for event in made.events:
            self._shown[plan.stream] = plan.aggregate.evolve(self._shown[plan.stream], event)
        return _Done(before, made.events, made.findings)

    def _known(self, found: Others) -> Known:
        return Known(found, self._caller.region, today(self._running.clock))

    def _hinted(self, exception: Exception, asked: Command) -> Exception:
        return with_hints(exception, asked, self._running.directory) if isinstance(exception, Refused) else exception

    def _errors(self, exception: Exception) -> Sequence[FieldError]:
        """What a client is told of an exception. Raises it again when nobody foresaw it."""
        problem = problem_for(exception, self._request.scope)
        if problem is None:
            raise exception
        return problem.errors or (error(problem.code),)

    def _summary(self) -> dict[str, int]:
        counted = self._counted
        return {
            "rows": sum(counted.values()),
            "new": counted[Outcome.NEW],
            "changed": counted[Outcome.CHANGED],
            "same": counted[Outcome.SAME],
            "errors": counted[Outcome.ERROR],
        }


def _outcome(written: Sequence[_Done], errors: Sequence[FieldError]) -> Outcome:
    """By the last thing that a row is about: a school is there for its site."""
    if errors or not written:
        return Outcome.ERROR
    if not any(each.events for each in written):
        return Outcome.SAME
    return Outcome.NEW if written[-1].before is None else Outcome.CHANGED


def _key(values: Mapping[str, object]) -> str | None:
    """What the row is about, in its own codes."""
    if "assignment" in values:
        return str(values["assignment"])
    names = ("provider", "staff", "day") if "staff" in values else ("site",)
    return "/".join(str(values[name]) for name in names if name in values) or None
