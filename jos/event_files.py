"""Reads files of CloudEvents: NDJSON line by line with flat memory, or one JSON array."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import IO, Any

from jos.exits import Exit, Stop

LONGEST_LINE = 64 * 1024
"""Bytes of one event (api.md section 1)."""
LARGEST_ARRAY = 64 * 1024 * 1024
"""Bytes of a file with one JSON array; more comes as NDJSON."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """An event and where it stands: its line in an NDJSON file, its place (from 1) in an array."""

    line: int
    event: dict[str, Any]


def open_events(path: Path) -> IO[bytes]:
    """The file, `-` for standard input. Raises `Stop` (66) when there is no ordinary file that can be read."""
    if str(path) == "-":
        return sys.stdin.buffer
    if not path.is_file():
        raise Stop(Exit.NO_INPUT, f"{path}: {'not an ordinary file' if path.exists() else 'no such file'}")
    try:
        return path.open("rb")
    except OSError as error:
        raise Stop(Exit.NO_INPUT, f"{path}: {error.strerror}") from None


def read_events(file: IO[bytes]) -> Iterator[Numbered]:
    """The events of a file, one by one. Raises `Stop` (65) with the line for what is no event; never its content."""
    start = file.readline(LONGEST_LINE + 1)
    if start.lstrip().startswith(b"["):
        yield from _array(start + file.read(LARGEST_ARRAY + 1))
    else:
        yield from _lines(chain([start], iter(lambda: file.readline(LONGEST_LINE + 1), b"")))


def _lines(lines: Iterator[bytes]) -> Iterator[Numbered]:
    seen = False
    for number, line in enumerate(lines, 1):
        if len(line) > LONGEST_LINE:
            raise Stop(Exit.DATA, f"line {number}: longer than {LONGEST_LINE // 1024} KiB")
        if line.strip():
            seen = True
            yield Numbered(number, _event(line, f"line {number}"))
    if not seen:
        raise Stop(Exit.DATA, "no events in it")


def _array(content: bytes) -> Iterator[Numbered]:
    if len(content) > LARGEST_ARRAY:
        raise Stop(Exit.DATA, f"an array of more than {LARGEST_ARRAY // 1024 // 1024} MiB: send it as NDJSON")
    try:
        events = json.loads(content.decode())
    except (ValueError, RecursionError) as error:
        raise Stop(Exit.DATA, f"line {getattr(error, 'lineno', 1)}: not JSON in UTF-8") from None
    for place, event in enumerate(events, 1):
        if not isinstance(event, dict):
            raise Stop(Exit.DATA, f"item {place}: not an object")
        yield Numbered(place, event)


def _event(line: bytes, where: str) -> dict[str, Any]:
    try:
        event = json.loads(line.decode())
    except (ValueError, RecursionError):
        raise Stop(Exit.DATA, f"{where}: not JSON in UTF-8 (one event a line)") from None
    if not isinstance(event, dict):
        raise Stop(Exit.DATA, f"{where}: not an object")
    return event
