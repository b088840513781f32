"""The kinds of problems that kpi answers with, beside those of every service."""

from shared.domain.texts import Text
from shared.web.problems import register_error

_KINDS = (
    (
        "school-not-yours",
        404,
        Text("Voor deze school kunt u niet aanleveren", "You cannot deliver for this school"),
        Text(
            "De school doet in deze periode niet mee in dit programma, of hoort niet bij uw organisatie.",
            "The school does not take part in this programme in this period, or does not belong to your organisation.",
        ),
    ),
    (
        "period",
        400,
        Text("Geen periodecode", "Not a period code"),
        Text(
            "Periodecodes: 2022, 2022-H1, 2026-Q4, 2026-09, 2026-2027, 2026-2027-K1.",
            "Period codes: 2022, 2022-H1, 2026-Q4, 2026-09, 2026-2027, 2026-2027-K1.",
        ),
    ),
    (
        "period-not-begun",
        400,
        Text("De periode is nog niet begonnen", "The period has not begun"),
        Text("Lever aan wanneer de periode loopt of voorbij is.", "Deliver while the period runs or when it is over."),
    ),
    (
        "recipients-exceed-pupils",
        400,
        Text("Meer ontvangers dan leerlingen", "More recipients than pupils"),
        Text("recipients is hoogstens pupils.", "recipients is at most pupils."),
    ),
    (
        "durations-do-not-add-up",
        400,
        Text("Structureel en incidenteel tellen niet op", "Structural and incidental do not add up"),
        Text(
            "structural + incidental = recipients; wie beide ontvangt telt één keer, als structureel.",
            "structural + incidental = recipients; whoever receives both counts once, as structural.",
        ),
    ),
    (
        "individual-exceeds-recipients",
        400,
        Text("Meer individuele ontvangers dan ontvangers", "More individual recipients than recipients"),
        Text("individual is hoogstens recipients.", "individual is at most recipients."),
    ),
    (
        "kpi-unknown",
        404,
        Text("Deze KPI bestaat niet", "There is no such KPI"),
        Text("Vraag de lijst van KPI's op met kpis.", "Ask for the list of KPIs with kpis."),
    ),
    (
        "cut-unknown",
        400,
        Text("Op dit moment is niets vastgelegd", "Nothing was recorded as of then"),
        Text(
            "Een dag kan worden gevraagd zodra hij voorbij is; zonder asKnownOn krijgt u de stand van nu.",
            "A day can be asked for once it is over; without asKnownOn you get the state of now.",
        ),
    ),
)

for _code, _status, _title, _explanation in _KINDS:
    register_error(_code, _status, _title, _explanation)
