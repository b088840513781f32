"""The interim figures that go with a last day for notice: a question to the gateway, ready to be put.

Contracts holds no figures and asks nobody for them; whoever may see them asks the gateway with the token it has.
"""

from datetime import date

from pydantic import BaseModel

from services.contracts.facts import Facts
from services.contracts.parts import Contract
from shared.domain.calendar import school_year

PATH = "/graphql"
QUERY = (
    "query Interim($kpi: String!, $programme: String!, $period: String!) {"
    " kpi(code: $kpi) { figures(filter: {programme: $programme, period: $period}) {"
    " edges { node { value numerator denominator state figureStatus } } } } }"
)


class Figures(BaseModel):
    """A deep link into the gateway: POST `query` to `path` with the variables of each figure."""

    path: str
    query: str
    variables: list[dict[str, str]]


def interim_figures(contract: Contract, facts: Facts, day: date) -> Figures:
    """The programme's KPIs for the school year that the day lies in."""
    said = facts.setting(contract.programme, "kpis", day)
    kpis = [code for code in said if isinstance(code, str)] if isinstance(said, list) else []
    period = school_year(day)
    variables = [{"kpi": kpi, "programme": contract.programme, "period": period} for kpi in kpis]
    return Figures(path=PATH, query=QUERY, variables=variables)
