"""The language of formulas: what it reads, what it refuses, and that it carries every KPI of the domain."""

from decimal import Decimal
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from services.kpi.formula import (
    Aggregate,
    BadFormula,
    Bound,
    Condition,
    Median,
    Number,
    Operation,
    Selection,
    fraction,
    measures,
)
from services.kpi.grammar import parse

ON_PAPER: dict[str, str] = YAML(typ="safe").load(Path(__file__).with_name("formulas.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("formula", ON_PAPER.values(), ids=ON_PAPER)
def test_the_language_carries_every_kpi_of_the_domain(formula: str) -> None:
    assert measures(parse(formula))


def test_a_formula_becomes_words_over_measures() -> None:
    assert parse("total(minutes where kind in (GROUP, COACHING) and form != X) / balance(pupils)") == Operation(
        "/",
        Aggregate(
            "total",
            Selection("minutes", (Condition("kind", ("GROUP", "COACHING")), Condition("form", ("X",), negated=True))),
        ),
        Aggregate("balance", Selection("pupils")),
    )


def test_every_other_word_has_its_own_parts() -> None:
    assert parse("median(lead(a to b where kind = K))") == Median(
        Aggregate("lead", Selection("a"), to=Selection("b", (Condition("kind", ("K",)),)))
    )
    bound = Bound(">=", Decimal("1.5"))
    assert parse("days_where(a >= 1.5 each worker)") == Aggregate(
        "days_where", Selection("a"), bound=bound, each="worker"
    )
    assert parse("top(2, a of worker)") == Aggregate("top", Selection("a"), of="worker", number=2)
    assert parse("distinct_open(a of school)") == Aggregate("distinct_open", Selection("a"), of="school")


def test_products_bind_before_sums_and_sides_to_the_left() -> None:
    one, two, three = (Number(Decimal(number)) for number in (1, 2, 3))
    assert parse("1 - 2 - 3") == Operation("-", Operation("-", one, two), three)
    assert parse("1 + 2 * 3") == Operation("+", one, Operation("*", two, three))
    assert parse("(1 + 2) * 3") == Operation("*", Operation("+", one, two), three)


def test_the_outermost_division_makes_numerator_and_denominator() -> None:
    above, below = fraction(parse("(total(a) - total(b)) / total(c)"))
    assert measures(above) == {"a", "b"}
    assert below is not None and measures(below) == {"c"}
    assert fraction(parse("total(a) / 2 + 1"))[1] is None


@pytest.mark.parametrize(
    ("formula", "says"),
    [
        ("", "expected a name but found 'the end'"),
        ("count(a)", "unknown word 'count'; there are: total, balance"),
        ("total(a", "expected ')'"),
        ("total(a) total(b)", "expected the end"),
        ("total(a of school)", "'of' belongs to distinct and distinct_open"),
        ("total(a where kind)", "expected '='"),
        ("median(total(a))", "median is taken of lead"),
        ("days_where(a)", "expected a comparison"),
        ("total(a) ; drop", "cannot read ';'"),
        ("total('a')", "cannot read"),
    ],
)
def test_what_cannot_be_read_says_where_and_what_was_expected(formula: str, says: str) -> None:
    with pytest.raises(BadFormula) as bad:
        parse(formula)
    assert says in str(bad.value)
