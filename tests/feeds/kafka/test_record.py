"""An event comes out of a record as it went in; whatever else is in a topic is refused, and headers name no pupil."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as some

from shared.feeds.kafka.record import (
    LARGEST,
    OPTIONAL,
    REQUIRED,
    Reason,
    Record,
    Refused,
    decode,
    encode,
    encode_genesis,
    read_place,
)
from shared.log.canonical import canonical
from shared.log.events import Columns, Key, Position, StoredEvent
from shared.log.row_hash import genesis
from tests.feeds.given import LOG, NOON, stored

SECRET = b"s" * 32

TEXT = some.text(some.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
CODE = some.from_regex(r"[a-z][a-z0-9.-]{0,40}", fullmatch=True)
MOMENTS = some.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=some.just(UTC))  # noqa: DTZ001
DAYS = some.none() | some.dates()
IDS = some.none() | some.uuids()
TEXTS = some.none() | TEXT
NUMBERS = some.none() | some.decimals(
    allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**9
)
COLUMNS = some.builds(
    Columns,
    day=DAYS, until=DAYS, programme=TEXTS, school=TEXTS, provider=TEXTS, municipality=TEXTS, subject=IDS, case=TEXTS,
    kind=TEXTS, quantity=NUMBERS, root=IDS, replaces=IDS,
)  # fmt: skip
PAYLOADS = some.dictionaries(TEXT, TEXT | some.integers(-(2**53) + 1, 2**53 - 1) | some.booleans() | some.none())
EVENTS = some.builds(
    StoredEvent,
    position=some.builds(Position, shard=some.integers(1, 16), number=some.integers(1, 10**15)),
    epoch=some.from_regex(r"[0-9a-f]{12}", fullmatch=True),
    id=some.uuids(),
    key=some.builds(Key, TEXT, TEXT, TEXT),
    type=CODE,
    stream=TEXT,
    stream_version=some.integers(1, 10**6),
    time=MOMENTS,
    recorded_at=MOMENTS,
    payload=PAYLOADS.map(canonical),
    content_hash=some.binary(min_size=32, max_size=32),
    row_hash=some.binary(min_size=32, max_size=32),
    columns=COLUMNS,
    judgement=PAYLOADS.map(canonical),
    traceparent=some.none() | some.from_regex(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", fullmatch=True),
)


def read(record: Record, shard: int = 1, log: str = LOG, secret: bytes = SECRET) -> StoredEvent:
    """What a reader makes of it."""
    place = read_place(log, shard, record.key, record.headers, record.value, secret)
    return decode(place, record.headers, record.value)


@given(EVENTS)
def test_an_event_comes_out_as_it_went_in_whatever_is_in_its_columns(event: StoredEvent) -> None:
    assert read(encode(LOG, event, SECRET), event.position.shard) == event


def test_a_payload_comes_out_in_its_exact_bytes_even_when_it_looks_like_the_frame() -> None:
    payload = canonical({"data": {"data": ',"data":'}, "a": '{"data":1}', "judgement": "}"})
    event = stored(5)._replace(payload=payload, judgement=canonical({"data": payload}))
    assert read(encode(LOG, event, SECRET)).payload == payload


def test_the_value_is_json_whose_data_is_the_payload() -> None:
    event = stored(5)
    assert orjson.loads(encode(LOG, event, SECRET).value)["data"] == orjson.loads(event.payload)


def test_the_headers_are_those_of_cloudevents_in_binary_mode() -> None:
    headers = dict(encode(LOG, stored(5), SECRET).headers)
    assert set(headers) == set(REQUIRED)
    assert headers["ce_specversion"] == b"1.0"
    assert headers["ce_source"] == b"urn:jos:interventions"
    assert headers["content-type"] == b"application/json"
    assert (headers["ce_shard"], headers["ce_position"], headers["ce_epoch"]) == (b"1", b"5", b"e1")
    assert headers["ce_time"] == b"2022-07-05T12:00:00Z"


@given(EVENTS)
def test_g28_k21_no_header_holds_what_leads_to_a_pupil(event: StoredEvent) -> None:
    """G-28, K-21: not the subject, the case, the stream, the sender's own ids, nor anything of the payload."""
    marked = event._replace(
        key=Key("kvknr:secret", "urn:secret", "e-secret"),
        stream="trajectory/secret",
        payload=canonical({"subject": "secret"}),
        judgement=canonical({"findings": "secret"}),
        columns=event.columns._replace(subject=UUID(int=0x5EC2E7), case="secret", school="secret"),
    )
    record = encode(LOG, marked, SECRET)
    assert {name for name, _ in record.headers} <= {*REQUIRED, *OPTIONAL}
    told = b" ".join(value for _, value in record.headers) + record.key
    assert b"secret" not in told
    assert str(UUID(int=0x5EC2E7)).encode() not in told


def test_the_genesis_record_names_the_log_and_what_its_chain_begins_with() -> None:
    log_id = uuid4()
    record = encode_genesis(LOG, log_id, 2, "e1", NOON, SECRET)
    place = read_place(LOG, 2, record.key, record.headers, record.value, SECRET)
    assert place == (Position(2, 0), "e1", genesis(log_id, 2))
    assert orjson.loads(record.value) == {"log": LOG, "logId": str(log_id), "shard": 2, "epoch": "e1"}


GOOD = encode(LOG, stored(5)._replace(traceparent="00-" + "1" * 32 + "-" + "2" * 16 + "-01"), SECRET)


def with_header(name: str, value: bytes | None) -> Record:
    """The good record with another value of a header, or without it."""
    changed = [(key, value if key == name else old) for key, old in GOOD.headers if not (key == name and value is None)]
    return GOOD._replace(headers=changed)  # type: ignore[arg-type]


BAD: dict[str, tuple[Callable[[], Record], Reason]] = (
    {
        "K-01 no key": (lambda: GOOD._replace(key=None), Reason.MALFORMED),  # type: ignore[arg-type]
        "K-01 no value": (lambda: GOOD._replace(value=None), Reason.MALFORMED),  # type: ignore[arg-type]
        "K-01 an empty value": (lambda: GOOD._replace(value=b""), Reason.MALFORMED),
        "K-02 not JSON": (lambda: GOOD._replace(value=b"\xff\xfe no"), Reason.MALFORMED),
        "K-02 truncated": (lambda: GOOD._replace(value=GOOD.value[:-40]), Reason.MALFORMED),
        "K-02 cut in the frame": (lambda: GOOD._replace(value=GOOD.value[:60]), Reason.MALFORMED),
        "K-02 two megabytes": (lambda: GOOD._replace(value=b" " * (LARGEST + 1)), Reason.MALFORMED),
        "K-03 no headers at all": (lambda: GOOD._replace(headers=[]), Reason.HEADER),
        "K-12 another signature": (lambda: with_header("ce_signature", b"0" * 64), Reason.UNTRUSTED),
        "K-12 another position under the same signature": (lambda: with_header("ce_position", b"6"), Reason.UNTRUSTED),
        "K-12 another row hash under the same signature": (
            lambda: with_header("ce_rowhash", b"a" * 64),
            Reason.UNTRUSTED,
        ),
        "K-13 another epoch under the same signature": (lambda: with_header("ce_epoch", b"test"), Reason.UNTRUSTED),
        "K-13 signed in another environment": (lambda: encode(LOG, stored(5), b"t" * 32), Reason.UNTRUSTED),
        "K-13 of another log": (lambda: encode("registry", stored(5), SECRET), Reason.FOREIGN),
        "K-13 of another shard": (lambda: encode(LOG, stored(5, shard=2), SECRET), Reason.FOREIGN),
        "K-21 a header that names a person": (
            lambda: GOOD._replace(headers=[*GOOD.headers, ("pupil-name", b"x")]),
            Reason.HEADER,
        ),
        "K-03 a header twice": (lambda: GOOD._replace(headers=[*GOOD.headers, GOOD.headers[3]]), Reason.HEADER),
        "K-03 a position that is no number": (lambda: with_header("ce_position", b"0x5"), Reason.HEADER),
        "K-03 a negative position": (lambda: with_header("ce_position", b"-5"), Reason.HEADER),
        "K-03 a position of a hundred digits": (lambda: with_header("ce_position", b"9" * 100), Reason.HEADER),
        "K-03 another version of CloudEvents": (lambda: with_header("ce_specversion", b"0.3"), Reason.HEADER),
        "K-03 another content type": (lambda: with_header("content-type", b"text/plain"), Reason.HEADER),
    }
    | {
        f"K-03 without {name}": (lambda name=name: with_header(name, None), Reason.HEADER)  # type: ignore[misc]
        for name in REQUIRED
    }
)


@pytest.mark.parametrize("case", BAD)
def test_what_the_relay_did_not_write_is_refused_with_the_reason(case: str) -> None:
    make, reason = BAD[case]
    with pytest.raises(Refused) as refused:
        read(make())
    assert refused.value.reason is reason


def test_the_record_that_the_others_are_made_of_is_good() -> None:
    assert read(GOOD).position == Position(1, 5)
    assert with_header("ce_type", b"x") != GOOD


@given(
    some.binary(max_size=300),
    some.binary(max_size=40),
    some.lists(some.tuples(some.sampled_from(REQUIRED), some.binary(max_size=40))),
)
def test_no_bytes_make_a_reader_fail_in_another_way(value: bytes, key: bytes, headers: list[tuple[str, bytes]]) -> None:
    with pytest.raises(Refused):
        read(Record(key, value, headers))


@given(some.binary(max_size=300))
def test_no_value_under_good_headers_makes_a_reader_fail_in_another_way(value: bytes) -> None:
    for each in (value, b'{"columns":' + value + b',"data":{}}', b'{"columns":{},"key":[1],"data":' + value):
        try:
            read(GOOD._replace(value=each))
        except Refused as refused:
            assert refused.reason is Reason.MALFORMED


def test_days_and_numbers_keep_their_spelling() -> None:
    columns = Columns(day=date(2022, 7, 5), quantity=Decimal("0.50"))
    found = read(encode(LOG, stored(5)._replace(columns=columns), SECRET)).columns
    assert (found.day, str(found.quantity)) == (date(2022, 7, 5), "0.50")
