"""YAML read with the line of every value, so that each error can say where it is.

Dates stay text and numbers stay numbers, as in JSON: a file means the same as the body that is sent from it. What can
make a small file large (anchors, aliases, endless nesting) is refused before it is followed.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import JsonValue
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, NodeEvent
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

CORE = "tag:yaml.org,2002:"
DEEPEST = 16
"""Levels of nesting; a programme's file has five."""
LARGEST = 256 * 1024
"""Characters of a file; those that come with the project have about 10,000."""


@dataclass(frozen=True, slots=True)
class LineError:
    """What is wrong on a line: a stable code, a JSON pointer (RFC 6901) and a sentence that repeats no value."""

    line: int
    pointer: str
    code: str
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.pointer or '/'}: {self.message} ({self.code})"


def token(part: str | int) -> str:
    """One step of a JSON pointer, escaped."""
    return "/" + str(part).replace("~", "~0").replace("/", "~1")


class Reading:
    """One reading of a text: the value, the line of every pointer, and what was wrong with its form."""

    def __init__(self, text: str) -> None:
        self.lines: dict[str, int] = {}
        self.errors: list[LineError] = []
        self.value: JsonValue = None
        try:
            self.errors.extend(_unwelcome(text))
            root: Node | None = None if self.errors else YAML(typ="safe", pure=True).compose(text)
        except MarkedYAMLError as error:
            self.errors.append(_malformed(error))
        except YAMLError:
            self.errors.append(LineError(1, "", "yaml-invalid", "not YAML"))
        else:
            self.value = None if root is None else self._value(root, "")

    def line(self, pointer: str) -> int:
        """The line of the value at this pointer, or of the nearest thing around it."""
        while pointer and pointer not in self.lines:
            pointer = pointer.rpartition("/")[0]
        return self.lines.get(pointer, 1)

    def _value(self, node: Node, pointer: str) -> JsonValue:
        self.lines.setdefault(pointer, node.start_mark.line + 1)
        if isinstance(node, MappingNode):
            return self._mapping(node, pointer)
        if isinstance(node, SequenceNode):
            return [self._value(item, pointer + token(index)) for index, item in enumerate(node.value)]
        return self._scalar(node, pointer)

    def _mapping(self, node: MappingNode, pointer: str) -> JsonValue:
        found: dict[str, JsonValue] = {}
        for key, value in node.value:
            name, line = str(key.value), key.start_mark.line + 1
            below = pointer + token(name)
            if name in found:
                first = self.lines[below]
                message = f"named before, on line {first}"
                self.errors.append(LineError(line, below, "yaml-duplicate-key", message))
                continue
            self.lines[below] = line
            found[name] = self._value(value, below)
        return found

    def _scalar(self, node: Node, pointer: str) -> JsonValue:
        text = str(node.value)
        kind = str(node.tag).removeprefix(CORE)
        if kind == "null":
            return None
        if kind == "bool":
            return text.lower() == "true"
        if kind in ("int", "float"):
            return self._number(text, kind, pointer)
        if kind not in ("str", "timestamp"):
            self.errors.append(
                LineError(self.line(pointer), pointer, "yaml-tag", "a kind of value that is not used here")
            )
        return text

    def _number(self, text: str, kind: str, pointer: str) -> JsonValue:
        try:
            return int(text) if kind == "int" else float(text)
        except ValueError:
            self.errors.append(LineError(self.line(pointer), pointer, "number", "a number in decimal digits"))
            return None


def _unwelcome(text: str) -> Iterator[LineError]:
    """What is not followed at all; seen in the events, one at a time, before anything is built from them."""
    if len(text) > LARGEST:
        yield LineError(1, "", "too-large", f"more than {LARGEST} characters")
        return
    depth = 0
    for event in YAML(typ="safe", pure=True).parse(text):
        depth += isinstance(event, CollectionStartEvent)
        depth -= isinstance(event, CollectionEndEvent)
        line = event.start_mark.line + 1
        if depth > DEEPEST:
            yield LineError(line, "", "yaml-depth", f"nested deeper than {DEEPEST} levels")
            return
        if isinstance(event, AliasEvent) or (isinstance(event, NodeEvent) and event.anchor):
            yield LineError(line, "", "yaml-anchor", "anchors (&) and aliases (*) are not used here: write it out")


def _malformed(error: MarkedYAMLError) -> LineError:
    line = error.problem_mark.line + 1 if error.problem_mark else 1
    problem = error.problem or "not YAML"
    if "'\\t'" in problem:
        return LineError(line, "", "yaml-tab", "a tab: indent with spaces")
    return LineError(line, "", "yaml-invalid", problem)
