"""Hints that need to know who asks: the caller's own sites and staff."""

from dataclasses import replace

from services.interventions.facts import Facts
from services.interventions.personal import at
from services.interventions.reading import Unreadable
from shared.domain.texts import Text
from shared.web.problems import FieldError


def with_own_sites(problem: Unreadable, value: object, organisation: str, facts: Facts) -> Unreadable:
    """The errors; for a BRIN (4) where a site code (6) belongs the caller's own sites of that BRIN are listed."""
    errors = tuple(_told(one, value, organisation, facts) for one in problem.errors)
    return Unreadable(errors, problem.status, problem.id)


def _told(one: FieldError, value: object, organisation: str, facts: Facts) -> FieldError:
    if one.code != "format" or not one.pointer.endswith("/siteCode"):
        return one
    given = at(value, one.pointer)
    if not isinstance(given, str) or len(given) != 4:
        return one
    own = sorted({site for _, site in facts.places_of(organisation) if site.startswith(given.upper())})
    if not own:
        return one
    listed = ", ".join(own)
    hint = Text(f"uw vestigingen van deze school: {listed}", f"your sites of this school: {listed}")
    return replace(one, hint=hint)
