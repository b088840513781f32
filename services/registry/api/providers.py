"""Providers of youth help (*jeugdhulpaanbieders*)."""

from datetime import date

from services.registry import streams
from services.registry.api.acting import REGISTRY_ADMIN, Act, Acting, Done
from services.registry.api.naming import former
from services.registry.codes import ProviderCode, SchoolType
from services.registry.kept import PROVIDERS
from services.registry.provider import (
    DeclareExpertise,
    ExpertiseTag,
    Provider,
    ProviderCommand,
    RecordAgb,
    RecordExperience,
    RecordWlzContract,
    RegisterProvider,
    RenameProvider,
    decide,
)
from services.registry.refusals import region_not_yours
from shared.administration.reading import ANYONE, HistoryEntry, Lists, Read, Shown, nearest
from shared.domain.findings import nowhere
from shared.web.paging import Page
from shared.web.routing import router

routes = router(tags=["providers"])


class ExpertiseView(Shown):
    """Declared expertise."""

    tags: list[ExpertiseTag]


class ExperienceView(Shown):
    """Experience at a type of school within a region."""

    school_type: SchoolType
    region: str


class WlzContractView(Shown):
    """A contract under the long-term care act (WLZ)."""


class ProviderView(Shown):
    """A provider with its name and AGB code on the day; `kvk` is the eight digits of its code."""

    provider: str
    name: str
    kvk: str
    agb: str | None
    former_names: list[str]
    expertise: list[ExpertiseView]
    experience: list[ExperienceView]
    wlz_contracts: list[WlzContractView]


def view(state: Provider, on: date) -> ProviderView:
    """A provider, with everything that was declared of it."""
    day = nearest(on, state.valid_from)
    return ProviderView(
        provider=state.provider,
        name=state.names.at(day) or "",
        kvk=state.kvk,
        agb=state.agb.at(day),
        former_names=former(state.names, day),
        expertise=[ExpertiseView.model_validate(one.model_dump(exclude={"provider"})) for one in state.expertise],
        experience=[ExperienceView.model_validate(one.model_dump(exclude={"provider"})) for one in state.experience],
        wlz_contracts=[WlzContractView(valid_from=one.valid_from, valid_to=one.valid_to) for one in state.wlz],
        valid_from=state.valid_from,
    )


async def _act(acting: Acting, code: str, command: ProviderCommand, location: str | None = None) -> Done[ProviderView]:
    if not isinstance(command, RegisterProvider) and not (await acting.reach()).provider(code):
        raise nowhere()
    return await acting.do_known(
        PROVIDERS, streams.provider(code), command, lambda state, _: decide(command, state), view, location=location
    )


@routes.post("/providers", dependencies=[REGISTRY_ADMIN], status_code=201)
async def register_provider(body: RegisterProvider, acting: Act) -> Done[ProviderView]:
    """Leg een aanbieder vast."""
    return await _act(acting, body.provider, body, f"/providers/{body.provider}")


@routes.post("/providers/{provider}/names", dependencies=[REGISTRY_ADMIN], status_code=201)
async def rename_provider(provider: ProviderCode, body: RenameProvider, acting: Act) -> Done[ProviderView]:
    """Geef een aanbieder een andere naam vanaf een dag."""
    return await _act(acting, provider, body)


@routes.post("/providers/{provider}/agb-codes", dependencies=[REGISTRY_ADMIN], status_code=201)
async def record_agb(provider: ProviderCode, body: RecordAgb, acting: Act) -> Done[ProviderView]:
    """Leg de AGB-code van een aanbieder vast."""
    return await _act(acting, provider, body)


@routes.post("/providers/{provider}/expertise", dependencies=[REGISTRY_ADMIN], status_code=201)
async def declare_expertise(provider: ProviderCode, body: DeclareExpertise, acting: Act) -> Done[ProviderView]:
    """Leg vast waarop een aanbieder expertise heeft."""
    return await _act(acting, provider, body)


@routes.post("/providers/{provider}/experience", dependencies=[REGISTRY_ADMIN], status_code=201)
async def record_experience(provider: ProviderCode, body: RecordExperience, acting: Act) -> Done[ProviderView]:
    """Leg ervaring van een aanbieder vast, op een schoolsoort binnen uw regio."""
    if body.region != acting.caller.region:
        raise region_not_yours()
    return await _act(acting, provider, body)


@routes.post("/providers/{provider}/wlz-contracts", dependencies=[REGISTRY_ADMIN], status_code=201)
async def record_wlz_contract(provider: ProviderCode, body: RecordWlzContract, acting: Act) -> Done[ProviderView]:
    """Leg vast dat een aanbieder een overeenkomst heeft onder de Wlz."""
    return await _act(acting, provider, body)


@routes.get("/providers", dependencies=[ANYONE])
async def list_providers(listing: Lists) -> Page[ProviderView]:
    """De aanbieders, op volgorde van code."""
    return await listing.page(PROVIDERS, "provider", view)


@routes.get("/providers/{provider}", dependencies=[ANYONE])
async def read_provider(provider: ProviderCode, reading: Read) -> ProviderView:
    """Eén aanbieder."""
    return await reading.one(PROVIDERS, streams.provider(provider), view)


@routes.get("/providers/{provider}/history", dependencies=[ANYONE])
async def provider_history(provider: ProviderCode, reading: Read) -> Page[HistoryEntry]:
    """Alles wat over een aanbieder is vastgelegd."""
    return await reading.history(PROVIDERS, streams.provider(provider))
