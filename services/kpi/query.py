"""The figure at a moment: one statement gives every aggregate of a formula, and who is expected and reports."""

from collections.abc import Sequence

from services.kpi import presence
from services.kpi.compile import condition, quoted
from services.kpi.definitions import Over, Rule
from services.kpi.figure import Dimension, View
from services.kpi.formula import Aggregate
from services.kpi.measures import measures
from services.kpi.question import LIVE, Parameters, Question, relations
from services.kpi.statements import sections

COMPLETENESS = -1
"""The term under which the rows about expected and reporting schools come."""

REPORTING_MEASURES = frozenset(("participation", "provider-choice", "delivery"))
"""What says which schools are expected and which of them delivered."""

_OF_THE_SITE = {
    Dimension.MUNICIPALITY: "coalesce(s.municipality, c.municipality)",
    Dimension.SUB_REGION: "s.sub_region",
    Dimension.SCHOOL_TYPE: "s.type",
}
_DIMENSION = {**_OF_THE_SITE, Dimension.SCHOOL: "c.school", Dimension.PROVIDER: "c.provider", Dimension.KIND: "c.kind"}
_SITES = {
    Dimension.SCHOOL: "s.site",
    Dimension.MUNICIPALITY: "s.municipality",
    Dimension.SUB_REGION: "s.sub_region",
    Dimension.SCHOOL_TYPE: "s.type",
}
_IDENTITIES = ("subject", "school", "provider", "municipality")

_PARTS = sections("figure")


def sites_statement(question: Question) -> tuple[str, list[object]] | None:
    """The statement that gives the sites a question is about, in one column; None when it may be about any."""
    filters = [dimension for dimension in question.where if dimension in _SITES]
    if not filters:
        return None
    parameters = Parameters()
    found = relations(question.cut, "", frozenset(), parameters)
    conditions = [f"{_SITES[each]} = any({parameters.add(list(question.where[each]), 'text[]')})" for each in filters]
    sources = _PARTS["sources"].format(fact=found.fact) if question.view is View.AS_TODAY else ""
    text = _PARTS["sites"].format(span=found.span, conditions=_all(conditions), sources=sources)
    return ("with " + ",\n".join(found.prologue) + "\n" if found is not LIVE else "") + text, parameters.values


def statement(question: Question, rule: Rule, sites: Sequence[str] | None = None) -> tuple[str, list[object]]:
    """The statement and its values; `sites` are those it is about, None for any.

    Rows: term, index of the period (from 1), key, value, reporting, missing.
    """
    return _Statement(question, rule, sites).build()


class _Statement:
    def __init__(self, question: Question, rule: Rule, sites: Sequence[str] | None) -> None:
        self._question = question
        self._rule = rule
        self._parameters = Parameters()
        add, periods = self._parameters.add, question.periods
        programme = add(question.programme, "text")
        counted = frozenset(part.over.measure for part in rule.parts()) | REPORTING_MEASURES
        self._from = relations(question.cut, question.programme, counted, self._parameters)
        self._filters = {d: add(list(codes), "text[]") for d, codes in question.where.items()}
        self._scope = "true" if sites is None else f"c.school = any({add(list(sites), 'text[]')})"
        self._names = {
            "cell": self._from.cell,
            "posting": self._from.posting,
            "reporting": self._from.reporting,
            "programme": programme,
            "key": self._key(),
            "scope": self._scope,
            "firsts": add([p.first_month for p in periods], "integer[]"),
            "lasts": add([p.last_month for p in periods], "integer[]"),
        }
        self._bounds: dict[str, tuple[object, str]] = {
            "end": (max(p.end for p in periods), "date"),
        }

    def build(self) -> tuple[str, list[object]]:
        parts = list(enumerate(self._rule.parts()))
        cases = [self._cases(number, part) for number, part in parts if self._from_postings(part)]
        terms = [self._completeness(), *(self._term(number, part) for number, part in parts)]
        text = "with " + ",\n".join([*self._prologue(), *cases]) + "\n" + "\nunion all\n".join(terms)
        return text, self._parameters.values

    def _part(self, name: str, **more: object) -> str:
        """A part of the statement; the bounds become values only when a part needs them."""
        for bound in [bound for bound in self._bounds if f"{{{bound}}}" in _PARTS[name]]:
            self._names[bound] = self._parameters.add(*self._bounds.pop(bound))
        return _PARTS[name].format(**{**self._names, **more})

    def _prologue(self) -> list[str]:
        periods, add, view = self._question.periods, self._parameters.add, self._question.view
        months = [(index, m) for index, p in enumerate(periods, 1) for m in range(p.first_month, p.last_month + 1)]
        period = self._part(
            "period",
            starts=add([p.start for p in periods], "date[]"),
            ends=add([p.end for p in periods], "date[]"),
            codes=add([p.code for p in periods], "text[]"),
            indexes=add([index for index, _ in months], "bigint[]"),
            months=add([month for _, month in months], "integer[]"),
        )
        month = add(self._question.month, "integer") if view is View.AS_TODAY else ""
        scope = self._scope.replace("c.school", "s.site")
        site = _PARTS[f"site {view}"].format(span=self._from.span, fact=self._from.fact, month=month, scope=scope)
        chosen = Dimension.PROVIDER in self._question.dimensions
        expected = self._part("expected", provider=self._part("provider") if chosen else "null::text")
        return [*self._from.prologue, period, site, expected, self._part(f"reporting {self._rule.over}")]

    def _completeness(self) -> str:
        conditions = [self._filter(d) for d in self._question.where if d is not Dimension.KIND]
        return self._part("completeness", term=COMPLETENESS, conditions=_all(conditions))

    def _term(self, number: int, part: Aggregate) -> str:
        places = [self._filter(dimension) for dimension in self._question.where]
        joins = self._joins(part, "c.month" if part.word == "total" else "p.last_month")
        filters = [condition(each) for each in part.over.where]
        counted = f"c.measure = {quoted(part.over.measure)} and {self._programmes(part)}"
        match part.word:
            case "balance":
                run = self._run(self._from.cell, "amount", _all([counted, *filters]), "lasts")
                return self._part("balance", term=number, run=run, joins=joins, conditions=_all(places))
            case "distinct_open" if not self._from_postings(part):
                which = f"c.selection = {quoted(presence.name(part.over))} and {self._programmes(part)}"
                run = self._run("app.crossing", "subjects", which, "firsts")
                return self._part(
                    "distinct_open kept",
                    term=number,
                    run=run,
                    which=which,
                    joins=joins,
                    conditions=_all(places),
                    crossing="app.crossing",
                    open_months="app.open_months",
                )
            case "distinct_open":
                filters = []
        return self._part(
            part.word,
            term=number,
            measure=part.over.measure,
            programmes=self._programmes(part),
            identity=_identity(part),
            joins=joins,
            conditions=_all([*places, *filters]),
        )

    def _run(self, relation: str, amount: str, which: str, bounds: str) -> str:
        """What adds up per place, by period; `bounds` are the months up to which each period counts."""
        given = {"from": relation, "amount": amount, "which": which}
        return self._part("run", bounds=self._names[bounds], **given)

    def _from_postings(self, part: Aggregate) -> bool:
        """Whether open cases are looked up one by one: what is not kept, the past, and periods longer than a year."""
        asked = self._question
        longest = max(p.last_month - p.first_month + 1 for p in asked.periods)
        kept = presence.keepable(part) and presence.name(part.over) in asked.kept
        return part.word == "distinct_open" and not (kept and asked.cut is None and longest <= presence.LONGEST)

    def _cases(self, number: int, part: Aggregate) -> str:
        return self._part(
            "cases",
            term=number,
            measure=part.over.measure,
            programmes=self._programmes(part),
            identity=_identity(part),
            opens=_all([condition(each) for each in part.over.where]),
        )

    def _programmes(self, part: Aggregate) -> str:
        by_programme = measures()[part.over.measure].by_programme
        return f"c.programme = {self._names['programme']}" if by_programme else "c.programme is null"

    def _joins(self, part: Aggregate, month: str) -> str:
        joins = []
        if self._rule.over is Over.EVENTS:
            joins.append("join reporting r on r.index = p.index and r.school = c.school")
        elif not measures()[part.over.measure].by_programme:
            joins.append("join expected e on e.index = p.index and e.school = c.school")
        if self._question.dimensions & self._of_the_site():
            joins.append(f"left join site s on s.site = c.school and {month} between s.first_month and s.last_month")
        return "\n".join(joins)

    def _key(self) -> str:
        parts = ", ".join(f"coalesce({self._column(dimension)}, '')" for dimension in self._question.by)
        return f"array[{parts}]::text[]"

    def _filter(self, dimension: Dimension) -> str:
        return f"{self._column(dimension)} = any({self._filters[dimension]})"

    def _of_the_site(self) -> frozenset[Dimension]:
        """What is looked up at the site; as of today also the school itself, which may have gone on as another."""
        today = self._question.view is View.AS_TODAY
        return frozenset((*_OF_THE_SITE, *((Dimension.SCHOOL,) if today else ())))

    def _column(self, dimension: Dimension) -> str:
        today = self._question.view is View.AS_TODAY and dimension is Dimension.SCHOOL
        return "coalesce(s.heir, c.school)" if today else _DIMENSION[dimension]


def _identity(part: Aggregate) -> str:
    return part.of if part.of in _IDENTITIES else "subject"


def _all(conditions: Sequence[str]) -> str:
    return " and ".join(conditions) or "true"
