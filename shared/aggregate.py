"""An aggregate as the log keeps it: pure functions of its own, and how its events are stored."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from shared.domain.events import Event
from shared.domain.findings import Refused, refuse
from shared.domain.texts import Text
from shared.log.events import Claim, Columns, StoredEvent
from shared.web.problems import register_error

State = TypeVar("State")
E = TypeVar("E", bound=Event)

CLAIMED = register_error(
    "claimed",
    409,
    Text("Die dagen zijn bezet", "Those days are taken"),
    Text("Iets anders heeft deze dagen al.", "Something else has these days already."),
)


def no_claims(_state: object, _event: object) -> tuple[Claim, ...]:
    """For aggregates that hold nothing across streams."""
    return ()


def taken(held: Claim, _wanted: Claim) -> Refused:
    """What is refused when another stream holds the days that were wanted."""
    end = held.end.isoformat() if held.end else "…"
    period = f"{held.start.isoformat()} - {end}"
    return refuse(CLAIMED, "", f"die dagen zijn al bezet: {period}", f"those days are taken: {period}")


@dataclass(frozen=True, slots=True)
class Aggregate(Generic[State, E]):
    """How an aggregate is kept: its events, the state before the first, how it remembers, and how it is stored.

    `columns(event, history)` gives the typed columns, `history` being the stream before it; `claims(state, event)` what
    the event takes or gives back, from the state before it; `claimed(held, wanted)` the refusal when somebody else has
    the days that were wanted.
    """

    events: tuple[type[E], ...]
    initial: State
    evolve: Callable[[State, E], State]
    columns: Callable[[E, Sequence[StoredEvent]], Columns]
    claims: Callable[[State, E], tuple[Claim, ...]] = no_claims
    claimed: Callable[[Claim, Claim], Refused] = taken

    def read(self, stored: StoredEvent) -> E:
        """The event as it was decided. Raises `LookupError` for a type that is not of this aggregate."""
        for kind in self.events:
            if kind.full_type() == stored.type:
                return kind.model_validate_json(stored.payload)
        raise LookupError(stored.type)

    def fold(self, history: Sequence[StoredEvent]) -> State:
        """The state after these events, in the order in which they were recorded."""
        state = self.initial
        for stored in history:
            state = self.evolve(state, self.read(stored))
        return state
