"""`jos demo --once`: the figures of the source come out, and a second run changes nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jos.demo import figures


def _demo(data: Path) -> str:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("JOS_")}
    command = [sys.executable, "-m", "jos", "demo", "--once", "--data", str(data), "--port", "19400"]
    done = subprocess.run(command, env=plain, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_figures_are_those_of_the_source_at_once_and_again(home: Path) -> None:
    first, again = _demo(home / "demo"), _demo(home / "demo")
    assert "DIFFERENT" not in first
    assert f"Leerlingen met JOS                                {figures.RECIPIENTS}" in first
    assert "created" in first.splitlines()[0]
    assert "duplicate" in again.splitlines()[0]
    assert "created" not in again.splitlines()[0]
    assert first.splitlines()[1:] == again.splitlines()[1:]
