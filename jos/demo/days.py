"""The school days of the first half of 2022 (holiday region Midden)."""

from datetime import date, timedelta

from jos.demo.schools import PERIOD_END, START

FREE = (
    (date(2022, 1, 1), date(2022, 1, 9)),  # Kerstvakantie
    (date(2022, 2, 26), date(2022, 3, 6)),  # Voorjaarsvakantie
    (date(2022, 4, 15), date(2022, 4, 18)),  # Goede Vrijdag, Pasen
    (date(2022, 4, 27), date(2022, 5, 8)),  # Koningsdag, meivakantie
    (date(2022, 5, 26), date(2022, 5, 27)),  # Hemelvaart
    (date(2022, 6, 6), date(2022, 6, 6)),  # Tweede Pinksterdag
)


def _school_days() -> tuple[date, ...]:
    days = (START + timedelta(days=n) for n in range((PERIOD_END - START).days + 1))
    return tuple(day for day in days if day.weekday() < 5 and not any(first <= day <= last for first, last in FREE))


SCHOOL_DAYS = _school_days()
