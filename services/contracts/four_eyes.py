"""Four eyes (*vierogenprincipe*): where the programme asks for it, an act happens when a second account asks the same.

The first time it is only proposed; whoever asks the same from another account makes it happen. What is asked decides
whether it is the same, so that nobody confirms what was not read.
"""

from collections.abc import Sequence
from typing import ClassVar

from pydantic import BaseModel, JsonValue

from services.contracts.contract import ContractEvent, ContractSigned, known
from services.contracts.notice import TerminationNoticeReceived
from services.contracts.parts import Contract, Proposal

SIGNATURE, NOTICE = "SIGNATURE", "NOTICE"
HAPPENED: dict[type[ContractEvent], str] = {ContractSigned: SIGNATURE, TerminationNoticeReceived: NOTICE}

# Events


class ContractActProposed(ContractEvent):
    """Somebody asked for an act that a second account must confirm; nothing counts yet."""

    TYPE: ClassVar[str] = "contract-act-proposed.v1"
    act: str
    asked: dict[str, JsonValue]
    by: str


EVENTS = (ContractActProposed,)


# Decide


def confirmed(
    act: str, command: BaseModel, state: Contract | None, by: str, events: Sequence[ContractEvent]
) -> Sequence[ContractEvent]:
    """The events when another account proposed the same; else the proposal. What changes nothing needs nobody."""
    contract = known(state)
    if not events:
        return []
    asked = command.model_dump(mode="json", by_alias=True)
    waiting = [one for one in contract.proposals if (one.act, one.asked) == (act, asked)]
    if any(one.by != by for one in waiting):
        return events
    return [] if waiting else [ContractActProposed.of(contract, act=act, asked=asked, by=by)]


# Evolve


def evolve(state: Contract, event: ContractEvent) -> Contract:
    """Remember what waits for a second account."""
    match event:
        case ContractActProposed():
            proposal = Proposal(act=event.act, asked=event.asked, by=event.by)
            return state.model_copy(update={"proposals": (*state.proposals, proposal)})
    return state


def settled(state: Contract, event: ContractEvent) -> Contract:
    """What has happened waits for nobody any more."""
    act = HAPPENED.get(type(event))
    if act is None:
        return state
    return state.model_copy(update={"proposals": tuple(one for one in state.proposals if one.act != act)})
