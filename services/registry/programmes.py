"""Programme files: read, with every error on its line.

`load(path)` is what `jos programmes apply|diff` stands on; `FILES` holds the files that come with the project.
"""

import difflib
import json
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from services.registry.configuration import Programme
from services.registry.yaml_lines import LineError, Reading, token

FILES = Path(__file__).parent / "programmes"
"""The folder with one file per programme."""

MESSAGES = {
    "missing": "a field that must be there is missing",
    "extra_forbidden": "no such field",
    "unknown-field": "no such parameter",
    "string_pattern_mismatch": "not spelt as this code is",
    "enum": "not one of the known codes",
    "literal_error": "not one of the known codes",
    "date_from_datetime_parsing": "not a date that exists, written as 2022-01-31",
    "date_parsing": "not a date that exists, written as 2022-01-31",
}


class ProgrammeFileInvalid(Exception):
    """The file cannot be used; `errors` says everything that is wrong, by line."""

    def __init__(self, path: Path, errors: list[LineError]) -> None:
        super().__init__("\n".join(f"{path.name}: {error}" for error in errors))
        self.path = path
        self.errors = errors


def load(path: Path) -> Programme:
    """The programme in this file.

    Raises `ProgrammeFileInvalid` with every error and its line: duplicate keys, anchors, tabs, unknown fields, rules
    and school types, values of a wrong kind, rules that are not named. Raises `OSError` when it cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ProgrammeFileInvalid(path, [LineError(1, "", "encoding", "not UTF-8")]) from None
    reading = Reading(text)
    errors = list(reading.errors)
    if errors and reading.value is None:
        raise ProgrammeFileInvalid(path, errors)
    try:
        programme = Programme.model_validate_json(json.dumps(reading.value))
    except ValidationError as invalid:
        errors += [_error(reading, detail) for detail in invalid.errors(include_input=False, include_url=False)]
    if errors:
        raise ProgrammeFileInvalid(path, sorted(errors, key=lambda error: (error.line, error.pointer)))
    return programme


def _error(reading: Reading, detail: ErrorDetails) -> LineError:
    pointer = "".join(token(part) for part in detail["loc"])
    message = MESSAGES.get(detail["type"], detail["msg"])
    return LineError(reading.line(pointer), pointer, detail["type"], message + _meant(reading, pointer, detail))


def _meant(reading: Reading, pointer: str, detail: ErrorDetails) -> str:
    """'; did you mean ...?' for a name that nearly is a known one."""
    known = _known(detail)
    written = pointer.rpartition("/")[2] if detail["type"] in ("extra_forbidden", "unknown-field") else None
    written = written or str(_at(reading, pointer))
    near = difflib.get_close_matches(written, known, n=1)
    return f"; did you mean '{near[0]}'?" if near else ""


def _known(detail: ErrorDetails) -> list[str]:
    context = detail.get("ctx", {})
    if detail["type"] == "extra_forbidden" and len(detail["loc"]) == 1:
        return [field.alias or name for name, field in Programme.model_fields.items()]
    if "known" in context:
        return [str(name) for name in context["known"]]
    return str(context.get("expected", "")).replace("'", "").replace(" or ", ", ").split(", ")


def _at(reading: Reading, pointer: str) -> object:
    value: object = reading.value
    for part in pointer.split("/")[1:]:
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
    return value
