"""The REST interface of contracts."""

from services.contracts.api import alerts, calendar, contracts, handover, provisions, schools, terms

ROUTERS = (
    contracts.routes,
    schools.routes,
    terms.routes,
    handover.routes,
    provisions.routes,
    calendar.routes,
    alerts.routes,
)
