"""Which schools take part, with which provider, and with which team."""

from collections.abc import Mapping, Sequence

from services.registry.programme_parts import NamedSchool, UnnamedSchools
from services.registry.rules.facts import Choosing, Facts, Joining, SchoolDay
from services.registry.rules.rule import found
from services.registry.rules.start import PILOT
from services.registry.timeline import ONE_DAY
from shared.domain.findings import Finding
from shared.domain.texts import Text


def one_provider(event: Choosing, facts: Facts) -> Finding | None:
    """R-ONE-PROVIDER: no other provider is chosen for one of these days (HR-07, INV-12, OQ-27).

    The finding says both periods and the last day that would make room.
    """
    held = next((one for one in facts.choices if one.provider != event.provider and _meet(one, event)), None)
    if held is None:
        return None
    text = Text(
        f"één aanbieder per school: {held.provider} is gekozen voor {held.span}; gevraagd is {event.span}",
        f"one provider per school: {held.provider} is chosen for {held.span}; asked is {event.span}",
    )
    if held.span.start < event.span.start:
        day = (event.span.start - ONE_DAY).isoformat()
        nl = f"met POST .../provider-changes eindigt de huidige keuze op {day}"
        en = f"with POST .../provider-changes the present choice ends on {day}"
    else:
        day = (held.span.start - ONE_DAY).isoformat()
        nl, en = f"vrij tot en met {day}: vraag met validTo {day}", f"free until {day}: ask with validTo {day}"
    return found("/validFrom", text, Text(nl, en))


def new_school(event: Joining, facts: Facts) -> Finding | None:
    """R-NEW-SCHOOL-2027: who is not one of the schools of the start, begins on or after the day (HG-46, INV-13).

    The schools of the start are those of the programme's file: by their site code where it gives one, else by name,
    type and municipality, and the unnamed ones by type and municipality (OQ-26).
    """
    first = str(facts.parameters("R-NEW-SCHOOL-2027").get("from") or "")
    if event.first.isoformat() >= first or _of_the_start(event, facts):
        return None
    text = Text(
        f"deze school hoort niet bij de start en kan vanaf {first} meedoen",
        f"this school is not one of the start and can take part from {first}",
    )
    return found("/validFrom", text, Text(f"vraag met validFrom {first}", f"ask with validFrom {first}"))


def team_composition(event: SchoolDay, facts: Facts) -> Finding | None:
    """R-TEAM-COMPOSITION: a pilot school has a team with its sub-region's roles, and no others' (ALK-24, INV-25)."""
    by_region = facts.lists("R-TEAM-COMPOSITION", "roles")
    wanted = by_region.get(facts.sub_region or "", ())
    if not wanted or facts.level not in (None, PILOT):
        return None
    if facts.team is None:
        return found("/site", _NO_TEAM, _FORM)
    there = {str(role) for role in facts.team}
    missing = ", ".join(role for role in wanted if role not in there)
    if missing:
        return found("/site", Text(f"het team mist: {missing}", f"the team lacks: {missing}"), _FILL)
    foreign = ", ".join(sorted(there & _elsewhere(by_region, wanted)))
    if not foreign:
        return None
    text = Text(
        f"hoort niet in een team van {facts.sub_region}: {foreign}",
        f"does not belong in a team of {facts.sub_region}: {foreign}",
    )
    return found("/site", text, _REMOVE)


def _elsewhere(by_region: Mapping[str, Sequence[str]], wanted: Sequence[str]) -> set[str]:
    """The roles that the programme knows in other sub-regions only."""
    return {role for roles in by_region.values() for role in roles} - set(wanted)


def _meet(one: Choosing, other: Choosing) -> bool:
    return one.span.overlaps(other.span)


def _of_the_start(event: Joining, facts: Facts) -> bool:
    schools = facts.schools()
    return any(_is(one, event) for one in schools.named) or any(_among(one, event) for one in schools.unnamed)


def _is(named: NamedSchool, event: Joining) -> bool:
    if named.site is not None:
        return named.site == event.site
    same_type = named.school_type in (None, event.school_type)
    same_place = named.municipality in (None, event.municipality)
    return same_type and same_place and any(named.name.casefold() in name.casefold() for name in event.names)


def _among(unnamed: UnnamedSchools, event: Joining) -> bool:
    there = unnamed.municipalities is None or event.municipality in unnamed.municipalities
    return there and unnamed.school_type is event.school_type


_NO_TEAM = Text("deze school heeft geen jeugd- en schoolteam", "this school has no youth-and-school team")
_FORM = Text("vorm het met POST /teams", "form it with POST /teams")
_FILL = Text("voeg ze toe met POST /teams/.../members", "add them with POST /teams/.../members")
_REMOVE = Text("beëindig dat lidmaatschap", "end that membership")
