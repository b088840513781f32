"""Acts in Haaglanden, where most rules are on: what a BLOCK refuses, what a FLAG tells, and what stands on a day."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from services.registry import rules
from services.registry.api import ROUTERS
from services.registry.programmes import FILES, load
from tests.registry.conftest import At, Desk, Json

START, PROVIDER, OTHER = "2026-08-01", "kvknr:99990021", "kvknr:99990022"
MUNICIPALITIES = {"GM0503": "Delft", "GM1926": "Pijnacker-Nootdorp", "GM1783": "Westland", "GM0637": "Zoetermeer"}
KNOWN = "2020-08-01"


@pytest.fixture
def haaglanden(at: At) -> Desk:
    """The administrator of Haaglanden."""
    return at(organisation="region:HGL", roles=["registry-admin", "programme-admin"], region="HGL")


def body_of(code: str) -> Json:
    """A programme's file as JSON."""
    body: Json = json.loads(load(FILES / f"{code}.yaml").model_dump_json(by_alias=True))
    return body


async def school(desk: Desk, site: str, name: str, school_type: str, municipality: str) -> None:
    """A school with one site."""
    await desk.did("/schools", {"school": site[:4], "name": name, "validFrom": KNOWN})
    body = {"site": site, "name": name, "schoolType": school_type, "municipality": municipality, "validFrom": KNOWN}
    await desk.did("/sites", body)


@pytest.fixture
async def region(haaglanden: Desk) -> None:
    """Haaglanden with its programme, Strandwacht, a school that no source names, and two providers."""
    for code, name in MUNICIPALITIES.items():
        await haaglanden.did("/municipalities", {"municipality": code, "name": name, "validFrom": KNOWN})
    body = {"region": "HGL", "name": "Haaglanden", "subRegions": [], "validFrom": KNOWN}
    await haaglanden.did("/regions", {**body, "municipalities": list(MUNICIPALITIES)})
    await haaglanden.did("/programmes", body_of("HG-COLLECTIEF"))
    await school(haaglanden, "99DA00", "Strandwacht", "SO_C4", "GM1783")
    await school(haaglanden, "99DB00", "De Nieuwe", "SBO", "GM1783")
    for code in (PROVIDER, OTHER):
        await haaglanden.did("/providers", {"provider": code, "name": "Proef Jeugdhulp", "validFrom": KNOWN})


@pytest.fixture
async def strandwacht(haaglanden: Desk, region: None) -> None:
    """Strandwacht takes part, and a worker of the provider is known."""
    await haaglanden.did("/participations", {"programme": "HG-COLLECTIEF", "site": "99DA00", "validFrom": START})
    worker = {"provider": PROVIDER, "staff": "m-1", "function": "YOUTH_WORKER", "validFrom": KNOWN}
    await haaglanden.did("/professionals", worker)


def at_school(**more: Any) -> Json:
    """The worker at Strandwacht."""
    return {"programme": "HG-COLLECTIEF", "site": "99DA00", "provider": PROVIDER, "staff": "m-1", **more}


ASSIGNMENT = at_school(assignment="HGL-1", fte=0.8, fixedFace=True, validFrom=START)


async def codes(desk: Desk, on: str, **more: str) -> list[str]:
    """The codes of the findings on a day."""
    return [one["code"] for one in (await desk.read("/findings", validOn=on, **more))["items"]]


async def test_inv13_a_school_that_no_source_names_joins_from_the_day_that_the_programme_names(
    haaglanden: Desk, region: None
) -> None:
    joining = {"programme": "HG-COLLECTIEF", "site": "99DB00", "validFrom": "2027-07-31"}
    refused = await haaglanden.post("/participations", joining)
    assert refused.status_code == 409 and refused.json()["code"] == "R-NEW-SCHOOL-2027"
    assert "2027-08-01" in refused.json()["errors"][0]["hint"]
    await haaglanden.did("/participations", joining | {"validFrom": "2027-08-01"})
    await haaglanden.did("/participations", joining | {"site": "99DA00", "validFrom": START})


async def test_inv09_inv10_a_worker_comes_registered_and_introduced(haaglanden: Desk, strandwacht: None) -> None:
    """Both BLOCKs are told at once; with registration and introduction the rest is told and not refused."""
    refused = await haaglanden.post("/assignments", ASSIGNMENT)
    assert refused.status_code == 409
    assert [one["code"] for one in refused.json()["errors"]] == ["R-QUAL-REGISTERED", "R-INTRO"]
    dry = await haaglanden.post("/assignments?dryRun=true", ASSIGNMENT)
    assert dry.status_code == 409
    registration = {"register": "SKJ", "validFrom": KNOWN, "validTo": "2027-12-31"}
    await haaglanden.did(f"/professionals/{PROVIDER}/m-1/registrations", registration)
    await haaglanden.did("/introductions", at_school(heldOn=START))
    done = await haaglanden.did("/assignments", ASSIGNMENT, key="a-1")
    assert [(one["code"], one["severity"]) for one in done["findings"]] == [
        ("R-QUAL-HBO", "FLAG"),
        ("R-RECRUITMENT", "FLAG"),
        ("R-PLAN", "FLAG"),
    ]
    assert all(one["message"] and one["hint"] for one in done["findings"])
    again = await haaglanden.did("/assignments", ASSIGNMENT, key="a-1")
    assert again["findings"] == done["findings"]


async def test_unregistered_work_is_for_where_it_is_allowed_under_supervision(
    haaglanden: Desk, strandwacht: None
) -> None:
    """HG-24: a reason, and a supervisor who is registered and has HBO."""
    await haaglanden.did("/introductions", at_school(heldOn=START))
    allocated = ASSIGNMENT | {"allocation": "MBO_UNDER_SUPERVISION"}
    refused = await haaglanden.post("/assignments", allocated)
    assert {one["code"] for one in refused.json()["errors"]} == {"R-QUAL-REGISTERED", "R-QUAL-VWT"}
    supervisor = {"provider": PROVIDER, "staff": "m-2", "function": "YOUTH_WORKER", "validFrom": KNOWN}
    await haaglanden.did("/professionals", supervisor)
    registration = {"register": "SKJ", "validFrom": KNOWN, "validTo": "2027-12-31"}
    await haaglanden.did(f"/professionals/{PROVIDER}/m-2/registrations", registration)
    education = {"level": "HBO", "education": "SPH", "validFrom": KNOWN}
    await haaglanden.did(f"/professionals/{PROVIDER}/m-2/qualifications", education)
    await haaglanden.did(f"/professionals/{PROVIDER}/m-1/supervisors", {"supervisor": "m-2", "validFrom": KNOWN})
    done = await haaglanden.did("/assignments", allocated)
    assert [one["type"].rpartition(".")[0].rpartition(".")[2] for one in done["recorded"]] == [
        "worker-assigned-to-school",
        "responsible-allocation-stated",
    ]
    assert [one["code"] for one in done["findings"]] == ["R-RECRUITMENT", "R-PLAN"]
    assert done["result"]["allocation"] == "MBO_UNDER_SUPERVISION"
    # The supervisor's registration ends: from then on the work stands without one.
    assert "R-QUAL-VWT" not in await codes(haaglanden, "2027-12-31")
    assert "R-QUAL-VWT" in await codes(haaglanden, "2028-01-01")


async def test_a_second_provider_is_told_and_stays_visible_until_the_first_choice_ends(
    haaglanden: Desk, strandwacht: None
) -> None:
    """OQ-27: Haaglanden flags what Holland Rijnland refuses."""
    choices = "/participations/HG-COLLECTIEF/99DA00/provider-choices"
    first = await haaglanden.did(choices, {"provider": PROVIDER, "validFrom": START, "validTo": "2027-01-31"})
    assert first["findings"] == []
    second = await haaglanden.did(choices, {"provider": OTHER, "validFrom": "2026-10-01"})
    assert [(one["code"], one["severity"]) for one in second["findings"]] == [("R-ONE-PROVIDER", "FLAG")]
    assert "R-ONE-PROVIDER" not in await codes(haaglanden, "2026-09-30")
    assert "R-ONE-PROVIDER" in await codes(haaglanden, "2027-01-31")
    assert "R-ONE-PROVIDER" not in await codes(haaglanden, "2027-02-01")


async def test_what_stands_on_a_day_goes_when_it_is_put_right(haaglanden: Desk, strandwacht: None, at: At) -> None:
    await haaglanden.did(
        f"/professionals/{PROVIDER}/m-1/registrations",
        {"register": "BIG", "validFrom": KNOWN, "validTo": "2030-12-31"},
    )
    await haaglanden.did("/introductions", at_school(heldOn=START))
    await haaglanden.did("/assignments", ASSIGNMENT)
    day = "2026-09-14"
    assert await codes(haaglanden, day) == [
        "R-ADVISOR",
        "R-PLAN",
        "R-PRESENCE",
        "R-QUAL-HBO",
        "R-RECRUITMENT",
        "R-STAFF-MIN2",
    ]
    assert await codes(haaglanden, "2026-07-31") == []
    assert await codes(haaglanden, day, severity="BLOCK") == []
    advisor = {"provider": PROVIDER, "staff": "m-9", "function": "BEHAVIOURAL_SCIENTIST", "validFrom": KNOWN}
    await haaglanden.did("/professionals", advisor)
    education = {"level": "WO", "education": "PEDAGOGY", "validFrom": KNOWN}
    await haaglanden.did(f"/professionals/{PROVIDER}/m-1/qualifications", education)
    await haaglanden.did("/recruitment-involvements", at_school(roles=["SCHOOL_LEADER"], heldOn=START))
    await haaglanden.did("/assignments/HGL-1/hours", {"hoursPerWeek": 30, "validFrom": START})
    assert await codes(haaglanden, day) == ["R-PLAN", "R-STAFF-MIN2"]
    # Three days of eight hours in a week of five school days; then nobody, and nobody else.
    for weekday in ("2026-09-07", "2026-09-08", "2026-09-09"):
        await haaglanden.did("/presence", at_school(day=weekday, start="08:00", end="16:00"))
    assert await codes(haaglanden, day) == ["R-PLAN", "R-PRESENCE", "R-STAFF-MIN2"]
    await haaglanden.did("/absences", at_school(absence="HGL-a1", validFrom="2026-09-14"))
    assert "R-REPLACEMENT" not in await codes(haaglanden, "2026-09-14")
    assert "R-REPLACEMENT" in await codes(haaglanden, "2026-09-15")
    provider = at(organisation=PROVIDER, roles=["provider-manager"])
    stranger = at(organisation=OTHER, roles=["provider-manager"])
    assert await codes(provider, "2026-09-15") == ["R-REPLACEMENT"]
    assert await codes(stranger, "2026-09-15") == []
    own = at(organisation="brin:99DA", roles=["school"], schools=["99DA00"])
    assert await codes(own, "2026-09-15") == ["R-PLAN", "R-PRESENCE", "R-STAFF-MIN2"]


async def test_findings_come_in_pages_and_in_dutch_by_default(haaglanden: Desk, strandwacht: None) -> None:
    first = await haaglanden.read("/findings", validOn="2026-09-14", limit="1", count="true")
    assert [one["code"] for one in first["items"]] == ["R-ADVISOR"] and first["total"] == 3
    rest = await haaglanden.read("/findings", validOn="2026-09-14", limit="1", count="true", cursor=first["nextCursor"])
    assert [one["code"] for one in rest["items"]] == ["R-PRESENCE"]
    assert first["items"][0]["message"] == "there is no behavioural scientist for advice"


async def test_an_emergency_replacement_may_come_before_the_introduction(haaglanden: Desk, strandwacht: None) -> None:
    """HG-29: who takes the place of an absent worker is flagged, not refused."""
    registration = {"register": "SKJ", "validFrom": KNOWN, "validTo": "2027-12-31"}
    await haaglanden.did("/professionals", {"provider": PROVIDER, "staff": "m-3", "function": "YOUTH_WORKER",
                                            "validFrom": KNOWN})  # fmt: skip
    for staff in ("m-1", "m-3"):
        await haaglanden.did(f"/professionals/{PROVIDER}/{staff}/registrations", registration)
    await haaglanden.did("/absences", at_school(absence="HGL-a1", validFrom="2026-09-14"))
    asked = ASSIGNMENT | {"assignment": "HGL-3", "staff": "m-3", "validFrom": "2026-09-15"}
    assert (await haaglanden.post("/assignments", asked)).status_code == 409
    await haaglanden.did("/absences/HGL-a1/replacements", {"replacement": "m-3", "validFrom": "2026-09-15"})
    done = await haaglanden.did("/assignments", asked)
    assert ("R-INTRO", "FLAG") in [(one["code"], one["severity"]) for one in done["findings"]]


def test_every_path_that_a_hint_names_is_there() -> None:
    paths = {getattr(route, "path", "") for router in ROUTERS for route in router.routes}
    shapes = {re.sub(r"/{.*}", "/...", path) for path in paths}
    told = {
        path
        for file in Path(rules.__file__).parent.glob("*.py")
        for path in re.findall(r"POST (/[a-z./-]+)", file.read_text(encoding="utf-8"))
    }
    assert len(told) > 10
    assert told <= shapes
