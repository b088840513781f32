"""From a decided event to what goes into the log: the event itself, and what follows from it within the own stream."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson

from services.interventions import trajectory
from services.interventions.catalogue import EVENT_TYPES
from services.interventions.chains import Chain
from services.interventions.correction_types import CORRECTED, RETRACTED
from services.interventions.decision import Decision
from services.interventions.facts import Facts
from services.interventions.intervention import Intervention
from services.interventions.pushed import Content, Pushed
from services.interventions.reading import OWN, as_content
from shared.domain.findings import Finding
from shared.log.canonical import canonical, content_hash
from shared.log.events import Columns, Key, NewEvent, Unit, Vector

BY_SYSTEM = "FOLLOWS_START"
"""The reason on a correction or retraction that follows from that of a trajectory's start."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """By whom and when events are stored: the moment, how ids are drawn, and what the judgement rested on."""

    now: datetime
    new_id: Callable[[], UUID]
    facts: Facts
    vector: Vector

    def judgement(self, findings: tuple[Finding, ...], columns: Columns) -> str:
        """What an event was judged by, as it is stored with it."""
        rules = _version(columns, self.facts)
        if findings:
            return judgement(findings, rules, self.vector)
        return _without_findings(rules, tuple(self.vector.items()))


def to_unit(pushed: Pushed, decision: Decision, subject: UUID | None, stamp: Stamp, id_: UUID | None = None) -> Unit:
    """The event with what follows from it, to be stored together or not at all."""
    event = _event(pushed, decision, subject, stamp, id_ or stamp.new_id())
    return Unit((event, *_following(pushed, decision, event, stamp)))


def columns_of(content: Content, key: Key, subject: UUID | None) -> Columns:
    """What figures count this content by."""
    own = content.trajectory
    case = None if own is None else f"{key.source}/{own}"
    if isinstance(content, Intervention):
        kind, quantity = content.KIND, Decimal(content.minutes)
    else:
        kind, quantity = "TRAJECTORY", None
    return Columns(
        day=content.day,
        programme=content.programme,
        school=content.site_code,
        provider=key.organisation,
        subject=subject,
        case=case,
        kind=kind,
        quantity=quantity,
    )


def stored_content(type_: str, data: Mapping[str, Any]) -> Content:
    """Stored content as its model; `type_` is that of the original."""
    return as_content(EVENT_TYPES[type_].stored.model_validate_json(orjson.dumps(data), by_alias=True, by_name=False))


def judgement(findings: tuple[Finding, ...], rules: str | None, vector: Vector, **more: str) -> str:
    """What an event was judged by, as it is stored with it."""
    facts = {f"{log}/{shard}": number for (log, shard), number in sorted(vector.items())}
    found = [{"code": one.code, "severity": str(one.severity), "pointer": one.pointer} for one in findings]
    return canonical({"facts": facts, "findings": found, "rules": rules, **more})


@lru_cache(maxsize=1_000)
def _without_findings(rules: str | None, vector: tuple[tuple[tuple[str, int], int], ...]) -> str:
    """The same text for every event between two changes of the facts."""
    return judgement((), rules, dict(vector))


def _event(pushed: Pushed, decision: Decision, subject: UUID | None, stamp: Stamp, id_: UUID) -> NewEvent:
    payload = canonical(pushed.payload(subject, decision.copied or {}))
    columns = _columns(pushed, decision, subject)
    return NewEvent(
        id_,
        pushed.key,
        pushed.type,
        decision.stream,
        pushed.time,
        stamp.now,
        payload,
        content_hash(pushed.type, pushed.time, payload),
        columns,
        decision.expected,
        stamp.judgement(decision.findings, columns),
        pushed.traceparent,
    )


def _columns(pushed: Pushed, decision: Decision, subject: UUID | None) -> Columns:
    chain = decision.chain
    if chain is None:
        return columns_of(_content(pushed), pushed.key, _subject(decision, subject))
    if pushed.content is not None:
        columns = columns_of(pushed.content, chain.root.key, _subject(decision, subject))
        return _chained(columns, chain)
    content = stored_content(chain.root.type, chain.data)
    return _chained(_plain(columns_of(content, chain.root.key, None)), chain)


def _following(pushed: Pushed, decision: Decision, event: NewEvent, stamp: Stamp) -> Iterator[NewEvent]:
    """When a trajectory's start changes, its later steps change along with it (G-14)."""
    chain, state = decision.chain, decision.state
    if chain is None or state is None or chain.root.type != trajectory.START:
        return
    if event.type == RETRACTED:
        for step in state.steps:
            retraction = {"retracts": _reference(step), "reason": BY_SYSTEM}
            content = stored_content(step.root.type, step.data)
            yield _follower(event, step, RETRACTED, retraction, _plain(columns_of(content, step.root.key, None)), stamp)
    else:
        start = orjson.loads(event.payload)["data"]
        for step, data in trajectory.follow(state, start):
            content = stored_content(step.root.type, data)
            columns = columns_of(content, step.root.key, UUID(data["subject"]))
            corrected = {"corrects": _reference(step), "type": step.root.type, "data": data, "reason": BY_SYSTEM}
            yield _follower(event, step, CORRECTED, corrected, columns, stamp)


def _follower(
    cause: NewEvent, step: Chain, type_: str, data: Mapping[str, Any], columns: Columns, stamp: Stamp
) -> NewEvent:
    key = Key(cause.key.organisation, OWN, f"{cause.key.source}/{cause.key.source_id}/{step.root.id}")
    payload = canonical(data)
    reasons = judgement((), _version(columns, stamp.facts), stamp.vector, cause=str(cause.id))
    return NewEvent(
        stamp.new_id(),
        key,
        type_,
        cause.stream,
        cause.time,
        stamp.now,
        payload,
        content_hash(type_, cause.time, payload),
        _chained(columns, step),
        None,
        reasons,
        cause.traceparent,
    )


def _content(pushed: Pushed) -> Content:
    if pushed.content is None:
        raise ValueError("a retraction without the chain that it retracts")
    return pushed.content


def _subject(decision: Decision, subject: UUID | None) -> UUID | None:
    copied = (decision.copied or {}).get("subject")
    return UUID(copied) if copied else subject


def _chained(columns: Columns, chain: Chain) -> Columns:
    return columns._replace(root=chain.root.id, replaces=chain.latest.id)


def _plain(columns: Columns) -> Columns:
    """The columns of a retraction: where and when, for it counts nothing itself."""
    return Columns(columns.day, None, columns.programme, columns.school, columns.provider)


def _reference(step: Chain) -> dict[str, str]:
    return {"source": step.root.key.source, "id": step.root.key.source_id}


def _version(columns: Columns, facts: Facts) -> str | None:
    programme = facts.programmes.get(columns.programme or "")
    setup = programme.setup(columns.day) if programme and columns.day else None
    return setup.version if setup else None
