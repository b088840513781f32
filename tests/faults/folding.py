"""A naive fold of the log of interventions: what the ledger must have booked, by a program that a child could write."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal

import orjson

from shared.domain.events import TYPE_PREFIX
from shared.log.events import StoredEvent

CONTACTS = frozenset(
    f"{name}-recorded.v1"
    for name in ("group-intervention", "individual-intervention", "parent-support", "crisis-intervention", "coaching")
)
STARTED = "support-trajectory-started.v1"
ENDED = frozenset(("support-trajectory-completed.v1", "support-trajectory-stopped.v1"))

Place = tuple[object, ...]
"""Measure, programme, school, provider, kind, subject, day."""

# The same from the ledger; what cancels out is left out on both sides.
BOOKED = """
select measure, programme, school, provider, kind, subject, day, sum(amount) as amount
from app.posting where log = 'interventions' group by 1, 2, 3, 4, 5, 6, 7 having sum(amount) <> 0"""

# And from the cells, which have no subject and months in place of days.
CELLS = """
select measure, programme, school, provider, kind, month, sum(amount) as amount
from app.cell where measure in ('interventions', 'minutes', 'trajectories-started', 'trajectories-ended')
group by 1, 2, 3, 4, 5, 6 having sum(amount) <> 0"""


def fold(rows: Iterable[StoredEvent]) -> Mapping[Place, Decimal]:
    """Each event's own amounts; an event that replaces another takes that one's amounts back."""
    by_id: dict[object, StoredEvent] = {}
    sums: dict[Place, Decimal] = defaultdict(Decimal)
    for row in rows:
        by_id[row.id] = row
        for place, amount in _own(row):
            sums[place] += amount
        if row.columns.replaces is not None:
            for place, amount in _own(by_id[row.columns.replaces]):
                sums[place] -= amount
    return {place: amount for place, amount in sums.items() if amount}


def cells(folded: Mapping[Place, Decimal]) -> Mapping[Place, Decimal]:
    """The fold by month, without subjects, for the measures that the cells are compared in."""
    sums: dict[Place, Decimal] = defaultdict(Decimal)
    for (measure, programme, school, provider, kind, _, day), amount in folded.items():
        if measure != "trajectory" and isinstance(day, date):
            sums[measure, programme, school, provider, kind, day.year * 12 + day.month - 1] += amount
    return {place: amount for place, amount in sums.items() if amount}


def _own(row: StoredEvent) -> Iterator[tuple[Place, Decimal]]:
    type_ = row.type.removeprefix(TYPE_PREFIX)
    if type_ == "event-corrected.v1":
        type_ = str(orjson.loads(row.payload)["type"]).removeprefix(TYPE_PREFIX)
    c = row.columns
    if c.day is None:
        return
    where = (c.programme, c.school, c.provider, c.kind, c.subject)
    if type_ in CONTACTS:
        yield ("interventions", *where, c.day), Decimal(1)
        yield ("minutes", *where, c.day), c.quantity or Decimal(0)
    elif type_ == STARTED:
        yield ("trajectory", *where, c.day), Decimal(1)
        yield ("trajectories-started", *where, c.day), Decimal(1)
    elif type_ in ENDED:
        yield ("trajectory", *where, c.day + timedelta(days=1)), Decimal(-1)
        yield ("trajectories-ended", *where, c.day), Decimal(1)
