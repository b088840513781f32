"""The contract as the log keeps it: by what figures count it, and what it claims across streams.

| kind | key | never on the same day |
|---|---|---|
| `coverage` | programme/site | a school under two contracts of one programme, where it has one provider per school |
| `product-code` | programme/site[/subject] | product codes of two contracts, where they exclude each other |
"""

from collections.abc import Callable, Iterator, Sequence
from uuid import UUID

from services.contracts import (
    acknowledgement,
    break_option,
    contract,
    coverage,
    extension,
    four_eyes,
    notice,
    product_code,
    suitability,
    tariff,
    withdrawal,
)
from services.contracts.acknowledgement import Acknowledged, AlertAcknowledged
from services.contracts.contract import ContractDrafted, ContractEvent
from services.contracts.coverage import SchoolCoverageAdded, SchoolCoverageEnded
from services.contracts.parts import Contract
from services.contracts.periods import ONE_DAY
from services.contracts.product_code import ProductCodeActivated, ProductCodeDeactivated
from shared.aggregate import Aggregate, taken
from shared.domain.findings import Refused, refuse
from shared.domain.texts import Text
from shared.log.events import Claim, ClaimAction, Columns, StoredEvent

COVERAGE, PRODUCT_CODE = "coverage", "product-code"

LATER = (coverage, extension, break_option, notice, withdrawal, product_code, suitability, tariff, four_eyes)
"""What happens to a contract after its draft, a file each."""

_EVOLVE: dict[type[ContractEvent], Callable[[Contract, ContractEvent], Contract]] = {
    kind: module.evolve for module in LATER for kind in module.EVENTS
}


def stream(code: str) -> str:
    """The stream of a contract, by its own id."""
    return f"contract/{code}"


def evolve(state: Contract | None, event: ContractEvent) -> Contract | None:
    """Remember what happened."""
    later = _EVOLVE.get(type(event))
    after = contract.evolve(state, event) if later is None or state is None else later(state, event)
    return four_eyes.settled(after, event) if after else None


def columns(event: ContractEvent, _history: Sequence[StoredEvent]) -> Columns:
    """First and last day, programme, provider, school; a draft counts for nothing, so it has no days."""
    counts = not isinstance(event, ContractDrafted)
    return Columns(
        day=getattr(event, "valid_from", None) if counts else None,
        until=getattr(event, "valid_to", None) if counts else None,
        programme=event.programme,
        provider=event.provider,
        school=getattr(event, "site", None),
        case=event.contract,
    )


def claims(state: Contract | None, event: ContractEvent) -> tuple[Claim, ...]:
    """Coverage and product codes take a school's days; ending early gives the rest back, a longer end takes more."""
    held = stream(event.contract)
    match event:
        case SchoolCoverageAdded(exclusive=True):
            key = f"{event.programme}/{event.site}"
            return (Claim(ClaimAction.TAKE, COVERAGE, key, held, event.valid_from, event.valid_to),)
        case SchoolCoverageEnded() if _exclusive_coverage(state, event):
            key = f"{event.programme}/{event.site}"
            return (Claim(ClaimAction.END, COVERAGE, key, held, event.valid_from, event.valid_to),)
        case ProductCodeActivated(exclusive=True):
            return (Claim(ClaimAction.TAKE, PRODUCT_CODE, _place(event), held, event.valid_from, event.valid_to),)
        case ProductCodeDeactivated() if _exclusive_product(state, event):
            return (Claim(ClaimAction.END, PRODUCT_CODE, _place(event), held, event.valid_from, event.valid_to),)
    return ()


def holdings(state: Contract) -> Iterator[Claim]:
    """What a contract holds in the log, by what it remembers; for a dry run, which claims nothing."""
    holder = stream(state.contract)
    for one in state.coverage:
        if one.exclusive and not one.empty:
            key = f"{state.programme}/{one.site}"
            yield Claim(ClaimAction.TAKE, COVERAGE, key, holder, one.valid_from, one.valid_to)
    for used in state.products:
        if used.exclusive and not used.empty:
            key = _used_at(state.programme, used.site, used.subject)
            yield Claim(ClaimAction.TAKE, PRODUCT_CODE, key, holder, used.valid_from, used.valid_to)


def _place(event: ProductCodeActivated | ProductCodeDeactivated) -> str:
    return _used_at(event.programme, event.site, event.subject)


def _used_at(programme: str, site: str, subject: UUID | None) -> str:
    place = f"{programme}/{site}"
    return place if subject is None else f"{place}/{subject}"


def _exclusive_coverage(state: Contract | None, event: SchoolCoverageEnded) -> bool:
    found = state.coverage if state else ()
    return any(
        one.exclusive and not one.empty for one in found if (one.site, one.valid_from) == (event.site, event.valid_from)
    )


def _exclusive_product(state: Contract | None, event: ProductCodeDeactivated) -> bool:
    key = (event.code, event.site, event.subject, event.valid_from)
    found = state.products if state else ()
    return any(one.exclusive for one in found if (one.code, one.site, one.subject, one.valid_from) == key)


def taken_elsewhere(held: Claim, wanted: Claim) -> Refused:
    """Another contract has some of the days: both periods, and the last day that would leave room."""
    if held.kind == COVERAGE:
        return covered_elsewhere(held, wanted)
    if held.kind == PRODUCT_CODE:
        days = f"{held.start} – {held.end or '…'}"
        nl, en = (
            f"hier is al een code in gebruik die deze uitsluit: {days}",
            f"a code that excludes it is in use: {days}",
        )
        return refuse("R-CODE-MUTEX", "/code", nl, en, Text("laat die eerst eindigen", "end that one first"))
    return taken(held, wanted)


def covered_elsewhere(held: Claim, wanted: Claim) -> Refused:
    """Another contract covers the school on some of the days; which one is not told."""
    site = held.key.split("/")[1]
    theirs, ours = _days(held), _days(wanted)
    if wanted.start > held.start:
        last = wanted.start - ONE_DAY
        hint = Text(f"laat de dekking daar eindigen op {last}", f"end the coverage there on {last}")
    else:
        last = held.start - ONE_DAY
        hint = Text(f"laat deze dekking eindigen op {last}", f"end this coverage on {last}")
    return refuse(
        "covered-elsewhere",
        "/schools",
        f"school {site} valt van {theirs} al onder een ander contract; gevraagd is {ours}",
        f"school {site} is under another contract from {theirs}; asked was {ours}",
        hint,
    )


def _days(claim: Claim) -> str:
    return f"{claim.start} – {claim.end or '…'}"


CONTRACTS: Aggregate[Contract | None, ContractEvent] = Aggregate(
    (*contract.EVENTS, *(kind for module in LATER for kind in module.EVENTS)),
    None,
    evolve,
    columns,
    claims,
    taken_elsewhere,
)


def alert_stream(alert: str) -> str:
    """The stream of an alert, by its id."""
    return f"alert/{alert}"


ALERTS: Aggregate[Acknowledged | None, AlertAcknowledged] = Aggregate(
    (AlertAcknowledged,),
    None,
    acknowledgement.evolve,
    lambda event, _: Columns(day=event.acknowledged_on, programme=event.programme),
)
