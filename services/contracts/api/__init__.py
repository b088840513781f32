"""The REST interface of contracts."""

from services.contracts.api import contracts

ROUTERS = (contracts.routes,)
