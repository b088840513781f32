"""`jos check`: the service's verdict on content, offline."""

import json
from pathlib import Path

import pytest

from jos.cli import run
from jos.demo.events import half_year
from jos.demo.records import CloudEvent
from jos.demo.spread import deliveries
from jos.exits import Exit

EVENTS = next(iter(half_year(deliveries()).values()))[:3]


def _file(tmp_path: Path, events: list[CloudEvent]) -> str:
    path = tmp_path / "events.ndjson"
    path.write_text("\n".join(json.dumps(event) for event in events))
    return str(path)


def test_right_events_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", _file(tmp_path, EVENTS), "--json"]) == Exit.OK
    assert json.loads(capsys.readouterr().out) == {"right": 3, "wrong": 0}


def test_a_wrong_event_is_named_by_line_place_and_code_with_a_hint(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = EVENTS[1]["data"]
    assert isinstance(data, dict)
    wrong = {**EVENTS[1], "data": {**data, "siteKode": "99HA00"}}
    assert run(["check", _file(tmp_path, [EVENTS[0], wrong, EVENTS[2]])]) == Exit.DATA
    written = capsys.readouterr()
    assert "line 2: /data/siteKode unknown-field" in written.out
    assert "siteCode" in written.out
    assert "99HA00" not in written.out + written.err


def test_every_error_of_an_event_is_told_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken: CloudEvent = {**EVENTS[0], "time": "2022-01-10T15:00:01", "data": {"minutes": 0}}
    assert run(["check", _file(tmp_path, [broken])]) == Exit.DATA
    told = capsys.readouterr().out
    assert all(pointer in told for pointer in ("/time", "/data/minutes", "/data/programme"))
