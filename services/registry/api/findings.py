"""What the rules of the programmes find at schools (*bevindingen*), on any day."""

from typing import Annotated

from fastapi import Depends, Query, Request
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from services.registry.api.at_school import sees_school
from services.registry.api.people import ADMINISTRATORS, sees
from services.registry.api.standing import Noticed, Standing
from services.registry.codes import ProgrammeCode, ProviderCode, SiteReference
from shared.administration.reading import Lists, Reading
from shared.auth.require import require
from shared.domain.findings import Severity
from shared.web.exchange import language_of
from shared.web.paging import Page
from shared.web.routing import router

routes = router(tags=["findings"])

READER = Depends(
    require(
        *ADMINISTRATORS,
        "provider-manager",
        "provider-system",
        "school",
        "support-coordinator",
        "municipal-account-holder",
    )
)
"""Administrators see everything of their region, a provider what is about its own people, a school what is about it."""


class FindingView(BaseModel):
    """A finding that is so on the day; `subject` is the worker or the absence, null when it is about the school."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    code: str
    severity: Severity
    programme: str
    site: str
    provider: str | None
    subject: str | None
    message: str
    hint: str | None


def view(noticed: Noticed, language: str) -> FindingView:
    """A finding in the reader's language."""
    finding = noticed.finding
    return FindingView(
        code=finding.code,
        severity=finding.severity,
        programme=noticed.programme,
        site=noticed.site,
        provider=noticed.provider,
        subject=noticed.subject,
        message=finding.text.in_(language),
        hint=finding.hint.in_(language) if finding.hint else None,
    )


@routes.get("/findings", dependencies=[READER])
async def list_findings(
    request: Request,
    listing: Lists,
    programme: Annotated[ProgrammeCode | None, Query()] = None,
    site: Annotated[SiteReference | None, Query()] = None,
    provider: Annotated[ProviderCode | None, Query()] = None,
    severity: Annotated[Severity | None, Query()] = None,
) -> Page[FindingView]:
    """Wat de regels op de dag vinden, op volgorde van programma, school en regel; wat is opgelost staat er niet in."""
    reading, language = listing.reading, language_of(request.scope)
    await reading.ready()
    standing = Standing(reading.running.directory, reading.on, reading.known_at)
    places = [one for one in standing.schools(programme) if site is None or one[1].startswith(site)]
    found = {
        noticed.name: view(noticed, language)
        for place in places
        for noticed in standing.at(place)
        if _seen(reading, noticed)
        and provider in (None, noticed.provider)
        and severity in (None, noticed.finding.severity)
    }
    return listing.slice(found)


def _seen(reading: Reading, noticed: Noticed) -> bool:
    if noticed.provider is not None:
        return sees(reading, noticed.programme, noticed.provider)
    return sees_school(reading, noticed.programme, noticed.site)
