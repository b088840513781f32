"""The schema as a file (SDL), for the repository and for client generators."""

from services.kpi.gateway.schema import SCHEMA


def sdl() -> str:
    """The schema's text, the same every time."""
    return SCHEMA.as_str() + "\n"
