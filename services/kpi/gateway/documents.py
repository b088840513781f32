"""Reading a GraphQL document: parsed and validated once, within limits that are judged before anything expensive."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    StringValueNode,
    Visitor,
    parse,
    validate,
    visit,
)

from services.kpi.gateway.refusal import Refusal, argument
from shared.domain.texts import Text
from shared.strict_json import has_forbidden_character

MAX_DOCUMENT = 10_000
"""Bytes of a document (UTF-8)."""
MAX_TOKENS = 1_500
MAX_DEPTH = 10
"""Fields within each other; introspection has a rule of its own."""
MAX_ALIASES = 15
MAX_FIELDS = 150
"""Fields side by side: comparing them with each other takes time that grows with the square."""
KEPT = 100
"""Documents that are kept, parsed and validated."""


@dataclass(frozen=True, slots=True)
class Size:
    """How large a selection is, its fragments included: `depth` of fields, `aliases`, `fields` at its own level."""

    depth: int = 0
    aliases: int = 0
    fields: int = 0


class Documents:
    """The documents of one schema."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._known = lru_cache(KEPT)(self._read)

    def read(self, text: str) -> DocumentNode:
        """A document that can be executed. Raises `Refusal`, or the `GraphQLErrors` that validation found."""
        return self._known(text)

    def _read(self, text: str) -> DocumentNode:
        try:
            document = parse(text, max_tokens=MAX_TOKENS, allow_empty_selection_sets=False)
            _check(document)
            errors = validate(self._schema, document, max_errors=20, hide_suggestions=True)
        except GraphQLError as error:
            raise GraphQLErrors([error]) from None
        except RecursionError:
            raise _too_deep() from None
        if errors:
            raise GraphQLErrors(errors)
        return document


class GraphQLErrors(Exception):
    """What is wrong with a document."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__(f"{len(errors)} errors")
        self.errors = errors


def _check(document: DocumentNode) -> None:
    visit(document, _Characters())
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    sizes = _Sizes(fragments)
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    if not operations:
        raise Refusal("OPERATION", Text("Het document vraagt niets.", "The document asks nothing."))
    for fragment in fragments.values():
        sizes.of(fragment.selection_set)
    for operation in operations:
        size = sizes.of(operation.selection_set)
        if size.depth > MAX_DEPTH:
            raise _too_deep()
        if size.aliases > MAX_ALIASES:
            told = Text(f"Hoogstens {MAX_ALIASES} aliassen.", f"At most {MAX_ALIASES} aliases.")
            raise Refusal("TOO_MANY_ALIASES", told, allowed=MAX_ALIASES)


def _too_deep() -> Refusal:
    told = Text(f"Hoogstens {MAX_DEPTH} velden diep.", f"At most {MAX_DEPTH} fields deep.")
    return Refusal("QUERY_TOO_DEEP", told, allowed=MAX_DEPTH)


class _Characters(Visitor):
    """Strings are codes and names: no control or invisible characters, however they were written."""

    def enter_string_value(self, node: StringValueNode, *_: object) -> None:
        if has_forbidden_character(node.value):
            raise argument("", "Een tekst bevat een teken dat niet mag.", "A text has a character that is not allowed.")


class _Sizes:
    """Sizes of selections; a fragment is measured once, however often it is spread."""

    def __init__(self, fragments: dict[str, FragmentDefinitionNode]) -> None:
        self._fragments = fragments
        self._known: dict[str, Size | None] = {}

    def of(self, selection: SelectionSetNode | None) -> Size:
        """The size of a selection. Raises `Refusal`."""
        if selection is None:
            return Size()
        parts = list(self._parts(selection))
        size = Size(
            max((part.depth for part in parts), default=0),
            sum(part.aliases for part in parts),
            sum(part.fields for part in parts),
        )
        if size.fields > MAX_FIELDS:
            told = Text(f"Hoogstens {MAX_FIELDS} velden naast elkaar.", f"At most {MAX_FIELDS} fields side by side.")
            raise Refusal("TOO_MANY_FIELDS", told, allowed=MAX_FIELDS)
        return size

    def _parts(self, selection: SelectionSetNode) -> Iterator[Size]:
        for each in selection.selections:
            match each:
                case FieldNode():
                    inner = self.of(each.selection_set)
                    depth = 0 if each.name.value.startswith("__") else 1 + inner.depth
                    yield Size(depth, (each.alias is not None) + inner.aliases, 1)
                case InlineFragmentNode():
                    yield self.of(each.selection_set)
                case FragmentSpreadNode():
                    yield self._fragment(each.name.value)

    def _fragment(self, name: str) -> Size:
        if name not in self._known:
            self._known[name] = None
            fragment = self._fragments.get(name)
            self._known[name] = self.of(fragment.selection_set) if fragment else Size()
        size = self._known[name]
        if size is None:
            told = Text("Een fragment bevat zichzelf.", "A fragment contains itself.")
            raise Refusal("VALIDATION", told)
        return size
