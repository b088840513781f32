"""The contracts of the caller's region or organisation, as they are known at a moment."""

from services.contracts.api.shown import sees, view
from services.contracts.facts import Facts
from services.contracts.kept import CONTRACTS
from services.contracts.parts import Contract
from shared.administration.reading import Reading


async def contracts_of(reading: Reading, facts: Facts) -> list[Contract]:
    """Every contract that the caller may see, drafts too. Waits as `atLeast` says."""
    await reading.ready()
    directory = reading.running.directory
    states = (directory.state(CONTRACTS, name, reading.known_at) for name in directory.names("contract/"))
    return [one for one in states if one is not None and sees(reading.caller, facts, view(one, reading.on))]
