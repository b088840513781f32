"""Identifiers of events: UUID version 7 (RFC 9562), in the order in which this process drew them."""

import secrets
import threading
from array import array
from collections.abc import Iterator
from uuid import UUID

from shared.clock import Clock

STEPS = 1024
"""Random steps that are fetched at once."""


class Ids:
    """Draws UUIDs that only ever go up, also within a millisecond and when the clock goes back.

    The 12 bits after the millisecond and the 62 random ones are one counter: a new millisecond draws it afresh with
    its highest bit clear (room to count), the same one adds a random step (RFC 9562, section 6.2, method 2).
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._millisecond = 0
        self._counter = 0
        self._steps: Iterator[int] = iter(())

    def draw(self, clock: Clock) -> UUID:
        """The next one, for this moment."""
        millisecond = int(clock.now().timestamp() * 1000)
        with self._lock:
            if millisecond > self._millisecond:
                self._millisecond = millisecond
                self._counter = secrets.randbits(73)
            else:
                self._counter += 1 + self._step()
                if self._counter >> 74:
                    self._millisecond += 1
                    self._counter = secrets.randbits(73)
            return _assemble(self._millisecond, self._counter)

    def _step(self) -> int:
        """32 random bits; they are fetched by the thousand, for each asking of the system costs more than an id."""
        step = next(self._steps, None)
        if step is None:
            self._steps = iter(array("I", secrets.token_bytes(4 * STEPS)))
            step = next(self._steps)
        return step


def _assemble(millisecond: int, counter: int) -> UUID:
    high, low = counter >> 62, counter & ((1 << 62) - 1)
    return UUID(int=(millisecond & ((1 << 48) - 1)) << 80 | 7 << 76 | high << 64 | 2 << 62 | low)


_IDS = Ids()


def uuid7(clock: Clock) -> UUID:
    """A new identifier, higher than every earlier one of this process (FrozenClock or not)."""
    return _IDS.draw(clock)
