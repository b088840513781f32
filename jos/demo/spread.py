"""A synthetic spread of the source's totals over eleven schools. How they are really spread is not known.

Seeded, so that it is the same every time; exact, so that it sums to the source's figures; and every school's delivery
is consistent by itself (INV-26).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from jos.demo import figures
from jos.demo.schools import SCHOOLS, School

SEED = 2022


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one school delivers over the half year: pupils are counts, fte has two decimals."""

    school: School
    pupils: int
    recipients: int
    structural: int
    incidental: int
    individual: int
    fte: Decimal


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker of a school's provider and the fte of the assignment there. `staff` is the provider's own key."""

    school: School
    staff: str
    fte: Decimal


def random(seed: int) -> Random:
    """The demo's only source of chance: the same for the same seed, on every machine."""
    return Random(seed)  # noqa: S311 - synthetic data, not a secret


def deliveries(seed: int = SEED) -> tuple[Delivery, ...]:
    """Eleven deliveries that sum to the figures of the source, in the order of its list of schools."""
    chance = random(seed)
    reporting = sorted(chance.sample(SCHOOLS, figures.REPORTING), key=lambda school: school.site)
    pupils = apportion(figures.PUPILS, [chance.uniform(0.6, 1.6) for _ in reporting])
    recipients = apportion(figures.RECIPIENTS, [n * chance.uniform(0.7, 1.3) for n in pupils])
    incidental = apportion(figures.INCIDENTAL, [n * chance.uniform(0.6, 1.4) for n in recipients])
    individual = apportion(figures.INDIVIDUAL, [n * chance.uniform(0.7, 1.3) for n in recipients])
    hundredths = apportion(int(figures.FTE * 100), [n * chance.uniform(0.8, 1.2) for n in recipients])
    return tuple(
        Delivery(school, n, r, r - i, i, d, Decimal(h) / 100)
        for school, n, r, i, d, h in zip(reporting, pupils, recipients, incidental, individual, hundredths, strict=True)
    )


def workers(delivery: Delivery) -> tuple[Worker, ...]:
    """The delivery's fte over as few workers as can carry it (none above 0.90), to the hundredth."""
    hundredths = int(delivery.fte * 100)
    number = -(-hundredths // 90)
    shares = apportion(hundredths, [1.0] * number)
    key = delivery.school.site.lower()
    return tuple(
        Worker(delivery.school, f"m-{key}-{index}", Decimal(share) / 100) for index, share in enumerate(shares, 1)
    )


def apportion(total: int, weights: Sequence[float]) -> list[int]:
    """Integers in proportion to the weights that sum to the total exactly (largest remainders)."""
    exact = [total * weight / sum(weights) for weight in weights]
    parts = [int(share) for share in exact]
    by_remainder = sorted(range(len(exact)), key=lambda index: parts[index] - exact[index])
    for index in by_remainder[: total - sum(parts)]:
        parts[index] += 1
    return parts
