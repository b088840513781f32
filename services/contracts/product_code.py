"""Product codes (*productcodes*) in use at a school: 45ABS, 41S01 and 41S02 exclude each other (HG-31, INV-18).

The programme says for what they exclude each other: a school, or a pupil of it (OQ-14), who is then known by the
subject id alone. Where the programme blocks it, the days are claimed in the log, so that of two at once one wins.
"""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from services.contracts import coverage
from services.contracts.contract import ContractEvent, signed
from services.contracts.parts import Contract, Part, Product, SiteCode
from services.contracts.periods import ONE_DAY, check_ends_earlier, check_period
from shared.domain.calendar import Day
from shared.domain.findings import refuse

PRODUCT_CODE = r"^[0-9]{2}[0-9A-Z]{3}$"

# Events


class ProductCodeActivated(ContractEvent):
    """A product code is in use; `exclusive` when its days are claimed."""

    TYPE: ClassVar[str] = "product-code-activated.v1"
    code: str
    site: str
    subject: UUID | None
    valid_from: date
    valid_to: date | None
    exclusive: bool


class ProductCodeDeactivated(ContractEvent):
    """The use that began on `valid_from` has another last day than was said before."""

    TYPE: ClassVar[str] = "product-code-deactivated.v1"
    code: str
    site: str
    subject: UUID | None
    valid_from: date
    valid_to: date
    previous_valid_to: date | None


EVENTS = (ProductCodeActivated, ProductCodeDeactivated)


# Commands


class Activate(Part):
    """Use a product code at a school from a day on; `subject` where the programme counts by pupil."""

    code: str = Field(pattern=PRODUCT_CODE)
    site: SiteCode
    subject: UUID | None = Field(default=None, strict=False)
    valid_from: Day
    valid_to: Day | None = None


class Deactivate(Part):
    """Stop using it after this last day."""

    subject: UUID | None = Field(default=None, strict=False)
    valid_to: Day


# Decide


def activate(command: Activate, state: Contract | None, exclusive: bool) -> Sequence[ContractEvent]:
    """A code is used at a school of the contract, within the coverage of that school."""
    contract = signed(state)
    check_period(command.valid_from, command.valid_to, "/validTo")
    product = Product(**{name: getattr(command, name) for name in Activate.model_fields}, exclusive=exclusive)
    if any(_same(product, one) for one in contract.products):
        return []
    _check_covered(command, contract)
    for one in contract.products:
        if (one.site, one.subject, one.code) == (product.site, product.subject, product.code) and overlap(one, product):
            nl, en = "deze code is op die dagen al in gebruik", "this code is in use on those days already"
            raise refuse("periods-overlap", "/validFrom", nl, en)
    return [ProductCodeActivated.of(contract, **{name: getattr(product, name) for name in Product.model_fields})]


def deactivate(code: str, site: str, command: Deactivate, state: Contract | None) -> Sequence[ContractEvent]:
    """The latest use of the code at the school ends earlier than was said."""
    contract = signed(state)
    uses = [one for one in contract.products if (one.code, one.site, one.subject) == (code, site, command.subject)]
    if not uses:
        raise refuse("product-code-unused", "", "deze code is hier niet in gebruik", "this code is not in use here")
    latest = max(uses, key=lambda one: one.valid_from)
    if latest.valid_to == command.valid_to:
        return []
    check_ends_earlier(latest.valid_from, latest.valid_to, command.valid_to)
    return [_deactivated(contract, latest, command.valid_to)]


def following(contract: Contract, events: Sequence[ContractEvent]) -> Sequence[ContractEvent]:
    """The events, and the codes that end with them: none is in use where the school is not under the contract."""
    after = contract
    for event in events:
        after = coverage.evolve(after, event)
    sites = {event.site for event in events if isinstance(event, coverage.SchoolCoverageEnded)}
    stopped = [
        _deactivated(contract, one, last)
        for one in contract.products
        if one.site in sites and (last := _last_day(after, one.site)) is not None and (one.valid_to or date.max) > last
    ]
    return [*events, *stopped]


def _last_day(contract: Contract, site: str) -> date | None:
    """The last day on which the school is under the contract; None for an open end."""
    days = [one.valid_to for one in contract.coverage if one.site == site and not one.empty]
    return None if None in days else max((day for day in days if day), default=contract.valid_from - ONE_DAY)


def _deactivated(contract: Contract, product: Product, last_day: date) -> ContractEvent:
    return ProductCodeDeactivated.of(
        contract,
        **{name: getattr(product, name) for name in ("code", "site", "subject", "valid_from")},
        valid_to=max(last_day, product.valid_from - ONE_DAY),
        previous_valid_to=product.valid_to,
    )


def overlap(one: Product, other: Product) -> bool:
    """Whether both are in use on a day."""
    return one.valid_from <= (other.valid_to or date.max) and other.valid_from <= (one.valid_to or date.max)


def _same(product: Product, other: Product) -> bool:
    return product.model_copy(update={"exclusive": other.exclusive}) == other


def _check_covered(command: Activate, contract: Contract) -> None:
    for one in contract.coverage:
        ends = one.valid_to is None or (command.valid_to or command.valid_from) <= one.valid_to
        if one.site == command.site and one.valid_from <= command.valid_from and ends and not one.empty:
            return
    nl, en = "deze school valt op die dagen niet onder dit contract", "the school is not under this contract then"
    raise refuse("school-not-covered", "/site", nl, en)


# Evolve


def evolve(state: Contract, event: ContractEvent) -> Contract:
    """Remember which code is in use where."""
    match event:
        case ProductCodeActivated():
            product = Product(**{name: getattr(event, name) for name in Product.model_fields})
            return state.model_copy(update={"products": (*state.products, product)})
        case ProductCodeDeactivated():
            changed = tuple(
                one.model_copy(update={"valid_to": event.valid_to}) if _meant(one, event) else one
                for one in state.products
            )
            return state.model_copy(update={"products": changed})
    return state


def _meant(one: Product, event: ProductCodeDeactivated) -> bool:
    key = (event.code, event.site, event.subject, event.valid_from)
    return (one.code, one.site, one.subject, one.valid_from) == key
