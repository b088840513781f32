"""How far a reader has come, and waiting until it has come far enough (reads after own writes, G-13)."""

import asyncio

from shared.log.events import Vector


class Progress:
    """The positions that a reader has applied, for whoever waits for them."""

    def __init__(self) -> None:
        self._positions: dict[tuple[str, int], int] = {}
        self._moved = asyncio.Condition()

    def vector(self) -> Vector:
        """The positions applied until now, as a copy."""
        return dict(self._positions)

    def number(self, log: str, shard: int) -> int:
        """The position applied of this shard, 0 for none."""
        return self._positions.get((log, shard), 0)

    async def move(self, log: str, shard: int, number: int) -> None:
        """Say how far a shard was applied; a lower number than before is a rebuild."""
        if self._positions.get((log, shard)) == number:
            return
        self._positions[log, shard] = number
        async with self._moved:
            self._moved.notify_all()

    def covers(self, vector: Vector, logs: frozenset[str]) -> bool:
        """Whether everything in the vector was applied, as far as it is of these logs."""
        return all(self.number(*place) >= number for place, number in vector.items() if place[0] in logs)

    async def reached(self, vector: Vector, logs: frozenset[str], timeout: float) -> bool:
        """Wait at most `timeout` seconds until the vector is covered; False when it is not by then."""
        if self.covers(vector, logs):
            return True
        try:
            async with asyncio.timeout(timeout), self._moved:
                await self._moved.wait_for(lambda: self.covers(vector, logs))
        except TimeoutError:
            return False
        return True
