"""What stands in a cell is read as it is meant, or refused with what was meant."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.cells import CellKind, CellRefused, value, written

GOOD = [
    (CellKind.DAY, "2022-08-31", "2022-08-31"),
    (CellKind.DECIMAL, "0.8", 0.8),
    (CellKind.YES_NO, "Ja", True),
    (CellKind.YES_NO, "onwaar", False),
    (CellKind.TIME, "08:30", "08:30"),
    (CellKind.CODE, " 99HH00 ", "99HH00"),
    (CellKind.TEXT, "", None),
]


@pytest.mark.parametrize(("kind", "cell", "told"), GOOD)
def test_a_good_cell_is_its_value(kind: CellKind, cell: str, told: object) -> None:
    assert value(kind, cell, decimal_comma=False) == told


def test_a_decimal_comma_is_for_files_with_semicolons() -> None:
    assert value(CellKind.DECIMAL, "0,8", decimal_comma=True) == 0.8
    with pytest.raises(CellRefused, match="decimal-comma") as caught:
        value(CellKind.DECIMAL, "0,8", decimal_comma=False)
    assert caught.value.hint and "0.8" in caught.value.hint.en


@pytest.mark.parametrize("cell", ["=1+1", "+31612345678", "-1", "@SUM(A1)"])
def test_a_formula_is_refused_whatever_the_column(cell: str) -> None:
    for kind in CellKind:
        with pytest.raises(CellRefused, match="formula"):
            value(kind, cell, decimal_comma=False)


@given(st.text(min_size=1, max_size=30).filter(lambda text: text.strip() == text and not text.startswith("#")))
def test_a_text_that_is_written_out_reads_in_again_and_runs_nothing(text: str) -> None:
    cell = written(CellKind.TEXT, text, decimal_comma=False)
    assert not cell.startswith(("=", "+", "-", "@"))
    if not (text.startswith("'") and text[1:].startswith(("=", "+", "-", "@", "\t", "\r"))):
        assert value(CellKind.TEXT, cell, decimal_comma=False) == text


@given(st.decimals(min_value="0.01", max_value="1.5", places=2), st.booleans())
def test_a_number_that_is_written_out_reads_in_again(number: object, comma: bool) -> None:
    told = float(str(number))
    assert value(CellKind.DECIMAL, written(CellKind.DECIMAL, told, decimal_comma=comma), decimal_comma=comma) == told


def test_a_day_is_written_as_it_is_read() -> None:
    assert written(CellKind.DAY, date(2022, 8, 1), decimal_comma=True) == "2022-08-01"
