"""A figure as the gateway shows it: one object that cannot be misread (kpis.md 4.1)."""

from datetime import date, datetime

import strawberry

from services.kpi import figure
from services.kpi.definitions import Basis, Unit
from services.kpi.figure import FigureStatus, QualityWarning, State
from services.kpi.gateway.access import Sight, forbidden
from services.kpi.gateway.asking import may_compare
from services.kpi.gateway.codes import Lang
from services.kpi.gateway.definition_types import Goal, goal_of, number
from services.kpi.gateway.fields import field
from services.kpi.gateway.places import Key, SchoolRef, key_of
from services.kpi.gateway.progress import Progress, change, progress
from services.kpi.gateway.refusal import Refusal
from shared.domain import calendar
from shared.domain.calendar import PeriodType


@strawberry.type(description="A period by its code, with its first and last day.")
class Period:
    """A period."""

    code: str
    type: PeriodType
    start: date
    end: date


@strawberry.type(description="How many schools are expected and report, and which do not.")
class Completeness:
    """How complete a figure is; `parked` counts events that were set aside."""

    expected: int
    reporting: int
    missing: list[SchoolRef]
    parked: int


@strawberry.type(description="A school whose delivered and event-derived numbers differ beyond the tolerance.")
class DataWarning:
    """A data-quality warning."""

    warning: strawberry.Private[QualityWarning]
    kpi: str
    code: str
    school: SchoolRef
    delivered: float
    derived: float

    @field
    def text(self, lang: Lang = Lang.NL) -> str:
        """As a sentence."""
        return self.warning.text().in_(lang.value)


@strawberry.type(description="One figure. Absent is null with a reason, never zero; shares are computed from sums.")
class Figure:
    """A figure."""

    content: strawberry.Private[figure.Figure]
    seen: strawberry.Private[Sight]
    kpi: str
    period: Period
    key: Key
    value: float | None
    numerator: float | None
    denominator: float | None
    unit: Unit
    state: State
    reason: str | None
    sign: str
    basis: Basis | None
    figure_status: FigureStatus
    definition_version: int
    as_of: datetime | None
    lag_seconds: float | None
    known_on: str | None

    @field
    def value_text(self, lang: Lang = Lang.NL) -> str:
        """The value for display, rounded: `1.611`, `13,76`, `87%`; the sign without a value."""
        return self.content.text(lang.value)

    @field
    def completeness(self) -> Completeness:
        """What it is about."""
        return completeness_of(self.content.completeness)

    @field
    def target(self) -> Goal:
        """The target (streefwaarde)."""
        return goal_of(self.content.target)

    @field
    def baseline(self) -> Goal:
        """The baseline (nulmeting)."""
        return goal_of(self.content.baseline)

    @field
    def change(self) -> float | None:
        """The change against the baseline in percent; positive is better."""
        return number(change(self.content))

    @field
    def progress(self) -> Progress:
        """How it stands towards the target."""
        return progress(self.content)

    @field
    def warnings(self) -> list[DataWarning] | None:
        """Schools whose two numbers differ; not for who sees totals only."""
        if not may_compare(self.seen, self.content.definition):
            refusal = forbidden(self.seen)
            raise Refusal(refusal.code, refusal.text, 200, refusal.hint)
        return [warning_of(self.kpi, each) for each in self.content.warnings]


def figure_of(found: figure.Figure, seen: Sight) -> Figure:
    """A figure for a caller with this sight."""
    return Figure(
        content=found,
        seen=seen,
        kpi=found.definition.id,
        period=period_of(found.period),
        key=key_of(found.key),
        value=number(found.value),
        numerator=number(found.numerator),
        denominator=number(found.denominator),
        unit=found.unit,
        state=found.state,
        reason=found.reason,
        sign=found.sign,
        basis=found.basis,
        figure_status=found.status,
        definition_version=found.version,
        as_of=found.as_of,
        lag_seconds=found.lag_seconds,
        known_on=found.known_on,
    )


def period_of(period: calendar.Period) -> Period:
    """A period."""
    return Period(code=period.code, type=period.type, start=period.start, end=period.end)


def completeness_of(found: figure.Completeness) -> Completeness:
    """How complete."""
    missing = [SchoolRef(site_code=each.site, name=each.name) for each in found.missing]
    return Completeness(expected=found.expected, reporting=found.reporting, missing=missing, parked=found.parked)


def warning_of(kpi: str, warning: QualityWarning) -> DataWarning:
    """A warning about a figure of this KPI."""
    return DataWarning(
        warning=warning,
        kpi=kpi,
        code=warning.code,
        school=SchoolRef(site_code=warning.site, name=warning.name),
        delivered=float(warning.delivered),
        derived=float(warning.events),
    )
