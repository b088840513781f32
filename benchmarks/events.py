"""Events that are ready to be appended, as the interventions service makes them of the mix."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID, uuid5

from benchmarks.mix import Mix
from shared.clock import SystemClock
from shared.log.canonical import canonical, content_hash
from shared.log.events import Columns, Key, NewEvent, Unit
from shared.log.ids import uuid7

SPACE = UUID("5a2f0d0e-6f5c-4d5e-9a63-3b1f6a1e7c11")
TIME = datetime(2022, 7, 4, 13, tzinfo=UTC)


def units(count: int, run: str) -> list[Unit]:
    """So many units of one event each, duplicates and corrections of the mix among them."""
    clock = SystemClock()
    return [_unit(event, clock) for _, event in Mix(run, behind=min(2000, count // 4)).events(count)]


def _unit(event: dict[str, object], clock: SystemClock) -> Unit:
    data = event["data"]
    if not isinstance(data, dict):
        raise TypeError("an event of the mix has an object as its data")
    content = data.get("data", data)
    subject = uuid5(SPACE, content["pupilRef"]) if "pupilRef" in content else None
    payload = canonical({name: value for name, value in data.items() if name != "pupilRef"})
    source, id_ = str(event["source"]), str(event["id"])
    columns = Columns(
        day=date.fromisoformat(content["occurredOn"]),
        programme=content["programme"],
        school=content["siteCode"],
        provider=f"kvknr:{source.split(':')[3]}",
        subject=subject,
        kind="GROUP" if subject is None else "INDIVIDUAL",
        quantity=Decimal(content["minutes"]),
    )
    new = NewEvent(
        uuid7(clock),
        Key(f"kvknr:{source.split(':')[3]}", source, id_),
        str(event["type"]),
        f"intervention/{source}/{id_}",
        TIME,
        clock.now(),
        payload,
        content_hash(str(event["type"]), TIME, payload),
        columns,
        judgement='{"facts":{"contracts/1":41,"registry/1":160},"rules":"1"}',
    )
    return Unit((new,))
