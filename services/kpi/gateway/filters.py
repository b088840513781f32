"""The arguments of figures, and the question they make."""

from datetime import date
from typing import Annotated

import strawberry

from services.kpi.definitions import Basis
from services.kpi.figure import Dimension, View
from services.kpi.gateway.asking import Asked
from services.kpi.gateway.refusal import argument
from shared.domain.calendar import PeriodType, period
from shared.domain.texts import Text

AtLeast = Annotated[
    str | None,
    strawberry.argument(description="Tokens of earlier answers, with commas: answer with nothing older, else 503."),
]
KnownOn = Annotated[
    str | None,
    strawberry.argument(description="As it was known at the end of a day (2022-07-04) or at a named cut."),
]
Per = Annotated[PeriodType | None, strawberry.argument(description="Divide the period into these.")]


@strawberry.input(description="Which figures: of a programme and a period, and only of these places.")
class FigureFilter:
    """A filter; a list that is absent or null keeps everything."""

    programme: str
    period: str
    region: str | None = None
    municipality: list[str] | None = None
    sub_region: list[str] | None = None
    school: list[str] | None = None
    school_type: list[str] | None = None
    provider: list[str] | None = None
    kind: list[str] | None = None
    basis: Basis | None = None


def known_on(text: str | None) -> date | str | None:
    """A day or the name of a cut. Raises `Refusal` (`ARGUMENT`) for a day that is none."""
    if text is None or not text[:4].isdecimal():
        return text
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argument(
            "asKnownOn",
            "Geen dag en geen peilmoment.",
            "Neither a day nor a cut.",
            Text("Een dag schrijft u als 2022-07-04.", "A day is written as 2022-07-04."),
        ) from None


def asked_of(
    kpi: str,
    given: FigureFilter,
    by: list[Dimension] | None,
    per: PeriodType | None,
    view: View,
    as_known_on: str | None,
) -> Asked:
    """The question about a KPI. Raises `Refused` and `Refusal` for a period or a moment that is none."""
    places = {
        Dimension.MUNICIPALITY: given.municipality,
        Dimension.SUB_REGION: given.sub_region,
        Dimension.SCHOOL: given.school,
        Dimension.SCHOOL_TYPE: given.school_type,
        Dimension.PROVIDER: given.provider,
        Dimension.KIND: given.kind,
    }
    return Asked(
        kpi=kpi,
        programme=given.programme,
        period=period(given.period),
        region=given.region,
        by=tuple(by or ()),
        per=per,
        view=view,
        basis=given.basis,
        known_on=known_on(as_known_on),
        where=tuple((dimension, tuple(codes)) for dimension, codes in places.items() if codes is not None),
    )
