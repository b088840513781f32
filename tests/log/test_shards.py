"""Shards: where a programme lives is decided once, and everything that belongs together stays together."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from shared.log.events import NewEvent, Outcome, Position, StoredEvent, Unit
from shared.log.log import Log
from shared.log.rows import COLUMNS, stored_event
from shared.log.shards import AlreadyDecided, Home, assign_shard, homes
from shared.log.verify import verify_log
from shared.postgres.cluster import Cluster
from shared.settings import Settings
from tests.log.conftest import SERVICE, Connect, OpenLog
from tests.log.given import CARDEA, event, key, unit

CREATED, SKIPPED, STALE, CONFLICT = Outcome.CREATED, Outcome.SKIPPED, Outcome.STALE, Outcome.CONFLICT
HR, IJK, HG = "HR-JOS", "IJK-TOETS", "HG-COLLECTIEF"


@pytest.fixture
async def owner(connect: Connect) -> asyncpg.Connection:
    """The operator's connection."""
    return await connect("owner")


@pytest.fixture
async def spread(log: Log, owner: asyncpg.Connection) -> AsyncIterator[Log]:
    """A log in which IJK-TOETS lives in shard 2 and HG-COLLECTIEF in shard 3; HR-JOS stays in the first."""
    await assign_shard(owner, IJK, 2)
    await assign_shard(owner, HG, 3)
    yield log


async def rows(connect: Connect) -> list[StoredEvent]:
    """Everything that is in the log, shard by shard in order."""
    feed = await connect("feed")
    return [stored_event(row) for row in await feed.fetch(f"select {COLUMNS} from log.feed order by shard, position")]


def places(stored: list[StoredEvent]) -> list[tuple[int, int, str | None]]:
    return [(*each.position, each.columns.programme) for each in stored]


async def test_a_programme_lives_where_it_was_put_and_the_others_in_the_first_shard(
    spread: Log, connect: Connect
) -> None:
    answers = await spread.append_units([unit(event(programme=each)) for each in (HR, IJK, HR, HG, IJK)])
    told = [(answer.outcome, answer.position) for [answer] in answers]
    expected = [Position(1, 1), Position(2, 1), Position(1, 2), Position(3, 1), Position(2, 2)]
    assert told == [(CREATED, place) for place in expected]
    assert places(await rows(connect)) == [(1, 1, HR), (1, 2, HR), (2, 1, IJK), (2, 2, IJK), (3, 1, HG)]


async def test_the_first_event_decides_when_nobody_did(log: Log, owner: asyncpg.Connection) -> None:
    await log.append(unit(event()))
    with pytest.raises(AlreadyDecided) as refused:
        await assign_shard(owner, HR, 2)
    assert (refused.value.programme, refused.value.shard) == (HR, 1)
    await assign_shard(owner, HR, 1)  # what is so already changes nothing
    [answer] = await log.append(unit(event()))
    assert answer.position == Position(1, 2)
    assert [(home.programme, home.shard) for home in await homes(owner)] == [(HR, 1)]


async def test_what_was_decided_is_never_decided_otherwise(spread: Log, owner: asyncpg.Connection) -> None:
    with pytest.raises(AlreadyDecided):
        await assign_shard(owner, IJK, 3)
    assert [(home.programme, home.shard) for home in await homes(owner)] == [(IJK, 2), (HG, 3)]
    assert all(isinstance(home, Home) for home in await homes(owner))


@pytest.mark.parametrize("shard", [0, 17, -1])
async def test_there_are_sixteen_shards(log: Log, owner: asyncpg.Connection, shard: int) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await assign_shard(owner, HR, shard)


@pytest.mark.parametrize(
    "statement",
    [
        "update log.programme_shards set shard = 1",
        "delete from log.programme_shards",
        "truncate log.programme_shards",
    ],
)
async def test_nobody_moves_a_programme_behind_the_logs_back(
    spread: Log, superuser: asyncpg.Connection, connect: Connect, statement: str
) -> None:
    for who in (superuser, await connect("app"), await connect("owner")):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await who.execute(statement)


async def test_the_service_itself_decides_nothing(spread: Log, connect: Connect) -> None:
    app = await connect("app")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await assign_shard(app, "2C-PRODUCT", 2)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await app.execute("insert into log.programme_shards (programme, shard) values ('2C-PRODUCT', 2)")


async def test_a_correction_stands_behind_its_original_whatever_its_programme(spread: Log) -> None:
    await spread.append_units([unit(event(stream="s", programme=IJK)), unit(event(stream="t"))])
    moved = [event(stream="s", programme=HR, expected=1), event(stream="t", programme=IJK, expected=1)]
    answers = await spread.append_units([unit(each) for each in moved])
    assert [(answer.outcome, answer.position) for [answer] in answers] == [
        (CREATED, Position(2, 2)),
        (CREATED, Position(1, 2)),
    ]


async def test_a_correction_into_a_programme_does_not_decide_its_shard(spread: Log, owner: asyncpg.Connection) -> None:
    await spread.append(unit(event(stream="s", programme=IJK)))
    await spread.append(unit(event(stream="s", programme=HR)))
    assert HR not in {home.programme for home in await homes(owner)}
    [answer] = await spread.append(unit(event(programme=HR)))
    assert answer.position == Position(1, 1)


async def test_a_trajectory_keeps_to_one_shard_in_one_unit_too(spread: Log) -> None:
    steps = [event(stream="s", programme=each) for each in (IJK, HR, HG)]
    answers = await spread.append(unit(*steps))
    assert [answer.position for answer in answers] == [Position(2, 1), Position(2, 2), Position(2, 3)]


async def test_g04_the_same_record_sent_again_has_its_first_place(spread: Log, open_log: OpenLog) -> None:
    """G-04: a receipt names the shard in which the record is, also when it is sent under another programme."""
    [first] = await spread.append(unit(event("own-1", programme=IJK)))
    other = await open_log()
    [again] = await other.append(unit(event("own-1", programme=IJK)))
    [conflict] = await other.append(unit(event("own-1", minutes=50, programme=HR)))
    assert (again.outcome, again.position) == (Outcome.DUPLICATE, first.position)
    assert (conflict.outcome, conflict.position) == (CONFLICT, first.position)


async def test_g04_two_shards_that_race_for_a_key_store_it_once(spread: Log, open_log: OpenLog) -> None:
    """G-04: the key is the log's, not the shard's."""
    logs = [spread, await open_log()]
    await asyncio.gather(*[each.append(unit(event(programme=IJK))) for each in logs])  # both know where it lives
    for number in range(25):
        sent = [event(f"raced-{number}", minutes=n, programme=each) for n, each in enumerate((HR, IJK, HG))]
        found = await asyncio.gather(*[logs[n % 2].append(unit(each)) for n, each in enumerate(sent)])
        assert sorted(answer.outcome for [answer] in found) == [CONFLICT, CONFLICT, CREATED]
        assert len({answer.position for [answer] in found}) == 1


async def test_two_shards_that_race_for_a_stream_give_it_to_one(spread: Log, open_log: OpenLog) -> None:
    logs = [spread, await open_log()]
    for number in range(25):
        sent = [event(stream=f"s-{number}", programme=each, expected=0) for each in (HR, IJK)]
        found = await asyncio.gather(*[logs[n].append(unit(each)) for n, each in enumerate(sent)])
        assert sorted(answer.outcome for [answer] in found) == [CREATED, STALE]


async def test_batches_that_hold_each_others_keys_end(spread: Log, open_log: OpenLog) -> None:
    """Two shards that store the same keys in opposite order wait for each other, until one of them starts again."""
    logs = [spread, await open_log()]
    forth = [unit(event(f"shared-{n}", minutes=1, programme=HR)) for n in range(40)]
    back = [unit(event(f"shared-{n}", minutes=2, programme=IJK)) for n in reversed(range(40))]
    found = await asyncio.gather(logs[0].append_units(forth), logs[1].append_units(back))
    outcomes = [answer.outcome for answers in found for [answer] in answers]
    assert sorted(outcomes) == [CONFLICT] * 40 + [CREATED] * 40


async def test_a_decision_and_a_first_event_at_one_moment_agree(
    log: Log, open_log: OpenLog, owner: asyncpg.Connection, connect: Connect
) -> None:
    """Whoever is first has decided; no event of the programme ever stands in another shard."""
    other = await open_log()

    async def assign(programme: str) -> None:
        try:
            await assign_shard(owner, programme, 2)
        except AlreadyDecided as decided:
            assert decided.shard == 1

    for number in range(40):
        programme = f"P-{number}"
        first, second = unit(event(programme=programme)), unit(event(programme=programme))
        await asyncio.gather(log.append(first), assign(programme), other.append(second))
    found = await rows(connect)
    decided = {home.programme: home.shard for home in await homes(owner)}
    assert len(found) == 80
    assert all(decided[each.columns.programme or ""] == each.position.shard for each in found)


async def test_an_atomic_unit_over_two_shards_is_stored_whole(spread: Log, connect: Connect) -> None:
    answers = await spread.append(unit(event(programme=HR), event(programme=IJK), event(programme=HR)))
    assert [answer.position for answer in answers] == [Position(1, 1), Position(2, 1), Position(1, 2)]
    assert [answer.outcome for answer in answers] == [CREATED] * 3
    assert len(await rows(connect)) == 3


@pytest.mark.parametrize("bad", [0, 1, 2])
async def test_an_atomic_unit_over_two_shards_is_stored_whole_or_not_at_all(
    spread: Log, connect: Connect, bad: int
) -> None:
    [known] = await spread.append(unit(event("known", programme=HG)))
    programmes = (HR, IJK, HR)
    sent = [event(programme=each) for each in programmes]
    sent[bad] = event("known", minutes=99, programme=programmes[bad])
    answers = await spread.append(unit(*sent))
    expected = [SKIPPED] * 3
    expected[bad] = CONFLICT
    assert [answer.outcome for answer in answers] == expected
    assert answers[bad].position == known.position
    assert places(await rows(connect)) == [(3, 1, HG)]


async def test_a_key_twice_in_a_unit_over_two_shards_is_a_conflict(spread: Log, connect: Connect) -> None:
    answers = await spread.append(
        unit(event("own-1", minutes=1, programme=HR), event("own-1", minutes=2, programme=IJK))
    )
    assert [(answer.outcome, answer.event_id) for answer in answers] == [(SKIPPED, None), (CONFLICT, None)]
    assert await rows(connect) == []


async def test_atomic_units_over_the_same_shards_do_not_lock_each_other_out(
    spread: Log, open_log: OpenLog, connect: Connect
) -> None:
    logs = [spread, await open_log(), await open_log()]
    orders = ((HR, IJK, HG), (HG, IJK, HR), (IJK, HR))

    async def push(number: int) -> None:
        for _ in range(10):
            answers = await logs[number].append(unit(*[event(programme=each) for each in orders[number]]))
            assert {answer.outcome for answer in answers} == {CREATED}

    singles = [logs[n % 3].append(unit(event(programme=orders[0][n % 3]))) for n in range(30)]
    await asyncio.gather(push(0), push(1), push(2), *singles)
    found = [each.position for each in await rows(connect)]
    assert found == [Position(shard, n + 1) for shard, size in ((1, 40), (2, 40), (3, 30)) for n in range(size)]


async def test_g06_every_programme_keeps_its_order_while_all_push_at_once(
    spread: Log, open_log: OpenLog, connect: Connect, databases: Settings
) -> None:
    """G-06, G-07: positions are dense per shard, a sender's order is that of the log, and the chains hold."""
    logs = [spread, await open_log()]
    programmes = (HR, IJK, HG, "2C-PRODUCT")
    sent: dict[tuple[str, int], list[NewEvent]] = {}

    async def push(programme: str, sender: int) -> None:
        mine = sent[programme, sender] = [event(programme=programme) for _ in range(60)]
        for start in range(0, 60, 4):
            await logs[sender].append_units([unit(each) for each in mine[start : start + 4]])

    await asyncio.gather(*[push(programme, sender) for programme in programmes for sender in (0, 1)])
    found = await rows(connect)
    for (programme, _), mine in sent.items():
        ids = {each.id for each in mine}
        assert [each.id for each in found if each.id in ids] == [each.id for each in mine]
        assert len({each.position.shard for each in found if each.columns.programme == programme}) == 1
    for shard, size in ((1, 240), (2, 120), (3, 120)):
        assert [p.number for p, *_ in found if p.shard == shard] == list(range(1, size + 1))
    report = await verify_log(SERVICE, databases)
    assert (report.ok, report.events) == (True, 480)


async def test_g21_a_sender_that_goes_on_where_it_was_misses_nothing(spread: Log) -> None:
    """G-21: what comes into a shard that was read already is there on the next page."""
    seen: list[StoredEvent] = []
    after: dict[int, int] = {}
    sent: list[Unit] = []
    for number in range(12):
        more = [unit(event(programme=(HG, IJK, HR)[(number + n) % 3])) for n in range(3)]
        await spread.append_units([*more, unit(event(organisation="kvknr:99990009"))])
        sent += more
        page = await spread.own(CARDEA, after, 2)
        seen += page
        after |= {each.position.shard: each.position.number for each in page}
    while page := await spread.own(CARDEA, after, 7):
        seen += page
        after |= {each.position.shard: each.position.number for each in page}
    assert sorted(each.id for each in seen) == sorted(each.events[0].id for each in sent)
    for shard in (1, 2, 3):
        numbers = [each.position.number for each in seen if each.position.shard == shard]
        assert numbers == sorted(numbers)


async def test_own_by_key_finds_it_in_any_shard_after_a_place(spread: Log) -> None:
    sent = event("own-1", programme=HG)
    await spread.append(unit(sent))
    source = key("own-1").source
    assert [e.id for e in await spread.own(CARDEA, {}, 10, source=source, source_id="own-1")] == [sent.id]
    assert await spread.own(CARDEA, {3: 1}, 10, source=source, source_id="own-1") == []


async def test_every_shard_has_a_head(spread: Log) -> None:
    await spread.append_units([unit(event(programme=each)) for each in (HR, IJK, IJK)])
    heads = await spread.heads()
    assert [head.position for head in heads] == [Position(1, 1), Position(2, 2), Position(3, 0)]
    assert len({head.row_hash for head in heads}) == 3
    assert await spread.head() == heads[0]


async def test_a_log_from_before_there_were_shards_is_taken_along(
    log: Log, open_log: OpenLog, superuser: asyncpg.Connection, cluster: Cluster, databases: Settings, connect: Connect
) -> None:
    """Programmes that have events by then stay where these are; the others may still be put elsewhere."""
    await log.append_units([unit(event(programme=HR)), unit(event(programme=IJK))])
    await log.close()
    await superuser.execute("""
        drop table log.programme_shards;
        drop function log.assign_shard;
        update log.alembic_version set version_num = '0001'""")
    await cluster.migrate(databases, SERVICE)
    owner = await connect("owner")
    assert [(home.programme, home.shard) for home in await homes(owner)] == [(HR, 1), (IJK, 1)]
    with pytest.raises(AlreadyDecided):
        await assign_shard(owner, HR, 2)
    await assign_shard(owner, HG, 2)
    [answer] = await (await open_log()).append(unit(event(programme=HG)))
    assert answer.position == Position(2, 1)
