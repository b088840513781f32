"""Variables of the tariff (*tariefopbouw*, HG-75, OQ-25): an open list of names and units; no tariff is calculated."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field

from services.contracts.codes import impersonal
from services.contracts.contract import ContractEvent, check_not_ahead, known
from services.contracts.parts import Contract, Part, TariffVariable
from shared.domain.calendar import Day
from shared.domain.findings import refuse

VARIABLE = r"^[A-Z][A-Z0-9_]{1,39}$"
Variable = Annotated[str, Field(pattern=VARIABLE), AfterValidator(impersonal)]
Value = Annotated[str, Field(pattern=r"^-?[0-9]{1,7}(\.[0-9]{1,4})?$")]
"""A decimal with a point, as text: it is kept, never counted with."""

# Events


class TariffVariableProposed(ContractEvent):
    """A variable was proposed, or proposed anew with another unit or value."""

    TYPE: ClassVar[str] = "tariff-variable-proposed.v1"
    name: str
    unit: str
    value: str | None


class TariffVariablesSettled(ContractEvent):
    """The parties settled the variables that stood proposed."""

    TYPE: ClassVar[str] = "tariff-variables-settled.v1"
    settled_on: date
    names: tuple[str, ...]


EVENTS = (TariffVariableProposed, TariffVariablesSettled)


# Commands


class Propose(Part):
    """Propose a variable by a code of one's own, its unit, and its value where that is known."""

    name: Variable
    unit: Variable
    value: Value | None = None


class Settle(Part):
    """Settle every variable that stands proposed."""

    settled_on: Day


# Decide


def propose(command: Propose, state: Contract | None) -> Sequence[ContractEvent]:
    """A settled variable can be proposed anew; the same again is nothing."""
    contract = known(state)
    same = [
        one
        for one in contract.tariffs
        if (one.name, one.unit, one.value) == (command.name, command.unit, command.value)
    ]
    return [] if same else [TariffVariableProposed.of(contract, **command.model_dump())]


def settle(command: Settle, state: Contract | None, today: date) -> Sequence[ContractEvent]:
    """What stands proposed is settled; without any there is nothing to settle."""
    contract = known(state)
    check_not_ahead(command.settled_on, today, "/settledOn")
    if any(one.settled_on == command.settled_on for one in contract.tariffs) and not _open(contract):
        return []
    if not _open(contract):
        nl, en = "er staat niets voorgesteld", "nothing stands proposed"
        raise refuse("nothing-proposed", "", nl, en)
    return [TariffVariablesSettled.of(contract, settled_on=command.settled_on, names=_open(contract))]


def _open(contract: Contract) -> tuple[str, ...]:
    return tuple(one.name for one in contract.tariffs if one.settled_on is None)


# Evolve


def evolve(state: Contract, event: ContractEvent) -> Contract:
    """Remember the variables as they stand."""
    match event:
        case TariffVariableProposed():
            new = TariffVariable(name=event.name, unit=event.unit, value=event.value)
            others = tuple(one for one in state.tariffs if one.name != event.name)
            return state.model_copy(update={"tariffs": (*others, new)})
        case TariffVariablesSettled():
            update = {"settled_on": event.settled_on}
            settled = tuple(one.model_copy(update=update) if one.name in event.names else one for one in state.tariffs)
            return state.model_copy(update={"tariffs": settled})
    return state
