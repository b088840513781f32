"""Product codes follow the coverage of their school: none is in use where the school is not under the contract.

A code that was asked without a last day ends with the coverage, goes on where the coverage does (an extension) and
comes back where it does (a notice that was withdrawn). One with a last day of its own is only ever cut short.
"""

from collections.abc import Iterator, Sequence

from services.contracts import coverage
from services.contracts.contract import ContractEvent
from services.contracts.coverage import SchoolCoverageAdded, SchoolCoverageEnded
from services.contracts.parts import Contract, Product
from services.contracts.periods import ONE_DAY, unbroken
from services.contracts.product_code import activated, deactivated


def following(contract: Contract, events: Sequence[ContractEvent]) -> Sequence[ContractEvent]:
    """The events, and what the codes of the schools that they touch do with them."""
    after = contract
    for event in events:
        after = coverage.evolve(after, event)
    sites = {event.site for event in events if isinstance(event, SchoolCoverageAdded | SchoolCoverageEnded)}
    touched = [one for one in contract.products if one.site in sites]
    return [*events, *(event for one in touched for event in _follows(contract, one, after))]


def _follows(contract: Contract, product: Product, after: Contract) -> Iterator[ContractEvent]:
    run = unbroken(after.coverage, product.site, product.valid_from)
    last = run[1] if run else product.valid_from - ONE_DAY
    until = product.valid_to
    follows = product.with_coverage or until is None
    if product.empty:
        if follows and run is not None:
            yield activated(contract, product.model_copy(update={"valid_to": last}))
    elif last != until and (follows or (last is not None and until is not None and until > last)):
        yield deactivated(contract, product, last, with_coverage=follows)
