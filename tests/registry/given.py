"""What is given in the tests of decisions: states, named after what they hold."""

import json
from collections.abc import Callable, Iterable
from datetime import date
from functools import reduce
from typing import Any, TypeVar

import pytest

from services.registry import participation, programme, region, school, site
from services.registry.codes import SchoolType
from services.registry.configuration import Programme
from services.registry.participation import JoinProgramme, Participation
from services.registry.programme import Applied
from services.registry.programmes import FILES, load
from services.registry.region import DefineRegion, Region, SubRegion
from services.registry.school import RegisterSchool, School
from services.registry.site import AddSite, Site
from shared.domain.findings import Refused

S = TypeVar("S")
E = TypeVar("E")

START = date(2022, 1, 1)
LEIDEN, KATWIJK = "GM0546", "GM0537"
CARDEA, PRODEBA, INZOWIJS = "kvknr:99990002", "kvknr:99990004", "kvknr:99990003"


def after(evolve: Callable[[S, E], S], events: Iterable[E], state: S | None = None) -> S:
    """The state after these events."""
    return reduce(evolve, events, state)  # type: ignore[arg-type]  # the first state of a stream is None


def refused(act: Callable[[], object]) -> tuple[str, str, str]:
    """(kind, code, pointer) of the refusal that this act must give."""
    with pytest.raises(Refused) as caught:
        act()
    finding = caught.value.findings[0]
    return caught.value.kind, finding.code, finding.pointer


def holland_rijnland() -> Region:
    """The region with two municipalities and two sub-regions."""
    command = DefineRegion(
        region="HR",
        name="Holland Rijnland",
        sub_regions=[SubRegion(code="DB", name="Duin- en Bollenstreek"), SubRegion(code="LR", name="Leidse regio")],
        municipalities=[LEIDEN, KATWIJK],
        valid_from=START,
    )
    return after(region.evolve, region.decide(command, None, [LEIDEN, KATWIJK]))


def known_school() -> School:
    """A school."""
    return after(school.evolve, school.decide(RegisterSchool(school="99HH", name="De Vlieger", valid_from=START), None))


def open_site(school_type: SchoolType = SchoolType.SBO) -> Site:
    """A site of that school in Leiden, open from 2022."""
    command = AddSite(
        site="99HH00",
        name="De Vlieger",
        school_type=school_type,
        municipality=LEIDEN,
        sub_region="LR",
        valid_from=START,
    )
    return after(site.evolve, site.decide(command, None, holland_rijnland(), known_school()))


def hr_jos_file() -> Programme:
    """The file of HR-JOS as it comes with the project."""
    return load(FILES / "HR-JOS.yaml")


def changed_file(**changes: Any) -> Programme:
    """The same file with other values at its top level."""
    return Programme.model_validate_json(json.dumps(hr_jos_file().model_dump(mode="json", by_alias=True) | changes))


def switched(rule: str, **changes: Any) -> list[dict[str, Any]]:
    """The rules of the file, one of them otherwise."""
    rules: list[dict[str, Any]] = hr_jos_file().model_dump(mode="json", by_alias=True)["rules"]
    return [one | changes if one["rule"] == rule else one for one in rules]


def hr_jos() -> Applied:
    """HR-JOS as applied."""
    return after(programme.evolve, programme.decide(hr_jos_file(), None, "HR", True))


def participating() -> Participation:
    """De Vlieger takes part from 2022."""
    command = JoinProgramme(programme="HR-JOS", site="99HH00", valid_from=START)
    return after(participation.evolve, participation.join(command, None, hr_jos(), open_site()))
