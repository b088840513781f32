"""What is asked of the ledger, and where it is looked up: live, or as it was known at a cut."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from services.kpi.cuts import Cut, Place
from services.kpi.figure import Dimension, View
from services.kpi.statements import sections, select_reporting, select_spans
from shared.domain.calendar import Period


@dataclass(frozen=True, slots=True)
class Question:
    """One or more periods of one programme, by dimensions, of the places named; `month` is today's integer month.

    The periods are in order. `kept` are the selections of which crossings are kept (presence.py), while it is live.
    """

    programme: str
    periods: tuple[Period, ...]
    month: int
    by: tuple[Dimension, ...] = ()
    where: Mapping[Dimension, tuple[str, ...]] = field(default_factory=dict)
    view: View = View.AS_WAS
    cut: Cut | None = None
    kept: frozenset[str] = frozenset()

    @property
    def dimensions(self) -> frozenset[Dimension]:
        """Every dimension that plays a part."""
        return frozenset((*self.by, *self.where))


class Parameters:
    """The values of a statement, in the order in which they are numbered."""

    def __init__(self) -> None:
        self.values: list[object] = []

    def add(self, value: object, type_: str) -> str:
        """The place of this value in the statement."""
        self.values.append(value)
        return f"${len(self.values)}::{type_}"


@dataclass(frozen=True, slots=True)
class Relations:
    """The names under which a statement finds postings, cells, facts and spans, and what it begins with for that."""

    posting: str = "app.posting"
    cell: str = "app.cell"
    fact: str = "app.fact"
    span: str = "app.site_span"
    reporting: str = "app.reporting_span"
    prologue: tuple[str, ...] = ()


LIVE = Relations()

_PARTS = sections("figure")


def relations(cut: Cut | None, programme: str, measures: frozenset[str], parameters: Parameters) -> Relations:
    """Where everything is found that has to do with these measures of a programme, live or as known at a cut."""
    if cut is None:
        return LIVE
    posting = _PARTS["known_posting"].format(
        measures=parameters.add(sorted(measures), "text[]"), programme=parameters.add(programme, "text")
    )
    span = f"known_span as ({select_spans('known_fact')})"
    places = _places(cut, parameters)
    reporting = _PARTS["known_reporting"].format(programme=parameters.add(programme, "text"), **places)
    known = (_PARTS["known_fact"], span, posting, _PARTS["known_cell"], reporting)
    prologue = (_PARTS["cut"].format(**places), *known)
    return Relations("known_posting", "known_cell", "known_fact", "known_span", "known_reporting", prologue)


def reporting_at() -> str:
    """The statement that makes the function which tells who reported as known at a cut, as the owner of the tables.

    Its text is kept in the database: after a change of what it is made of a migration makes it again.
    """
    given = {name: name for name in ("logs", "shards", "positions", "aside_logs", "aside_shards", "aside_positions")}
    wanted = "array['interventions', 'trajectories-started', 'trajectories-ended']"
    posting = _PARTS["known_posting"].format(measures=wanted, programme="of_programme")
    known = (_PARTS["cut"].format(**given), posting, _PARTS["known_cell"])
    return _PARTS["reporting_at"].format(known=",\n".join(known), reporting=select_reporting("known_cell"))


def _places(cut: Cut, parameters: Parameters) -> dict[str, str]:
    places = [(log, shard, number) for (log, shard), number in sorted(cut.positions.items())]
    return _columns("", places, parameters) | _columns("aside_", cut.parked, parameters)


def _columns(prefix: str, places: Sequence[Place], p: Parameters) -> dict[str, str]:
    return {
        f"{prefix}logs": p.add([log for log, _, _ in places], "text[]"),
        f"{prefix}shards": p.add([shard for _, shard, _ in places], "integer[]"),
        f"{prefix}positions": p.add([number for _, _, number in places], "bigint[]"),
    }
