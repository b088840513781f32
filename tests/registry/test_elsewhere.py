"""What the registry knows of contracts and kpi: the same however often events come."""

from datetime import UTC, date, datetime
from uuid import UUID

from services.registry.elsewhere import Elsewhere
from shared.domain.events import TYPE_PREFIX
from shared.log.canonical import canonical
from shared.log.events import Columns, Key, Position, StoredEvent

NOW = datetime(2026, 12, 30, tzinfo=UTC)
CONTRACT = {"contract": "HR-c1", "programme": "HR-JOS", "provider": "kvknr:99990002", "notice": "HR-n1"}
STOP = {**CONTRACT, "site": "99HH00", "lastServiceDay": "2027-07-16"}
DELIVERY = {"programme": "HR-JOS", "site": "99HH00", "period": "2022-H1"}


def stored(name: str, payload: dict[str, str], number: int) -> StoredEvent:
    """An event as a feed gives it."""
    return StoredEvent(
        position=Position(1, number),
        epoch="e",
        id=UUID(int=number),
        key=Key("region:HR", "urn:jos:elsewhere", str(number)),
        type=TYPE_PREFIX + name,
        stream="contract/HR-c1",
        stream_version=number,
        time=NOW,
        recorded_at=NOW,
        payload=canonical(payload),
        content_hash=b"",
        row_hash=b"",
        columns=Columns(),
        judgement="{}",
        traceparent=None,
    )


def test_a_notice_is_there_until_it_is_withdrawn_however_often_it_is_told() -> None:
    elsewhere = Elsewhere()
    stop, withdrawal = (
        stored("termination-effective.v1", STOP, 1),
        stored("termination-notice-withdrawn.v1", CONTRACT, 2),
    )
    for _ in range(2):
        elsewhere.contracts("contracts", [stop])
        [ending] = elsewhere.endings("HR-JOS")
        assert (ending.site, ending.last_service_day) == ("99HH00", date(2027, 7, 16))
    assert elsewhere.endings("HG-COLLECTIEF") == []
    for _ in range(2):
        elsewhere.contracts("contracts", [stop, withdrawal])
        assert elsewhere.endings("HR-JOS") == []


def test_a_delivery_came_in_for_its_own_school_and_period_alone() -> None:
    elsewhere = Elsewhere()
    for _ in range(2):
        elsewhere.kpi("kpi", [stored("data-delivery-submitted.v1", DELIVERY, 1), stored("cut-recorded.v1", {}, 2)])
    assert elsewhere.delivered("HR-JOS", "99HH00", "2022-H1")
    assert not elsewhere.delivered("HR-JOS", "99HH00", "2022-H2")
    elsewhere.forget_kpi()
    assert not elsewhere.delivered("HR-JOS", "99HH00", "2022-H1")
