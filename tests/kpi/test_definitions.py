"""The definitions of this installation, and what a definition must be."""

import pytest
from pydantic import ValidationError

from services.kpi.definitions import Basis, Over, Protects, read, shipped, stored
from services.kpi.measures import measures
from services.kpi.measures import read as read_measures
from shared.domain.calendar import PeriodType

PLAIN = """
id: KPI-X
validFrom: 2022-01-01
name: {nl: x, en: x}
question: {nl: x, en: x}
unit: PUPILS
additivity: NONE
protects: PUPILS
basis:
  EVENTS: {formula: "FORMULA", over: EVENTS}
"""


def test_the_quantities_of_holland_rijnland_are_defined() -> None:
    numbers = {kpi.split("-")[2] for kpi in shipped()}
    assert numbers == {"01", "02", "03", "04", "05", "06", "07", "08", "09", "14"}
    for definition in shipped().values():
        assert definition.target.state == "NOT_SET"
        assert PeriodType.HALF_YEAR in definition.periods
        assert definition.name.nl and definition.question.en


def test_whoever_rests_on_pupils_protects_them() -> None:
    for definition in shipped().values():
        counted = {part.over.measure for rule in definition.basis.values() for part in rule.parts()}
        about_pupils = counted & {"trajectory", "delivered-recipients", "delivered-structural", "delivered-individual"}
        assert (definition.protects is Protects.PUPILS) == bool(about_pupils), definition.id


def test_both_ways_are_there_where_the_domain_asks_for_both() -> None:
    both = {kpi for kpi, definition in shipped().items() if len(definition.basis) == 2}
    assert both == {f"KPI-HR-0{number}" for number in range(3, 10)}
    assert all(
        definition.basis[Basis.DELIVERED].over is Over.DELIVERIES
        for definition in map(shipped().get, both)
        if definition
    )


def test_a_definition_reads_back_from_its_event_as_it_was() -> None:
    for definition in shipped().values():
        assert stored(definition.model_dump_json(by_alias=True)) == definition


@pytest.mark.parametrize(
    "formula",
    ["total(no-such-measure)", "median(lead(interventions to minutes))", "total(", "top(2, minutes of worker)"],
)
def test_a_formula_that_cannot_be_computed_is_no_definition(formula: str) -> None:
    with pytest.raises(ValueError, match=r"no measure|no figure is computed|expected"):
        read(PLAIN.replace("FORMULA", formula))


def test_what_tells_about_persons_makes_no_figure_that_is_open_to_everybody() -> None:
    with pytest.raises(ValueError, match="tells about persons: minutes"):
        read(PLAIN.replace("FORMULA", "total(minutes) / balance(pupils)").replace("PUPILS\nbasis", "NOTHING\nbasis"))


def test_an_unknown_field_or_a_key_twice_is_no_definition() -> None:
    good = PLAIN.replace("FORMULA", "total(minutes)")
    assert read(good).id == "KPI-X"
    with pytest.raises(ValidationError, match="colour"):
        read(good + "colour: red\n")
    with pytest.raises(Exception, match="duplicate key"):
        read(good + "unit: FTE\n")


def test_every_line_of_every_measure_has_a_number_of_its_own() -> None:
    numbers = [line.number for measure in measures().values() for line in measure.lines]
    assert len(numbers) == len(set(numbers))
    twice = "a: {title: {nl: a, en: a}, lines: [LINE, LINE]}".replace(
        "LINE", "{line: 1, on: [x.v1], amount: 1, day: day}"
    )
    with pytest.raises(ValueError, match="each its own"):
        read_measures(twice)


def test_a_line_names_columns_and_paths_and_nothing_else() -> None:
    line = "a: {title: {nl: a, en: a}, lines: [{line: 1, on: [x.v1], amount: AMOUNT, day: day}]}"
    for good in ("1", "-1", "quantity", "-$.fte"):
        assert read_measures(line.replace("AMOUNT", good))
    for bad in ("'1; drop table x'", "'$.a or 1'", "fte()"):
        with pytest.raises(ValueError, match="neither a column nor a path"):
            read_measures(line.replace("AMOUNT", bad))
