"""How large a run is: the full one of the targets, a quick one for every day, a tiny one to see that it runs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """Numbers of events, requests and seconds of one run; `peers` are looked for, and left out when not installed."""

    name: str
    requests: int
    """Single requests of one measurement in closed loop, at one connection a quarter of it."""
    seconds: int
    """Of one measurement in open loop."""
    batched: int
    """Events of one measurement in batches."""
    appended: int
    """Events of one measurement of the append API, at 8 clients."""
    read: int
    """Events of the log that is read forward."""
    ledger: tuple[int, int]
    """Events of the smaller and of the larger ledger that is asked."""
    rebuilt: int
    """Events of the ledger that is rebuilt."""
    asked: int
    """Questions of one measurement."""
    rates: tuple[int, ...] = (500, 1500)
    """Requests a second, in open loop."""


FULL = Size("full", 60_000, 60, 200_000, 40_000, 1_000_000, (1_000_000, 10_000_000), 3_000_000, 3_000)
QUICK = Size("quick", 12_000, 10, 40_000, 8_000, 100_000, (200_000, 2_000_000), 200_000, 500)
TINY = Size("tiny", 400, 1, 2_000, 300, 1_000, (1_000, 2_000), 2_000, 20, (50,))

SIZES = {size.name: size for size in (FULL, QUICK, TINY)}
