"""The REST interface of the registry: a small router per noun."""

from services.registry.api import (
    assignments,
    municipalities,
    participations,
    professionals,
    programme_municipalities,
    programmes,
    provider_choices,
    providers,
    pupil_counts,
    regions,
    schools,
    sites,
)

ROUTERS = (
    municipalities.routes,
    regions.routes,
    schools.routes,
    sites.routes,
    providers.routes,
    professionals.routes,
    programmes.routes,
    programme_municipalities.routes,
    participations.routes,
    provider_choices.routes,
    assignments.routes,
    pupil_counts.routes,
)
