"""Ways in which somebody with every right may change the past, drawn at random: a description, statements, what is bad.

The log has `SIZE` events, its head was kept at `HEAD`.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

SIZE = 60
HEAD = 45

CHANGES = {
    **dict.fromkeys(
        ("organisation", "source", "source_id", "type", "stream", "programme", "school", "provider", "kind"),
        "coalesce({c}, '') || 'x'",
    ),
    **dict.fromkeys(("municipality", "case_key", "judgement", "traceparent"), "coalesce({c}, '') || 'y'"),
    **dict.fromkeys(("id", "subject", "root", "replaces"), "gen_random_uuid()"),
    **dict.fromkeys(("time", "recorded_at"), "{c} + interval '1 microsecond'"),
    **dict.fromkeys(("day", "until"), "coalesce({c}, date '2022-01-01') + 1"),
    **dict.fromkeys(("content_hash", "row_hash"), "sha256({c})"),
    "quantity": "coalesce({c}, 0) + 0.5",
    "stream_version": "{c} + 1000",
    "shard": "2",
    "payload": "overlay({c} placing '7' from {place} for 1)",
}
"""A column, and how it is changed."""

# A row is given the hash that fits it, as whoever changed it would.
REHASH = """
update log.events e set row_hash = log.row_hash(
    coalesce((select p.row_hash from log.events p where p.shard = e.shard and p.position = e.position - 1),
             log.genesis(e.shard)), null, array[
    e.shard::text, e.position::text, e.id::text, e.organisation, e.source, e.source_id, e.type, e.stream,
    e.stream_version::text, e.time::text, e.recorded_at::text, e.payload, encode(e.content_hash, 'hex'), e.day::text,
    e.until::text, e.programme, e.school, e.provider, e.municipality, e.subject::text, e.case_key, e.kind,
    e.quantity::text, e.root::text, e.replaces::text, e.judgement, e.traceparent])
where e.shard = 1 and e.position = {position}"""


@dataclass(frozen=True, slots=True)
class Way:
    """What is done, and the first position at which it must be found."""

    what: str
    statements: tuple[str, ...]
    first: int


def ways(chance: random.Random, number: int) -> Iterator[Way]:
    """This many, every column and every kind among them."""
    for column in CHANGES:
        yield changed(column, chance)
    kinds = (removed, swapped, put_in, moved_up, rehashed, added, written_anew, cut_off, changed_somewhere)
    for index in range(number - len(CHANGES)):
        yield kinds[index % len(kinds)](chance)


def changed(column: str, chance: random.Random) -> Way:
    """One column of one row."""
    place = chance.randint(1, SIZE - 1)  # of the last row, only the kept head of another shard would tell the shard
    value = CHANGES[column].format(c=column, place=chance.randint(14, 15))  # inside the number of minutes
    return Way(f"{column} of {place}", (f"update log.events set {column} = {value} where position = {place}",), place)


def changed_somewhere(chance: random.Random) -> Way:
    """Any column of any row."""
    return changed(chance.choice([name for name in CHANGES if name != "payload"]), chance)


def removed(chance: random.Random) -> Way:
    """Some rows in a row, not the last."""
    first = chance.randint(1, SIZE - 2)
    last = chance.randint(first, SIZE - 1)
    return Way(
        f"{first} to {last} removed", (f"delete from log.events where position between {first} and {last}",), first
    )


def swapped(chance: random.Random) -> Way:
    """Two rows change places."""
    one, other = sorted(chance.sample(range(1, SIZE + 1), 2))
    steps = ((one, 9999), (other, one), (9999, other))
    moves = (f"update log.events set position = {new} where position = {old}" for old, new in steps)
    return Way(f"{one} and {other} swapped", tuple(moves), one)


def put_in(chance: random.Random) -> Way:
    """A new row between others, the rest moved up."""
    place = chance.randint(2, SIZE)
    copy = (
        "insert into log.events select (jsonb_populate_record(e, jsonb_build_object('position', {0},"
        " 'id', gen_random_uuid(), 'source_id', 'put in', 'stream', 'put in', 'stream_version', 1))).*"
        " from log.events e where position = {1}"
    )
    make_room = (
        f"update log.events set position = position + 10000 where position >= {place}",
        f"update log.events set position = position - 9999 where position >= 10000 + {place}",
    )
    fits = (REHASH.format(position=place),) if chance.random() < 0.5 else ()
    what = f"one put in at {place}" + (" with a hash that fits" if fits else "")
    return Way(what, (*make_room, copy.format(place, place - 1), *fits), place + 1 if fits and place != HEAD else place)


def moved_up(chance: random.Random) -> Way:
    """A row removed and the rest moved up, so that positions stay dense."""
    place = chance.randint(1, SIZE - 1)
    moves = (
        f"delete from log.events where position = {place}",
        f"update log.events set position = position + 10000 where position > {place}",
        "update log.events set position = position - 10001 where position > 10000",
    )
    return Way(f"{place} removed and the rest moved up", moves, place)


def rehashed(chance: random.Random) -> Way:
    """A row is changed and given the hash that fits: the next one does not."""
    place = chance.randint(HEAD + 1, SIZE - 1)
    change = f"update log.events set minutes_ = 0 where position = {place}".replace("minutes_ = 0", "quantity = 1")
    return Way(f"{place} changed and hashed anew", (change, REHASH.format(position=place)), place + 1)


def added(chance: random.Random) -> Way:
    """A row at the end, copied from elsewhere."""
    place = chance.randint(1, SIZE)
    copy = (
        f"insert into log.events select (jsonb_populate_record(e, jsonb_build_object('position', {SIZE + 1},"
        " 'id', gen_random_uuid(), 'source_id', 'added', 'stream', 'added', 'stream_version', 1))).*"
        f" from log.events e where position = {place}"
    )
    return Way(f"a copy of {place} added", (copy,), SIZE + 1)


def written_anew(chance: random.Random) -> Way:
    """The whole chain from a row on is computed anew: only the head that was kept elsewhere tells."""
    place = chance.randint(1, HEAD)
    change = f"update log.events set quantity = 1 where position = {place}"
    chain = tuple(REHASH.format(position=number) for number in range(place, SIZE + 1))
    return Way(f"everything from {place} written anew", (change, *chain), HEAD)


def cut_off(chance: random.Random) -> Way:
    """The tail is gone, what the kept head knows of among it."""
    place = chance.randint(1, HEAD)
    return Way(f"cut off from {place}", (f"delete from log.events where position >= {place}",), place)
