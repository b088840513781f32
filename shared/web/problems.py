"""Problem documents (RFC 9457): the one form of every answer that is not a success."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.domain.texts import Text

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its stable code, usual status, title and what to do about it."""

    code: str
    status: int
    title: Text
    explanation: Text


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing that is wrong at one place: a JSON pointer (RFC 6901) and a code; never the value that was sent."""

    pointer: str
    code: str
    message: Text
    hint: Text | None = None

    def in_(self, language: str) -> dict[str, str]:
        """As it stands in `errors[]`; among others or in a batch there is no `detail` that says what to do instead."""
        shown = {"pointer": self.pointer, "code": self.code, "message": self.message.in_(language)}
        hint = self.hint or (CATALOGUE[self.code].explanation if self.code in EXPLAINED else None)
        return shown if hint is None else {**shown, "hint": hint.in_(language)}


EXPLAINED = frozenset(
    ("date", "time", "type", "personal-data", "reference-numeric", "not-an-object", "one-of", "source")
)
"""Codes whose explanation is the hint, where an error has none of its own."""

CATALOGUE: dict[str, Kind] = {}
"""Every kind of problem of this process, by code; `/errors/{code}` explains each."""


def register_error(code: str, status: int, title: Text, explanation: Text) -> str:
    """Add a kind of problem; a code means one thing only. Gives the code back."""
    kind = Kind(code, status, title, explanation)
    if CATALOGUE.setdefault(code, kind) != kind:
        raise ValueError(f"error code {code} is registered twice with different texts")
    return code


def error(code: str, pointer: str = "", hint: Text | None = None) -> FieldError:
    """An entry of `errors[]` with the catalogue's title as its message."""
    return FieldError(pointer, code, CATALOGUE[code].title, hint)


class Problem(Exception):
    """An answer that is not a success, raised where it is found and rendered in one place.

    `status` None takes the catalogue's. `detail` tells this case; `headers` go onto the answer; `more` are further
    members of the document.
    """

    def __init__(
        self,
        status: int | None,
        code: str,
        errors: Sequence[FieldError] = (),
        *,
        detail: Text | None = None,
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(code)
        self.kind = CATALOGUE[code]
        self.status = status or self.kind.status
        self.code = code
        self.errors = tuple(errors)
        self.detail = detail
        self.headers = dict(headers or {})
        self.more = dict(more or {})

    def document(self, language: str, base: str, instance: str, trace_id: str) -> dict[str, object]:
        """The document; `base` is the path under which `/errors/{code}` is served."""
        return {
            "type": f"{base}/errors/{self.code}",
            "title": self.kind.title.in_(language),
            "status": self.status,
            "detail": (self.detail or self.kind.explanation).in_(language),
            "instance": instance,
            "code": self.code,
            "errors": [entry.in_(language) for entry in self.errors],
            "traceId": trace_id,
            **self.more,
        }


def invalid(code: str, pointer: str = "", hint: Text | None = None) -> Problem:
    """A problem with one entry, at one place."""
    return Problem(None, code, [error(code, pointer, hint)])
