"""Product codes (*productcodes*) in use at a school: 45ABS, 41S01 and 41S02 exclude each other (HG-31, INV-18).

The programme says for what they exclude each other: a school, or a pupil of it (OQ-14), who is then known by the
subject id alone. Where the programme blocks it, the days are claimed in the log, so that of two at once one wins.
"""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from services.contracts.codes import SiteCode
from services.contracts.contract import ContractEvent, signed
from services.contracts.parts import Contract, Part, Product
from services.contracts.periods import ONE_DAY, check_ends_earlier, check_period, unbroken
from shared.domain.calendar import Day
from shared.domain.findings import refuse

PRODUCT_CODE = r"^[0-9]{2}[0-9A-Z]{3}$"

# Events


class ProductCodeActivated(ContractEvent):
    """A product code is in use; `exclusive` when its days are claimed, `with_coverage` when no last day was asked."""

    TYPE: ClassVar[str] = "product-code-activated.v1"
    code: str
    site: str
    subject: UUID | None
    valid_from: date
    valid_to: date | None
    exclusive: bool
    with_coverage: bool = False


class ProductCodeDeactivated(ContractEvent):
    """The use that began on `valid_from` has another last day than was said before.

    `with_coverage`: because the school's coverage has, which it goes on following.
    """

    TYPE: ClassVar[str] = "product-code-deactivated.v1"
    code: str
    site: str
    subject: UUID | None
    valid_from: date
    valid_to: date | None
    previous_valid_to: date | None
    with_coverage: bool = False


EVENTS = (ProductCodeActivated, ProductCodeDeactivated)


# Commands


class Activate(Part):
    """Use a product code at a school from a day on; `subject` where the programme counts by pupil.

    Without a last day it is used as long as the school is under the contract.
    """

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
    product = asked(command, contract, exclusive)
    if any(_same(product, one) for one in contract.products):
        return []
    for one in contract.products:
        if (one.site, one.subject, one.code) == (product.site, product.subject, product.code) and overlap(one, product):
            nl, en = "deze code is op die dagen al in gebruik", "this code is in use on those days already"
            raise refuse("periods-overlap", "/validFrom", nl, en)
    return [activated(contract, product)]


def asked(command: Activate, contract: Contract, exclusive: bool) -> Product:
    """The use that is asked. Raises `Refused` (`school-not-covered`) where the school is not covered all the while."""
    run = unbroken(contract.coverage, command.site, command.valid_from)
    if run is None or (run[1] is not None and (command.valid_to or run[1]) > run[1]):
        nl, en = "deze school valt op die dagen niet onder dit contract", "the school is not under this contract then"
        raise refuse("school-not-covered", "/site", nl, en)
    fields = {name: getattr(command, name) for name in ("code", "site", "subject", "valid_from")}
    last = run[1] if command.valid_to is None else command.valid_to
    return Product(**fields, valid_to=last, exclusive=exclusive, with_coverage=command.valid_to is None)


def deactivate(code: str, site: str, command: Deactivate, state: Contract | None) -> Sequence[ContractEvent]:
    """The latest use of the code at the school ends earlier than was said."""
    contract = signed(state)
    uses = [one for one in contract.products if (one.code, one.site, one.subject) == (code, site, command.subject)]
    if not uses:
        raise refuse("product-code-unused", "", "deze code is hier niet in gebruik", "this code is not in use here")
    latest = max(uses, key=lambda one: (not one.empty, one.valid_from))
    if latest.valid_to == command.valid_to and not latest.with_coverage:
        return []
    check_ends_earlier(latest.valid_from, latest.valid_to, command.valid_to)
    return [deactivated(contract, latest, command.valid_to)]


def activated(contract: Contract, product: Product) -> ContractEvent:
    """The code is in use."""
    return ProductCodeActivated.of(contract, **{name: getattr(product, name) for name in Product.model_fields})


def deactivated(
    contract: Contract, product: Product, last_day: date | None, *, with_coverage: bool = False
) -> ContractEvent:
    """The use has this last day; what has not begun by then ends before it begins."""
    return ProductCodeDeactivated.of(
        contract,
        **{name: getattr(product, name) for name in ("code", "site", "subject", "valid_from")},
        valid_to=last_day if last_day is None else max(last_day, product.valid_from - ONE_DAY),
        previous_valid_to=product.valid_to,
        with_coverage=with_coverage,
    )


def overlap(one: Product, other: Product) -> bool:
    """Whether both are in use on a day."""
    if one.empty or other.empty:
        return False
    return one.valid_from <= (other.valid_to or date.max) and other.valid_from <= (one.valid_to or date.max)


def _same(product: Product, other: Product) -> bool:
    return product.model_copy(update={"exclusive": other.exclusive}) == other


# Evolve


def evolve(state: Contract, event: ContractEvent) -> Contract:
    """Remember which code is in use where."""
    match event:
        case ProductCodeActivated():
            product = Product(**{name: getattr(event, name) for name in Product.model_fields})
            others = tuple(one for one in state.products if not _meant(one, event))
            return state.model_copy(update={"products": (*others, product)})
        case ProductCodeDeactivated():
            changed = tuple(
                one.model_copy(update={"valid_to": event.valid_to, "with_coverage": event.with_coverage})
                if _meant(one, event)
                else one
                for one in state.products
            )
            return state.model_copy(update={"products": changed})
    return state


def _meant(one: Product, event: ProductCodeActivated | ProductCodeDeactivated) -> bool:
    """Whether it is this use; one that was ended before it began makes room for the same again."""
    key = (event.code, event.site, event.subject, event.valid_from)
    return (one.code, one.site, one.subject, one.valid_from) == key
