"""The catalogue is whole: every row is tried by a test that exists, or says why there is nothing to try."""

import re

import pytest

from jos.cli import run
from tests.polite.catalogue import ROWS, Case, cases, listed, proofs_in

WAYS = {"tests", "lists", "configuration", "command-line", "absent"}


def test_every_row_is_tried_or_says_why_not() -> None:
    ids = [row["id"] for row in ROWS]
    assert len(ids) == len(set(ids)) > 100
    for row in ROWS:
        assert row.keys() & WAYS, row["id"]
        assert row.keys() <= WAYS | {"id", "section", "input", "expected"}, row["id"]


@pytest.mark.parametrize("row", [row for row in ROWS if "tests" in row], ids=lambda row: str(row["id"]))
def test_the_test_that_a_row_names_exists(row: dict[str, list[str]]) -> None:
    for named in row["tests"]:
        path, _, name = named.partition("::")
        found = proofs_in(path)
        assert found if name == "*" else name in found, named


@pytest.mark.parametrize("row", [row for row in ROWS if "lists" in row], ids=lambda row: str(row["id"]))
def test_the_list_that_a_row_names_has_its_cases(row: dict[str, list[str]]) -> None:
    for path in row["lists"]:
        assert any(re.fullmatch(f"{row['id']}[a-z]?", id_) for id_ in listed(path)), path


@pytest.mark.parametrize("case", cases("command-line"), ids=str)
def test_a_command_line_ends_as_its_row_says(
    case: Case, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JOS_DB_POOLSIZE", "many")
    code = run(list(case.arguments))
    out, err = capsys.readouterr()
    assert code == case.exit, err
    if case.exit:
        assert out == ""
        assert "Usage: jos" in err
    else:
        assert err == ""
    assert "s3cr3t" not in out + err
