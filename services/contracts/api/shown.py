"""A contract as it is shown, and to whom."""

from collections.abc import Callable, Sequence
from datetime import date

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from services.contracts.exits import exits
from services.contracts.facts import Facts
from services.contracts.parts import (
    BreakOption,
    Contract,
    Covered,
    Notice,
    Product,
    Proposal,
    TariffVariable,
    Term,
    TermPlan,
    Verification,
)
from shared.administration.reading import Shown
from shared.auth.caller import Caller

MANAGERS = ("contract-manager", "programme-admin", "registry-admin")


class ExitView(BaseModel):
    """A way out: the year, and the last local day on which notice can be received for it."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    year: int
    scopes: list[str]
    notice_by: date
    clause: str


class ContractView(Shown):
    """A contract as it stands; `signedOn` null: a draft, of which `schools` says what it will cover.

    `extended` null: not decided. `proposals` wait for a second account, which confirms by asking the same.
    """

    contract: str
    programme: str
    provider: str
    signed_on: date | None
    schools: Sequence[Covered]
    lot: str | None
    plan: TermPlan | None
    terms: Sequence[Term]
    extended: bool | None
    exits: Sequence[ExitView]
    break_options: Sequence[BreakOption]
    notices: Sequence[Notice]
    product_codes: Sequence[Product]
    suitability: Sequence[Verification]
    tariff_variables: Sequence[TariffVariable]
    proposals: Sequence[Proposal]


def view(state: Contract, _on: date) -> ContractView:
    """What is shown of a contract."""
    return ContractView(
        contract=state.contract,
        programme=state.programme,
        provider=state.provider,
        signed_on=state.signed_on,
        schools=state.schools if state.signed_on is None else [_plain(one) for one in state.coverage if not one.empty],
        valid_from=state.valid_from,
        valid_to=state.valid_to,
        lot=state.lot,
        plan=state.plan,
        terms=state.terms,
        extended=state.extended,
        exits=[
            ExitView(year=one.year, scopes=sorted(one.scopes), notice_by=one.notice_by, clause=one.clause)
            for one in exits(state)
        ],
        break_options=state.break_options,
        notices=state.notices,
        product_codes=state.products,
        suitability=state.suitability,
        tariff_variables=state.tariffs,
        proposals=state.proposals,
    )


def view_for(caller: Caller) -> Callable[[Contract, date], ContractView]:
    """What is shown of a contract to this caller: what waits for a second account is for the region alone."""

    def shown(state: Contract, on: date) -> ContractView:
        found = view(state, on)
        return found if caller.has(*MANAGERS) else found.model_copy(update={"proposals": ()})

    return shown


def sees(caller: Caller, facts: Facts, shown: ContractView) -> bool:
    """Administrators see their region's contracts, a provider its own, a municipality those at its schools."""
    if caller.has(*MANAGERS):
        return caller.region is not None and facts.region(shown.programme) == caller.region
    if caller.has("municipal-account-holder"):
        places = (facts.sites.get(one.site) for one in shown.schools)
        return any(place is not None and place.municipality in caller.municipalities for place in places)
    return shown.provider == caller.organisation


def _plain(covered: Covered) -> Covered:
    return Covered(site=covered.site, valid_from=covered.valid_from, valid_to=covered.valid_to)
