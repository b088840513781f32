"""CSV files out (*wegschrijven*), in the columns in which they come in; read in again they change nothing."""

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Query
from starlette.responses import StreamingResponse

from services.registry import csv_rows, csv_writing
from services.registry.api.people import ADMINISTRATORS, STAFF_READER, sees
from services.registry.csv_files import Column
from services.registry.csv_writing import Told
from services.registry.kept import ASSIGNMENTS, PRESENCES, PROFESSIONALS, SITES
from shared.administration.reading import Read, Reading
from shared.aggregate import Aggregate
from shared.web.routing import router

routes = router(tags=["exports"])

LINES = 500
"""Lines that are written at a time."""


class ExportKind(StrEnum):
    """What a file may be about."""

    SCHOOLS = "schools"
    PROFESSIONALS = "professionals"
    ASSIGNMENTS = "assignments"
    PRESENCE = "presence"


class CsvForm(StrEnum):
    """`nl` for a Dutch spreadsheet (BOM, semicolons, decimal comma), `iso` for programs (commas, decimal point)."""

    NL = "nl"
    ISO = "iso"


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of file: its columns, where it comes from, its rows, and whether the caller sees a state."""

    columns: tuple[Column, ...]
    aggregate: Aggregate[Any, Any]
    streams: str
    rows: Callable[[Any], Iterator[Told]]
    seen: Callable[[Reading, Any], bool]


def _sees_work(reading: Reading, state: Any) -> bool:
    return sees(reading, state.programme, state.provider)


def _sees_person(reading: Reading, state: Any) -> bool:
    caller = reading.caller
    return caller.has(*ADMINISTRATORS) or bool(state.provider == caller.organisation)


_KINDS = {
    ExportKind.SCHOOLS: _Kind(csv_rows.SCHOOL_COLUMNS, SITES, "site/", csv_writing.of_school, lambda *_: True),
    ExportKind.PROFESSIONALS: _Kind(
        csv_rows.PROFESSIONAL_COLUMNS, PROFESSIONALS, "professional/", csv_writing.of_professional, _sees_person
    ),
    ExportKind.ASSIGNMENTS: _Kind(
        csv_rows.ASSIGNMENT_COLUMNS, ASSIGNMENTS, "assignment/", csv_writing.of_assignment, _sees_work
    ),
    ExportKind.PRESENCE: _Kind(csv_rows.PRESENCE_COLUMNS, PRESENCES, "presence/", csv_writing.of_presence, _sees_work),
}


@routes.get(
    "/exports/{kind}",
    dependencies=[STAFF_READER],
    response_class=StreamingResponse,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
async def export_file(
    kind: ExportKind,
    reading: Read,
    form: Annotated[CsvForm, Query(description="`nl` voor een rekenblad, `iso` voor programma's.")] = CsvForm.ISO,
    first: Annotated[date | None, Query(alias="from", description="Aanwezigheid vanaf deze dag.")] = None,
    last: Annotated[date | None, Query(alias="to", description="Aanwezigheid tot en met deze dag.")] = None,
) -> StreamingResponse:
    """Schrijf weg wat u mag zien, in de kolommen waarin het ook ingelezen wordt."""
    await reading.ready()
    within = (first or date.min, last or date.max)
    return StreamingResponse(
        _written(_KINDS[kind], reading, form is CsvForm.NL, within),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{kind}.csv"'},
    )


async def _written(kind: _Kind, reading: Reading, dutch: bool, within: tuple[date, date]) -> AsyncIterator[str]:
    directory, caller = reading.running.directory, reading.caller
    region = f"{caller.region or ''}/" if kind.aggregate is PROFESSIONALS and caller.has(*ADMINISTRATORS) else ""
    yield csv_writing.header(kind.columns, dutch=dutch)
    lines: list[str] = []
    # The names as they are now: what is recorded meanwhile does not come in between.
    for name in list(directory.names(kind.streams + region)):
        state = directory.state(kind.aggregate, name, reading.known_at)
        if state is None or not kind.seen(reading, state):
            continue
        if not within[0] <= getattr(state, "day", within[0]) <= within[1]:
            continue
        lines += [csv_writing.line(kind.columns, told, dutch=dutch) for told in kind.rows(state)]
        if len(lines) >= LINES:
            yield "".join(lines)
            lines = []
    yield "".join(lines)
