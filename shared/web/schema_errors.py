"""Turns what pydantic says into what we answer: every error at once, with a pointer, a code and a hint, no value."""

import difflib
import re
from collections.abc import Mapping, Sequence

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from shared.domain.texts import Text
from shared.web import catalogue as _catalogue  # noqa: F401  (the codes below)
from shared.web.models import path_of
from shared.web.problems import CATALOGUE, FieldError, Problem, error

MAX_ERRORS = 100
"""Errors told in one answer; what comes after them is told the next time."""

_CODES = (
    ("missing", "missing"),
    ("extra_forbidden", "unknown-field"),
    ("json_invalid", "json-invalid"),
    ("string_pattern_mismatch", "format"),
    ("uuid", "format"),
    ("url", "format"),
    ("string_too", "length"),
    ("too_", "length"),
    ("enum", "code"),
    ("literal_error", "code"),
    ("union_tag_invalid", "code"),
    ("union_tag_not_found", "missing"),
    ("greater_than", "number-range"),
    ("less_than", "number-range"),
    ("multiple_of", "number-range"),
    ("finite_number", "number-range"),
    ("int_parsing_size", "number-range"),
    ("decimal_max", "number-range"),
    ("decimal_whole", "number-range"),
    ("timezone", "time"),
    ("datetime", "time"),
    ("date_", "date"),
    ("model_type", "not-an-object"),
    ("model_attributes_type", "not-an-object"),
    ("dict_type", "not-an-object"),
)
"""The start of pydantic's error type, and our code; the first that fits."""

_KEY = re.compile(r"[A-Za-z][A-Za-z_.-]*\d{0,3}")


def errors_of(problem: ValidationError, model: object = None, language: str = "nl") -> list[dict[str, str]]:
    """The errors as they stand in `errors[]`. `model` is what was validated (a model, a union, a list of models)."""
    return [entry.in_(language) for entry in field_errors(problem.errors(include_url=False), model)]


def problems_of(problem: ValidationError, model: object = None) -> Problem:
    """The 400 for a body that does not fit its model."""
    return bad_request(field_errors(problem.errors(include_url=False), model))


def bad_request(errors: Sequence[FieldError], general: str = "invalid-body") -> Problem:
    """A 400 that names the code itself when there is one error, else the general one."""
    code = errors[0].code if len(errors) == 1 and CATALOGUE[errors[0].code].status == 400 else general
    return Problem(400, code, errors[:MAX_ERRORS])


def field_errors(found: Sequence[ErrorDetails], model: object = None, start: str = "") -> list[FieldError]:
    """Our errors for pydantic's, in the same order, without repeats; `start` comes before each pointer."""
    entries = [_field_error(detail, model, start) for detail in found]
    return list(dict.fromkeys(entries))


def pointer(path: Sequence[int | str]) -> str:
    """A JSON pointer (RFC 6901). A key that we did not choose is shown only if it reads as a name."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def _field_error(detail: ErrorDetails, model: object, start: str) -> FieldError:
    path, names = path_of(model, detail["loc"])
    code = code_of(detail["type"])
    hint = _hint(detail, code, names)
    if code == "unknown-field" and not _shown(path[-1] if path else ""):
        path = path[:-1]
    return error(code, start + pointer(path), hint)


def code_of(kind: str) -> str:
    """Our code for a pydantic error type; a type that is a code of ours already (a custom error) stays."""
    if kind in CATALOGUE:
        return kind
    for beginning, code in _CODES:
        if kind.startswith(beginning):
            return code
    return "type" if kind.endswith(("_type", "_parsing", "_from_float", "_unicode")) else "invalid"


def _shown(key: int | str) -> bool:
    return isinstance(key, str) and len(key) <= 40 and _KEY.fullmatch(key) is not None


def _hint(detail: ErrorDetails, code: str, names: Sequence[str]) -> Text | None:
    if code == "unknown-field":
        return did_you_mean(str(detail["loc"][-1]), names)
    context = detail.get("ctx", {})
    if code == "code":
        return _one_of(detail["input"], str(context.get("expected", context.get("expected_tags", ""))))
    return _bounds(context)


def query_errors(given: Mapping[str, str], known: Sequence[str]) -> list[FieldError]:
    """An error per query parameter that is not known, with the nearest one that is, or all of them."""
    listed = Text(f"kies uit: {', '.join(known)}", f"choose from: {', '.join(known)}") if known else None
    unknown = [name for name in given if name not in known]
    return [
        error("unknown-field", "/query" + pointer([name] if _shown(name) else []), did_you_mean(name, known) or listed)
        for name in unknown
    ]


def did_you_mean(given: str, known: Sequence[str]) -> Text | None:
    """The known word that is nearest to what was given, if one is near."""
    folded = {word.lower(): word for word in known}
    near = difflib.get_close_matches(given[:60].lower(), folded, n=1, cutoff=0.6)
    if not near:
        return None
    word = folded[near[0]]
    return Text(f"bedoelt u '{word}'?", f"did you mean '{word}'?")


def _one_of(given: object, expected: str) -> Text | None:
    words = re.findall(r"'([^']*)'", expected)
    near = did_you_mean(given, words) if isinstance(given, str) else None
    if near or not words:
        return near
    listed = ", ".join(words[:40])
    return Text(f"kies uit: {listed}", f"choose from: {listed}")


_BOUNDS = (
    ("ge", "minstens", "at least"),
    ("gt", "meer dan", "more than"),
    ("le", "hoogstens", "at most"),
    ("lt", "minder dan", "less than"),
    ("multiple_of", "een veelvoud van", "a multiple of"),
    ("min_length", "minstens zo lang:", "at least this long:"),
    ("max_length", "hoogstens zo lang:", "at most this long:"),
    ("max_digits", "hoogstens zoveel cijfers:", "at most this many digits:"),
    ("decimal_places", "hoogstens zoveel decimalen:", "at most this many decimals:"),
    ("pattern", "de vorm is", "the form is"),
)


def _bounds(context: Mapping[str, object]) -> Text | None:
    """What the schema allows; the bounds are ours, so they may be told."""
    for name, nl, en in _BOUNDS:
        if name in context:
            return Text(f"{nl} {context[name]}", f"{en} {context[name]}")
    return None
