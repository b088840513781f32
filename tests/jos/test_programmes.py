"""`jos programmes`: files and what differs from what was applied."""

import json
from pathlib import Path
from typing import Any

import pytest

from jos.cli import run
from jos.commands.programmes import differences
from jos.demo.regions import REGIONS
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


def test_of_several_files_every_error_is_told_and_none_is_sent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (FILES / "HR-JOS.yaml").read_text()
    for name in ("one", "two"):
        (tmp_path / f"{name}.yaml").write_text(text.replace("residenceNeutral: true", "residenceNeutral: 1"))
    files = [str(FILES / "ALK-VO.yaml"), str(tmp_path / "one.yaml"), str(tmp_path / "two.yaml")]
    assert run(["programmes", "apply", *files]) == Exit.DATA
    told = capsys.readouterr().err
    assert "one.yaml" in told and "two.yaml" in told and "ALK-VO" not in told


def test_apply_asks_for_a_file_or_for_all() -> None:
    assert run(["programmes", "apply"]) == Exit.USAGE


def test_a_rule_that_is_switched_later_is_told_apart_by_its_day() -> None:
    changed = json.loads(json.dumps(APPLIED))
    plan = next(rule for rule in changed["rules"] if rule["rule"] == "R-PLAN")
    changed["rules"].append(plan | {"severity": "BLOCK", "validFrom": "2027-01-01"})
    places = [place for place, _, _ in differences(APPLIED, changed)]
    assert places == ["/rules/R-PLAN", "/rules/R-PLAN@2022-01-01", "/rules/R-PLAN@2027-01-01"]


@pytest.mark.parametrize("path", sorted(FILES.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_demos_regions_are_those_of_the_programmes(path: Path) -> None:
    file = load(path)
    if file.region is None:
        return
    region = REGIONS[file.region]
    assert file.programme in region.programmes
    assert (file.region_name, file.sub_regions) == (region.name, region.sub_regions)
    assert set(file.municipalities.codes) <= set(region.municipalities)
