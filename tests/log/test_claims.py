"""Claims: two holders never have the same thing on the same day."""

import asyncio
from datetime import date

import pytest

from shared.log.errors import Unstorable
from shared.log.events import Claim, ClaimAction, Outcome
from shared.log.log import Log
from tests.log.conftest import OpenLog
from tests.log.given import event, take, unit

CREATED, CLAIMED, SKIPPED = Outcome.CREATED, Outcome.CLAIMED, Outcome.SKIPPED
JANUARY, MARCH, JUNE, JULY = date(2022, 1, 1), date(2022, 3, 31), date(2022, 6, 30), date(2022, 7, 1)


def end(holder: str, start: date, last: date) -> Claim:
    return Claim(ClaimAction.END, "provider-of-school", "HR-JOS/99HA00", holder, start, last)


def release(holder: str, start: date) -> Claim:
    return Claim(ClaimAction.RELEASE, "provider-of-school", "HR-JOS/99HA00", holder, start)


async def outcome(log: Log, *claims: Claim) -> Outcome:
    [answer] = await log.append(unit(event(claims=claims)))
    return answer.outcome


async def test_a_day_that_is_taken_is_refused_with_its_holder(log: Log) -> None:
    assert await outcome(log, take("cardea", JANUARY, JUNE)) is CREATED
    [answer] = await log.append(unit(event(claims=(take("inzowijs", JUNE),))))
    assert (answer.outcome, answer.held) == (CLAIMED, take("cardea", JANUARY, JUNE))
    assert answer.position is None
    assert (await log.head()).position.number == 1


async def test_the_day_after_the_last_is_free(log: Log) -> None:
    assert await outcome(log, take("cardea", JANUARY, JUNE)) is CREATED
    assert await outcome(log, take("inzowijs", JULY)) is CREATED


async def test_another_key_is_another_claim(log: Log) -> None:
    assert await outcome(log, take("cardea", JANUARY)) is CREATED
    assert await outcome(log, take("inzowijs", JANUARY, key="HR-JOS/99HB00")) is CREATED


async def test_an_open_claim_holds_for_ever_until_it_is_ended(log: Log) -> None:
    assert await outcome(log, take("cardea", JANUARY)) is CREATED
    assert await outcome(log, take("inzowijs", date(2099, 1, 1))) is CLAIMED
    assert await outcome(log, end("cardea", JANUARY, JUNE)) is CREATED
    assert await outcome(log, take("inzowijs", JULY)) is CREATED


async def test_one_event_may_end_the_old_claim_and_take_the_new(log: Log) -> None:
    assert await outcome(log, take("cardea", JANUARY)) is CREATED
    assert await outcome(log, end("cardea", JANUARY, JUNE), take("inzowijs", JULY)) is CREATED


async def test_a_claim_cannot_be_ended_into_another_s_days(log: Log) -> None:
    assert await outcome(log, take("cardea", JANUARY, MARCH)) is CREATED
    assert await outcome(log, take("inzowijs", JULY)) is CREATED
    [answer] = await log.append(unit(event(claims=(end("cardea", JANUARY, JULY),))))
    assert (answer.outcome, answer.held) == (CLAIMED, take("inzowijs", JULY))


async def test_a_claim_that_ends_before_it_starts_or_is_released_is_gone(log: Log) -> None:
    assert await outcome(log, take("cardea", JULY)) is CREATED
    assert await outcome(log, end("cardea", JULY, JUNE)) is CREATED
    assert await outcome(log, take("inzowijs", JULY)) is CREATED
    assert await outcome(log, release("inzowijs", JULY)) is CREATED
    assert await outcome(log, take("prodeba", JULY)) is CREATED


async def test_ending_what_is_not_held_is_a_mistake_of_the_caller(log: Log) -> None:
    with pytest.raises(Unstorable):
        await outcome(log, end("cardea", JANUARY, JUNE))
    assert (await log.head()).position.number == 0


async def test_a_unit_takes_all_its_claims_or_none(log: Log) -> None:
    await outcome(log, take("cardea", JANUARY, key="b"))
    answer = await log.append(
        unit(event(claims=(take("inzowijs", JANUARY, key="a"),)), event(claims=(take("inzowijs", JANUARY, key="b"),)))
    )
    assert [a.outcome for a in answer] == [SKIPPED, CLAIMED]
    assert await outcome(log, take("prodeba", JANUARY, key="a")) is CREATED


async def test_a_refused_claim_does_not_fail_the_neighbours_in_the_call(log: Log) -> None:
    answers = await log.append_units(
        [
            unit(event(claims=(take("cardea", JANUARY),))),
            unit(event(claims=(take("inzowijs", JUNE),))),
            unit(event(claims=(take("inzowijs", JUNE, key="other"),))),
            unit(event()),
        ]
    )
    assert [a.outcome for [a] in answers] == [CREATED, CLAIMED, CREATED, CREATED]
    assert [a.position.number for [a] in answers if a.position] == [1, 2, 3]


async def test_a_duplicate_does_not_claim_again(log: Log) -> None:
    claims = (take("cardea", JANUARY),)
    await log.append(unit(event("e-1", claims=claims)))
    [answer] = await log.append(unit(event("e-1", claims=claims)))
    assert answer.outcome is Outcome.DUPLICATE


async def test_of_many_takers_of_overlapping_days_one_wins(open_log: OpenLog) -> None:
    logs = [await open_log() for _ in range(4)]
    takers = [take(f"p-{n}", date(2022, 1, 1 + n), date(2022, 2, 1 + n)) for n in range(20)]
    results = await asyncio.gather(*[outcome(logs[n % 4], claim) for n, claim in enumerate(takers)])
    assert sorted(results) == [CLAIMED] * 19 + [CREATED]
    assert (await logs[0].head()).position.number == 1
