"""How the verdicts of a request are told: one event's, a batch's, or that nothing of an atomic one was stored."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from services.interventions.verdicts import Result, Verdict
from shared.log.events import Vector
from shared.web.problems import CATALOGUE, FieldError, Problem
from shared.web.tokens import Tokens

MAX_ERRORS = 100
_GENERAL = {400: "invalid-body", 403: "forbidden", 409: "conflict"}


def token_of(results: Sequence[Result], tokens: Tokens) -> str | None:
    """A token for "at least as new as this"; None when nothing of it is in the log."""
    places = [result.position for result in results if result.position is not None]
    if not places:
        return None
    furthest: Vector = {("interventions", p.shard): p.number for p in sorted(places, key=lambda p: p.number)}
    return tokens.seal(furthest)


def single(result: Result, tokens: Tokens, language: str, *, dry_run: bool) -> dict[str, Any]:
    """The answer to one event that was not refused."""
    told = result.in_(language)
    receipt = None if dry_run or result.receipt is None else str(result.receipt)
    return {"receipt": receipt, "dryRun": dry_run, "token": token_of([result], tokens), **told}


def refusal(result: Result) -> Problem:
    """The answer to one event that was: a problem document with the verdict."""
    only = result.errors[0].code if len(result.errors) == 1 else ""
    code = only if only in CATALOGUE else _GENERAL[result.status]
    return Problem(result.status, code, result.errors[:MAX_ERRORS], more={"verdict": str(result.verdict)})


def batch(
    results: Sequence[Result], receipt: UUID | None, tokens: Tokens, language: str, *, dry_run: bool
) -> dict[str, Any]:
    """The answer to a list of events, with a verdict for each in the order of the list."""
    counts = {str(verdict): sum(result.verdict is verdict for result in results) for verdict in Verdict}
    findings = sum(len(result.findings) for result in results)
    return {
        "receipt": None if receipt is None else str(receipt),
        "dryRun": dry_run,
        "token": token_of(results, tokens),
        "summary": {"received": len(results), **counts, "findings": findings},
        "results": [{"index": index, **result.in_(language)} for index, result in enumerate(results)],
    }


def refused_together(results: Sequence[Result]) -> Problem:
    """The answer to an atomic request of which nothing was stored: every error, with its place in the list in front."""
    bad = {index: result for index, result in enumerate(results) if not result.stands}
    statuses = {409 if result.status == 202 else result.status for result in bad.values()}
    status = next(one for one in (403, 400, 409) if one in statuses)
    errors = [_placed(index, one) for index, result in bad.items() for one in result.errors]
    return Problem(status, "batch-refused", errors[:MAX_ERRORS])


def _placed(index: int, one: FieldError) -> FieldError:
    return replace(one, pointer=f"/{index}{one.pointer}")
