"""From what a query asks to figures: who may ask it, whether what it names exists, and the ledger's answer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from services.kpi import figures as ledger
from services.kpi.catalogue import Version, valid
from services.kpi.definitions import Basis, Definition
from services.kpi.directory import Programme
from services.kpi.figure import Dimension, Figure, State, View
from services.kpi.gateway.access import Reach, Sight, Where, permit, sight
from services.kpi.gateway.reader import Reader
from services.kpi.gateway.refusal import argument, not_found
from services.kpi.measures import measures
from shared.domain.calendar import Period, PeriodType
from shared.domain.texts import Text

MAX_BY = 3
"""Dimensions that one answer may be broken down by."""
OF_EVENTS = (Dimension.PROVIDER, Dimension.KIND)
"""What not everything has: a school's delivery and its number of pupils are of no provider and no kind."""

_PLACES = (Dimension.SCHOOL, Dimension.MUNICIPALITY, Dimension.SUB_REGION, Dimension.SCHOOL_TYPE, Dimension.PROVIDER)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about one KPI; `where` has the codes per dimension, `warnings` whether bases are compared."""

    kpi: str
    programme: str
    period: Period
    region: str | None = None
    by: tuple[Dimension, ...] = ()
    per: PeriodType | None = None
    view: View = View.AS_WAS
    basis: Basis | None = None
    known_on: date | str | None = None
    where: tuple[tuple[Dimension, tuple[str, ...]], ...] = ()
    warnings: bool = False

    def total(self) -> "Asked":
        """The same over everything and the whole period."""
        return replace(self, by=(), per=None)


async def programme_of(reader: Reader, code: str, region: str | None = None) -> Programme:
    """The programme. Raises `Refusal` (`NOT_FOUND`)."""
    found = (await reader.programmes()).get(code)
    if found is None or (region is not None and found.region != region):
        raise not_found("programme" if found is None else "region")
    return found


async def answer(reader: Reader, asked: Asked) -> list[Figure]:
    """The figures, in order of period and key, of what the caller may see. Raises `Refusal` and `Refused`."""
    seen = await sight(reader, await programme_of(reader, asked.programme, asked.region))
    known = (await reader.kpis()).get(asked.kpi)
    if known is None:
        raise not_found("code")
    _check_by(asked.by)
    where = permit(seen, _definition(known, asked.period).protects, asked.by, dict(asked.where))
    await _check_places(reader, asked, dict(asked.where))
    return await _ask(reader, asked, known, where)


async def seen_by(reader: Reader, programme: str) -> Sight:
    """What the caller sees of a programme."""
    return await sight(reader, await programme_of(reader, programme))


def may_compare(seen: Sight, definition: Definition) -> bool:
    """Whether the caller may see the numbers of single schools that a warning names."""
    return seen.reach is Reach.EVERYTHING or seen.reach is Reach.OWN or definition.protects == "NOTHING"


def _check_by(by: Sequence[Dimension]) -> None:
    if len(by) > MAX_BY or len(set(by)) < len(by):
        raise argument(
            "by",
            f"Hoogstens {MAX_BY} verschillende indelingen.",
            f"At most {MAX_BY} different dimensions.",
            Text("Vraag meer in aparte velden.", "Ask for more in fields of their own."),
        )


async def _check_places(reader: Reader, asked: Asked, where: Where) -> None:
    """Everything that a filter names belongs to the programme, on the first or the last day of the period.

    As of today it may also be what a school has gone on as since.
    """
    if not where.keys() & set(_PLACES):
        return
    cut = await reader.cut(asked.known_on)
    known: dict[Dimension, set[str | None]] = {dimension: set() for dimension in _PLACES}
    today = (reader.today,) if asked.view is View.AS_TODAY else ()
    for on in (asked.period.start, asked.period.end, *today):
        for school in await reader.schools(asked.programme, on, cut):
            known[Dimension.SCHOOL].add(school.site)
            known[Dimension.MUNICIPALITY].add(school.municipality)
            known[Dimension.SUB_REGION].add(school.sub_region)
            known[Dimension.SCHOOL_TYPE].add(school.type)
            known[Dimension.PROVIDER].add(school.provider)
        known[Dimension.MUNICIPALITY] |= {m.code for m in await reader.municipalities(asked.programme, on, cut)}
    for dimension in _PLACES:
        if not set(where.get(dimension, ())) <= known[dimension]:
            raise not_found(dimension.lower())


async def _ask(reader: Reader, asked: Asked, known: Sequence[Version], where: Where) -> list[Figure]:
    split = [dimension for dimension in OF_EVENTS if dimension in (*asked.by, *where)]
    definition = _definition(known, asked.period)
    basis = asked.basis
    if split and basis is None and Basis.EVENTS in definition.basis:
        basis = Basis.EVENTS
    key = ("figures", replace(asked, basis=basis), tuple(sorted((d, tuple(codes)) for d, codes in where.items())))
    found = await reader.once(
        key,
        lambda connection: ledger.figures(
            connection,
            asked.kpi,
            asked.programme,
            asked.period,
            now=reader.now,
            by=asked.by,
            per=asked.per,
            basis=basis,
            as_known_on=asked.known_on,
            view=asked.view,
            where=where,
            warnings=asked.warnings and not split,
        ),
    )
    return [_as_far_as_known(figure, split) for figure in found]


def _as_far_as_known(figure: Figure, split: Sequence[Dimension]) -> Figure:
    """Nothing is zero because a dimension of it is not known: then there is no value."""
    rule = figure.definition.basis.get(figure.basis) if figure.basis else None
    counted = [part.over.measure for part in rule.parts()] if rule else []
    for dimension in split:
        if figure.value is not None and not all(_known_by(dimension, measure) for measure in counted):
            bare = replace(figure, value=None, numerator=None, denominator=None)
            return replace(bare, state=State.NOT_COMPUTABLE, reason=f"NOT_BY_{dimension}")
    return figure


def _known_by(dimension: Dimension, measure: str) -> bool:
    """A line that says nothing of its dimensions takes those of the event, provider and kind among them."""
    return all(dimension.lower() in line.sources or not line.sources for line in measures()[measure].lines)


def _definition(known: Sequence[Version], period: Period) -> Definition:
    return (valid(known, period) or known[0]).definition
