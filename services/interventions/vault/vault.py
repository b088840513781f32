"""Gives the subject of a pupil: a random id per provider, programme and reference (G-31).

The table holds no reference, only its HMAC under a key that no database holds; so neither the vault's database nor the
events' can be turned back into references, and the same pupil at two providers cannot be linked.
"""

import asyncio
import hmac
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from uuid import UUID

import asyncpg

from shared.clock import Clock
from shared.log.errors import Unavailable, in_words_of_the_log

# The subjects that are known.
KNOWN = "select reference, subject from app.mappings where reference = any($1)"

# The subjects of these references; unknown ones get the proposed subject. A mapping that was about to be swept is
# spared; one that was swept or added at the same time is left out, and asked again.
RESOLVE = """
with given as (
    select g.reference, g.subject from unnest($1::bytea[], $2::uuid[]) as g(reference, subject)
), known as (
    select m.reference, m.subject, m.doomed_at from app.mappings m join given g using (reference)
), spared as (
    update app.mappings m set doomed_at = null, created_at = $3
    from known k where m.reference = k.reference and k.doomed_at is not null
    returning m.reference
), added as (
    insert into app.mappings (reference, subject, created_at)
    select g.reference, g.subject, $3 from given g
    where not exists (select from known k where k.reference = g.reference)
    order by g.reference
    on conflict (reference) do nothing
    returning reference, subject
)
select k.reference, k.subject from known k
where k.doomed_at is null or exists (select from spared s where s.reference = k.reference)
union all
select a.reference, a.subject from added a
"""

ATTEMPTS = 5


class Pupil(NamedTuple):
    """A pupil as one provider refers to it within one programme."""

    provider: str
    programme: str
    reference: str


class Vault:
    """Looks references up; what concurrent requests ask goes to the database in one call."""

    def __init__(self, pool: asyncpg.Pool, key: str, clock: Clock) -> None:
        self._pool = pool
        self._key = key.encode()
        self._clock = clock
        self._waiting: list[tuple[Mapping[bytes, UUID], asyncio.Future[Mapping[bytes, UUID]]]] = []
        self._turn: asyncio.Task[None] | None = None

    async def known(self, pupils: Iterable[Pupil]) -> dict[Pupil, UUID]:
        """The subjects of the pupils that are known; nothing is added. Raises `Unavailable`."""
        by_mac = {self._mac(pupil): pupil for pupil in pupils}
        if not by_mac:
            return {}
        with in_words_of_the_log():
            rows = await self._pool.fetch(KNOWN, list(by_mac))
        return {by_mac[reference]: subject for reference, subject in rows}

    async def resolve(self, proposed: Mapping[Pupil, UUID]) -> dict[Pupil, UUID]:
        """The subjects of these pupils; one that is new gets the proposed id. Raises `Unavailable`."""
        macs = {pupil: self._mac(pupil) for pupil in proposed}
        if not macs:
            return {}
        answer: asyncio.Future[Mapping[bytes, UUID]] = asyncio.get_running_loop().create_future()
        self._waiting.append(({macs[pupil]: subject for pupil, subject in proposed.items()}, answer))
        if self._turn is None or self._turn.done():
            self._turn = asyncio.create_task(self._take_turns(), name="vault")
        found = await answer
        return {pupil: found[mac] for pupil, mac in macs.items()}

    async def _take_turns(self) -> None:
        """Ask for everything that came while the call before was running, until nothing did."""
        while self._waiting:
            batch, self._waiting = self._waiting, []
            wanted = {mac: subject for asked, _ in batch for mac, subject in asked.items()}
            try:
                found = await self._resolve(wanted)
            except Exception as error:  # whatever it is, each caller gets it
                for _, answer in batch:
                    if not answer.done():
                        answer.set_exception(error)
            else:
                for _, answer in batch:
                    if not answer.done():
                        answer.set_result(found)

    async def _resolve(self, wanted: Mapping[bytes, UUID]) -> dict[bytes, UUID]:
        found: dict[bytes, UUID] = {}
        for _ in range(ATTEMPTS):
            missing = sorted(wanted.keys() - found.keys())
            if not missing:
                return found
            subjects = [wanted[mac] for mac in missing]
            with in_words_of_the_log():
                rows = await self._pool.fetch(RESOLVE, missing, subjects, self._clock.now())
            found |= {row["reference"]: row["subject"] for row in rows}
        if wanted.keys() - found.keys():
            raise Unavailable("the vault keeps changing")
        return found

    def _mac(self, pupil: Pupil) -> bytes:
        return hmac.digest(self._key, "\n".join(pupil).encode(), "sha256")
