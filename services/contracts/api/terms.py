"""The extension of the result agreement, break options, and notices (*verlenging, tussentijds einde, opzegging*)."""

from typing import Annotated

from fastapi import Path

from services.contracts import break_option, extension, four_eyes, notice, withdrawal
from services.contracts.api.acting import MANAGER, Act, ContractId
from services.contracts.api.shown import ContractView
from services.contracts.break_option import AgreeBreakOption
from services.contracts.contract import ContractEvent
from services.contracts.given import Given
from services.contracts.notice import GiveNotice
from services.contracts.parts import Contract
from services.contracts.periods import ONE_DAY
from services.contracts.withdrawal import Withdraw
from shared.acts import Decision
from shared.administration.acting import Done
from shared.web.paging import AtLeast
from shared.web.routing import router

routes = router(tags=["contracts"])

NoticeNumber = Annotated[str, Path(pattern=r"^[0-9]{1,4}$")]


@routes.post("/contracts/{contract}/extension", dependencies=[MANAGER], status_code=201)
async def decide_extension(
    contract: ContractId, body: extension.Decide, acting: Act, at_least: AtLeast = None
) -> Done[ContractView]:
    """Leg vast of de resultaatovereenkomst is verlengd; alleen dan komt er een tweede looptijd."""

    def decide(state: Contract | None, given: Given) -> Decision[ContractEvent]:
        first = state.terms[0].valid_to + ONE_DAY if state and state.terms else body.decided_on
        exclusive = state is not None and given.facts.one_provider(state.programme, first)
        return extension.decide(body, state, given.today, given.summer(state), exclusive)

    return await acting.on(contract, body, decide, at_least)


@routes.post("/contracts/{contract}/break-options", dependencies=[MANAGER], status_code=201)
async def agree_break_option(
    contract: ContractId, body: AgreeBreakOption, acting: Act, at_least: AtLeast = None
) -> Done[ContractView]:
    """Leg een afgesproken mogelijkheid tot tussentijdse beëindiging vast."""
    return await acting.on(contract, body, lambda state, given: break_option.agree(body, state, given.today), at_least)


@routes.post("/contracts/{contract}/notices", dependencies=[MANAGER], status_code=201)
async def give_notice(
    contract: ContractId, body: GiveNotice, acting: Act, at_least: AtLeast = None
) -> Done[ContractView]:
    """Leg een opzegging vast zoals die is ontvangen; te laat verandert zij niets en zegt zij wanneer het wel kan."""

    def decide(state: Contract | None, given: Given) -> Decision[ContractEvent]:
        return list(notice.give(body, state, given.now, given.summer(state)))

    return await acting.confirmed(contract, four_eyes.NOTICE, body, decide, at_least)


@routes.post("/contracts/{contract}/notices/{notice_number}/withdrawal", dependencies=[MANAGER], status_code=201)
async def withdraw_notice(
    contract: ContractId, notice_number: NoticeNumber, body: Withdraw, acting: Act, at_least: AtLeast = None
) -> Done[ContractView]:
    """Trek een opzegging in, zolang zij nog nergens werkt."""

    def decide(state: Contract | None, given: Given) -> Decision[ContractEvent]:
        return withdrawal.withdraw(notice_number, body, state, given.today, given.summer(state))

    return await acting.on(contract, body, decide, at_least)
