"""How often a client may call; kept in memory, per process."""

from dataclasses import dataclass

from limits import RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a client stands: `limit` calls a second, `remaining` of them, `reset` seconds until it starts anew."""

    allowed: bool
    limit: int
    remaining: int
    reset: int = 1


class Rate:
    """So many calls a second for each name.

    Seconds are the machine's own: how long a second lasts is no business of the injected clock (G-18).
    """

    def __init__(self, per_second: int) -> None:
        self._item = RateLimitItemPerSecond(per_second)
        self._storage = MemoryStorage()
        self._window = FixedWindowRateLimiter(self._storage)

    async def hit(self, name: str) -> Standing:
        """Count one call of this name, and say where it stands."""
        count = await self._storage.incr(self._item.key_for(name), self._item.get_expiry())
        return self._standing(count)

    async def spent(self, name: str) -> bool:
        """Whether this name has no call left in this second; counts nothing."""
        return not await self._window.test(self._item, name)

    def _standing(self, count: int) -> Standing:
        limit = self._item.amount
        return Standing(count <= limit, limit, max(0, limit - count))
