"""Data deliveries (*gegevensaanleveringen*): what a school fills in itself for a period (HR-19..25, INV-26).

One delivery is active per programme, school and period: a second one replaces it, the same again changes nothing.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StringConstraints
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from shared.domain.calendar import Period, period
from shared.domain.events import Event
from shared.domain.findings import Finding, Refused, Severity, refuse
from shared.domain.texts import Text


def _number(value: object) -> object:
    """A decimal out of a JSON number; text and booleans are no numbers."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PydanticCustomError("type", "a number, without quotes")
    return Decimal(str(value))


Count = Annotated[int, Field(ge=0, le=10_000)]
Fte = Annotated[
    Decimal,
    BeforeValidator(_number),
    Field(ge=0, le=1000, decimal_places=2),
    PlainSerializer(float, return_type=float, when_used="json"),
]
"""Full-time equivalents of all professionals of a school, with at most two decimals."""

# Events


class DataDeliverySubmitted(Event):
    """A school's figures for a period; a later one of the same school and period replaces it."""

    TYPE: ClassVar[str] = "data-delivery-submitted.v1"

    programme: str
    site: str
    period: str
    period_start: date
    period_end: date
    pupils: int
    recipients: int
    structural: int
    incidental: int
    individual: int
    fte: Fte
    synthetic: bool


# Commands


class SubmitDelivery(BaseModel):
    """Deliver a school's figures for a period. `synthetic` marks made-up numbers (demonstrations)."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, alias_generator=to_camel, populate_by_name=True)

    programme: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{1,12}(-[A-Z0-9]{1,12}){0,3}$")]
    site: Annotated[str, StringConstraints(pattern=r"^[0-9]{2}[A-Z]{2}[0-9]{2}$")]
    period: Annotated[str, StringConstraints(max_length=12)]
    pupils: Count = Field(description="Leerlingen van de school")
    recipients: Count = Field(description="Leerlingen die jeugdhulp op school ontvangen")
    structural: Count = Field(description="Van hen: structureel")
    incidental: Count = Field(description="Van hen: incidenteel")
    individual: Count = Field(description="Van hen: individueel")
    fte: Fte = Field(description="Fte jeugdhulpprofessionals op de school, hoogstens twee decimalen")
    synthetic: bool = Field(default=False, description="Verzonnen getallen, voor een demonstratie")


# States


@dataclass(frozen=True, slots=True)
class Delivery:
    """The delivery that is active."""

    submitted: DataDeliverySubmitted


# Decide


def decide(command: SubmitDelivery, state: Delivery | None, today: date) -> list[DataDeliverySubmitted]:
    """Take the delivery when it adds up and says something new. Raises `Refused` with everything that is wrong."""
    covered = period(command.period)
    if covered.start > today:
        raise _not_begun()
    if wrong := [*_sums(command)]:
        raise Refused(*wrong, kind="invalid")
    event = _event(command, covered)
    return [] if state is not None and state.submitted == event else [event]


def _event(command: SubmitDelivery, covered: Period) -> DataDeliverySubmitted:
    return DataDeliverySubmitted(period_start=covered.start, period_end=covered.end, **command.model_dump())


def _sums(command: SubmitDelivery) -> list[Finding]:
    checks = (
        (
            command.recipients <= command.pupils,
            _finding(
                "recipients-exceed-pupils",
                "/recipients",
                Text("meer ontvangers dan leerlingen", "more recipients than pupils"),
                Text("recipients is hoogstens pupils", "recipients is at most pupils"),
            ),
        ),
        (
            command.structural + command.incidental == command.recipients,
            _finding(
                "durations-do-not-add-up",
                "/structural",
                Text(
                    "structureel en incidenteel zijn samen niet alle ontvangers",
                    "structural and incidental do not make up the recipients",
                ),
                Text(
                    "structural + incidental = recipients; wie beide ontvangt telt één keer, als structureel",
                    "structural + incidental = recipients; whoever receives both counts once, as structural",
                ),
            ),
        ),
        (
            command.individual <= command.recipients,
            _finding(
                "individual-exceeds-recipients",
                "/individual",
                Text("meer individuele ontvangers dan ontvangers", "more individual recipients than recipients"),
                Text("individual is hoogstens recipients", "individual is at most recipients"),
            ),
        ),
    )
    return [finding for holds, finding in checks if not holds]


def _finding(code: str, pointer: str, text: Text, hint: Text) -> Finding:
    return Finding(code, Severity.BLOCK, pointer, text, hint)


def _not_begun() -> Refused:
    return refuse(
        "period-not-begun",
        "/period",
        "deze periode is nog niet begonnen",
        "this period has not begun yet",
        Text("lever aan wanneer de periode loopt of voorbij is", "deliver while the period runs or when it is over"),
        kind="invalid",
    )


# Evolve


def evolve(_state: Delivery | None, event: DataDeliverySubmitted) -> Delivery:
    """The latest delivery is the active one."""
    return Delivery(event)
