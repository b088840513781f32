"""Pushes CloudEvents in batches and counts the verdicts. Safe to repeat: sent again, everything is a duplicate."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from jos.client import Client
from jos.exits import Exit, Stop

BATCH = 1000
"""Events in one request."""
BATCH_BYTES = 7 * 1024 * 1024
"""Bytes in one request; the service takes 8 MiB."""
BATCH_TYPE = "application/cloudevents-batch+json"

TOLD = 3
"""How many places of a refused request are named in its one line."""

BAD = frozenset(("conflict", "rejected"))


@dataclass(slots=True)
class Verdicts:
    """What became of what was pushed: how many of each verdict, and every item that was not taken."""

    counts: Counter[str] = field(default_factory=Counter)
    refused: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    """(place among what was pushed, from 0; the result as the service gave it)."""
    token: str = ""
    """Opaque: a reader that sends it along sees everything that was pushed (G-13)."""

    @property
    def received(self) -> int:
        """How many have a verdict."""
        return sum(self.counts.values())

    def add(self, answer: dict[str, Any]) -> None:
        """Take in the answer to one batch."""
        start = self.received
        self.token = answer.get("token") or self.token
        for result in answer["results"]:
            self.counts[result["verdict"]] += 1
            if result["verdict"] in BAD:
                self.refused.append((start + result["index"], result))


async def push(
    client: Client,
    base: str,
    events: Iterable[dict[str, Any]],
    advance: Callable[[int], None],
    *,
    dry_run: bool = False,
) -> Verdicts:
    """Push events to the interventions service at `base`, in order, batch after batch.

    Raises `Stop`: 69 when the service stays away, 77 when the client may not push, 65 when a whole batch is refused.
    """
    verdicts = Verdicts()
    url = f"{base}/events" + ("?dryRun=true" if dry_run else "")
    for batch in batches(events):
        response = await client.post(url, content=b"[%s]" % b",".join(batch), headers={"Content-Type": BATCH_TYPE})
        verdicts.add(_answer(response))
        advance(len(batch))
    return verdicts


def batches(events: Iterable[Mapping[str, Any]]) -> Iterator[list[bytes]]:
    """Events as JSON, in lists that fit in one request."""
    batch: list[bytes] = []
    size = 0
    for event in events:
        text = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
        if batch and (len(batch) == BATCH or size + len(text) > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += len(text) + 1
    if batch:
        yield batch


def _answer(response: httpx.Response) -> dict[str, Any]:
    if response.status_code in (200, 207):
        return dict(response.json())
    code = Exit.PERMISSION if response.status_code in (401, 403) else Exit.DATA
    raise Stop(code, f"refused with {response.status_code}: {problem(response)}")


def problem(response: httpx.Response) -> str:
    """What a problem document says, in one line."""
    try:
        body = response.json()
    except ValueError:
        return response.reason_phrase
    said = str(body.get("detail") or body.get("title") or response.reason_phrase)
    places = [
        f"{error['pointer']}: {error.get('hint') or error.get('message')}"
        for error in body.get("errors", [])
        if error.get("pointer")
    ]
    return f"{body.get('code', response.status_code)}: {'; '.join(places[:TOLD]) or said}"
