"""Makes figures out of answers: names for codes, a state for every cell, and what its reader has to know beside it."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from services.kpi import directory
from services.kpi.answer import Answer, Reporting, ask
from services.kpi.catalogue import Version
from services.kpi.cuts import Cut
from services.kpi.definitions import Basis, Rule
from services.kpi.evaluate import Computed, compute
from services.kpi.figure import (
    Completeness,
    Dimension,
    Figure,
    Goal,
    KeyPart,
    Missing,
    QualityWarning,
    State,
)
from services.kpi.quality import Difference, differences
from services.kpi.question import Question
from services.kpi.standing import Standing
from shared.domain.calendar import Period

if TYPE_CHECKING:
    from shared.feeds.checkpoints import Connection

NOT_REPORTED = "NOT_REPORTED"

Names = Mapping[Dimension, Mapping[str, str]]


class Maker:
    """Makes the figures of one request; `warnings` says whether the two bases are compared."""

    def __init__(self, connection: "Connection", stands: Standing, warnings: bool) -> None:
        self._connection = connection
        self._stands = stands
        self._warnings = warnings

    async def figures(self, question: Question, version: Version, basis: Basis) -> list[Figure]:
        """A figure for every period and key of the question; without dimensions one per period, whatever there is."""
        rule = version.definition.basis[basis]
        answer = await ask(self._connection, question, rule)
        differ = await differences(self._connection, question, version.definition) if self._warnings else {}
        names = await self._names(question, answer, differ.values())
        made = []
        for index, period in enumerate(question.periods):
            for key in answer.keys(index) if question.by else [()]:
                cell = (index, key)
                computed = _computed(version, rule, answer, cell)
                complete = self._completeness(answer.reported(cell) or Reporting(), names)
                warnings = _warnings(differ.get(cell, ()), names)
                made.append(self._figure(question, version, basis, period, key, names, computed, complete, warnings))
        return made

    def absent(self, question: Question, version: Version, basis: Basis | None, reason: str) -> list[Figure]:
        """A figure without a value for every period, because of this reason."""
        computed = Computed(None, None, None, reason)
        complete = Completeness(0, 0, (), self._stands.parked)
        return [
            self._figure(question, version, basis, period, (), {}, computed, complete, ())
            for period in question.periods
        ]

    def _figure(
        self,
        question: Question,
        version: Version,
        basis: Basis | None,
        period: Period,
        key: tuple[str, ...],
        names: Names,
        computed: Computed,
        completeness: Completeness,
        warnings: tuple[QualityWarning, ...],
    ) -> Figure:
        target, baseline = version.definition.target, version.definition.baseline
        return Figure(
            definition=version.definition,
            version=version.number,
            programme=question.programme,
            period=period,
            key=tuple(_part(dimension, code, names) for dimension, code in zip(question.by, key, strict=bool(key))),
            basis=basis,
            state=_state(computed),
            value=computed.value,
            numerator=computed.numerator,
            denominator=computed.denominator,
            reason=computed.reason,
            completeness=completeness,
            target=Goal(target.state, target.value),
            baseline=Goal(baseline.state, baseline.value),
            as_of=self._stands.as_of,
            lag_seconds=self._stands.lag_seconds,
            known_on=question.cut.name if question.cut else None,
            warnings=warnings,
        )

    def _completeness(self, reporting: Reporting, names: Names) -> Completeness:
        sites = names.get(Dimension.SCHOOL, {})
        missing = tuple(Missing(site, sites.get(site, site)) for site in reporting.missing)
        return Completeness(reporting.expected, reporting.reporting, missing, self._stands.parked)

    async def _names(self, question: Question, answer: Answer, differ: "Iterable[list[Difference]]") -> Names:
        codes: dict[Dimension, set[str]] = {Dimension.SCHOOL: set()}
        for reporting in answer.reporting.values():
            codes[Dimension.SCHOOL].update(reporting.missing)
        codes[Dimension.SCHOOL].update(site for found in differ for site, _, _ in found)
        for position, dimension in enumerate(question.by):
            keys = {key[position] for _, key in (*answer.amounts, *answer.reporting)}
            codes[dimension] = codes.get(dimension, set()) | keys
        on = question.periods[-1].end
        return {each: await self._named(each, found, on, question.cut) for each, found in codes.items()}

    async def _named(self, dimension: Dimension, codes: set[str], on: date, cut: Cut | None) -> Mapping[str, str]:
        return await directory.names(self._connection, dimension, codes, on, cut)


def _computed(version: Version, rule: Rule, answer: Answer, cell: tuple[int, tuple[str, ...]]) -> Computed:
    """Nothing is zero only where somebody reports, or where nobody has to."""
    reporting = answer.reported(cell)
    silent = reporting is not None and not reporting.reporting
    unknown = not answer.of(cell) if reporting is None else silent
    if unknown and rule.over != "REGISTER" and not (rule.empty == "ZERO" and reporting):
        return Computed(None, None, None, NOT_REPORTED)
    return compute(version.definition, rule, answer.of(cell))


def _state(computed: Computed) -> State:
    if computed.value is not None:
        return State.OK
    return State.NO_DATA if computed.reason == NOT_REPORTED else State.NOT_COMPUTABLE


def _warnings(found: "Iterable[Difference]", names: Names) -> tuple[QualityWarning, ...]:
    sites = names.get(Dimension.SCHOOL, {})
    return tuple(QualityWarning(site, sites.get(site, site), Decimal(one), Decimal(two)) for site, one, two in found)


def _part(dimension: Dimension, code: str, names: Names) -> KeyPart:
    return KeyPart(dimension, code, names.get(dimension, {}).get(code, code))
