"""Identifiers of events: UUID version 7 (RFC 9562), in the order in which this process drew them."""

import secrets
import threading
from uuid import UUID

from shared.clock import Clock


class Ids:
    """Draws UUIDs that only ever go up, also within a millisecond and when the clock goes back.

    The 12 bits after the millisecond and the 62 random ones are one counter: a new millisecond draws it afresh with
    its highest bit clear (room to count), the same one adds a random step (RFC 9562, section 6.2, method 2).
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._millisecond = 0
        self._counter = 0

    def draw(self, clock: Clock) -> UUID:
        """The next one, for this moment."""
        millisecond = int(clock.now().timestamp() * 1000)
        with self._lock:
            if millisecond > self._millisecond:
                self._millisecond = millisecond
                self._counter = secrets.randbits(73)
            else:
                self._counter += 1 + secrets.randbits(32)
                if self._counter >> 74:
                    self._millisecond += 1
                    self._counter = secrets.randbits(73)
            return _assemble(self._millisecond, self._counter)


def _assemble(millisecond: int, counter: int) -> UUID:
    high, low = counter >> 62, counter & ((1 << 62) - 1)
    return UUID(int=(millisecond & ((1 << 48) - 1)) << 80 | 7 << 76 | high << 64 | 2 << 62 | low)


_IDS = Ids()


def uuid7(clock: Clock) -> UUID:
    """A new identifier, higher than every earlier one of this process (FrozenClock or not)."""
    return _IDS.draw(clock)
