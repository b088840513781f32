"""What a CSV file says when it is written out: rows that, read in again, change nothing."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import zip_longest

from services.registry.assignment import Assignment
from services.registry.cells import written
from services.registry.csv_files import Column
from services.registry.presence import Presence
from services.registry.professional import Professional
from services.registry.site import Site

Told = Mapping[str, str | float | bool | date | None]


def header(columns: Sequence[Column], *, dutch: bool) -> str:
    """The first line; for a Dutch spreadsheet with a BOM before it and semicolons."""
    return ("\ufeff" if dutch else "") + _line((column.name for column in columns), dutch)


def line(columns: Sequence[Column], told: Told, *, dutch: bool) -> str:
    """One row; for a Dutch spreadsheet with a decimal comma."""
    cells = (written(column.kind, told.get(column.name), decimal_comma=dutch) for column in columns)
    return _line(cells, dutch)


def _line(cells: Iterable[str], dutch: bool) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=";" if dutch else ",", lineterminator="\r\n").writerow(list(cells))
    return text.getvalue()


def of_school(state: Site) -> Iterator[Told]:
    """A site as it was last recorded."""
    municipality, sub_region = state.place(date.max)
    yield {
        "site": state.site,
        "name": state.names.at(date.max),
        "schoolType": state.types.at(date.max),
        "municipality": municipality,
        "subRegion": sub_region,
        "function": state.functions.at(date.max),
        "validFrom": state.valid_from,
        "validTo": state.valid_to,
    }


def of_professional(state: Professional) -> Iterator[Told]:
    """A worker: a row for every registration and education, or one without."""
    known: Told = {
        "provider": state.provider,
        "staff": state.staff,
        "function": state.function,
        "validFrom": state.valid_from,
    }
    for registration, education in zip_longest(state.registrations or (None,), state.qualifications or (None,)):
        row: dict[str, str | float | bool | date | None] = dict(known)
        if registration is not None:
            span = registration.span
            row |= {"register": registration.register, "registeredFrom": span.start, "registeredTo": span.end}
        if education is not None:
            row |= {"level": education.level, "education": education.education, "educationFrom": education.valid_from}
        yield row


def of_assignment(state: Assignment) -> Iterator[Told]:
    """An assignment with the hours that were last recorded."""
    amount = state.amount(date.max)
    yield {
        **state.ids(),
        "fte": float(amount.fte),
        "hoursPerWeek": None if amount.hours is None else float(amount.hours),
        "fixedFace": state.fixed_face,
        "validFrom": state.valid_from,
        "validTo": state.valid_to,
    }


def of_presence(state: Presence) -> Iterator[Told]:
    """A day; none when it was withdrawn."""
    if state.start is not None:
        names = ("programme", "site", "provider", "staff", "day", "start", "end")
        yield {name: getattr(state, name) for name in names}
