"""Schools under a contract, product codes at them, and the contract's end."""

from typing import Annotated

from fastapi import Path

from services.contracts import coverage, product_code
from services.contracts.api.acting import MANAGER, Act, ContractId
from services.contracts.api.shown import ContractView
from services.contracts.codes import SITE_CODE
from services.contracts.contract import ContractEvent, signed
from services.contracts.coverage import End
from services.contracts.facts import Facts
from services.contracts.given import Given
from services.contracts.parts import Contract, Covered
from services.contracts.product_code import PRODUCT_CODE, Activate, Deactivate
from shared.acts import Decided
from shared.administration.acting import Done
from shared.domain.findings import Refused
from shared.web.paging import AtLeast
from shared.web.routing import router

routes = router(tags=["contracts"])

Site = Annotated[str, Path(pattern=SITE_CODE)]
Code = Annotated[str, Path(pattern=PRODUCT_CODE)]


def _check_site(school: Covered, facts: Facts, region: str | None) -> None:
    """The school is known and of the administrator's own region. Raises `Refused` (`no-such-site`)."""
    finding = facts.site_finding(school.site, "/site", region, school.valid_from)
    if finding:
        raise Refused(finding, kind="invalid")


@routes.post("/contracts/{contract}/schools", dependencies=[MANAGER], status_code=201)
async def cover_school(
    contract: ContractId, body: Covered, acting: Act, at_least: AtLeast = None
) -> Done[ContractView]:
    """Breng een school onder een getekend contract, binnen de looptijd."""

    def decide(state: Contract | None, given: Given) -> Decided[ContractEvent]:
        known = signed(state)
        exclusive = given.facts.one_provider(known.programme, body.valid_from)
        events = coverage.cover(body, state, exclusive)
        return Decided(events, given.at_schools(known, [body], "") if events else [])

    def check(facts: Facts) -> None:
        _check_site(body, facts, acting.caller.region)

    return await acting.on(contract, body, decide, at_least, check=check)


@routes.post("/contracts/{contract}/schools/{site}/end", dependencies=[MANAGER], status_code=201)
async def uncover_school(
    contract: ContractId, site: Site, body: End, acting: Act, at_least: AtLeast = None
) -> Done[ContractView]:
    """Laat de dekking van een school eerder eindigen."""
    return await acting.on(contract, body, lambda state, _: coverage.uncover(site, body, state), at_least)


@routes.post("/contracts/{contract}/end", dependencies=[MANAGER], status_code=201)
async def end_contract(contract: ContractId, body: End, acting: Act, at_least: AtLeast = None) -> Done[ContractView]:
    """Laat een contract eerder eindigen, en daarmee de dekking van zijn scholen."""
    return await acting.on(contract, body, lambda state, _: coverage.end(body, state), at_least)


@routes.post("/contracts/{contract}/product-codes", dependencies=[MANAGER], status_code=201)
async def activate_product_code(
    contract: ContractId, body: Activate, acting: Act, at_least: AtLeast = None
) -> Done[ContractView]:
    """Neem een productcode in gebruik op een school; waar het programma dat zegt sluiten codes elkaar uit."""

    def decide(state: Contract | None, given: Given) -> Decided[ContractEvent]:
        if not product_code.activate(body, state, exclusive=False):
            return Decided([])
        contract = signed(state)
        exclusive, findings = given.with_code(contract, product_code.asked(body, contract, exclusive=False))
        return Decided(product_code.activate(body, state, exclusive), findings)

    return await acting.on(contract, body, decide, at_least)


@routes.post("/contracts/{contract}/product-codes/{site}/{code}/end", dependencies=[MANAGER], status_code=201)
async def deactivate_product_code(
    contract: ContractId, site: Site, code: Code, body: Deactivate, acting: Act, at_least: AtLeast = None
) -> Done[ContractView]:
    """Beëindig het gebruik van een productcode op een school."""
    return await acting.on(contract, body, lambda state, _: product_code.deactivate(code, site, body, state), at_least)
