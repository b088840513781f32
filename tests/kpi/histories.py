"""Random histories: what providers record, correct and retract, as events and as what holds in the end."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import strategies as st

from shared.log.events import StoredEvent
from tests.kpi.books import PROGRAMME, Books
from tests.kpi.naive import Contact, Content, End, Naive, Post, Start

SITES = ("99HA00", "99HB00", "99HC00")
DAYS = st.integers(0, 400).map(lambda number: date(2021, 11, 1) + timedelta(days=number))
CASES = st.integers(0, 7)

starts = st.builds(
    lambda case, day, duration, form: Start(f"t{case}", case // 2, day, SITES[case % 3], duration, form),
    CASES,
    DAYS,
    st.sampled_from(("STRUCTURAL", "INCIDENTAL")),
    st.sampled_from(("INDIVIDUAL", "GROUP")),
)
ends = st.builds(lambda case, day: End(f"t{case}", case // 2, day, SITES[case % 3]), CASES, DAYS)
contacts = st.builds(
    Contact, DAYS, st.sampled_from(SITES), st.sampled_from(("GROUP", "COACHING", "CRISIS")), st.integers(1, 720)
)
posts = st.builds(
    lambda day, length, site, cents: Post(
        day, None if length is None else day + timedelta(days=length), site, Decimal(cents) / 100
    ),
    DAYS,
    st.none() | st.integers(0, 300),
    st.sampled_from(SITES),
    st.integers(1, 150),
)
contents = st.one_of(starts, ends, contacts, posts)

# A step records something, corrects what an earlier step recorded (to other content of its kind), or takes it back.
steps = st.lists(
    st.one_of(
        st.tuples(st.just("record"), contents),
        st.tuples(st.just("correct"), st.integers(0, 100), contents),
        st.tuples(st.just("retract"), st.integers(0, 100)),
    ),
    max_size=30,
)


class Writer:
    """Writes steps into the books and, beside them, into the naive ledger."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.naive = Naive()
        self._latest: dict[UUID, StoredEvent] = {}

    def write(self, history: list[tuple[object, ...]]) -> Naive:
        """Write every step; one that cannot be (nothing to correct, another kind) is left out."""
        for step in history:
            match step:
                case ("record", content):
                    self._record(content)  # type: ignore[arg-type]
                case ("correct", int(which), content):
                    self._change(which, lambda old, content=content: _of_the_kind(old, content))
                case ("retract", int(which)):
                    self._change(which, lambda _: None)
        return self.naive

    def _record(self, content: Content) -> None:
        event = _event(self.books, content)
        self.naive.holds[event.id] = content
        if not isinstance(content, Post):  # the registry has no corrections: it records what ends it
            self._latest[event.id] = event

    def _change(self, which: int, become: Callable[[Content], Content | None]) -> None:
        roots = [root for root in self.naive.holds if root in self._latest]
        if not roots:
            return
        root = roots[which % len(roots)]
        new = become(self.naive.holds[root])
        if new is None:
            self.books.retracted(self._latest.pop(root))
            del self.naive.holds[root]
        else:
            self._latest[root] = _corrected(self.books, self._latest[root], new)
            self.naive.holds[root] = new


def _of_the_kind(old: Content, new: object) -> Content:
    """New content for the same thing: a correction may change the day and what was said, not whose case it is."""
    match old, new:
        case Start(), Start(day=day, duration=duration, form=form):
            return replace(old, day=day, duration=duration, form=form)
        case Contact(), Contact():
            return new
        case End(), End(day=day):
            return replace(old, day=day)
        case _:
            return old


def _event(books: Books, content: Content) -> StoredEvent:
    match content:
        case Start(case, subject, day, site, duration, form):
            return books.started(case, subject, day, site=site, duration=duration, form=form)
        case End(case, subject, day, site):
            return books.ended(case, subject, day, site=site)
        case Contact(day, site, kind, minutes):
            return books.contact(day, minutes, site=site, kind=kind)
        case Post(day, until, site, fte):
            count = len(books.logs.get("registry", ()))
            payload = {"programme": PROGRAMME, "site": site, "provider": "kvknr:99990001", "assignment": f"a{count}"}
            payload |= {"fte": float(fte), "validFrom": day.isoformat(), "validTo": until and until.isoformat()}
            return books.write("registry", "worker-assigned-to-school.v1", payload)


def _corrected(books: Books, latest: StoredEvent, content: Content) -> StoredEvent:
    match content:
        case Start(day=day, duration=duration, form=form):
            return books.corrected(latest, {"duration": duration, "form": form}, day=day)
        case Contact(day, site, kind, minutes):
            return books.corrected(latest, {}, day=day, school=site, kind=kind, quantity=Decimal(minutes))
        case _:
            return books.corrected(latest, {}, day=content.day)
