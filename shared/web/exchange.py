"""What belongs to one request on its way through: its names for the outside, and the language it speaks."""

import re
import secrets
from dataclasses import dataclass

from starlette.types import Scope

KEY = "jos.exchange"
HEAD = "jos.head"

_TRACEPARENT = re.compile(rb"00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})")


@dataclass(slots=True)
class Exchange:
    """One request and its answer. `trace_id` is W3C's, 32 hex digits; `instance` the request's own urn.

    `parent` is the span id that the sender named, None where it named no trace.
    """

    trace_id: str
    span_id: str
    flags: str
    parent: str | None = None

    @property
    def traceparent(self) -> str:
        """The header for the answer and for whatever follows from this request."""
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"

    @property
    def instance(self) -> str:
        """Names this request in logs and problem documents."""
        return f"urn:jos:request:{self.trace_id}:{self.span_id}"


def begin(scope: Scope) -> Exchange:
    """Start an exchange, in the trace of the sender if it named a valid one."""
    span_id = secrets.token_hex(8)
    found = _TRACEPARENT.fullmatch(header(scope, b"traceparent"))
    if found:
        exchange = Exchange(found[1].decode(), span_id, found[3].decode(), found[2].decode())
    else:
        exchange = Exchange(secrets.token_hex(16), span_id, "01")
    scope[KEY] = exchange
    return exchange


def exchange_of(scope: Scope) -> Exchange:
    """The exchange of this request; one is begun where none was."""
    found = scope.get(KEY)
    return found if isinstance(found, Exchange) else begin(scope)


def header(scope: Scope, name: bytes) -> bytes:
    """The first header of this (lower-case) name, or nothing."""
    found: dict[bytes, bytes] | None = scope.get(HEAD)
    if found is None:
        found = scope[HEAD] = dict(reversed(scope["headers"]))
    return found.get(name, b"")


def language_of(scope: Scope) -> str:
    """`en` when English is asked for before Dutch in Accept-Language, else `nl`."""
    asked = header(scope, b"accept-language")
    if not asked:
        return "nl"
    best, chosen = 0.0, "nl"
    for part in asked.decode("latin-1")[:500].split(","):
        tag, _, rest = part.strip().partition(";")
        weight = _weight(rest)
        language = tag.strip().lower().partition("-")[0]
        if language in ("nl", "en") and weight > best:
            best, chosen = weight, language
    return chosen


def _weight(rest: str) -> float:
    name, _, value = rest.strip().partition("=")
    try:
        return min(max(float(value), 0.0), 1.0) if name == "q" else 1.0
    except ValueError:
        return 0.0
