"""Periods within a contract: first and last day inclusive, an open last day is None."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from services.contracts.parts import Covered
from shared.domain.findings import refuse
from shared.domain.texts import Text

ONE_DAY = timedelta(days=1)


def check_period(first: date, last: date | None, pointer: str) -> None:
    """A period does not end before it begins."""
    if last is not None and last < first:
        raise refuse("period-reversed", pointer, "eindigt voor het begint", "ends before it begins", kind="invalid")


def check_school(school: Covered, first: date, last: date | None, others: Sequence[Covered], pointer: str) -> None:
    """A school lies within the term and is covered once a day."""
    check_period(school.valid_from, school.valid_to, f"{pointer}/validTo")
    if school.valid_from < first or (last is not None and max(school.valid_from, school.valid_to or last) > last):
        raise refuse(
            "outside-term",
            pointer,
            f"het contract loopt van {first} tot en met {last or 'onbepaald'}",
            f"the contract runs from {first} up to and including {last or 'an open end'}",
            kind="invalid",
        )
    for other in others:
        if other.site == school.site and overlap(school, other):
            raise refuse(
                "periods-overlap",
                pointer,
                f"deze school is al gedekt van {other.valid_from} tot en met {other.valid_to or 'onbepaald'}",
                f"this school is covered already from {other.valid_from} to {other.valid_to or 'an open end'}",
                Text(f"begin na {other.valid_to}", f"begin after {other.valid_to}") if other.valid_to else None,
            )


def check_ends_earlier(first: date, last: date | None, wanted: date) -> None:
    """A period can be shortened, down to nothing, and never made longer."""
    if wanted < first - ONE_DAY or (last is not None and wanted > last):
        raise refuse(
            "end-outside-term",
            "/validTo",
            f"de laatste dag ligt tussen {first - ONE_DAY} en {last or 'onbepaald'}",
            f"the last day lies between {first - ONE_DAY} and {last or 'an open end'}",
            Text("een langere looptijd is een nieuw contract", "a longer term is a new contract"),
            kind="invalid",
        )


def overlap(one: Covered, other: Covered) -> bool:
    """Whether both cover a day; what was ended before it began covers none."""
    if one.empty or other.empty:
        return False
    return one.valid_from <= (other.valid_to or date.max) and other.valid_from <= (one.valid_to or date.max)


def unbroken(coverage: Iterable[Covered], site: str, day: date) -> tuple[date, date | None] | None:
    """The first and last day of the unbroken coverage of a school that a day lies in; None when it lies in none."""
    runs: list[tuple[date, date | None]] = []
    for one in sorted((one for one in coverage if one.site == site and not one.empty), key=lambda one: one.valid_from):
        last = runs[-1][1] if runs else None
        first = runs.pop()[0] if last is not None and one.valid_from == last + ONE_DAY else one.valid_from
        runs.append((first, one.valid_to))
    return next((run for run in runs if run[0] <= day <= (run[1] or date.max)), None)


def lasts_beyond(covered: Covered, day: date) -> bool:
    """Whether it covers a day after this one."""
    return not covered.empty and (covered.valid_to is None or covered.valid_to > day)
