"""What a request will take, known before anything is read: its cost, its page sizes, how new its answer must be.

The cost of a field is its own weight; what stands in a page counts as often as the page is long. It is a bound by the
text of the query alone, so that a client can know it beforehand: it stands in every answer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    NullValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    StringValueNode,
    ValueNode,
    VariableNode,
    get_operation_ast,
    get_variable_values,
)

from services.kpi.gateway.documents import GraphQLErrors
from services.kpi.gateway.refusal import Refusal
from shared.domain.texts import Text

DEFAULT_PAGE = 50
MAX_PAGE = 200
MAX_COST = 10_000

WEIGHTS = {"figures": 100, "series": 500, "totals": 100, "josFigures": 500, "schools": 20, "kpis": 20}
"""Fields that take more than one: those that ask the ledger."""
PAGES = frozenset(("edges", "nodes"))
"""What counts as often as the page around it is long."""
LISTS = {
    "missing": 5,
    "warnings": 5,
    "kpis": 20,
    "definitions": 2,
    "codes": 12,
    "codeLists": 8,
    "programmes": 5,
    "byType": 10,
}
"""How often the fields of an unpaged list are taken to be there."""


@dataclass(slots=True)
class Plan:
    """An operation with its variables; `dearest` is its most expensive field, `at_least` are tokens to wait for."""

    operation: str | None
    variables: dict[str, object]
    cost: int = 0
    dearest: str = ""
    at_least: list[str] = field(default_factory=list)


def plan(schema: GraphQLSchema, document: DocumentNode, name: str | None, variables: Mapping[str, object]) -> Plan:
    """Judge a request. Raises `Refusal` (`OPERATION`, `PAGE_SIZE`, `COST_EXCEEDED`) or `GraphQLErrors`."""
    operation = get_operation_ast(document, name)
    if operation is None:
        told = Text("Noem één van de operaties in operationName.", "Name one of the operations in operationName.")
        raise Refusal("OPERATION", told)
    known = [each.variable.name.value for each in operation.variable_definitions or ()]
    if not variables.keys() <= set(known):
        told = Text("Een variabele die de operatie niet heeft.", "A variable that the operation does not have.")
        raise Refusal("VARIABLES", told)
    values = get_variable_values(schema, list(operation.variable_definitions or ()), dict(variables), max_errors=20)
    if isinstance(values, list):
        for error in values:
            error.extensions = {"code": "VARIABLES"}
        raise GraphQLErrors(values)
    made = Plan(operation.name.value if operation.name else None, dict(variables))
    _weigh(document, operation, values.coerced, made)
    if made.cost > MAX_COST:
        raise _too_dear(made)
    return made


def _weigh(
    document: DocumentNode, operation: OperationDefinitionNode, values: Mapping[str, object], made: Plan
) -> None:
    weighing = _Weighing(document, values, made.at_least)
    parts = [(weighing.field(each, DEFAULT_PAGE), each) for each in weighing.fields(operation.selection_set)]
    made.cost = sum(cost for cost, _ in parts)
    made.dearest = max(parts, key=lambda part: part[0])[1].name.value if parts else ""


class _Weighing:
    def __init__(self, document: DocumentNode, values: Mapping[str, object], at_least: list[str]) -> None:
        definitions = document.definitions
        self._fragments = {each.name.value: each for each in definitions if isinstance(each, FragmentDefinitionNode)}
        self._values = values
        self._at_least = at_least
        self._known: dict[tuple[str, int], int] = {}

    def fields(self, selection: SelectionSetNode) -> Iterator[FieldNode]:
        """The fields at the top, those of fragments among them (bounded by the limit of fields side by side)."""
        for each in selection.selections:
            match each:
                case FieldNode():
                    yield each
                case InlineFragmentNode():
                    yield from self.fields(each.selection_set)
                case FragmentSpreadNode():
                    yield from self.fields(self._fragments[each.name.value].selection_set)

    def field(self, node: FieldNode, page: int) -> int:
        """The cost of a field; `page` is the length of the page around it."""
        name = node.name.value
        if name.startswith("__"):
            return 1
        times = page if name in PAGES else LISTS.get(name, 1)
        for each in node.arguments or ():
            if each.name.value == "first":
                page = self._page(each.value)
            elif each.name.value == "atLeast":
                self._note(each.value)
        return WEIGHTS.get(name, 1) + (times * self._inside(node.selection_set, page) if node.selection_set else 0)

    def _inside(self, selection: SelectionSetNode, page: int) -> int:
        return sum(self._part(each, page) for each in selection.selections)

    def _part(self, node: object, page: int) -> int:
        match node:
            case FieldNode():
                return self.field(node, page)
            case InlineFragmentNode():
                return self._inside(node.selection_set, page)
            case FragmentSpreadNode():
                key = (node.name.value, page)
                if key not in self._known:
                    self._known[key] = self._inside(self._fragments[node.name.value].selection_set, page)
                return self._known[key]
        raise TypeError(type(node).__name__)

    def _page(self, node: ValueNode) -> int:
        value = self._value(node)
        if value is None:
            return DEFAULT_PAGE
        if not isinstance(value, int) or not 1 <= value <= MAX_PAGE:
            told = Text(f"first is 1 tot en met {MAX_PAGE}.", f"first is 1 to {MAX_PAGE}.")
            raise Refusal("PAGE_SIZE", told, allowed=MAX_PAGE)
        return value

    def _note(self, node: ValueNode) -> None:
        value = self._value(node)
        if isinstance(value, str):
            self._at_least.append(value)

    def _value(self, node: ValueNode) -> object:
        match node:
            case VariableNode():
                return self._values.get(node.name.value)
            case IntValueNode():
                return int(node.value)
            case StringValueNode():
                return node.value
            case NullValueNode():
                return None
        return None


def _too_dear(made: Plan) -> Refusal:
    return Refusal(
        "COST_EXCEEDED",
        Text("Dit is te veel in één keer.", "This is too much at once."),
        hint=Text(
            "Vraag kleinere bladzijden (first), minder velden, een grovere periode (per), of gebruik series.",
            "Ask for smaller pages (first), fewer fields, a coarser period (per), or use series.",
        ),
        computed=made.cost,
        allowed=MAX_COST,
        mostExpensive=made.dearest,
    )
