"""Reads a formula: recursive descent over a list of tokens.

    sum       = product {("+" | "-") product}
    product   = factor {("*" | "/") factor}
    factor    = number | "(" sum ")" | "median" "(" aggregate ")" | aggregate
    aggregate = word "(" measure ["of" name] ["where" condition {"and" condition}] ")" | lead | days_where | top
    condition = name ("=" | "!=") value | name "in" "(" value {"," value} ")"

A minus sign stands between spaces: names may contain one.
"""

import re
from decimal import Decimal
from typing import Literal

from services.kpi.formula import Aggregate, BadFormula, Bound, Condition, Formula, Median, Number, Operation, Selection


def parse(text: str) -> Formula:
    """The formula that `text` says. Raises `BadFormula`, with the place and what was expected there."""
    reader = _Reader(text)
    formula = _sum(reader)
    if reader.kind != "end":
        raise reader.wrong("the end")
    return formula


_TOKEN = re.compile(
    r"(?P<number>\d+(?:\.\d+)?)(?![\w-])|(?P<name>@?[A-Za-z0-9_][\w.-]*)|(?P<sign>>=|<=|!=|[-+*/(),=<>])|(?P<space>\s+)"
)
_WORDS = "total, balance, distinct, distinct_open, lead, median, days_where, top"


class _Reader:
    """The tokens of a formula, and the one to look at next: its kind and its text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = iter(_tokens(text))
        self.kind, self.next = next(self._tokens)

    def accept(self, *tokens: str) -> str | None:
        """Take the next token when it is one of these."""
        if self.kind == "end" or self.next not in tokens:
            return None
        return self._take()

    def expect(self, token: str) -> None:
        if self.accept(token) is None:
            raise self.wrong(f"'{token}'")

    def take(self, kind: Literal["name", "number"]) -> str:
        if self.kind != kind:
            raise self.wrong(f"a {kind}")
        return self._take()

    def wrong(self, expected: str) -> BadFormula:
        return BadFormula(f"expected {expected} but found '{self.next}' in: {self._text}")

    def _take(self) -> str:
        taken = self.next
        self.kind, self.next = next(self._tokens)
        return taken


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise BadFormula(f"cannot read '{text[at]}' at {at} in: {text}")
        if match.lastgroup != "space":
            found.append((str(match.lastgroup), match.group()))
        at = match.end()
    return [*found, ("end", "the end")]


def _sum(reader: _Reader) -> Formula:
    left = _product(reader)
    while operator := reader.accept("+", "-"):
        left = Operation("+" if operator == "+" else "-", left, _product(reader))
    return left


def _product(reader: _Reader) -> Formula:
    left = _factor(reader)
    while operator := reader.accept("*", "/"):
        left = Operation("*" if operator == "*" else "/", left, _factor(reader))
    return left


def _factor(reader: _Reader) -> Formula:
    if reader.accept("("):
        inside = _sum(reader)
        reader.expect(")")
        return inside
    if reader.kind == "number":
        return Number(Decimal(reader.take("number")))
    if reader.accept("median"):
        reader.expect("(")
        of = _aggregate(reader)
        if of.word != "lead":
            raise BadFormula("median is taken of lead(...)")
        reader.expect(")")
        return Median(of)
    return _aggregate(reader)


def _aggregate(reader: _Reader) -> Aggregate:
    word = reader.take("name")
    reader.expect("(")
    match word:
        case "total" | "balance" | "distinct" | "distinct_open":
            found = _plain(reader, word)
        case "lead":
            over = _selection(reader)
            reader.expect("to")
            found = Aggregate("lead", over, to=_selection(reader))
        case "days_where":
            found = _days_where(reader)
        case "top":
            number = int(reader.take("number"))
            reader.expect(",")
            measure = reader.take("name")
            reader.expect("of")
            of = reader.take("name")
            found = Aggregate("top", Selection(measure, _conditions(reader)), of=of, number=number)
        case _:
            raise BadFormula(f"unknown word '{word}'; there are: {_WORDS}")
    reader.expect(")")
    return found


def _plain(reader: _Reader, word: Literal["total", "balance", "distinct", "distinct_open"]) -> Aggregate:
    measure = reader.take("name")
    of = reader.take("name") if reader.accept("of") else "subject"
    if of != "subject" and word in ("total", "balance"):
        raise BadFormula(f"'of' belongs to distinct and distinct_open, not to {word}")
    return Aggregate(word, Selection(measure, _conditions(reader)), of=of)


def _days_where(reader: _Reader) -> Aggregate:
    over = _selection(reader)
    operator = reader.accept(">=", "<=", ">", "<")
    if operator is None:
        raise reader.wrong("a comparison")
    bound = Bound(operator, Decimal(reader.take("number")))  # type: ignore[arg-type]
    each = reader.take("name") if reader.accept("each") else None
    return Aggregate("days_where", over, bound=bound, each=each)


def _selection(reader: _Reader) -> Selection:
    return Selection(reader.take("name"), _conditions(reader))


def _conditions(reader: _Reader) -> tuple[Condition, ...]:
    if not reader.accept("where"):
        return ()
    conditions = [_condition(reader)]
    while reader.accept("and"):
        conditions.append(_condition(reader))
    return tuple(conditions)


def _condition(reader: _Reader) -> Condition:
    name = reader.take("name")
    if reader.accept("in"):
        reader.expect("(")
        values = [reader.take("name")]
        while reader.accept(","):
            values.append(reader.take("name"))
        reader.expect(")")
        return Condition(name, tuple(values))
    if reader.accept("!="):
        return Condition(name, (reader.take("name"),), negated=True)
    reader.expect("=")
    return Condition(name, (reader.take("name"),))
