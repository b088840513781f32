"""The cycle of an act: load the stream at the head, decide, append, and once more when somebody was quicker.

Every act of an administrator goes this way, in every service that keeps no read tables:

    written = await acts.act(SITES, "site/99HA00", asked, lambda state, others: decide(command, state), others=[...])

What the decision needs of other streams (`others`) is read in the same look, at the head, never from a copy. Here
also: a repeat under the same `Idempotency-Key` gets the earlier answer, `If-Match` is held against the stream's
version, a dry run stores nothing. What a decision refuses (`Refused`) and what the log raises pass through;
`shared.web` renders them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic

import orjson

from shared.aggregate import Aggregate, E, State
from shared.asking import Asked, Authority, Decided, Decision, decided, findings, fingerprint, judgement
from shared.clock import Clock
from shared.domain.events import Event
from shared.domain.findings import Finding, Refused, refuse
from shared.domain.texts import Text
from shared.log.canonical import canonical, content_hash, instant
from shared.log.events import Claim, Key, NewEvent, Outcome, StoredEvent, Unit, Vector
from shared.log.ids import uuid7
from shared.log.log import Log
from shared.web.problems import Problem, register_error

__all__ = ["Acts", "Asked", "Authority", "Decided", "Decision", "Others", "Written", "check_version", "fingerprint"]

ATTEMPTS = 3
"""How often is decided again when the stream has moved on."""

Others = Mapping[str, Sequence[StoredEvent]]
"""The events of other streams, by stream; an empty list for a stream that does not exist."""


@dataclass(frozen=True, slots=True)
class Written(Generic[State, E]):
    """What came of it: the state and version of the stream afterwards, and what was recorded.

    `events` is empty when there was nothing to do; after a dry run it holds what would be recorded. `vector` is what a
    reader must have seen to see this (sealed, it is the `token` of the answer). `repeated`: this is the earlier answer.
    """

    state: State
    events: tuple[E, ...]
    version: int
    vector: Vector
    dry_run: bool = False
    repeated: bool = False
    findings: tuple[Finding, ...] = ()
    before: State | None = None
    """The state that the decision was made on."""


class Acts:
    """The acts on one service's log; `source` is the source of its own events, such as `urn:jos:registry`."""

    def __init__(self, log: Log, clock: Clock, source: str) -> None:
        self.log = log
        self._clock = clock
        self._source = source

    async def state(self, aggregate: Aggregate[State, E], stream: str) -> State:
        """The state of a stream at the head."""
        return aggregate.fold(await self.log.stream(stream))

    async def act(
        self,
        aggregate: Aggregate[State, E],
        stream: str,
        asked: Asked,
        decide: Callable[[State, Others], Decision[E]],
        others: Sequence[str] = (),
    ) -> Written[State, E]:
        """Do it once, however often it is asked.

        Raises `Refused` when the decision says no, when another stream holds a claim and when the key was used for
        something else; `Problem` 412 when the stream is not at `if_match`, 409 `stale` after three attempts.
        """
        for _ in range(ATTEMPTS):
            # First the streams, then the key: what was recorded under it by then is found, even if only just now.
            found = await self.log.streams([stream, *others])
            earlier = await self._earlier(aggregate, asked)
            if earlier:
                return earlier
            history = found.get(stream, [])
            state = aggregate.fold(history)
            # First the decision, which knows what is the caller's: who changed it is for those who may know (G-21).
            made = decided(decide(state, {name: found.get(name, []) for name in others}))
            check_version(asked.if_match, history)
            if asked.dry_run or not made.events:
                return self._unwritten(aggregate, history, made, asked.dry_run)
            written = await self._append(aggregate, stream, asked, history, made)
            if written:
                return written
        raise Problem(None, "stale")

    async def _earlier(self, aggregate: Aggregate[State, E], asked: Asked) -> Written[State, E] | None:
        """The answer that was given under this key, if it was."""
        if asked.key is None:
            return None
        key = Key(asked.organisation, self._source, asked.key)
        first = (await self.log.find([key])).get(key)
        if first is None:
            return None
        stored = orjson.loads(first.judgement)
        act = stored["act"]
        if act["content"] != asked.content:
            raise _key_reused()
        last = first.stream_version + int(act["events"]) - 1
        history = [stored for stored in await self.log.stream(first.stream) if stored.stream_version <= last]
        before, after = history[: first.stream_version - 1], history[first.stream_version - 1 :]
        return Written(
            aggregate.fold(history),
            tuple(aggregate.read(stored) for stored in after),
            last,
            self._vector(history),
            repeated=True,
            findings=findings(stored),
            before=aggregate.fold(before),
        )

    def _unwritten(
        self, aggregate: Aggregate[State, E], history: Sequence[StoredEvent], made: Decided[E], dry_run: bool
    ) -> Written[State, E]:
        before = state = aggregate.fold(history)
        for event in made.events:
            state = aggregate.evolve(state, event)
        return Written(
            state,
            tuple(made.events),
            len(history) + len(made.events),
            self._vector(history),
            dry_run,
            findings=tuple(made.findings),
            before=before,
        )

    async def _append(
        self,
        aggregate: Aggregate[State, E],
        stream: str,
        asked: Asked,
        history: Sequence[StoredEvent],
        made: Decided[E],
    ) -> Written[State, E] | None:
        """What was written, or None when somebody was quicker."""
        unit, state = self._unit(aggregate, stream, asked, history, made)
        answers = await self.log.append(unit)
        for answer, entry in zip(answers, unit.events, strict=True):
            if answer.outcome is Outcome.CLAIMED and answer.held:
                raise aggregate.claimed(answer.held, _wanted(entry, answer.held))
        last = answers[-1].position
        if last is None or any(answer.outcome is not Outcome.CREATED for answer in answers):
            return None
        return Written(
            state,
            tuple(made.events),
            len(history) + len(made.events),
            {(self.log.service, last.shard): last.number},
            findings=tuple(made.findings),
            before=aggregate.fold(history),
        )

    def _unit(
        self,
        aggregate: Aggregate[State, E],
        stream: str,
        asked: Asked,
        history: Sequence[StoredEvent],
        made: Decided[E],
    ) -> tuple[Unit, State]:
        now = self._clock.now()
        kept = judgement(asked, made)
        state = aggregate.fold(history)
        new: list[NewEvent] = []
        for number, event in enumerate(made.events, start=1):
            entry = self._entry(stream, asked, event, now, number)
            columns, claims = aggregate.columns(event, history), aggregate.claims(state, event)
            new.append(entry._replace(columns=columns, claims=claims, judgement=kept))
            state = aggregate.evolve(state, event)
        new[0] = new[0]._replace(expected_version=len(history))
        return Unit(tuple(new)), state

    def _entry(self, stream: str, asked: Asked, event: Event, now: datetime, number: int) -> NewEvent:
        id_ = uuid7(self._clock)
        key = str(id_) if asked.key is None else asked.key if number == 1 else f"{asked.key}#{number}"
        payload = canonical(event.model_dump(mode="json", by_alias=True))
        return NewEvent(
            id=id_,
            key=Key(asked.organisation, self._source, key),
            type=event.full_type(),
            stream=stream,
            time=now,
            recorded_at=now,
            payload=payload,
            content_hash=content_hash(event.full_type(), now, payload),
            traceparent=asked.traceparent,
        )

    def _vector(self, history: Sequence[StoredEvent]) -> Vector:
        if not history:
            return {}
        last = history[-1].position
        return {(self.log.service, last.shard): last.number}


def _wanted(entry: NewEvent, held: Claim) -> Claim:
    """The claim of an event that the held one stood in the way of."""
    return next(claim for claim in entry.claims if (claim.kind, claim.key) == (held.kind, held.key))


def check_version(if_match: int | None, history: Sequence[StoredEvent]) -> None:
    """Hold `If-Match` against the stream. Raises `Problem` 412, which says who changed it and when, not what."""
    if if_match is None or if_match == len(history):
        return
    more = {}
    if history:
        more = {"changedBy": history[-1].key.organisation, "changedAt": instant(history[-1].recorded_at)}
    raise Problem(None, "precondition-failed", more=more)


IDEMPOTENCY_KEY_REUSED = register_error(
    "idempotency-key-reused",
    409,
    Text("Sleutel al gebruikt", "Key used before"),
    Text(
        "Onder deze Idempotency-Key staat een andere aanvraag.", "Another request is known under this Idempotency-Key."
    ),
)


def _key_reused() -> Refused:
    return refuse(
        IDEMPOTENCY_KEY_REUSED,
        "",
        "deze Idempotency-Key is al gebruikt voor een andere aanvraag",
        "this Idempotency-Key was used for another request",
        Text("gebruik een nieuwe sleutel voor elke aanvraag", "use a new key for every request"),
    )
