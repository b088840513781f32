"""Every benchmark runs, in a tiny size, and prints what it found. How fast anything is, is never tested."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.__main__ import NAMES, measure
from benchmarks.sizes import TINY

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.mark.parametrize("name", NAMES)
async def test_a_benchmark_runs_and_keeps_its_samples(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = await measure(name, TINY, tmp_path)
    printed = capsys.readouterr().out
    assert report.rows
    assert all(row.what in printed and row.seen > 0 for row in report.rows)
    kept = read_only_one(tmp_path)
    assert [row["what"] for row in kept["rows"]] == [row.what for row in report.rows]
    assert all(kept["samples"].values())


def read_only_one(folder: Path) -> dict[str, Any]:
    [file] = folder.iterdir()
    return dict(json.loads(file.read_text(encoding="utf-8")))
