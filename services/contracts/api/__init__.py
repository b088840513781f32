"""The REST interface of contracts."""

from services.contracts.api import contracts, provisions, schools, terms

ROUTERS = (contracts.routes, schools.routes, terms.routes, provisions.routes)
