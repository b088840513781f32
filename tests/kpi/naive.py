"""A ledger that a child could write: a list of what holds, counted by looking at every day and every event."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate
from uuid import UUID


@dataclass(frozen=True)
class Start:
    """A trajectory began."""

    case: str
    subject: int
    day: date
    site: str
    duration: str
    form: str


@dataclass(frozen=True)
class End:
    """A trajectory ended; the day counts still."""

    case: str
    subject: int
    day: date
    site: str


@dataclass(frozen=True)
class Contact:
    """An intervention took place."""

    day: date
    site: str
    kind: str
    minutes: int


@dataclass(frozen=True)
class Post:
    """Somebody works at a school for some days."""

    day: date
    until: date | None
    site: str
    fte: Decimal


Content = Start | End | Contact | Post


@dataclass
class Naive:
    """What holds after every correction and retraction, by the event that said it first."""

    holds: dict[UUID, Content] = field(default_factory=dict)

    def recipients(self, first: date, last: date, **attributes: str) -> dict[str, int]:
        """Per site how many subjects have a case, opened with these attributes, that is open on some day."""
        return {site: len(subjects) for site, subjects in self.subjects(first, last, **attributes).items()}

    def subjects(self, first: date, last: date, **attributes: str) -> dict[str, set[int]]:
        """Per site the subjects with such a case."""
        cases: dict[tuple[str, int, str], dict[date, int]] = defaultdict(lambda: defaultdict(int))
        opened = set()
        for each in self.holds.values():
            match each:
                case Start() if all(getattr(each, name) == value for name, value in attributes.items()):
                    cases[each.site, each.subject, each.case][each.day] += 1
                    opened.add((each.site, each.subject, each.case))
                case End():
                    cases[each.site, each.subject, each.case][each.day + timedelta(days=1)] -= 1
        found: dict[str, set[int]] = defaultdict(set)
        for key in opened:
            if any(balance > 0 for balance in balances(cases[key], first, last)):
                found[key[0]].add(key[1])
        return dict(found)

    def minutes(self, first: date, last: date, *kinds: str) -> dict[str, Decimal]:
        """Per site the minutes of contacts of these kinds."""
        found: dict[str, Decimal] = defaultdict(Decimal)
        for each in self.holds.values():
            if isinstance(each, Contact) and first <= each.day <= last and each.kind in kinds:
                found[each.site] += each.minutes
        return {site: total for site, total in found.items() if total}

    def reports(self, site: str, months: range) -> bool:
        """Whether a site has a contact, a start, or a trajectory open from before, in one of these integer months."""
        of_site = [each for each in self.holds.values() if each.site == site]
        happened = {_month(each.day) for each in of_site if isinstance(each, Start | Contact)}
        changes = [(_month(each.day), isinstance(each, Start)) for each in of_site if isinstance(each, Start | End)]
        for month in months:
            open_from_before = sum(1 if starts else -1 for at, starts in changes if at < month)
            if month in happened or open_from_before > 0:
                return True
        return False

    def fte(self, day: date) -> dict[str, Decimal]:
        """Per site the fte of those who work there on a day."""
        found: dict[str, Decimal] = defaultdict(Decimal)
        for each in self.holds.values():
            if isinstance(each, Post) and each.day <= day and (each.until is None or day <= each.until):
                found[each.site] += each.fte
        return dict(found)


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def balances(changes: dict[date, int], first: date, last: date) -> list[int]:
    """The balance at the end of every day of a period."""
    before = sum(amount for day, amount in changes.items() if day < first)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return list(accumulate((changes.get(day, 0) for day in days), initial=before))[1:]
