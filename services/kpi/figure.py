"""A figure (*cijfer*): one object that cannot be misread. Absent is no value with a reason, never zero."""

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from services.kpi.definitions import Basis, Definition, Unit
from shared.domain.calendar import Period
from shared.domain.texts import Text


class Dimension(StrEnum):
    """What figures can be broken down by, and filtered on.

    `SCHOOL` is the site; `MUNICIPALITY`, `SUB_REGION` and `SCHOOL_TYPE` are those of the site.
    """

    SCHOOL = "SCHOOL"
    MUNICIPALITY = "MUNICIPALITY"
    SUB_REGION = "SUB_REGION"
    SCHOOL_TYPE = "SCHOOL_TYPE"
    PROVIDER = "PROVIDER"
    KIND = "KIND"


class View(StrEnum):
    """By which attributes of a site: those of the time counted, or today's."""

    AS_WAS = "AS_WAS"
    AS_TODAY = "AS_TODAY"


class State(StrEnum):
    """Whether there is a value."""

    OK = "OK"
    NO_DATA = "NO_DATA"
    NOT_COMPUTABLE = "NOT_COMPUTABLE"


class FigureStatus(StrEnum):
    """How final it is; nothing is closed yet, so every figure is provisional."""

    PROVISIONAL = "PROVISIONAL"


@dataclass(frozen=True, slots=True)
class KeyPart:
    """A place, provider or kind that a figure is about; `name` falls back to the code."""

    dimension: Dimension
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A school that is expected and has not reported."""

    site: str
    name: str


@dataclass(frozen=True, slots=True)
class Completeness:
    """How many schools are expected, how many report, and which do not. `parked` counts events set aside (G-12)."""

    expected: int
    reporting: int
    missing: tuple[Missing, ...] = ()
    parked: int = 0


@dataclass(frozen=True, slots=True)
class Goal:
    """A target or a baseline with its state; the value may be absent."""

    state: str
    value: Decimal | None = None


@dataclass(frozen=True, slots=True)
class QualityWarning:
    """A school whose delivered and event-derived numbers differ by more than the tolerance."""

    site: str
    name: str
    delivered: Decimal
    events: Decimal
    code: str = "delivered-differs-from-events"

    def text(self) -> Text:
        """The warning as a sentence."""
        nl = f"{self.name}: aangeleverd {display(self.delivered)}, uit registraties {display(self.events)}"
        en = f"{self.name}: delivered {display(self.delivered, lang='en')}"
        return Text(nl, f"{en}, from events {display(self.events, lang='en')}")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure.

    `value` is unrounded, in `unit` (percentages: 0 to 100); of a count the numerator is the value and there is no
    denominator. `reason` says why there is no value: `NOT_REPORTED`, `NOT_DEFINED`, `PERIOD_NOT_OFFERED`,
    `BASIS_NOT_OFFERED` or `ZERO_DENOMINATOR`. `sign` is the CBS sign: `*` provisional, `.` unknown. `known_on` is the
    cut that it is as of, None for now; `as_of` the moment up to which everything accepted is in, `lag_seconds` how long
    ago that was.
    """

    definition: Definition
    version: int
    programme: str
    period: Period
    key: tuple[KeyPart, ...]
    basis: Basis | None
    state: State
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    reason: str | None
    completeness: Completeness
    target: Goal
    baseline: Goal
    as_of: datetime | None
    lag_seconds: float | None
    known_on: str | None = None
    status: FigureStatus = FigureStatus.PROVISIONAL
    warnings: tuple[QualityWarning, ...] = ()

    @property
    def sign(self) -> str:
        """The CBS sign."""
        return "*" if self.state is State.OK else "."

    @property
    def unit(self) -> Unit:
        """What the value is a number of."""
        return self.definition.unit

    def text(self, lang: str = "nl") -> str:
        """The value for display, rounded half up; the sign where there is none."""
        if self.value is None:
            return self.sign
        return display(self.value, self.definition.decimals, "%" if self.unit is Unit.PERCENT else "", lang)


def display(value: Decimal, decimals: int | None = None, suffix: str = "", lang: str = "nl") -> str:
    """A number for people: `1.611`, `13,76`, `87%` in Dutch; without `decimals` as many as it has."""
    if decimals is None:
        value = value.normalize() if value else Decimal(0)
        decimals = max(0, -int(value.as_tuple().exponent))
    rounded = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    english = f"{rounded:,.{decimals}f}"
    return (english if lang == "en" else english.translate(str.maketrans(",.", ".,"))) + suffix
