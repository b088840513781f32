"""Which provider a school has chosen (*gekozen aanbieder*)."""

from datetime import date

from services.registry import streams
from services.registry.api.acting import PROGRAMME_ADMIN, Act, Acting, Done
from services.registry.api.hints import whole_site
from services.registry.api.judging import choosing, judged
from services.registry.codes import ProgrammeCode, SiteReference
from services.registry.kept import PROVIDER_CHOICES
from services.registry.known import Known
from services.registry.provider_choice import (
    ChangeProvider,
    ChooseProvider,
    Circumstances,
    ProviderChoiceEvent,
    ProviderChoices,
    decide,
)
from services.registry.rules import CHOOSING
from services.registry.rules.rule import judge
from shared.administration.reading import ANYONE, HistoryEntry, Read, Shown
from shared.asking import Decision
from shared.domain.findings import nowhere
from shared.web.paging import Page
from shared.web.routing import router

routes = router(tags=["participations"])


class ChoiceView(Shown):
    """A provider that the school chose; `assumed` when the source does not say so itself."""

    provider: str
    assumed: bool


class ProviderChoicesView(Shown):
    """Who is chosen on the day, and every choice in order; `validFrom` is the first day of the first choice."""

    programme: str
    site: str
    chosen: list[ChoiceView]
    choices: list[ChoiceView]


def view(state: ProviderChoices, on: date) -> ProviderChoicesView:
    """The choices, and those that hold on the day."""
    shown = [
        ChoiceView(provider=one.provider, assumed=one.assumed, valid_from=one.span.start, valid_to=one.span.end)
        for one in state.choices
    ]
    return ProviderChoicesView(
        programme=state.programme,
        site=state.site,
        chosen=[one for one in shown if one.holds(on)],
        choices=shown,
        valid_from=shown[0].valid_from,
    )


async def _act(acting: Acting, programme: str, site: str, command: ChooseProvider) -> Done[ProviderChoicesView]:
    code = whole_site(site, "/path/site", acting.running.directory)

    def decided(state: ProviderChoices | None, known: Known) -> Decision[ProviderChoiceEvent]:
        events = decide(command, state, _circumstances(programme, code, command, known))
        asked = choosing(known, programme, command, state)
        return judged(events, judge(CHOOSING, *asked) if asked else [])

    return await acting.do_known(
        PROVIDER_CHOICES,
        streams.provider_choice(programme, code),
        command,
        decided,
        view,
        others=[
            streams.programme(programme),
            streams.participation(programme, code),
            streams.provider(command.provider),
        ],
        location=f"/participations/{programme}/{code}/provider-choices",
    )


def _circumstances(programme: str, site: str, command: ChooseProvider, known: Known) -> Circumstances:
    """What is known at the head. Raises `Refused` (404) for a programme or participation that is not there."""
    applied, participation = known.programme(programme), known.participation(programme, site)
    if applied is None or participation is None:
        raise nowhere()
    return Circumstances(
        programme=programme,
        site=site,
        participates=participation.holds(command.valid_from),
        provider_known=known.provider(command.provider),
    )


@routes.post("/participations/{programme}/{site}/provider-choices", dependencies=[PROGRAMME_ADMIN], status_code=201)
async def choose_provider(
    programme: ProgrammeCode, site: SiteReference, body: ChooseProvider, acting: Act
) -> Done[ProviderChoicesView]:
    """Leg vast welke aanbieder de school koos."""
    return await _act(acting, programme, site, body)


@routes.post("/participations/{programme}/{site}/provider-changes", dependencies=[PROGRAMME_ADMIN], status_code=201)
async def change_provider(
    programme: ProgrammeCode, site: SiteReference, body: ChangeProvider, acting: Act
) -> Done[ProviderChoicesView]:
    """Leg vast dat de school een andere aanbieder koos; de vorige keuze eindigt de dag ervoor."""
    return await _act(acting, programme, site, body)


@routes.get("/participations/{programme}/{site}/provider-choices", dependencies=[ANYONE])
async def read_provider_choices(programme: ProgrammeCode, site: SiteReference, reading: Read) -> ProviderChoicesView:
    """De keuzen van een school."""
    code = whole_site(site, "/path/site", reading.running.directory)
    return await reading.one(PROVIDER_CHOICES, streams.provider_choice(programme, code), view)


@routes.get("/participations/{programme}/{site}/provider-choices/history", dependencies=[ANYONE])
async def provider_choice_history(programme: ProgrammeCode, site: SiteReference, reading: Read) -> Page[HistoryEntry]:
    """Alles wat over de keuzen van een school is vastgelegd."""
    code = whole_site(site, "/path/site", reading.running.directory)
    return await reading.history(PROVIDER_CHOICES, streams.provider_choice(programme, code))
