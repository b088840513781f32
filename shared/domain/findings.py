"""What a rule finds and what a decision refuses."""

from dataclasses import dataclass
from enum import StrEnum

from shared.domain.texts import Text


class Severity(StrEnum):
    """How a programme takes a rule (programmes.md 2.2)."""

    BLOCK = "BLOCK"
    FLAG = "FLAG"
    INFO = "INFO"
    OFF = "OFF"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule has to say about one event.

    `code` is the rule's id (`R-ONE-PROVIDER`) or an invariant's slug (`no-such-staff`); `pointer` is a JSON pointer
    (RFC 6901) into the event or body; `waits` says that a BLOCK rests on facts that may still come, so that the
    event is held instead of rejected.
    """

    code: str
    severity: Severity
    pointer: str
    text: Text
    hint: Text | None = None
    waits: bool = False


class Refused(Exception):
    """A decision that says no: one or more findings, with the HTTP status left to the edge.

    `kind` is `invalid` (its own content is wrong), `conflict` (it does not fit what was decided earlier), `forbidden`
    (somebody else's) or `unknown` (there is no such thing).
    """

    def __init__(self, *findings: Finding, kind: str = "conflict") -> None:
        super().__init__(", ".join(f.code for f in findings))
        self.findings = findings
        self.kind = kind


def refuse(code: str, pointer: str, nl: str, en: str, hint: Text | None = None, kind: str = "conflict") -> Refused:
    """A refusal with a single finding."""
    return Refused(Finding(code, Severity.BLOCK, pointer, Text(nl, en), hint), kind=kind)


def nowhere(pointer: str = "") -> Refused:
    """There is no such thing, or not for this caller: the two are not told apart (G-21)."""
    return refuse(
        "not-found", pointer, "bestaat niet, of niet voor u", "does not exist, or not for you", None, "unknown"
    )
