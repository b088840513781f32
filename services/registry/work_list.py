"""What waits for an administrator (*werkvoorraad*), as it follows from what is recorded: nothing on it is kept.

A task is there from the moment that it can be seen coming, six months before its day, until it is done.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from services.registry import streams
from services.registry.data_source import SourceStatus
from services.registry.elsewhere import Elsewhere
from services.registry.kept import (
    ABSENCES,
    ASSIGNMENTS,
    DATA_SOURCES,
    PARTICIPATIONS,
    PROFESSIONALS,
    PROGRAMMES,
    PROVIDER_CHOICES,
    REGIONS,
    SITES,
    TRANSITIONS,
)
from services.registry.participation import Participation
from services.registry.programme import Applied
from services.registry.provider_choice import ProviderChoices
from services.registry.timeline import ONE_DAY
from services.registry.transition import TransitionState
from shared.administration.directory import Directory
from shared.domain.calendar import Period, PeriodType, containing
from shared.domain.texts import Text

HORIZON = timedelta(days=183)
"""How far ahead is looked: six months."""

CADENCES = {
    "QUARTERLY": PeriodType.QUARTER,
    "HALF_YEARLY": PeriodType.HALF_YEAR,
    "YEARLY": PeriodType.CALENDAR_YEAR,
    "SCHOOL_YEARLY": PeriodType.SCHOOL_YEAR,
}
"""The period after which a programme's schools deliver their figures."""


class TaskKind(StrEnum):
    """What has to be done."""

    SCHOOL_WITHOUT_PROVIDER = "SCHOOL_WITHOUT_PROVIDER"
    NOTICE_TAKES_EFFECT = "NOTICE_TAKES_EFFECT"
    TRANSITION_TO_CONFIRM = "TRANSITION_TO_CONFIRM"
    SITE_TO_CLOSE = "SITE_TO_CLOSE"
    REGISTRATION_LAPSES = "REGISTRATION_LAPSES"
    ABSENCE_WITHOUT_REPLACEMENT = "ABSENCE_WITHOUT_REPLACEMENT"
    DELIVERY_MISSING = "DELIVERY_MISSING"
    DATA_SOURCE_UNKNOWN = "DATA_SOURCE_UNKNOWN"


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits: from which day on it is so, what it is about (codes), and where it is put right."""

    kind: TaskKind
    since: date
    about: str
    text: Text
    path: str
    programme: str | None = None
    site: str | None = None


def tasks(directory: Directory, elsewhere: Elsewhere, region: str, day: date) -> list[Task]:
    """Everything that waits for the administrators of a region on a day, soonest first."""
    found: list[Task] = []
    for name in directory.names("programme/"):
        programme = directory.state(PROGRAMMES, name)
        if programme is not None and programme.region == region:
            found += _of_programme(directory, elsewhere, programme, day)
    found += _transitions(directory, region, day)
    return sorted(found, key=lambda task: (task.since, task.kind, task.about))


def _of_programme(directory: Directory, elsewhere: Elsewhere, programme: Applied, day: date) -> Iterator[Task]:
    code = programme.programme
    for participation in _participations(directory, code):
        yield from _without_provider(directory, participation, day)
    for ending in elsewhere.endings(code):
        if day <= ending.last_service_day <= day + HORIZON:
            nl = f"{ending.provider} stopt op {ending.site} na {ending.last_service_day} (opzegging {ending.notice})"
            en = f"{ending.provider} stops at {ending.site} after {ending.last_service_day} (notice {ending.notice})"
            yield Task(
                TaskKind.NOTICE_TAKES_EFFECT,
                ending.last_service_day + ONE_DAY,
                f"{ending.contract}/{ending.site}",
                Text(nl, en),
                f"/participations/{code}/{ending.site}/provider-changes",
                code,
                ending.site,
            )
    yield from _people(directory, programme, day)
    yield from _absences(directory, code, day)
    yield from _deliveries(directory, elsewhere, programme, day)
    yield from _sources(directory, code, day)


def _participations(directory: Directory, programme: str) -> Iterator[Participation]:
    for name in directory.names(f"participation/{programme}/"):
        participation = directory.state(PARTICIPATIONS, name)
        if participation is not None:
            yield participation


def _without_provider(directory: Directory, participation: Participation, day: date) -> Iterator[Task]:
    """The first day within six months on which the school takes part and has chosen nobody."""
    place = participation.programme, participation.site
    choices = directory.state(PROVIDER_CHOICES, streams.provider_choice(*place))
    since = _first_uncovered(participation, choices, day)
    if since is not None:
        nl = f"{participation.site} heeft vanaf {since} geen gekozen aanbieder"
        en = f"{participation.site} has no chosen provider from {since}"
        path = f"/participations/{place[0]}/{place[1]}/provider-choices"
        yield Task(TaskKind.SCHOOL_WITHOUT_PROVIDER, since, participation.site, Text(nl, en), path, *place)


def _first_uncovered(participation: Participation, choices: ProviderChoices | None, day: date) -> date | None:
    ends = [choice.span.end + ONE_DAY for choice in choices.choices if choice.span.end] if choices else []
    starts = [span.start for span in participation.spans]
    for first in sorted({day, *(one for one in (*ends, *starts) if day < one <= day + HORIZON)}):
        if participation.holds(first) and not (choices and choices.on(first)):
            return first
    return None


def _people(directory: Directory, programme: Applied, day: date) -> Iterator[Task]:
    """Who works at a school now or soon, and whose verified registration ends meanwhile (2C-34)."""
    seen: set[tuple[str, str]] = set()
    for name in directory.names("assignment/"):
        one = directory.state(ASSIGNMENTS, name)
        if one is None or one.programme != programme.programme or (one.provider, one.staff) in seen:
            continue
        if (one.valid_to or date.max) < day or one.valid_from > day + HORIZON:
            continue
        seen.add((one.provider, one.staff))
        worker = directory.state(PROFESSIONALS, streams.professional(programme.region or "", one.provider, one.staff))
        until = worker.registered_until(max(day, one.valid_from)) if worker else None
        # Who was never registered is the programme's rule to judge; here is who will be no longer.
        if until is not None and until <= min(day + HORIZON, one.valid_to or date.max):
            nl = f"de registratie van {one.staff} ({one.provider}) loopt tot en met {until}"
            en = f"the registration of {one.staff} ({one.provider}) runs until {until}"
            path = f"/professionals/{one.provider}/{one.staff}/registrations"
            about = f"{one.provider}/{one.staff}"
            yield Task(
                TaskKind.REGISTRATION_LAPSES, until + ONE_DAY, about, Text(nl, en), path, programme.programme, one.site
            )


def _absences(directory: Directory, programme: str, day: date) -> Iterator[Task]:
    for name in directory.names("absence/"):
        one = directory.state(ABSENCES, name)
        if one is not None and one.programme == programme and one.span.holds(day) and not one.replaced(day):
            nl = f"{one.staff} is afwezig op {one.site} en wordt niet vervangen"
            en = f"{one.staff} is absent at {one.site} and not replaced"
            path = f"/absences/{one.absence}/replacements"
            kind = TaskKind.ABSENCE_WITHOUT_REPLACEMENT
            yield Task(kind, one.span.start, one.absence, Text(nl, en), path, programme, one.site)


def _deliveries(directory: Directory, elsewhere: Elsewhere, programme: Applied, day: date) -> Iterator[Task]:
    """The schools that took part at the end of the last whole period and did not deliver its figures."""
    period = _last_period(programme, day)
    if period is None:
        return
    for participation in _participations(directory, programme.programme):
        place = participation.programme, participation.site
        if participation.holds(period.end) and not elsewhere.delivered(*place, period.code):
            nl = f"{participation.site} heeft over {period.code} nog niets aangeleverd"
            en = f"{participation.site} delivered nothing for {period.code} yet"
            path = "/kpi/v1/data-deliveries"
            about = f"{participation.site}/{period.code}"
            yield Task(TaskKind.DELIVERY_MISSING, period.end + ONE_DAY, about, Text(nl, en), path, *place)


def _last_period(programme: Applied, day: date) -> Period | None:
    """The last period that is over, when the programme ran by its end; None where it has no such rhythm."""
    type_ = CADENCES.get(str(programme.configuration(day).cadence))
    if type_ is None:
        return None
    before = containing(containing(day, type_).start - ONE_DAY, type_)
    return before if before.end >= programme.valid_from else None


def _sources(directory: Directory, programme: str, day: date) -> Iterator[Task]:
    for name in directory.names(f"data-source/{programme}/"):
        one = directory.state(DATA_SOURCES, name)
        if one is None or one.valid_from > day:
            continue
        status, _ = one.states.at(day) or one.states.steps[0][1]
        if status is SourceStatus.UNKNOWN:
            nl, en = f"van {one.source} is de bron niet bekend", f"the source of {one.source} is not known"
            path = f"/data-sources/{programme}/{one.source}/states"
            yield Task(TaskKind.DATA_SOURCE_UNKNOWN, one.valid_from, one.source, Text(nl, en), path, programme)


def _transitions(directory: Directory, region: str, day: date) -> Iterator[Task]:
    """What is planned is to be confirmed; what went on as another site is to be closed."""
    known = directory.state(REGIONS, streams.region(region))
    own = known.on(day).municipalities if known else ()
    for name in directory.names("transition/"):
        one = directory.state(TRANSITIONS, name)
        source = directory.state(SITES, streams.site(one.sources[0])) if one else None
        if one is None or source is None or source.municipality not in own:
            continue
        sites = " + ".join(one.sources)
        if one.state is TransitionState.PLANNED:
            nl = f"{sites} gaat vanaf {one.valid_from} verder als {', '.join(one.targets)}: bevestig of trek in"
            en = f"{sites} will go on as {', '.join(one.targets)} from {one.valid_from}: confirm or withdraw"
            path = f"/transitions/{one.transition}/confirmation"
            yield Task(TaskKind.TRANSITION_TO_CONFIRM, one.valid_from, one.transition, Text(nl, en), path)
        elif one.state is TransitionState.CONFIRMED and one.valid_from <= day + HORIZON:
            yield from _to_close(directory, one.sources, one.targets, one.valid_from)


def _to_close(directory: Directory, sources: tuple[str, ...], targets: tuple[str, ...], since: date) -> Iterator[Task]:
    for code in sources:
        site = directory.state(SITES, streams.site(code))
        if site is not None and code not in targets and (site.valid_to or date.max) >= since:
            nl, en = f"{code} ging verder als {targets[0]}: sluit de vestiging", f"{code} went on: close the site"
            yield Task(TaskKind.SITE_TO_CLOSE, since, code, Text(nl, en), f"/sites/{code}/closure", None, code)
