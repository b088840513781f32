"""What an act on a contract changes beside it: schools, codes, people at work, and what is counted."""

from collections.abc import Iterator

from services.contracts.facts import Facts
from services.contracts.parts import Contract
from shared.administration.acting import Effect


def effects_of(before: Contract | None, after: Contract | None, facts: Facts) -> list[Effect]:
    """Everything that differs; nothing for an act that changed nothing."""
    if after is None or before == after:
        return []
    differing = [*_contract(before, after), *_differences("COVERAGE", _coverage(before), _coverage(after))]
    differing += _differences("PRODUCT_CODE", _products(before), _products(after))
    return [*differing, *_assignments(before, after, facts), *_figures(before, after)]


def _contract(before: Contract | None, after: Contract) -> Iterator[Effect]:
    if after.signed_on is None:
        return
    signed = before is not None and before.signed_on is not None
    was = f"{before.valid_from}/{before.valid_to or '..'}" if before and signed else None
    now = f"{after.valid_from}/{after.valid_to or '..'}"
    if was != now:
        yield Effect(kind="CONTRACT", key=after.contract, before=was, after=now)


def _differences(kind: str, before: dict[str, str], after: dict[str, str]) -> Iterator[Effect]:
    for key in sorted({*before, *after}):
        if before.get(key) != after.get(key):
            yield Effect(kind=kind, key=key, before=before.get(key), after=after.get(key))


def _coverage(contract: Contract | None) -> dict[str, str]:
    """By school and first day, the days that it covers."""
    found = contract.coverage if contract else ()
    return {f"{c.site}/{c.valid_from}": f"{c.valid_from}/{c.valid_to or '..'}" for c in found if not c.empty}


def _products(contract: Contract | None) -> dict[str, str]:
    found = contract.products if contract else ()
    return {f"{p.site}/{p.code}/{p.valid_from}": f"{p.valid_from}/{p.valid_to or '..'}" for p in found}


def _assignments(before: Contract | None, after: Contract, facts: Facts) -> Iterator[Effect]:
    """People of the provider who would go on working at a school after its last day under the contract."""
    changed = {key.split("/")[0] for key, days in _coverage(after).items() if _coverage(before).get(key) != days}
    changed |= {key.split("/")[0] for key in _coverage(before) if key not in _coverage(after)}
    for code, one in sorted(facts.assignments.items()):
        if one.site not in changed or (one.programme, one.provider) != (after.programme, after.provider):
            continue
        days = [c.valid_to for c in after.coverage if c.site == one.site and not c.empty]
        last = max((day for day in days if day), default=None)
        if None not in days and last is not None and (one.last is None or one.last > last):
            until = str(one.last) if one.last else ".."
            yield Effect(kind="ASSIGNMENT", key=code, before=until, after=str(last))


def _figures(before: Contract | None, after: Contract) -> Iterator[Effect]:
    """School days under contract, as the measure `coverage` counts them: only where both ends are known."""
    was, now = _days(before), _days(after)
    if was != now:
        yield Effect(kind="FIGURE", key="coverage", before=str(was), after=str(now))


def _days(contract: Contract | None) -> int:
    found = contract.coverage if contract else ()
    return sum((c.valid_to - c.valid_from).days + 1 for c in found if c.valid_to and not c.empty)
