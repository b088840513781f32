"""An act on a contract: who may, with which facts, and what it changes beside the contract."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated

from fastapi import Depends, Path
from pydantic import BaseModel
from starlette.requests import Request

from services.contracts import four_eyes
from services.contracts.api.effects import effects_of
from services.contracts.api.shown import ContractView, view
from services.contracts.codes import CONTRACT_CODE
from services.contracts.contract import ContractEvent
from services.contracts.facts import Facts
from services.contracts.following import following
from services.contracts.given import Given
from services.contracts.kept import CONTRACTS, holdings, stream, taken_elsewhere
from services.contracts.parts import Contract
from shared.acts import Decided, Decision, Others
from shared.administration.acting import Acting, Done
from shared.asking import decided
from shared.auth.require import require
from shared.domain.findings import nowhere
from shared.log.events import Claim

MANAGERS = ("contract-manager", "programme-admin")
MANAGER = Depends(require("contract-manager"))

ContractId = Annotated[str, Path(pattern=CONTRACT_CODE)]

Decide = Callable[[Contract | None, Given], Decision[ContractEvent]]


def facts_of(request: Request) -> Facts:
    """The copy of the registry's facts."""
    facts: Facts = request.app.state.learner.facts
    return facts


class ContractActing(Acting):
    """An act on a contract; the facts must be at least as new as `atLeast` says."""

    async def on(
        self,
        contract: str,
        body: BaseModel,
        decide: Decide,
        at_least: str | None,
        *,
        location: str | None = None,
        check: Callable[[Facts], None] = lambda _: None,
    ) -> Done[ContractView]:
        """Do it, when the contract is of the caller's region.

        `check` is of what the body names: it comes first, as its answer is the same whosever the contract is (G-21).
        """
        await self.running.caught_up(at_least)
        given = self._given()
        check(given.facts)

        def made(state: Contract | None, _others: Others) -> Decided[ContractEvent]:
            if state is not None and given.facts.region(state.programme) != self.caller.region:
                raise nowhere()
            done = decided(decide(state, given))
            events = following(state, done.events) if state else done.events
            if self.dry_run:
                _check_free(state, events, given.others)
            return Decided(events, done.findings)

        return await self.do(
            CONTRACTS,
            stream(contract),
            body,
            made,
            view,
            location=location,
            effects=lambda before, after: effects_of(before, after, given.facts),
        )

    async def confirmed(
        self, contract: str, act: str, body: BaseModel, decide: Decide, at_least: str | None
    ) -> Done[ContractView]:
        """The same, where the programme may ask for a second account."""

        def made(state: Contract | None, given: Given) -> Decision[ContractEvent]:
            done = decided(decide(state, given))
            if state is None or not given.facts.four_eyes(state.programme, act, given.today):
                return done
            events = four_eyes.confirmed(act, body, state, given.by, done.events)
            return Decided(events, done.findings)

        return await self.on(contract, body, made, at_least)

    def _given(self) -> Given:
        directory = self.running.directory
        states = (directory.state(CONTRACTS, name) for name in directory.names("contract/"))
        facts, region = facts_of(self.request), self.caller.region
        others = [one for one in states if one is not None and facts.region(one.programme) == region]
        return Given(self.running.clock.now(), self.caller.client_id, facts, others)


def _check_free(state: Contract | None, events: Sequence[ContractEvent], others: Sequence[Contract]) -> None:
    """A dry run claims nothing: what others hold is looked up in the copy. Raises what the log would refuse."""
    wanted: list[Claim] = []
    for event in events:
        wanted += CONTRACTS.claims(state, event)
        state = CONTRACTS.evolve(state, event)
    theirs = [
        claim for other in others if state is None or other.contract != state.contract for claim in holdings(other)
    ]
    for ours in wanted:
        for one in theirs:
            if (one.kind, one.key) == (ours.kind, ours.key) and _on_a_day(one, ours):
                raise taken_elsewhere(one, ours)


def _on_a_day(one: Claim, other: Claim) -> bool:
    """Whether both are about a day; what ends before it starts is about none."""
    if other.end is not None and other.end < other.start:
        return False
    return one.start <= (other.end or date.max) and other.start <= (one.end or date.max)


Act = Annotated[ContractActing, Depends()]
KnownFacts = Annotated[Facts, Depends(facts_of)]
