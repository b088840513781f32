"""An act is judged by the rules of its programme: what blocks refuses it, what else they find is kept with it.

What the rules look at is gathered here from the head of the streams, so that no copy lets an act through.
"""

from collections.abc import Sequence

from services.registry import streams
from services.registry.kept import ABSENCES
from services.registry.known import Known
from services.registry.participation import JoinProgramme
from services.registry.provider_choice import ChangeProvider, ChooseProvider, ProviderChoices
from services.registry.rules.facts import Choosing, Deployment, Facts, Joining
from services.registry.timeline import Span
from shared.administration.directory import Directory
from shared.aggregate import E
from shared.asking import Decided
from shared.domain.findings import Finding, Refused, Severity


def judged(events: Sequence[E], findings: Sequence[Finding]) -> Decided[E]:
    """What is decided, with what the rules found. Raises `Refused` (conflict) with everything that blocks it.

    An act that changes nothing is not judged: what was accepted once is never judged again.
    """
    if not events:
        return Decided(events)
    blocking = [one for one in findings if one.severity is Severity.BLOCK]
    if blocking:
        raise Refused(*blocking)
    return Decided(events, findings)


def rests_on_rules(region: str | None, deployment: Deployment, supervisor: str | None) -> list[str]:
    """The streams that the rules of an assignment look at; `supervisor` is the worker's, as far as is known."""
    place = deployment.programme, deployment.site
    people = [supervisor] if supervisor else []
    return [
        streams.introduction(*place, deployment.provider, deployment.staff),
        streams.recruitment(*place, deployment.provider, deployment.staff),
        streams.action_plan(*place),
        streams.development_questions(*place),
        *([streams.lot(deployment.lot)] if deployment.lot else []),
        *(streams.professional(region or "", deployment.provider, staff) for staff in people),
    ]


def deploying(known: Known, deployment: Deployment, *, replaces: bool = False) -> Facts | None:
    """What is known of a worker who is to come to a school; None when the programme is not known.

    Rules hold as of the first day.
    """
    programme, day = known.programme(deployment.programme), deployment.first
    if programme is None:
        return None
    place = deployment.programme, deployment.site
    professional = known.professional(deployment.provider, deployment.staff)
    supervisor = professional.supervisor(day) if professional else None
    participation, site = known.participation(*place), known.site(deployment.site)
    return Facts(
        programme,
        day,
        professional=professional,
        supervisor=known.professional(deployment.provider, supervisor) if supervisor else None,
        lot_allows=known.lot_allows(deployment.lot, day),
        replaces=replaces,
        introduction=known.introduction(*place, deployment.provider, deployment.staff),
        recruitment=known.recruitment(*place, deployment.provider, deployment.staff),
        plan=known.action_plan(*place),
        questions=known.development_questions(*place),
        level=participation.levels.at(day) if participation else None,
        sub_region=site.place(day)[1] if site else None,
    )


def replaces(directory: Directory, deployment: Deployment) -> bool:
    """Whether the worker takes the place of an absent one on the first day, as far as the copy knows (HG-29)."""
    absences = (directory.state(ABSENCES, name) for name in directory.names("absence/"))
    return any(
        (one.programme, one.site, one.provider) == (deployment.programme, deployment.site, deployment.provider)
        and any(other.staff == deployment.staff and other.span.holds(deployment.first) for other in one.replacements)
        for one in absences
        if one is not None
    )


def choosing(
    known: Known, programme: str, command: ChooseProvider, state: ProviderChoices | None
) -> tuple[Choosing, Facts] | None:
    """A school's choice and the other choices that stand beside it; a change ends the one of its first day."""
    applied = known.programme(programme)
    if applied is None:
        return None
    changes = isinstance(command, ChangeProvider)
    beside = tuple(
        Choosing(one.provider, one.span)
        for one in (state.choices if state else ())
        if not (changes and one.span.holds(command.valid_from))
    )
    asked = Choosing(command.provider, Span(command.valid_from, command.valid_to))
    return asked, Facts(applied, command.valid_from, choices=beside)


def joining(known: Known, command: JoinProgramme) -> tuple[Joining, Facts] | None:
    """A school that joins, by the names and the type that it has then; None while programme or site is not known."""
    applied, site = known.programme(command.programme), known.site(command.site)
    school_type = site.types.at(command.valid_from) if site else None
    if applied is None or site is None or school_type is None:
        return None
    school = known.school(site.school)
    names = (*(name for _, name in site.names.steps), *((name for _, name in school.names.steps) if school else ()))
    municipality = site.place(command.valid_from)[0]
    event = Joining(command.site, names, school_type, municipality, command.valid_from)
    return event, Facts(applied, command.valid_from)
