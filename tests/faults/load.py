"""EHRs that push the synthetic half year again and again, under new keys, and write down all that they are told."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx

from jos.client import Client
from jos.demo.events import half_year
from jos.demo.schools import Provider
from jos.demo.spread import deliveries
from shared.log.events import Key
from tests.faults.history import Attempt, History, Item, Told, essence
from tests.faults.stack import Reached

ONE = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
PATIENCE = 10.0
"""Seconds for which a client waits for an answer."""
AGAIN = (0, 429, 503, 507)
"""No answer at all, or one that asks to come again."""
AGAIN_AFTER = 0.05

CloudEvent = dict[str, Any]


@dataclass
class Load:
    """The pushing of all providers, until `enough`; `acknowledged` counts events that were told to stand."""

    stack: Reached
    history: History
    chance: random.Random
    mark: str
    pause: float = 0.01
    acknowledged: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    """Of every answer; 0 for none."""
    _http: httpx.AsyncClient = field(default_factory=lambda: httpx.AsyncClient(timeout=PATIENCE))
    _enough: asyncio.Event = field(default_factory=asyncio.Event)
    _clients: list[asyncio.Task[None]] = field(default_factory=list)

    def start(self) -> None:
        """Begin: for every provider one that pushes its half year in order, and one that pushes contacts singly."""
        for provider, events in half_year(deliveries()).items():
            for work in (self._in_order, self._singly):
                self._clients.append(asyncio.create_task(work(provider, events)))

    async def finish(self, within: float = 90.0) -> None:
        """Send nothing new; every request that is under way is repeated until it has its answer."""
        self._enough.set()
        async with asyncio.timeout(within):
            await asyncio.gather(*self._clients)
        await self._http.aclose()

    async def give_up(self) -> None:
        """Stop at once."""
        for client in self._clients:
            client.cancel()
        await asyncio.gather(*self._clients, return_exceptions=True)
        await self._http.aclose()

    async def progress(self, more: int = 1, within: float = 60.0) -> bool:
        """Wait until this many more events were acknowledged; False when they were not in time."""
        target = self.acknowledged + more
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                while self.acknowledged < target:
                    self.fail_if_broken()
                    await asyncio.sleep(0.002)
        return self.acknowledged >= target

    def fail_if_broken(self) -> None:
        """Raise what a client raised: a bug of the harness, or an answer that no client can understand."""
        for client in self._clients:
            if client.done() and not client.cancelled():
                client.result()

    async def _in_order(self, provider: Provider, events: list[CloudEvent]) -> None:
        async with Client(self.stack.credentials(provider.client)) as client:
            for cycle in count(1):
                todo = [again(event, f"{self.mark}c{cycle}") for event in events]
                while todo and not self._enough.is_set():
                    size = self.chance.choice((1, 2, 5, 20, 60))
                    batch, todo = todo[:size], todo[size:]
                    await self._settle(client, provider, batch)
                    if self.chance.random() < 0.1:
                        await self._settle(client, provider, batch)  # an EHR that forgot that it had its answer
                if self._enough.is_set():
                    return

    async def _singly(self, provider: Provider, events: list[CloudEvent]) -> None:
        contacts = [event for event in events if "minutes" in event["data"] and "trajectory" not in event["data"]]
        async with Client(self.stack.credentials(provider.client)) as client:
            for number in count(1):
                if self._enough.is_set():
                    return
                one = again(self.chance.choice(contacts), f"{self.mark}s{number}")
                rivals = [self._settle(client, provider, [one])]
                if self.chance.random() < 0.2:
                    rivals.append(self._settle(client, provider, [one]))  # at the same time
                await asyncio.gather(*rivals)
                if self.chance.random() < 0.1:
                    await self._settle(client, provider, [_otherwise(one)])
                await asyncio.sleep(self.pause * self.chance.random())

    async def _settle(self, client: Client, provider: Provider, events: list[CloudEvent]) -> None:
        """The identical request until every event has a verdict (G-05)."""
        items = tuple(item_of(event, provider) for event in events)
        single = len(events) == 1
        content = json.dumps(events[0] if single else events).encode()
        headers = {"Content-Type": ONE if single else BATCH}
        now = asyncio.get_running_loop().time
        while True:
            headers["Authorization"] = f"Bearer {await client.token()}"
            began, status, told = now(), 0, ()
            with suppress(httpx.HTTPError):
                url = f"{self.stack.url('interventions')}/events"
                answer = await self._http.post(url, content=content, headers=headers)
                status, told = answer.status_code, told_of(answer, single)
            self.statuses[status] += 1
            self.history.attempt(Attempt(items, status, told, now() - began))
            if told:
                self.verdicts.update(one.verdict for one in told)
                self.acknowledged += sum(one.verdict in ("created", "duplicate") for one in told)
                return
            assert status in AGAIN, f"{status} is no answer that a client may expect: {answer.text[:300]}"
            await asyncio.sleep(AGAIN_AFTER)


def told_of(answer: httpx.Response, single: bool) -> tuple[Told, ...]:
    """The verdicts of an answer; none for one that asks to come again."""
    if answer.status_code in (200, 201, 202, 207):
        body = answer.json()
        results = [body] if single else body["results"]
        return tuple(Told(one["verdict"], one.get("eventId")) for one in results)
    if answer.status_code in (400, 403, 409) and single:
        return (Told(answer.json()["verdict"]),)
    return ()


def item_of(event: Mapping[str, Any], provider: Provider) -> Item:
    """The key and the content of what is sent."""
    data = event["data"]
    key = Key(provider.code, event["source"], event["id"])
    return Item(key, essence(event["type"], data["data"] if "corrects" in data else data))


def again(event: CloudEvent, mark: str) -> CloudEvent:
    """The same event under another key, with what it refers to under that mark too."""
    data = {name: f"{value}-{mark}" if name == "trajectory" else value for name, value in event["data"].items()}
    for name in ("corrects", "retracts"):
        if name in data:
            data[name] = {**data[name], "id": f"{data[name]['id']}-{mark}"}
    if isinstance(data.get("data"), dict) and "trajectory" in data["data"]:
        data["data"] = {**data["data"], "trajectory": f"{data['data']['trajectory']}-{mark}"}
    return {**event, "id": f"{event['id']}-{mark}", "data": data}


def _otherwise(event: CloudEvent) -> CloudEvent:
    """The same key with another content: a conflict, and nothing of it may be stored."""
    return {**event, "data": {**event["data"], "minutes": event["data"]["minutes"] + 5}}
