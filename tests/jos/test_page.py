"""The demo's page: our figures beside the source's."""

import pytest

from jos.demo.page import Line, Page, render


@pytest.mark.parametrize(
    ("line", "agrees"),
    [
        (Line("Leerlingen", "1.611", "1.611", "1.611"), True),
        (Line("Scholen", "15", "", "15"), True),
        (Line("Structureel", "358 (87%)", "358 (87%)", "358 (87%)"), True),
        (Line("Bereik", "(25,6%)", "25,6%", "25,6%"), True),
        (Line("Leerlingen", "1.611", "1.611", "1.610"), False),
        (Line("Leerlingen", "1.611", "", ""), False),
    ],
)
def test_a_line_agrees_when_all_there_is_of_ours_is_what_the_source_says(line: Line, agrees: bool) -> None:
    assert line.agrees is agrees


def test_one_figure_that_differs_is_marked_and_spoils_the_page() -> None:
    right, wrong = Line("Leerlingen", "1.611", "1.611", "1.611"), Line("Fte", "13,76", "13,76", "13,66")
    page = Page("HR, 2022-H1", [right, wrong], ["Savioschool"], ["Savioschool: aangeleverd 60, uit registraties 59"])
    shown = render(page).splitlines()
    assert not page.agrees
    assert next(line for line in shown if line.startswith("Fte")).endswith("DIFFERENT")
    assert next(line for line in shown if line.startswith("Leerlingen")).endswith("OK")
    assert any("Savioschool: aangeleverd 60" in line for line in shown)
