"""`jos programmes`: files and what differs from what was applied."""

import json
from pathlib import Path
from typing import Any

import pytest

from jos.cli import run
from jos.commands.programmes import differences
from jos.exits import Exit
from services.registry.programmes import FILES, load

APPLIED: dict[str, Any] = load(FILES / "HR-JOS.yaml").model_dump(mode="json", by_alias=True)


def test_a_file_that_is_not_right_is_refused_by_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = (FILES / "HR-JOS.yaml").read_text().replace("orderRequired:", "orderRequird:")
    (tmp_path / "wrong.yaml").write_text(wrong)
    assert run(["programmes", "apply", str(tmp_path / "wrong.yaml")]) == Exit.DATA
    line = next(number for number, text in enumerate(wrong.splitlines(), 1) if "orderRequird" in text)
    assert f"line {line}" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    assert run(["programmes", "diff", str(tmp_path / "none.yaml")]) == Exit.NO_INPUT


def test_a_changed_rule_is_told_by_its_name_and_nothing_else_is() -> None:
    changed = json.loads(json.dumps(APPLIED))
    next(rule for rule in changed["rules"] if rule["rule"] == "R-PLAN")["severity"] = "BLOCK"
    assert list(differences(APPLIED, changed)) == [("/rules/R-PLAN/severity", '"FLAG"', '"BLOCK"')]
    assert list(differences(APPLIED, APPLIED)) == []


def test_a_whole_number_is_shown_as_one() -> None:
    assert list(differences({"fullTimeHours": 36}, {"fullTimeHours": 38.0})) == [("/fullTimeHours", "36", "38")]
