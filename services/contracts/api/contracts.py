"""Contracts: drafting, signing, reading (*overeenkomsten*)."""

from typing import Annotated

from fastapi import Depends, Query

from services.contracts import contract as deciding
from services.contracts import coverage, four_eyes
from services.contracts.api.acting import MANAGER, Act, ContractId, KnownFacts
from services.contracts.api.shown import MANAGERS, ContractView, sees, view, view_for
from services.contracts.contract import ContractEvent, Draft, Sign
from services.contracts.facts import Facts
from services.contracts.four_eyes import ContractActProposed
from services.contracts.given import Given
from services.contracts.kept import CONTRACTS, stream
from services.contracts.parts import Contract
from shared.acts import Decided
from shared.administration.acting import Done
from shared.administration.reading import HistoryEntry, Lists, Read
from shared.auth.require import require
from shared.domain.findings import Finding, Refused, Severity, nowhere
from shared.domain.texts import Text
from shared.web.paging import AtLeast, Page
from shared.web.routing import router

routes = router(tags=["contracts"])

READER = Depends(require(*MANAGERS, "provider-manager", "provider-system", "municipal-account-holder"))


def _check_references(body: Draft, facts: Facts, region: str | None) -> None:
    """Every reference in a draft is to something known; all that are not, at once."""
    findings = [_id_finding(body.contract, region), facts.programme_finding(body.programme, region)]
    findings.append(facts.provider_finding(body.provider))
    for n, one in enumerate(body.schools):
        findings.append(facts.site_finding(one.site, f"/schools/{n}/site", region, one.valid_from))
    wrong = [finding for finding in findings if finding]
    if wrong:
        raise Refused(*wrong, kind="invalid")


def _id_finding(contract: str, region: str | None) -> Finding | None:
    """Ids of two regions never meet, so that trying one tells nothing of the other's contracts (G-21)."""
    if region and contract.startswith(f"{region}-"):
        return None
    text = Text(f"begint niet met {region}-", f"does not begin with {region}-")
    return Finding("contract-id", Severity.BLOCK, "/contract", text)


@routes.post("/contracts", dependencies=[MANAGER], status_code=201)
async def draft_contract(body: Draft, acting: Act, at_least: AtLeast = None) -> Done[ContractView]:
    """Stel een contract op; zolang het niet getekend is mag dat opnieuw, en telt het nergens."""

    return await acting.on(
        body.contract,
        body,
        lambda state, _: deciding.draft(body, state),
        at_least,
        location=f"/contracts/{body.contract}",
        check=lambda facts: _check_references(body, facts, acting.caller.region),
    )


@routes.post("/contracts/{contract}/signature", dependencies=[MANAGER], status_code=201)
async def sign_contract(contract: ContractId, body: Sign, acting: Act, at_least: AtLeast = None) -> Done[ContractView]:
    """Teken een contract: de looptijd en de dekking van elke school staan dan vast."""

    def decide(state: Contract | None, given: Given) -> Decided[ContractEvent]:
        events = deciding.sign(body, state, given.today)
        if state is None or not events:
            return Decided(events)
        findings = given.at_schools(state, state.schools)
        exclusive = given.facts.one_provider(state.programme, state.valid_from)
        return Decided([*events, *coverage.from_draft(state, exclusive)], findings)

    return await acting.confirmed(contract, four_eyes.SIGNATURE, body, decide, at_least)


@routes.get("/contracts", dependencies=[READER])
async def list_contracts(
    listing: Lists,
    facts: KnownFacts,
    programme: Annotated[str | None, Query(max_length=32)] = None,
    provider: Annotated[str | None, Query(max_length=32)] = None,
) -> Page[ContractView]:
    """De contracten die u mag zien, op de dag."""
    return await listing.page(
        CONTRACTS,
        "contract",
        view_for(listing.reading.caller),
        lambda one: (
            programme in (None, one.programme)
            and provider in (None, one.provider)
            and sees(listing.reading.caller, facts, one)
        ),
    )


@routes.get("/contracts/{contract}", dependencies=[READER])
async def read_contract(contract: ContractId, reading: Read, facts: KnownFacts) -> ContractView:
    """Eén contract."""
    shown = await reading.one(CONTRACTS, stream(contract), view_for(reading.caller))
    if not sees(reading.caller, facts, shown):
        raise nowhere()
    return shown


@routes.get("/contracts/{contract}/history", dependencies=[READER])
async def contract_history(contract: ContractId, reading: Read, facts: KnownFacts) -> Page[HistoryEntry]:
    """Alles wat over een contract is vastgelegd: wat, wanneer, door wie en op welk gezag.

    Wat nog op een tweede account wacht staat er alleen voor de regio zelf bij.
    """
    await reading.ready()
    state = reading.running.directory.state(CONTRACTS, stream(contract))
    if state is None or not sees(reading.caller, facts, view(state, reading.on)):
        raise nowhere()
    found = await reading.history(CONTRACTS, stream(contract))
    if reading.caller.has(*MANAGERS):
        return found
    return Page(items=[one for one in found.items if one.type != ContractActProposed.full_type()])
