"""The five programmes side by side in one installation, through the public API; and a sixth that needs no code."""

from typing import Any

import pytest

from jos.demo.regions import REGIONS
from services.registry.programmes import FILES, load
from services.registry.switchboard import RULES
from tests.registry.api.test_judging import body_of
from tests.registry.conftest import At, Desk, Json

FROM, PROVIDER = "2022-01-01", "kvknr:99990002"
OWN = {"2C-PRODUCT": "HR", "ALK-VO": "ALK", "HG-COLLECTIEF": "HGL", "HR-JOS": "HR", "IJK-TOETS": "HR"}
"""Whose each programme is here; 2C and IJK name no region and are of the one that applies them."""


@pytest.fixture
def desks(at: At) -> dict[str, Desk]:
    """The administrators of the three regions."""
    roles = ["registry-admin", "programme-admin"]
    return {code: at(organisation=one.organisation, roles=roles, region=code) for code, one in REGIONS.items()}


@pytest.fixture
async def five(desks: dict[str, Desk]) -> None:
    """Three regions, and all five programmes."""
    for code, region in REGIONS.items():
        for path, body in region.steps():
            await desks[code].did(path, body)
    for code, own in OWN.items():
        await desks[own].did("/programmes", body_of(code))


async def test_all_five_stand_side_by_side_each_with_its_own_rules(desks: dict[str, Desk], five: None) -> None:
    listed = await desks["HR"].read("/programmes", validOn="2026-10-05")
    assert [one["programme"] for one in listed["items"]] == sorted(OWN)
    assert {one["programme"]: one["region"] for one in listed["items"]} == OWN
    for code in OWN:
        told = await desks["HR"].read(f"/programmes/{code}/rules", validOn="2026-10-05")
        file = load(FILES / f"{code}.yaml")
        assert {rule["rule"]: rule["severity"] for rule in told["rules"]} == {
            rule: file.switch(rule).severity.value for rule in RULES
        }
        assert {rule["rule"]: rule["source"] for rule in told["rules"]} == {
            rule: file.switch(rule).source for rule in RULES
        }


async def test_all_five_applied_again_change_nothing_and_nobody_elses_can_be_applied(
    desks: dict[str, Desk], five: None
) -> None:
    for code, own in OWN.items():
        again = await desks[own].post("/programmes", body_of(code))
        assert again.status_code == 200 and again.json()["recorded"] == []
        other = await desks["HGL" if own != "HGL" else "ALK"].post("/programmes", body_of(code))
        assert other.status_code in (400, 404)
    listed = await desks["HR"].read("/programmes", validOn="2026-10-05")
    assert {one["version"] for one in listed["items"]} == {1}


def sixth() -> Json:
    """A programme that nobody thought of: pupils of practical schools, introduced first, one provider at most."""
    switches = {
        "R-INTRO": {"severity": "BLOCK"},
        "R-ONE-PROVIDER": {"severity": "INFO"},
        "R-PLAN": {"severity": "BLOCK", "parameters": {"sections": ["A1"]}},
        "R-QUAL-REGISTERED": {"severity": "OFF"},
    }
    rules: list[dict[str, Any]] = [
        {**rule, "source": [], **switches.get(rule["rule"], {})} for rule in body_of("HR-JOS")["rules"]
    ]
    plan = {"required": True, "sections": ["A1"]}
    changed = {"programme": "ZZ-PROEF", "schoolTypes": ["SBO", "PRO"], "rules": rules, "actionPlan": plan}
    return {**body_of("HR-JOS"), **changed}


async def test_one_act_at_one_school_is_judged_by_each_programme_in_its_own_way(
    desks: dict[str, Desk], five: None
) -> None:
    """Nobody is registered, introduced or planned for: refused in 2C and the sixth, told in HR-JOS, nothing in IJK."""
    admin = desks["HR"]
    await admin.did("/programmes", sixth())
    await admin.did("/schools", {"school": "99HH", "name": "De Vlieger", "validFrom": FROM})
    site = {"site": "99HH00", "name": "De Vlieger", "schoolType": "SBO", "municipality": "GM0546", "subRegion": "LR"}
    await admin.did("/sites", {**site, "validFrom": FROM})
    await admin.did("/providers", {"provider": PROVIDER, "name": "Cardea", "validFrom": FROM})
    worker = {"provider": PROVIDER, "staff": "m-77", "function": "YOUTH_WORKER", "validFrom": FROM}
    await admin.did("/professionals", worker)
    found: dict[str, list[str]] = {}
    for number, code in enumerate(("2C-PRODUCT", "HR-JOS", "IJK-TOETS", "ZZ-PROEF")):
        await admin.did("/participations", {"programme": code, "site": "99HH00", "validFrom": FROM})
        body = {"assignment": f"HR-{number}", "programme": code, "site": "99HH00", "provider": PROVIDER}
        answer = await admin.post("/assignments", {**body, "staff": "m-77", "fte": 0.5, "validFrom": FROM})
        told = answer.json().get("findings" if answer.status_code == 201 else "errors")
        found[code] = [str(answer.status_code), *(one["code"] for one in told)]
    assert found == {
        "2C-PRODUCT": ["409", "R-QUAL-REGISTERED", "R-QUAL-HBO"],
        "HR-JOS": ["201", "R-QUAL-REGISTERED", "R-QUAL-HBO", "R-PLAN"],
        "IJK-TOETS": ["201"],
        "ZZ-PROEF": ["409", "R-INTRO", "R-PLAN"],
    }


async def test_alkmaars_teams_are_complete_or_not_in_both_sub_regions(desks: dict[str, Desk], five: None) -> None:
    """ALK-24, INV-25: four roles in Noord-Kennemerland, three in Midden-Kennemerland, and the fourth not there."""
    admin, day = desks["ALK"], "2022-10-03"
    places = {"99AA00": ("De Spinaker", "GM0361", "NK"), "99AB00": ("Vonk", "GM0383", "MK")}
    for site, (name, municipality, sub_region) in places.items():
        await admin.did("/schools", {"school": site[:4], "name": name, "validFrom": FROM})
        body = {"site": site, "name": name, "schoolType": "VO", "municipality": municipality, "subRegion": sub_region}
        await admin.did("/sites", {**body, "validFrom": FROM})
        joined = {"programme": "ALK-VO", "site": site, "level": "PILOT", "validFrom": "2022-08-01"}
        await admin.did("/participations", joined)
        team = {"programme": "ALK-VO", "site": site, "kind": "YOUTH_AND_SCHOOL", "validFrom": "2022-08-01"}
        await admin.did("/teams", team)

    async def told() -> list[tuple[str, str]]:
        items = (await admin.read("/findings", validOn=day, programme="ALK-VO"))["items"]
        return [(one["site"], one["message"]) for one in items if one["code"] == "R-TEAM-COMPOSITION"]

    async def added(site: str, role: str) -> None:
        body = {"role": role, "validFrom": "2022-08-01"}
        await admin.did(f"/teams/ALK-VO/{site}/YOUTH_AND_SCHOOL/members", body)

    assert [site for site, _ in await told()] == ["99AA00", "99AB00"]
    for site in places:
        for role in ("SUPPORT_COORDINATOR", "YOUTH_FAMILY_COACH", "BEHAVIOURAL_SCIENTIST_JGGZ"):
            await added(site, role)
    assert await told() == [("99AA00", "the team lacks: PREVENTIVE_AMBULATORY_WORKER")]
    await added("99AA00", "PREVENTIVE_AMBULATORY_WORKER")
    assert await told() == []
    await added("99AB00", "PREVENTIVE_AMBULATORY_WORKER")
    assert await told() == [("99AB00", "does not belong in a team of MK: PREVENTIVE_AMBULATORY_WORKER")]


async def test_a_file_that_contradicts_itself_is_refused_over_the_interface_too(
    desks: dict[str, Desk], five: None
) -> None:
    body = body_of("HR-JOS")
    for rule in body["rules"]:
        if rule["rule"] == "R-STAFF-MIN2":
            rule["severity"] = "BLOCK"
        if rule["rule"] == "R-PLAN":
            rule["parameters"] = {"sections": ["E9"], "section": []}
    refused = await desks["HR"].post("/programmes", body)
    assert refused.status_code == 400
    assert sorted((one["code"], one["pointer"]) for one in refused.json()["errors"]) == [
        ("parameter", "/rules/29/parameters/sections"),
        ("rule-standing", "/rules/15/severity"),
        ("unknown-field", "/rules/29/parameters/section"),
    ]
    assert (await desks["HR"].read("/programmes/HR-JOS"))["version"] == 1


async def test_a_change_under_four_eyes_holds_when_a_second_account_asks_the_same(
    desks: dict[str, Desk], five: None, at: At
) -> None:
    roles = ["registry-admin", "programme-admin"]
    second = at(organisation="region:HR", roles=roles, region="HR", client_id="second")
    await desks["HR"].did("/programmes", body_of("HR-JOS") | {"fourEyes": ["RULE_CHANGE"]})
    change = body_of("HR-JOS") | {"fourEyes": ["RULE_CHANGE"], "fullTimeHours": 38}
    proposed = await desks["HR"].did("/programmes", change)
    assert proposed["result"]["proposed"] == 1 and proposed["result"]["configuration"]["fullTimeHours"] == 36
    again = await desks["HR"].post("/programmes", change)
    assert again.status_code == 200 and again.json()["recorded"] == []
    done = await second.did("/programmes", change)
    assert done["result"]["proposed"] == 0 and done["result"]["configuration"]["fullTimeHours"] == 38


async def test_presence_follows_the_teachers_hours_where_the_programme_says_so(
    desks: dict[str, Desk], five: None
) -> None:
    """2C-25: nothing is found before the hours of the school are known."""
    admin = desks["HR"]
    await admin.did("/schools", {"school": "99HH", "name": "De Vlieger", "validFrom": FROM})
    site = {"site": "99HH00", "name": "De Vlieger", "schoolType": "SBO", "municipality": "GM0546", "subRegion": "LR"}
    await admin.did("/sites", {**site, "validFrom": FROM})
    await admin.did("/participations", {"programme": "2C-PRODUCT", "site": "99HH00", "validFrom": FROM})
    await admin.did("/sites/99HH00/teachers-hours", {"hoursPerWeek": 32.5, "validFrom": "2022-04-01"})

    async def told(day: str) -> list[str]:
        return [one["message"] for one in (await admin.read("/findings", validOn=day))["items"]]

    assert await told("2022-03-31") == []
    assert await told("2022-04-01") == ["0 of 32.5 hours a week agreed"]
