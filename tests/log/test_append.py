"""What the append function answers, and what then stands in the log."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.log.errors import Unstorable
from shared.log.events import Appended, Outcome, Position, Unit
from shared.log.log import Log
from tests.log.given import CARDEA, INZOWIJS, event, key, unit

CREATED, DUPLICATE, CONFLICT = Outcome.CREATED, Outcome.DUPLICATE, Outcome.CONFLICT
STALE, SKIPPED = Outcome.STALE, Outcome.SKIPPED


def outcomes(answers: list[list[Appended]]) -> list[list[Outcome]]:
    return [[answer.outcome for answer in unit] for unit in answers]


async def test_an_event_comes_back_as_it_went_in(log: Log) -> None:
    sent = event()
    [answer] = await log.append(unit(sent))
    [stored] = await log.stream(sent.stream)
    assert (answer.outcome, answer.position, answer.stream_version) == (CREATED, Position(1, 1), 1)
    assert (answer.event_id, answer.recorded_at) == (sent.id, sent.recorded_at)
    assert (stored.id, stored.key, stored.type, stored.time) == (sent.id, sent.key, sent.type, sent.time)
    assert (stored.payload, stored.content_hash, stored.columns) == (sent.payload, sent.content_hash, sent.columns)
    assert (stored.position, stored.stream_version, stored.epoch) == (Position(1, 1), 1, await log.epoch())


async def test_positions_are_dense_and_follow_the_order_of_the_units(log: Log) -> None:
    answers = await log.append_units([unit(event(), event()), unit(event()), unit(event(), event(), event())])
    assert [answer.position.number for unit in answers for answer in unit if answer.position] == [1, 2, 3, 4, 5, 6]
    assert (await log.head()).position == Position(1, 6)


async def test_the_same_key_and_content_is_a_duplicate_with_the_first_receipt(log: Log) -> None:
    first, again = event("e-1"), event("e-1")
    again_later = datetime(2029, 1, 1, tzinfo=UTC)
    [created] = await log.append(unit(first))
    again = again._replace(recorded_at=again_later)
    [answer] = await log.append(unit(again))
    assert answer.outcome is DUPLICATE
    assert (answer.event_id, answer.position, answer.stream_version, answer.recorded_at) == (
        created.event_id,
        created.position,
        created.stream_version,
        created.recorded_at,
    )


async def test_the_same_key_with_other_content_is_a_conflict_and_changes_nothing(log: Log) -> None:
    [created] = await log.append(unit(event("e-1", minutes=45)))
    [answer] = await log.append(unit(event("e-1", minutes=50)))
    assert (answer.outcome, answer.event_id, answer.position) == (CONFLICT, created.event_id, created.position)
    assert (await log.head()).position.number == 1


async def test_the_same_id_of_another_organisation_is_another_event(log: Log) -> None:
    answers = await log.append_units([unit(event("e-1", organisation=o)) for o in (CARDEA, INZOWIJS)])
    assert outcomes(answers) == [[CREATED], [CREATED]]


async def test_duplicates_within_one_unit_are_judged_against_the_first(log: Log) -> None:
    [same, other] = await log.append_units(
        [unit(event("e-1"), event("e-1")), unit(event("e-2"), event("e-2", minutes=50))]
    )
    assert [a.outcome for a in same] == [CREATED, DUPLICATE]
    assert same[1].position == same[0].position == Position(1, 1)
    assert [a.outcome for a in other] == [SKIPPED, CONFLICT]
    assert other[1].position is None
    assert (await log.head()).position.number == 1


async def test_units_of_one_call_see_the_earlier_ones(log: Log) -> None:
    answers = await log.append_units(
        [
            unit(event("e-1", stream="s")),
            unit(event("e-1", stream="s")),
            unit(event("e-1", minutes=1)),
            unit(event("e-2", stream="s", expected=1)),
            unit(event("e-3", stream="s", expected=1)),
        ]
    )
    assert outcomes(answers) == [[CREATED], [DUPLICATE], [CONFLICT], [CREATED], [STALE]]
    assert answers[4][0].stream_version == 2
    assert answers[2][0].position == Position(1, 1)


async def test_a_unit_that_is_not_stored_leaves_no_trace_for_the_next(log: Log) -> None:
    await log.append(unit(event("e-0")))
    answers = await log.append_units(
        [
            unit(event("e-1", stream="s"), event("e-1"), event("e-0", minutes=1)),
            unit(event("e-1", stream="s", expected=0)),
        ]
    )
    assert outcomes(answers) == [[SKIPPED, SKIPPED, CONFLICT], [CREATED]]
    assert answers[1][0].position == Position(1, 2)


async def test_a_unit_with_one_bad_event_stores_nothing(log: Log) -> None:
    events = [event(), event(), event(stream="s", expected=7), event()]
    answer = await log.append(unit(*events))
    assert [a.outcome for a in answer] == [SKIPPED, SKIPPED, STALE, SKIPPED]
    assert await log.find([each.key for each in events]) == {}
    assert (await log.head()).position.number == 0


async def test_an_expected_version_that_is_not_the_stream_s_is_stale(log: Log) -> None:
    await log.append(unit(event(stream="s", expected=0), event(stream="s")))
    [answer] = await log.append(unit(event(stream="s", expected=1)))
    assert (answer.outcome, answer.stream_version) == (STALE, 2)
    [answer] = await log.append(unit(event(stream="s", expected=2)))
    assert (answer.outcome, answer.stream_version) == (CREATED, 3)
    assert [e.stream_version for e in await log.stream("s")] == [1, 2, 3]


async def test_a_duplicate_wins_over_stale(log: Log) -> None:
    await log.append(unit(event("e-1", stream="s", expected=0)))
    [answer] = await log.append(unit(event("e-1", stream="s", expected=0)))
    assert answer.outcome is DUPLICATE


async def test_a_unit_that_is_partly_known_stores_the_rest(log: Log) -> None:
    await log.append(unit(event("e-1")))
    answer = await log.append(unit(event("e-1"), event("e-2")))
    assert [a.outcome for a in answer] == [DUPLICATE, CREATED]


@pytest.mark.parametrize("damage", ["\x00", "\ud800"])
async def test_what_the_database_refuses_hurts_only_its_own_unit(log: Log, damage: str) -> None:
    bad = event()
    bad = bad._replace(traceparent=damage)
    good = event()
    with pytest.raises(Unstorable):
        await log.append_units([unit(bad), unit(good)])
    assert list(await log.find([good.key, bad.key])) == [good.key]


async def test_g03_what_was_not_answered_with_created_is_not_in_the_log(log: Log) -> None:
    """G-03: the log holds what was sent, byte-equal, and nothing that was refused."""
    good, refused = event("e-1", minutes=45), event("e-1", minutes=46)
    await log.append(unit(good))
    await log.append(unit(refused))
    await log.append(unit(event("e-2"), event("e-1", minutes=47)))
    stored = await log.own(CARDEA, {}, 100)
    assert [(e.key, e.payload, e.content_hash) for e in stored] == [(good.key, good.payload, good.content_hash)]


async def test_reads_by_stream_key_and_id(log: Log) -> None:
    one, two, three = event(stream="a"), event(stream="a"), event(stream="b")
    await log.append_units([unit(one), unit(two), unit(three)])
    streams = await log.streams(["b", "a", "c"])
    assert {name: [e.id for e in events] for name, events in streams.items()} == {
        "a": [one.id, two.id],
        "b": [three.id],
        "c": [],
    }
    assert {k: e.id for k, e in (await log.find([two.key, key()])).items()} == {two.key: two.id}
    assert list(await log.by_id([three.id, log.new_id()])) == [three.id]


async def test_the_head_of_an_empty_log_is_position_0(log: Log) -> None:
    head = await log.head()
    assert head.position == Position(1, 0)
    assert len(head.row_hash) == 32


async def test_moments_keep_their_microseconds(log: Log) -> None:
    sent = event()
    sent = sent._replace(time=sent.time + timedelta(microseconds=1))
    await log.append(unit(sent))
    [stored] = await log.stream(sent.stream)
    assert stored.time == sent.time


async def test_a_unit_without_events_stores_nothing_and_hurts_nobody(log: Log) -> None:
    answers = await log.append_units([Unit(()), unit(event()), Unit(())])
    assert outcomes(answers) == [[], [CREATED], []]
    assert await log.append(Unit(())) == []
