"""Suitability and the tariff's variables (*geschiktheid, tariefopbouw*)."""

from services.contracts import suitability, tariff
from services.contracts.api.acting import MANAGER, Act, ContractId
from services.contracts.api.shown import ContractView
from services.contracts.contract import ContractEvent, known
from services.contracts.given import Given
from services.contracts.parts import Contract
from services.contracts.rules import judge
from services.contracts.suitability import Verify
from services.contracts.tariff import Propose, Settle
from shared.acts import Decided
from shared.administration.acting import Done
from shared.domain.findings import Severity
from shared.web.paging import AtLeast
from shared.web.routing import router

routes = router(tags=["contracts"])


@routes.post("/contracts/{contract}/suitability", dependencies=[MANAGER], status_code=201)
async def verify_suitability(
    contract: ContractId, body: Verify, acting: Act, at_least: AtLeast = None
) -> Done[ContractView]:
    """Toets of de aanbieder op een dag geschikt is voor een schoolsoort, met wat de registratie van hem weet."""

    def decide(state: Contract | None, given: Given) -> Decided[ContractEvent]:
        about = known(state)
        facts, day = given.facts, body.reference_date
        candidate = facts.candidate_for(about.programme, about.provider, body.school_type, day)
        found = judge(candidate, facts.switches_on(about.programme, day), "/schoolType")
        blocking = [finding for finding in found if finding.severity is Severity.BLOCK]
        return Decided(suitability.verify(body, state, given.today, blocking), found)

    return await acting.on(contract, body, decide, at_least)


@routes.post("/contracts/{contract}/tariff-variables", dependencies=[MANAGER], status_code=201)
async def propose_tariff_variable(
    contract: ContractId, body: Propose, acting: Act, at_least: AtLeast = None
) -> Done[ContractView]:
    """Stel een variabele van het tarief voor; er wordt niets mee gerekend."""
    return await acting.on(contract, body, lambda state, _: tariff.propose(body, state), at_least)


@routes.post("/contracts/{contract}/tariff-variables/settlement", dependencies=[MANAGER], status_code=201)
async def settle_tariff_variables(
    contract: ContractId, body: Settle, acting: Act, at_least: AtLeast = None
) -> Done[ContractView]:
    """Stel de voorgestelde variabelen vast."""
    return await acting.on(contract, body, lambda state, given: tariff.settle(body, state, given.today), at_least)
