"""Programme files: read strictly, every error on its line."""

from pathlib import Path

import pytest

from services.registry.programmes import FILES, ProgrammeFileInvalid, load
from services.registry.switchboard import RULES
from shared.domain.findings import Severity

HR_JOS = FILES / "HR-JOS.yaml"

BLOCKED = {"R-EXCL-LEARNING", "R-ONE-PROVIDER", "R-NO-ORDER", "R-RESIDENCE-NEUTRAL"}
FLAGGED = {"R-PLAN", "R-NETWORK-CADENCE"}
INFORMED = {"R-COLLECTIVE-FIRST", "R-QUAL-REGISTERED", "R-QUAL-HBO"}


def errors_of(tmp_path: Path, *changes: tuple[str, str]) -> list[tuple[int, str, str]]:
    """(line, pointer, code) of everything that is wrong with HR-JOS after these changes of its text."""
    text = HR_JOS.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "programme.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ProgrammeFileInvalid) as caught:
        load(path)
    return [(error.line, error.pointer, error.code) for error in caught.value.errors]


def line_of(text: str) -> int:
    """The line of the file on which this text stands first."""
    return next(n for n, line in enumerate(HR_JOS.read_text(encoding="utf-8").splitlines(), 1) if text in line)


def test_hr_jos_takes_each_of_the_35_rules_as_its_source_says() -> None:
    rules = {switch.rule: switch for switch in load(HR_JOS).rules}
    assert len(RULES) == 35 and set(rules) == set(RULES)
    by_severity = {level: {r for r, s in rules.items() if s.severity is level} for level in Severity}
    assert by_severity[Severity.BLOCK] == BLOCKED
    assert by_severity[Severity.FLAG] == FLAGGED
    assert by_severity[Severity.INFO] == INFORMED
    assert rules["R-NETWORK-CADENCE"].parameters == {"meetings": 2, "per": "YEAR"}
    assert rules["R-ONE-PROVIDER"].source == ["HR-07"]


@pytest.mark.parametrize("path", sorted(FILES.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_file_that_comes_with_the_project_loads_under_its_own_name(path: Path) -> None:
    assert load(path).programme == path.stem


def test_a_duplicate_key_is_refused_with_both_lines(tmp_path: Path) -> None:
    line = line_of("orderRequired: false")
    [error] = errors_of(tmp_path, ("orderRequired: false", "orderRequired: false\norderRequired: true"))
    assert error == (line + 1, "/orderRequired", "yaml-duplicate-key")


def test_all_errors_come_at_once_each_on_its_line(tmp_path: Path) -> None:
    found = errors_of(
        tmp_path,
        ("start: 2022-01-01", "start: 2022-02-30"),
        ("SO_VSO]", "SO_VZO]"),
        ("residenceNeutral: true", "residenceNeutral: yes"),
        ("rule: R-ONE-PROVIDER", "rule: R-ONE-PROVIDR"),
        ("{meetings: 2, per: YEAR}", "{meeting: 2, per: WEEK}"),
    )
    assert [(line, pointer) for line, pointer, _ in found] == [
        (line_of("start: "), "/start"),
        (line_of("schoolTypes:"), "/schoolTypes/3"),
        (line_of("residenceNeutral"), "/residenceNeutral"),
        (line_of("R-ONE-PROVIDER"), "/rules/20/rule"),
        (line_of("{meetings"), "/rules/34/parameters/meeting"),
        (line_of("{meetings"), "/rules/34/parameters/per"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "meant"),
    [
        ("SO_VSO]", "SO_VZO]", "SO_VSO"),
        ("rule: R-PLAN", "rule: R-PLANE", "R-PLAN"),
        ("cadence:", "cadance:", "cadence"),
        ("{meetings", "{meeting", "meetings"),
    ],
)
def test_a_near_miss_is_told_what_was_meant(tmp_path: Path, old: str, new: str, meant: str) -> None:
    path = tmp_path / "programme.yaml"
    path.write_text(HR_JOS.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(ProgrammeFileInvalid, match=f"did you mean '{meant}'"):
        load(path)


def test_a_rule_left_out_is_missed_by_name(tmp_path: Path) -> None:
    path = tmp_path / "programme.yaml"
    lines = [line for line in HR_JOS.read_text(encoding="utf-8").splitlines() if "R-OPP-LINK" not in line]
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(ProgrammeFileInvalid, match="R-OPP-LINK"):
        load(path)


def test_an_exclusion_and_its_rule_may_not_disagree(tmp_path: Path) -> None:
    [(_, _, code)] = errors_of(tmp_path, ("LEARNING_SUPPORT: BLOCK", "LEARNING_SUPPORT: FLAG"))
    assert code == "rule-differs"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "model_type"),
        (b"- a list", "model_type"),
        (b"a: [", "yaml-invalid"),
        (b"a: &x 1\nb: *y\n", "yaml-invalid"),
        (b"\xff\xfe", "encoding"),
        (b"programme: !!python/object:os.system x", "yaml-tag"),
        (b"a: .nan", "extra_forbidden"),
    ],
)
def test_what_is_no_programme_is_refused_in_words(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "programme.yaml"
    path.write_bytes(content)
    with pytest.raises(ProgrammeFileInvalid) as caught:
        load(path)
    assert code in [error.code for error in caught.value.errors]
    assert all(error.line >= 1 for error in caught.value.errors)


def test_a_file_that_is_not_there_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "nothing.yaml")
