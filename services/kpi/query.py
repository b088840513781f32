"""The figure at a moment: one statement gives every aggregate of a formula, and who is expected and reports."""

from services.kpi.compile import quoted
from services.kpi.definitions import Over, Rule
from services.kpi.figure import Dimension, View
from services.kpi.formula import PERIOD, Aggregate, Condition
from services.kpi.measures import measures
from services.kpi.question import Parameters, Question, Relations, relations
from services.kpi.statements import sections

COMPLETENESS = -1
"""The term under which the rows about expected and reporting schools come."""

REPORTING_MEASURES = frozenset(
    ("participation", "provider-choice", "delivery", "interventions", "trajectories-started", "trajectories-ended")
)
"""What says which schools are expected and which of them report."""

_OF_THE_SITE = {
    Dimension.MUNICIPALITY: "coalesce(s.municipality, c.municipality)",
    Dimension.SUB_REGION: "s.sub_region",
    Dimension.SCHOOL_TYPE: "s.type",
}
_DIMENSION = {**_OF_THE_SITE, Dimension.SCHOOL: "c.school", Dimension.PROVIDER: "c.provider", Dimension.KIND: "c.kind"}
_COLUMNS = ("kind", "school", "provider", "municipality", "programme")
_IDENTITIES = ("subject", "school", "provider", "municipality")

_PARTS = sections("figure")


def statement(question: Question, rule: Rule) -> tuple[str, list[object]]:
    """The statement and its values. Rows: term, index of the period (1..), key, value, reporting, missing."""
    return _Statement(question, rule).build()


class _Statement:
    def __init__(self, question: Question, rule: Rule) -> None:
        self._question = question
        self._rule = rule
        self._parameters = Parameters()
        self._programme = self._parameters.add(question.programme, "text")
        counted = frozenset(part.over.measure for part in rule.parts()) | REPORTING_MEASURES
        self._from = relations(question.cut, question.programme, counted, self._parameters)
        self._filters = {d: self._parameters.add(list(codes), "text[]") for d, codes in question.where.items()}

    def build(self) -> tuple[str, list[object]]:
        terms = [self._term(number, part) for number, part in enumerate(self._rule.parts())]
        text = "with " + ",\n".join(self._prologue()) + "\n" + "\nunion all\n".join([self._completeness(), *terms])
        return text, self._parameters.values

    def _prologue(self) -> list[str]:
        periods, add, names = self._question.periods, self._parameters.add, _names(self._from, self._programme)
        period = _PARTS["period"].format(
            firsts=add([p.first_month for p in periods], "integer[]"),
            lasts=add([p.last_month for p in periods], "integer[]"),
            starts=add([p.start for p in periods], "date[]"),
            ends=add([p.end for p in periods], "date[]"),
            codes=add([p.code for p in periods], "text[]"),
        )
        view = self._question.view
        month = add(self._question.month, "integer") if view is View.AS_TODAY else ""
        site = _PARTS[f"site {view}"].format(span=self._from.span, month=month)
        rest = (_PARTS[name].format(**names) for name in ("expected", f"reporting {self._rule.over}"))
        return [*self._from.prologue, period, site, *rest]

    def _completeness(self) -> str:
        conditions = [self._filter(d) for d in self._question.where if d is not Dimension.KIND]
        return _PARTS["completeness"].format(term=COMPLETENESS, key=self._key(), conditions=_all(conditions))

    def _term(self, number: int, part: Aggregate) -> str:
        names = {"term": number, "key": self._key(), "measure": part.over.measure, "scope": self._scope(part)}
        names |= _names(self._from, self._programme)
        places = [self._filter(dimension) for dimension in self._question.where]
        if part.word in ("total", "balance"):
            total = part.word == "total"
            return _PARTS["sum"].format(
                **names,
                months="between p.first_month and p.last_month" if total else "<= p.last_month",
                joins=self._joins(part, "c.month" if total else "p.last_month"),
                conditions=_all([*places, *(self._condition(each) for each in part.over.where)]),
            )
        identity = part.of if part.of in _IDENTITIES else "subject"
        columns = [each for each in part.over.where if part.word == "distinct" or each.name in _COLUMNS]
        opens = [self._condition(each) for each in part.over.where if each not in columns]
        followed = f"(({_all(opens)}) or c.attributes is null)" if opens else "true"
        return _PARTS[part.word].format(
            **names,
            identity=identity,
            joins=self._joins(part, "p.last_month"),
            opens=_all(["c.attributes is not null", *opens]),
            opened="opened > 0" if opens else "true",
            conditions=_all([*places, *(self._condition(each) for each in columns), followed]),
        )

    def _scope(self, part: Aggregate) -> str:
        return (
            f"c.programme = {self._programme}" if measures()[part.over.measure].by_programme else "c.programme is null"
        )

    def _joins(self, part: Aggregate, month: str) -> str:
        joins = []
        if self._rule.over is Over.EVENTS:
            joins.append("join reporting r on r.index = p.index and r.school = c.school")
        elif not measures()[part.over.measure].by_programme:
            joins.append("join expected e on e.index = p.index and e.school = c.school")
        if self._question.dimensions & _OF_THE_SITE.keys():
            joins.append(f"left join site s on s.site = c.school and {month} between s.first_month and s.last_month")
        return "\n".join(joins)

    def _key(self) -> str:
        parts = ", ".join(f"coalesce({_DIMENSION[dimension]}, '')" for dimension in self._question.by)
        return f"array[{parts}]::text[]"

    def _filter(self, dimension: Dimension) -> str:
        return f"{_DIMENSION[dimension]} = any({self._filters[dimension]})"

    def _condition(self, condition: Condition) -> str:
        column = f"c.{condition.name}" if condition.name in _COLUMNS else f"c.attributes ->> {quoted(condition.name)}"
        values = ", ".join("p.code" if value == PERIOD else quoted(value) for value in condition.values)
        return f"coalesce({column}, '') not in ({values})" if condition.negated else f"{column} in ({values})"


def _names(found: Relations, programme: str) -> dict[str, str]:
    return {"cell": found.cell, "posting": found.posting, "programme": programme}


def _all(conditions: list[str]) -> str:
    return " and ".join(conditions) or "true"
