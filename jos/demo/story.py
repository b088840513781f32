"""Tells the half year to the services through their public APIs: facts, contracts, deliveries, events."""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from jos.client import Client
from jos.demo.acts import Act, Body, stages
from jos.demo.clients import ADMIN, school_client
from jos.demo.events import half_year
from jos.demo.schools import PERIOD, PROGRAMME, Provider
from jos.demo.spread import Delivery, deliveries
from jos.exits import Exit, Stop
from jos.pushing import Verdicts, problem, push
from jos.terminal import bar

COUNTS = ("pupils", "recipients", "structural", "incidental", "individual")

AT_ONCE = 8
"""Requests under way at the same time."""

Posted = Coroutine[Any, Any, httpx.Response]

SignIn = Callable[[str], Client]
"""A client of the demo, signed in by name."""


@dataclass(slots=True)
class Told:
    """What came of it: the verdicts per provider, and the tokens with which a reader sees all of it (G-13)."""

    verdicts: dict[Provider, Verdicts] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    """By service."""

    @property
    def counts(self) -> Counter[str]:
        """How many events had each verdict."""
        return sum((one.counts for one in self.verdicts.values()), Counter())


async def tell(base_urls: dict[str, str], sign_in: SignIn, programme: Body) -> Told:
    """Tell everything; told again, it changes nothing. Raises `Stop` (65) when a service refuses a part of it."""
    told = Told()
    spread = deliveries()
    await _record(base_urls, sign_in(ADMIN), list(stages(programme, spread)), told)
    await _deliver(base_urls["kpi"], sign_in, spread, told)
    await _push(base_urls["interventions"], sign_in, spread, told)
    return told


async def _record(base_urls: dict[str, str], admin: Client, all_stages: Sequence[Sequence[Act]], told: Told) -> None:
    with bar("schools, people, contracts", sum(map(len, all_stages))) as advance:
        for stage in all_stages:
            posts = [_post(admin, base_urls[act.service] + act.path, act.body, act.key) for act in stage]
            answers = await _together(posts, advance)
            told.tokens[stage[-1].service] = answers[-1].json()["token"]


async def _deliver(base: str, sign_in: SignIn, spread: Sequence[Delivery], told: Told) -> None:
    """Every school delivers its own figures; the last one after the others, so that its token covers them."""
    with bar("deliveries of schools", len(spread)) as advance:
        for part in (spread[:-1], spread[-1:]):
            posts = [_submit(sign_in(school_client(one.school.site)), base, one) for one in part]
            answers = await _together(posts, advance)
            told.tokens["kpi"] = answers[-1].json()["token"]


def _submit(school: Client, base: str, delivery: Delivery) -> Posted:
    return _post(school, f"{base}/data-deliveries", _delivery(delivery), f"demo-{delivery.school.site}-{PERIOD}")


def _delivery(delivery: Delivery) -> Body:
    counts = {
        name: getattr(delivery, name) for name in ("pupils", "recipients", "structural", "incidental", "individual")
    }
    place: Body = {"programme": PROGRAMME, "site": delivery.school.site, "period": PERIOD}
    return {**place, **counts, "fte": float(delivery.fte), "synthetic": True}


async def _push(base: str, sign_in: SignIn, spread: Sequence[Delivery], told: Told) -> None:
    """Every provider's EHR pushes its half year."""
    by_provider = half_year(spread)
    with bar("events of EHRs", sum(map(len, by_provider.values()))) as advance:
        for provider, events in by_provider.items():
            verdicts = await push(sign_in(provider.client), base, events, advance)
            told.verdicts[provider] = verdicts
            told.tokens["interventions"] = verdicts.token


async def _post(client: Client, url: str, body: Body, key: str) -> httpx.Response:
    response = await client.post(url, body, headers={"Idempotency-Key": key})
    if not response.is_success:
        raise Stop(Exit.DATA, f"{httpx.URL(url).path} refused: {problem(response)}")
    return response


async def _together(posts: Iterable[Posted], advance: Callable[[int], None]) -> list[httpx.Response]:
    """All of them, a few at a time, in order of asking."""
    few = asyncio.Semaphore(AT_ONCE)

    async def one(post: Posted) -> httpx.Response:
        async with few:
            answer = await post
            advance(1)
            return answer

    return list(await asyncio.gather(*(one(post) for post in posts)))
