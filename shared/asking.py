"""What is asked of an aggregate and what is decided: on whose authority, and with which findings."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Generic

from shared.aggregate import E
from shared.domain.findings import Finding, Severity
from shared.domain.texts import Text
from shared.log.canonical import canonical
from shared.web.problems import CATALOGUE


@dataclass(frozen=True, slots=True)
class Authority:
    """On whose authority somebody acts: the account, and the role or the written decision that it rests on.

    `reason` is a code. None of them ever holds a name or a text.
    """

    client: str
    by: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, and how. `content` is `fingerprint(...)` of what is asked; `if_match` a stream version."""

    organisation: str
    content: str
    key: str | None = None
    if_match: int | None = None
    dry_run: bool = False
    traceparent: str | None = None
    authority: Authority | None = None


@dataclass(frozen=True, slots=True)
class Decided(Generic[E]):
    """A decision with what rules found about it: it happens, and the findings (FLAG, INFO) are kept with it."""

    events: Sequence[E]
    findings: Sequence[Finding] = ()


Decision = Sequence[E] | Decided[E]
"""What `decide` may give: events, or events with findings."""


def fingerprint(*parts: object) -> str:
    """What is asked, as one short text: SHA-256 over the canonical form of these JSON values (path, body, ...)."""
    return hashlib.sha256(canonical(list(parts)).encode()).hexdigest()


def decided(decision: Decision[E]) -> Decided[E]:
    """A decision in its long form."""
    return decision if isinstance(decision, Decided) else Decided(tuple(decision))


def judgement(asked: Asked, made: Decided[E]) -> str:
    """What is kept with every event of an act: what was asked, on whose authority, and what rules found."""
    act: dict[str, object] = {"content": asked.content, "events": len(made.events)}
    if asked.authority:
        act |= asdict(asked.authority)
    found = [_kept(one) for one in made.findings]
    return canonical({"act": act, "findings": found} if found else {"act": act})


def _kept(finding: Finding) -> dict[str, object]:
    kept: dict[str, object] = {"code": finding.code, "severity": str(finding.severity), "pointer": finding.pointer}
    kept["text"] = asdict(finding.text)
    return kept | {"hint": asdict(finding.hint)} if finding.hint else kept


def findings(stored: Mapping[str, Any]) -> tuple[Finding, ...]:
    """The findings of a judgement, as they were told; where no text was kept, with the title of their code."""
    return tuple(
        Finding(
            one["code"],
            Severity(one["severity"]),
            one["pointer"],
            Text(**one["text"]) if "text" in one else CATALOGUE[one["code"]].title,
            Text(**one["hint"]) if "hint" in one else None,
        )
        for one in stored.get("findings", ())
    )
