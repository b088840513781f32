"""A calendar of days as `text/calendar` (RFC 5545): all-day events, lines folded at 75 bytes, texts escaped."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from services.contracts.agenda import Entry, day_after

MEDIA_TYPE = "text/calendar"


def render(entries: Iterable[Entry], stamp: datetime, language: str, name: str) -> str:
    """The calendar; `stamp` is when what it says became known."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//JOS//contracts//NL", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    lines.append(f"X-WR-CALNAME:{_escaped(name)}")
    for entry in entries:
        lines += _event(entry, stamp, language)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _event(entry: Entry, stamp: datetime, language: str) -> list[str]:
    contract = entry.contract
    described = f"{contract.programme}, {contract.provider}, {entry.kind}"
    return [
        "BEGIN:VEVENT",
        f"UID:{entry.uid}",
        f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{entry.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day_after(entry.day):%Y%m%d}",
        f"SUMMARY:{_escaped(entry.title.in_(language))}",
        f"DESCRIPTION:{_escaped(described)}",
        f"CATEGORIES:{entry.kind}",
        f"STATUS:{'TENTATIVE' if entry.assumed else 'CONFIRMED'}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _escaped(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """At most 75 bytes a line, never within a character; what goes on begins with a space."""
    part, size = "", 0
    for sign in line:
        width = len(sign.encode())
        if size + width > 75:
            yield part
            part, size = " ", 1
        part += sign
        size += width
    yield part
