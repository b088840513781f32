"""What the registry's events claim in the log, because it must hold across streams (or whatever the code thinks).

| kind | key | never on the same day |
|---|---|---|
| `municipality-region` | municipality | a municipality in two regions |
| `provider-of-school` | programme/site | two providers chosen by one school |
| `assignment` | programme/site/provider/staff | two assignments of one worker to one school |
"""

from services.registry import provider_choice, streams
from services.registry.assignment import Assignment, AssignmentEnded, AssignmentEvent, WorkerAssignedToSchool
from services.registry.provider_choice import Choice, ProviderChoiceEvent, ProviderChoices, ProviderOfSchoolChanged
from services.registry.region import Region, RegionDefined
from services.registry.timeline import ONE_DAY, Span
from shared.domain.findings import Refused, refuse
from shared.log.events import Claim, ClaimAction

MUNICIPALITY_REGION = "municipality-region"
PROVIDER_OF_SCHOOL = "provider-of-school"
ASSIGNMENT = "assignment"


def of_region(state: Region | None, event: RegionDefined) -> tuple[Claim, ...]:
    """Takes the municipalities that are new, ends those that are no longer named."""
    before, holder = dict(state.since) if state else {}, streams.region(event.region)
    ended = [
        Claim(ClaimAction.END, MUNICIPALITY_REGION, code, holder, since, event.valid_from - ONE_DAY)
        for code, since in before.items()
        if code not in event.municipalities
    ]
    new = [code for code in event.municipalities if code not in before]
    return (*ended, *(Claim(ClaimAction.TAKE, MUNICIPALITY_REGION, code, holder, event.valid_from) for code in new))


def municipality_taken(_held: Claim, _wanted: Claim) -> Refused:
    """Another region has one of the municipalities; which region is not told."""
    nl, en = "een gemeente hoort al bij een andere regio", "a municipality belongs to another region already"
    return refuse("municipality-taken", "/municipalities", nl, en)


def of_choice(state: ProviderChoices | None, event: ProviderChoiceEvent) -> tuple[Claim, ...]:
    """A choice that shares no day with another takes its days; a change first gives back what it ends."""
    key, holder = f"{event.programme}/{event.site}", streams.provider_choice(event.programme, event.site)
    before, after = state.choices if state else (), provider_choice.evolve(state, event).choices
    day = event.valid_from
    ended = [
        Claim(ClaimAction.END, PROVIDER_OF_SCHOOL, key, holder, choice.span.start, day - ONE_DAY)
        for choice in before
        if choice.claimed and isinstance(event, ProviderOfSchoolChanged) and _ends(choice, event)
    ]
    alone = any(choice.claimed and choice.span == Span(day, event.valid_to) for choice in after)
    taken = Claim(ClaimAction.TAKE, PROVIDER_OF_SCHOOL, key, holder, day, event.valid_to)
    return (*ended, taken) if alone else tuple(ended)


def _ends(choice: Choice, event: ProviderOfSchoolChanged) -> bool:
    return choice.provider == event.previous_provider and choice.span.holds(event.valid_from)


def of_assignment(state: Assignment | None, event: AssignmentEvent) -> tuple[Claim, ...]:
    """An assignment takes its days; another last day changes what it holds."""
    key = f"{event.programme}/{event.site}/{event.provider}/{event.staff}"
    holder = streams.assignment(event.assignment)
    match event:
        case WorkerAssignedToSchool():
            return (Claim(ClaimAction.TAKE, ASSIGNMENT, key, holder, event.valid_from, event.valid_to),)
        case AssignmentEnded() if state:
            return (Claim(ClaimAction.END, ASSIGNMENT, key, holder, state.span.start, event.valid_to),)
        case _:
            return ()


def assigned_already(held: Claim, _wanted: Claim) -> Refused:
    """The same worker is assigned to the same school in another assignment."""
    span = Span(held.start, held.end)
    nl = f"deze medewerker heeft op deze school al een inzet: {span}"
    return refuse("period-overlaps", "/validFrom", nl, f"this worker is assigned to this school already: {span}")
