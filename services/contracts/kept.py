"""The contract as the log keeps it: by what figures count it, and what it claims across streams.

| kind | key | never on the same day |
|---|---|---|
| `coverage` | programme/site | a school under two contracts of one programme |
"""

from collections.abc import Sequence

from services.contracts import contract as contracts
from services.contracts.contract import (
    Contract,
    ContractDrafted,
    ContractEnded,
    ContractEvent,
    ContractSigned,
    SchoolCoverageAdded,
    SchoolCoverageEnded,
)
from shared.aggregate import Aggregate
from shared.domain.findings import Refused, refuse
from shared.domain.texts import Text
from shared.log.events import Claim, ClaimAction, Columns, StoredEvent

COVERAGE = "coverage"


def stream(contract: str) -> str:
    """The stream of a contract, by its own id."""
    return f"contract/{contract}"


def columns(event: ContractEvent, _history: Sequence[StoredEvent]) -> Columns:
    """First and last day, programme, provider, school; a draft counts for nothing, so it has no days."""
    draft = isinstance(event, ContractDrafted)
    return Columns(
        day=None if draft else event.valid_from,
        until=None if draft else event.valid_to,
        programme=event.programme,
        provider=event.provider,
        school=event.site if isinstance(event, SchoolCoverageAdded | SchoolCoverageEnded) else None,
        case=event.contract,
    )


def claims(_state: Contract | None, event: ContractEvent) -> tuple[Claim, ...]:
    """Coverage takes a school's days; ending it early gives the rest back."""
    match event:
        case SchoolCoverageAdded():
            action = ClaimAction.TAKE
        case SchoolCoverageEnded():
            action = ClaimAction.END
        case _:
            return ()
    key = f"{event.programme}/{event.site}"
    return (Claim(action, COVERAGE, key, stream(event.contract), event.valid_from, event.valid_to),)


def covered_elsewhere(held: Claim, _wanted: Claim) -> Refused:
    """Another contract covers the school on some of the days."""
    site = held.key.rpartition("/")[2]
    period = f"{held.start} – {held.end or '…'}"
    return refuse(
        "covered-elsewhere",
        "/schools",
        f"school {site} valt al onder een ander contract: {period}",
        f"school {site} is under another contract already: {period}",
        Text("laat de dekking daar eerst eindigen, of begin later", "end the coverage there first, or begin later"),
    )


CONTRACTS: Aggregate[Contract | None, ContractEvent] = Aggregate(
    (ContractDrafted, ContractSigned, SchoolCoverageAdded, SchoolCoverageEnded, ContractEnded),
    None,
    contracts.evolve,
    columns,
    claims,
    covered_elsewhere,
)
