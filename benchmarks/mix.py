"""What EHRs send in every write benchmark (performance.md): the stated mix, seeded.

Half of the events carry a pupil reference, half of those a new one; ten clients of five providers; two in a hundred are
sent a second time, one in a hundred is a correction. Times, staff and schools are those of the demo's half year.
"""

from collections.abc import Iterator, Sequence
from random import Random

import orjson

from benchmarks.generator import Request
from jos.demo.days import SCHOOL_DAYS
from jos.demo.schools import PROGRAMME, PROVIDERS, Provider
from jos.demo.spread import Worker, deliveries, workers
from shared.domain.events import TYPE_PREFIX

CLIENTS = tuple(f"bench-{provider.kvk}-{number}" for number in (1, 2) for provider in PROVIDERS)
"""Client ids; the provider of the client at index i is `PROVIDERS[i % 5]`."""

DUPLICATES, CORRECTIONS = 0.02, 0.01

NO_DIGITS = str.maketrans("0123456789", "ghijkmnpqr")
"""Digits in a row might be taken for a citizen's number or a birth date, and refused; none at all for a name."""

Event = dict[str, object]


class Mix:
    """An endless stream of events; `run` keeps the ids of one mix apart from those of another."""

    def __init__(self, run: str, seed: int = 1, behind: int = 2000) -> None:
        """What is sent again or corrected was sent at least `behind` events before, and so has been answered."""
        self._run = run
        self._chance = Random(seed)  # noqa: S311 - synthetic data, not a secret
        self._staff = _staff()
        self._sent: list[tuple[int, Event]] = []
        self._pupils: list[list[str]] = [[] for _ in PROVIDERS]
        self._behind = behind

    def events(self, count: int) -> list[tuple[int, Event]]:
        """The next events, each with the index of its client."""
        return [self._next() for _ in range(count)]

    def singles(self, count: int) -> list[Request]:
        """The next events as requests of one event each."""
        return [(client, orjson.dumps(event)) for client, event in self.events(count)]

    def batches(self, count: int, size: int) -> list[Request]:
        """The next events as requests of `size` events each, every request by one provider."""
        waiting: list[list[Event]] = [[] for _ in PROVIDERS]
        made: list[Request] = []
        while len(made) < count // size:
            client, event = self._next()
            batch = waiting[client % len(PROVIDERS)]
            batch.append(event)
            if len(batch) == size:
                made.append((client, orjson.dumps(batch)))
                batch.clear()
        return made

    def _next(self) -> tuple[int, Event]:
        earlier = len(self._sent) - self._behind
        drawn = self._chance.random()
        if earlier > 0 and drawn < DUPLICATES:
            return self._sent[self._chance.randrange(earlier)]
        if earlier > 0 and drawn < DUPLICATES + CORRECTIONS:
            return self._keep(*self._correction(earlier))
        client = self._chance.randrange(len(CLIENTS))
        return self._keep(client, self._contact(client % len(PROVIDERS)))

    def _keep(self, client: int, event: Event) -> tuple[int, Event]:
        self._sent.append((client, event))
        return client, event

    def _contact(self, provider: int) -> Event:
        day, worker = self._chance.choice(SCHOOL_DAYS), self._chance.choice(self._staff[provider])
        data: Event = {
            "programme": PROGRAMME,
            "siteCode": worker.school.site,
            "occurredOn": day.isoformat(),
            "minutes": self._chance.choice((30, 45, 60, 75)),
            "staff": [worker.staff],
        }
        if self._chance.random() < 0.5:
            more: Event = {"mode": "GUIDANCE", "pupilRef": self._pupil(provider)}
            return self._event(provider, "individual-intervention-recorded", data | more)
        group: Event = {"mode": "INTERVENTION", "theme": "SOCIAL_SKILLS", "trigger": "OBSERVED_PROBLEM"}
        return self._event(provider, "group-intervention-recorded", data | group | {"groupSize": 7, "setting": "CLASS"})

    def _pupil(self, provider: int) -> str:
        known = self._pupils[provider]
        if known and self._chance.random() < 0.5:
            return self._chance.choice(known)
        known.append(f"c-{self._run}-7{f'{self._chance.getrandbits(40):010x}'.translate(NO_DIGITS)}")
        return known[-1]

    def _correction(self, earlier: int) -> tuple[int, Event]:
        """Other minutes for an earlier contact; what is drawn is itself no correction."""
        while True:
            client, event = self._sent[self._chance.randrange(earlier)]
            data = event["data"]
            if isinstance(data, dict) and "minutes" in data:
                break
        corrects = {"source": event["source"], "id": event["id"]}
        content = {
            "corrects": corrects,
            "type": event["type"],
            "data": data | {"minutes": 50},
            "reason": "TYPING_ERROR",
        }
        return client, self._event(client % len(PROVIDERS), "event-corrected", content)

    def _event(self, provider: int, type_: str, data: Event) -> Event:
        return {
            "specversion": "1.0",
            "id": f"{self._run}-{len(self._sent):08d}",
            "source": PROVIDERS[provider].source,
            "type": f"{TYPE_PREFIX}{type_}.v1",
            "time": "2022-07-04T15:00:00+02:00",
            "datacontenttype": "application/json",
            "data": data,
        }


def worker_at(site: str) -> str:
    """The provider's key of somebody who is assigned to this school."""
    return next(worker.staff for one in deliveries() if one.school.site == site for worker in workers(one))


def _staff() -> list[Sequence[Worker]]:
    """The workers of each provider; every provider has a school that delivered."""
    return [list(_of(provider)) for provider in PROVIDERS]


def _of(provider: Provider) -> Iterator[Worker]:
    for delivery in deliveries():
        if delivery.school.provider == provider:
            yield from workers(delivery)
