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


SWITCHBOARD = """
R-COLLECTIVE-FIRST       FLAG  OFF   FLAG  OFF   INFO
R-NO-UNLESS              OFF   OFF   BLOCK OFF   OFF
R-LIGHT-BOUND            OFF   OFF   FLAG  OFF   OFF
R-HOME-CONSENT           OFF   OFF   BLOCK OFF   OFF
R-CONTRA-SINGLE          BLOCK OFF   FLAG  OFF   OFF
R-PRECEDING-FIELD        FLAG  OFF   FLAG  OFF   OFF
R-EXCL-DIDACTIC          BLOCK OFF   BLOCK OFF   OFF
R-EXCL-LEARNING          BLOCK OFF   BLOCK OFF   BLOCK
R-EXCL-PREVENTIVE        FLAG  OFF   OFF   OFF   OFF
R-EXCL-TEACHER-TRAINING  FLAG  OFF   OFF   OFF   OFF
R-TREND-GROUP            INFO  OFF   INFO  OFF   OFF
R-QUAL-REGISTERED        BLOCK INFO  BLOCK OFF   INFO
R-QUAL-HBO               BLOCK INFO  FLAG  OFF   INFO
R-QUAL-VWT               BLOCK OFF   BLOCK OFF   OFF
R-ADVISOR                OFF   FLAG  FLAG  OFF   OFF
R-STAFF-MIN2             OFF   OFF   FLAG  OFF   OFF
R-PRESENCE               FLAG  OFF   FLAG  OFF   OFF
R-REPLACEMENT            OFF   OFF   FLAG  OFF   OFF
R-INTRO                  OFF   OFF   BLOCK OFF   OFF
R-RECRUITMENT            OFF   OFF   FLAG  OFF   OFF
R-ONE-PROVIDER           OFF   OFF   FLAG  OFF   BLOCK
R-CODE-MUTEX             OFF   OFF   BLOCK OFF   OFF
R-SUITABILITY            OFF   OFF   BLOCK OFF   OFF
R-EXPERIENCE             OFF   OFF   BLOCK OFF   OFF
R-WLZ                    OFF   OFF   BLOCK OFF   OFF
R-NO-ORDER               INFO  BLOCK BLOCK OFF   BLOCK
R-ORDER-RESIDENCE        OFF   BLOCK OFF   OFF   OFF
R-RESIDENCE-NEUTRAL      OFF   OFF   OFF   OFF   BLOCK
R-TEAM-COMPOSITION       OFF   FLAG  OFF   OFF   OFF
R-PLAN                   OFF   FLAG  FLAG  OFF   FLAG
R-OPP-LINK               OFF   OFF   FLAG  FLAG  OFF
R-MDO-QUORUM             OFF   OFF   OFF   FLAG  OFF
R-CASE-COORD             OFF   OFF   OFF   INFO  OFF
R-NEW-SCHOOL-2027        OFF   OFF   BLOCK OFF   OFF
R-NETWORK-CADENCE        OFF   FLAG  FLAG  INFO  FLAG
"""
"""The analysts' table: 2C-PRODUCT, ALK-VO, HG-COLLECTIEF, IJK-TOETS, HR-JOS."""


def test_the_five_files_take_every_rule_as_the_table_of_the_sources_says() -> None:
    files = [load(FILES / f"{code}.yaml") for code in ("2C-PRODUCT", "ALK-VO", "HG-COLLECTIEF", "IJK-TOETS", "HR-JOS")]
    told = {row.split()[0]: row.split()[1:] for row in SWITCHBOARD.strip().splitlines()}
    assert {rule: [file.switch(rule).severity.value for file in files] for rule in RULES} == told


def test_no_file_names_a_school_or_gives_a_site_code_that_its_source_does_not() -> None:
    named = {path.stem: load(path).schools.named for path in FILES.glob("*.yaml")}
    assert {code: len(schools) for code, schools in named.items() if schools} == {
        "ALK-VO": 8,
        "HG-COLLECTIEF": 5,
        "HR-JOS": 15,
    }
    assert not [one for schools in named.values() for one in schools if one.site]


def test_haaglanden_is_a_draft_and_nothing_else_is() -> None:
    assert [path.stem for path in FILES.glob("*.yaml") if load(path).status == "DRAFT"] == ["HG-COLLECTIEF"]


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
        (b"a: &x 1\nb: *y\n", "yaml-anchor"),
        (b"a:\n\tb: 1", "yaml-tab"),
        (b"a: " + b"[" * 10_000, "yaml-depth"),
        (b"a: 1\n" * 100_000, "too-large"),
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


def test_a_bomb_of_anchors_is_refused_before_it_is_followed(tmp_path: Path) -> None:
    levels = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 40)]
    path = tmp_path / "bomb.yaml"
    path.write_text("\n".join(["a0: &a0 [x]", *levels]), encoding="utf-8")
    with pytest.raises(ProgrammeFileInvalid) as caught:
        load(path)
    assert {error.code for error in caught.value.errors} == {"yaml-anchor"}
    assert {error.line for error in caught.value.errors} == set(range(1, 41))


def test_a_rule_without_an_act_to_refuse_cannot_block(tmp_path: Path) -> None:
    line = line_of("rule: R-STAFF-MIN2")
    rule = 'R-STAFF-MIN2, severity: "OFF"'
    [error] = errors_of(tmp_path, (rule, "R-STAFF-MIN2, severity: BLOCK"))
    assert error == (line, "/rules/15/severity", "rule-standing")


@pytest.mark.parametrize(
    ("programme", "old", "new", "told"),
    [
        ("HG-COLLECTIEF", "minWorkers: 2", "minWorkers: 3", "R-STAFF-MIN2 minimum"),
        ("HG-COLLECTIEF", "presenceHoursPerWeek: 30", "presenceHoursPerWeek: 28", "R-PRESENCE hoursPerWeek"),
        ("HG-COLLECTIEF", "newSchoolsFrom: 2027-08-01", "newSchoolsFrom: 2027-01-01", "R-NEW-SCHOOL-2027 from"),
        ("ALK-VO", "developmentQuestions: 1  ", "developmentQuestions: 2  ", "R-PLAN developmentQuestions"),
        ("IJK-TOETS", "schoolRole: 1\n", "schoolRole: 2\n", "R-MDO-QUORUM schoolRole"),
    ],
)
def test_what_a_file_says_twice_it_says_alike(tmp_path: Path, programme: str, old: str, new: str, told: str) -> None:
    text = (FILES / f"{programme}.yaml").read_text(encoding="utf-8")
    assert text.count(old) == 1
    path = tmp_path / "programme.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ProgrammeFileInvalid, match=told):
        load(path)


def test_a_file_that_is_not_there_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "nothing.yaml")
