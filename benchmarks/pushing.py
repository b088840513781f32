"""Pushing to the interventions service from the load generator, with what it took of the machine."""

from collections.abc import Sequence

from benchmarks.generator import Plan, Request, Sent, send
from benchmarks.installation import Installation

SINGLE = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"


async def push(
    found: Installation,
    requests: Sequence[Request],
    connections: int,
    *,
    rate: float = 0,
    workers: Sequence[str] = ("interventions",),
    kind: str = SINGLE,
    each: int = 1,
) -> tuple[Sent, str]:
    """Send the requests; what became of them, and in words; `each` is how many events a request holds."""
    plan = Plan([found.urls[name] + "/events" for name in workers], await found.tokens(), connections, rate, kind)
    watch = found.watch()
    sent = await send(plan, requests)
    return sent, f"{sent.told()}; {watch.told(len(requests) * each)}"
