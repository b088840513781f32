"""Every cell of the rules by which interventions judges today: what triggers it, and what just does not."""

from typing import Any

import pytest

from services.interventions.catalogue import EVENT_TYPES
from services.interventions.facts import Facts, setup_of
from services.interventions.facts import Programme as Known
from services.interventions.reading import as_content
from services.interventions.rules import RULES as JUDGING
from services.interventions.rules.happening import Happening
from services.registry.switchboard import RULES
from shared.domain.events import TYPE_PREFIX
from shared.domain.findings import Finding
from tests.interventions.given import AJ, CARDEA, NAMES, SAMPLES, SITE, content
from tests.switchboard.cells import DAY, Cell, cells, holds

SWITCHED = {rule.id: rule for rule in JUDGING if rule.switched}


def happening(cell: Cell, **changed: Any) -> Happening:
    """A group intervention of the provider on the day."""
    told = {"programme": cell.file.programme, "occurredOn": DAY.isoformat(), **changed}
    model = EVENT_TYPES[TYPE_PREFIX + NAMES["group"]].pushed
    data = model.model_validate(content(SAMPLES["group"], **told), by_alias=True, by_name=False)
    return Happening(as_content(data), AJ, DAY, DAY)


def facts(cell: Cell, chosen: str = AJ) -> Facts:
    """The programme as its file says, and the provider that the school chose."""
    file = cell.file.model_dump(mode="json", by_alias=True)
    known = Known(cell.file.programme, cell.file.start)
    known.setups.add(cell.file.valid_from, None, setup_of(1, file))
    for switch in cell.file.rules:
        known.rules[switch.rule].add(switch.valid_from, None, switch.severity)
    told = Facts(programmes={cell.file.programme: known})
    told.providers[cell.file.programme, SITE].add(cell.file.valid_from, None, chosen)
    return told


PAIRS: dict[str, tuple[dict[str, Any], str, dict[str, Any], str]] = {
    "R-EXCL-LEARNING": ({"activity": "LEARNING_SUPPORT"}, AJ, {"activity": "ADVICE"}, AJ),
    "R-ONE-PROVIDER": ({}, CARDEA, {}, AJ),
}
"""What triggers a rule (the content, and who is chosen), and what just does not."""


def existing() -> list[object]:
    """The cells of the rules that are judged here, whoever owns them."""
    every = [cell for owner in ("interventions", "registry") for cell in cells(owner)]
    return [one for one in every if one.values[0].rule in SWITCHED]  # type: ignore[attr-defined]


def test_every_rule_that_is_judged_here_is_one_of_the_switchboard_and_is_tried() -> None:
    assert set(SWITCHED) <= set(RULES)
    assert set(PAIRS) <= set(SWITCHED)


@pytest.mark.parametrize("cell", existing())
def test_a_cell_finds_what_triggers_it_and_lets_pass_what_just_does_not(cell: Cell) -> None:
    if cell.rule not in PAIRS:
        pytest.fail(f"{cell.rule} is judged and has no pair here: add what triggers it and what just does not")
    triggers, chosen, just_not, ours = PAIRS[cell.rule]

    def found(changed: dict[str, Any], who: str) -> Finding | None:
        return SWITCHED[cell.rule].apply(happening(cell, **changed), facts(cell, who))

    holds(cell, found(triggers, chosen))
    assert found(just_not, ours) is None


@pytest.mark.parametrize("code", ["2C-PRODUCT", "ALK-VO", "HG-COLLECTIEF", "IJK-TOETS", "HR-JOS"])
def test_crisis_is_flagged_where_the_source_does_not_mention_it(code: str) -> None:
    """OQ-17: allowed everywhere, with a FLAG in Alkmaar, Haaglanden and Holland Rijnland."""
    cell = next(one.values[0] for one in cells("interventions") if one.values[0].file.programme == code)  # type: ignore[attr-defined]
    [setup] = facts(cell).programmes[code].setups.holding(DAY)
    assert "CRISIS" in setup.kinds
    assert ("CRISIS" in setup.flagged_kinds) is (code in ("ALK-VO", "HG-COLLECTIEF", "HR-JOS"))
