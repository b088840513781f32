"""`docs/guarantees.md` names tests that are there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROWS = re.findall(r"^\| (G-\d\d) \| (.+) \| (.+) \|$", (ROOT / "docs/guarantees.md").read_text(encoding="utf-8"), re.M)


def test_every_guarantee_has_a_row() -> None:
    assert [id_ for id_, _, _ in ROWS] == [f"G-{number:02}" for number in range(1, 37)]


def test_every_row_names_a_test_or_says_what_is_missing() -> None:
    for id_, _, tests in ROWS:
        assert "`tests/" in tests or tests.startswith("not yet"), id_


def test_every_file_that_a_row_names_has_a_test_of_that_guarantee() -> None:
    for id_, _, tests in ROWS:
        for file in re.findall(r"`(tests/[\w/]+\.py)`", tests):
            text = (ROOT / file).read_text(encoding="utf-8")
            assert id_ in text or f"test_{id_.lower().replace('-', '')}_" in text, (id_, file)
