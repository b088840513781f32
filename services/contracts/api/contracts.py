"""Contracts: drafting, signing, adding schools, ending (*overeenkomsten*)."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated

from fastapi import Depends, Path, Query
from starlette.requests import Request

from services.contracts import contract as deciding
from services.contracts.contract import CONTRACT_CODE, Contract, ContractEvent, Draft, End, Sign
from services.contracts.facts import Facts
from services.contracts.kept import CONTRACTS, stream
from services.contracts.periods import SITE_CODE, Covered
from shared.acts import Others
from shared.administration.acting import Acting, Done
from shared.administration.reading import HistoryEntry, Lists, Read, Shown
from shared.auth.caller import Caller
from shared.auth.require import require
from shared.domain.findings import Finding, Refused, Severity, nowhere
from shared.domain.texts import Text
from shared.web.paging import AtLeast, Page
from shared.web.routing import router

routes = router(tags=["contracts"])

MANAGERS = ("contract-manager", "programme-admin")
MANAGER = Depends(require("contract-manager"))
READER = Depends(require(*MANAGERS, "registry-admin", "provider-manager", "provider-system"))

ContractId = Annotated[str, Path(pattern=CONTRACT_CODE)]
Site = Annotated[str, Path(pattern=SITE_CODE)]


class ContractView(Shown):
    """A contract as it stands; `signedOn` null: a draft, of which `schools` says what it will cover."""

    contract: str
    programme: str
    provider: str
    signed_on: date | None
    schools: Sequence[Covered]


def view(state: Contract, _on: date) -> ContractView:
    """What is shown of a contract."""
    return ContractView(
        contract=state.contract,
        programme=state.programme,
        provider=state.provider,
        signed_on=state.signed_on,
        schools=state.schools if state.signed_on is None else state.coverage,
        valid_from=state.valid_from,
        valid_to=state.valid_to,
    )


def facts_of(request: Request) -> Facts:
    """The copy of the registry's facts."""
    facts: Facts = request.app.state.facts
    return facts


class ContractActing(Acting):
    """An act on a contract; the facts must be at least as new as `atLeast` says."""

    async def on(
        self,
        contract: str,
        body: Draft | Sign | Covered | End,
        decide: Callable[[Contract | None], Sequence[ContractEvent]],
        at_least: str | None,
        location: str | None = None,
    ) -> Done[ContractView]:
        """Do it, when the contract is of the caller's region."""
        await self.running.caught_up(at_least)
        facts, region = facts_of(self.request), self.caller.region

        def decided(state: Contract | None, _others: Others) -> Sequence[ContractEvent]:
            _check(body, facts, region)
            if state is not None and facts.region(state.programme) != region:
                raise nowhere()
            return decide(state)

        return await self.do(CONTRACTS, stream(contract), body, decided, view, location=location)


def _check(body: Draft | Sign | Covered | End, facts: Facts, region: str | None) -> None:
    """Every reference in a body is to something known; all that are not, at once."""
    findings: list[Finding | None] = []
    if isinstance(body, Draft):
        findings = [_id_finding(body.contract, region)]
        findings += [facts.programme_finding(body.programme, region), facts.provider_finding(body.provider)]
        findings += [facts.site_finding(one.site, f"/schools/{n}/site") for n, one in enumerate(body.schools)]
    elif isinstance(body, Covered):
        findings = [facts.site_finding(body.site, "/site")]
    wrong = [finding for finding in findings if finding]
    if wrong:
        raise Refused(*wrong, kind="invalid")


def _id_finding(contract: str, region: str | None) -> Finding | None:
    """Ids of two regions never meet, so that trying one tells nothing of the other's contracts (G-21)."""
    if region and contract.startswith(f"{region}-"):
        return None
    text = Text(f"begint niet met {region}-", f"does not begin with {region}-")
    return Finding("contract-id", Severity.BLOCK, "/contract", text)


Act = Annotated[ContractActing, Depends()]
KnownFacts = Annotated[Facts, Depends(facts_of)]


@routes.post("/contracts", dependencies=[MANAGER], status_code=201)
async def draft_contract(body: Draft, acting: Act, at_least: AtLeast = None) -> Done[ContractView]:
    """Stel een contract op; zolang het niet getekend is mag dat opnieuw, en telt het nergens."""
    location = f"/contracts/{body.contract}"
    return await acting.on(body.contract, body, lambda state: deciding.draft(body, state), at_least, location)


@routes.post("/contracts/{contract}/signature", dependencies=[MANAGER], status_code=201)
async def sign_contract(contract: ContractId, body: Sign, acting: Act, at_least: AtLeast = None) -> Done[ContractView]:
    """Teken een contract: de looptijd en de dekking van elke school staan dan vast."""
    return await acting.on(contract, body, lambda state: deciding.sign(body, state), at_least)


@routes.post("/contracts/{contract}/schools", dependencies=[MANAGER], status_code=201)
async def cover_school(
    contract: ContractId, body: Covered, acting: Act, at_least: AtLeast = None
) -> Done[ContractView]:
    """Breng een school onder een getekend contract, binnen de looptijd."""
    return await acting.on(contract, body, lambda state: deciding.cover(body, state), at_least)


@routes.post("/contracts/{contract}/schools/{site}/end", dependencies=[MANAGER], status_code=201)
async def uncover_school(
    contract: ContractId, site: Site, body: End, acting: Act, at_least: AtLeast = None
) -> Done[ContractView]:
    """Laat de dekking van een school eerder eindigen."""
    return await acting.on(contract, body, lambda state: deciding.uncover(site, body, state), at_least)


@routes.post("/contracts/{contract}/end", dependencies=[MANAGER], status_code=201)
async def end_contract(contract: ContractId, body: End, acting: Act, at_least: AtLeast = None) -> Done[ContractView]:
    """Laat een contract eerder eindigen, en daarmee de dekking van zijn scholen."""
    return await acting.on(contract, body, lambda state: deciding.end(body, state), at_least)


def _sees(caller: Caller, facts: Facts, shown: ContractView) -> bool:
    """Administrators see their region's contracts, a provider its own."""
    if caller.has(*MANAGERS, "registry-admin"):
        return caller.region is not None and facts.region(shown.programme) == caller.region
    return shown.provider == caller.organisation


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
        view,
        lambda one: (
            programme in (None, one.programme)
            and provider in (None, one.provider)
            and _sees(listing.reading.caller, facts, one)
        ),
    )


@routes.get("/contracts/{contract}", dependencies=[READER])
async def read_contract(contract: ContractId, reading: Read, facts: KnownFacts) -> ContractView:
    """Eén contract."""
    shown = await reading.one(CONTRACTS, stream(contract), view)
    if not _sees(reading.caller, facts, shown):
        raise nowhere()
    return shown


@routes.get("/contracts/{contract}/history", dependencies=[READER])
async def contract_history(contract: ContractId, reading: Read, facts: KnownFacts) -> Page[HistoryEntry]:
    """Alles wat over een contract is vastgelegd."""
    await reading.ready()
    state = reading.running.directory.state(CONTRACTS, stream(contract))
    if state is None or not _sees(reading.caller, facts, view(state, reading.on)):
        raise nowhere()
    return await reading.history(CONTRACTS, stream(contract))
