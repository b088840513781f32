"""The Haaglanden story, through the public APIs: from participation to the last day of service on 16 July 2027."""

import json
from datetime import UTC, datetime
from typing import Any

import icalendar
import pytest

from jos.demo.regions import REGIONS
from services.registry.programmes import FILES, load
from tests.journeys.conftest import URLS, Installation

Json = dict[str, Any]
PROGRAMME, PROVIDER, SITE, FROM = "HG-COLLECTIEF", "kvknr:99990006", "99HS00", "2026-08-01"
REGION = REGIONS["HGL"]
WORKERS = {"m-601": 18, "m-602": 12}
CONTRACT: Json = {
    "contract": "HGL-2026-1",
    "programme": PROGRAMME,
    "provider": PROVIDER,
    "validFrom": FROM,
    "validTo": "2027-07-31",
    "plan": {"schoolYears": 6},
    "schools": [{"site": SITE, "validFrom": FROM}],
}
NOTICE = {"by": "PROVIDER", "scope": "SCHOOL", "sites": [SITE], "receivedAt": "2026-12-30T16:00:00+01:00"}


class Haaglanden:
    """What an administrator of the region does, in this installation."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.client = installation.sign_in(REGION.client)
        self.tokens: dict[str, str] = {}

    async def try_(self, service: str, path: str, body: Json) -> tuple[int, Json]:
        """An act, whatever comes of it."""
        mark = "&" if "?" in path else "?"
        seen = f"{mark}atLeast={','.join(self.tokens.values())}" if service == "contracts" and self.tokens else ""
        answer = await self.client.post(f"{URLS[service]}{path}{seen}", body)
        done: Json = answer.json()
        if answer.status_code in (200, 201):
            self.tokens[service] = done["token"]
        return answer.status_code, done

    async def act(self, service: str, path: str, body: Json) -> Json:
        """An act that is accepted."""
        status, done = await self.try_(service, path, body)
        assert status in (200, 201), (path, done)
        return done

    async def codes(self, service: str, path: str, body: Json) -> set[str]:
        """An act that is refused by rules, with their ids."""
        status, refused = await self.try_(service, path, body)
        assert status == 409, (path, refused)
        return {one["code"] for one in refused["errors"]}

    async def text(self, service: str, path: str, **parameters: str) -> str:
        """A read that has seen everything told until now."""
        answer = await self.client.get(f"{URLS[service]}{path}", **parameters, atLeast=",".join(self.tokens.values()))
        assert answer.status_code == 200, answer.text
        return answer.text

    async def read(self, service: str, path: str, **parameters: str) -> Json:
        """The same, as JSON."""
        found: Json = json.loads(await self.text(service, path, **parameters))
        return found


@pytest.fixture
async def haaglanden(installation: Installation) -> Haaglanden:
    """The region with its programme, one school of cluster 4, one provider and two people, on 2 January 2027."""
    installation.clock.moment = datetime(2027, 1, 2, 10, tzinfo=UTC)
    region = Haaglanden(installation)
    for path, body in REGION.steps():
        await region.act("registry", path, dict(body))
    programme = load(FILES / f"{PROGRAMME}.yaml").model_dump(mode="json", by_alias=True)
    await region.act("registry", "/programmes", programme)
    await region.act("registry", "/schools", {"school": SITE[:4], "name": "De Proefschool", "validFrom": FROM})
    site = {"site": SITE, "name": "De Proefschool", "schoolType": "SO_C4", "municipality": "GM0637", "validFrom": FROM}
    await region.act("registry", "/sites", site)
    await region.act("registry", "/providers", {"provider": PROVIDER, "name": "Proefhulp", "validFrom": "2020-01-01"})
    for staff in WORKERS:
        worker = {"provider": PROVIDER, "staff": staff, "function": "YOUTH_WORKER", "validFrom": "2020-01-01"}
        await region.act("registry", "/professionals", worker)
    return region


def assignment(staff: str) -> Json:
    about = {"programme": PROGRAMME, "site": SITE, "provider": PROVIDER, "staff": staff, "fixedFace": True}
    return {"assignment": f"HGL-{staff}", **about, "hoursPerWeek": WORKERS[staff], "validFrom": "2026-08-24"}


async def make_suitable(region: Haaglanden) -> None:
    """The provider shows the expertise and the experience that cluster 4 asks."""
    tags = ["PSYCHIATRIC_DISORDERS", "BEHAVIOURAL_PROBLEMS", "SOCIAL_EMOTIONAL_PROBLEMS"]
    await region.act("registry", f"/providers/{PROVIDER}/expertise", {"tags": tags, "validFrom": "2024-01-01"})
    worked = {"schoolType": "SO_C4", "region": "HGL", "validFrom": "2024-01-01"}
    await region.act("registry", f"/providers/{PROVIDER}/experience", worked)


async def make_registered(region: Haaglanden, staff: str) -> None:
    """The worker is registered in SKJ and has completed HBO."""
    path = f"/professionals/{PROVIDER}/{staff}"
    lasts = {"register": "SKJ", "validFrom": "2024-01-01", "validTo": "2028-12-31"}
    await region.act("registry", f"{path}/registrations", lasts)
    study = {"level": "HBO", "education": "SPH", "validFrom": "2019-07-01"}
    await region.act("registry", f"{path}/qualifications", study)


async def rename(region: Haaglanden, name: str) -> None:
    """The school is one of the start list, or is not."""
    await region.act("registry", f"/sites/{SITE}/names", {"name": name, "validFrom": FROM})


async def test_from_participation_to_the_last_day_of_service(haaglanden: Haaglanden) -> None:
    """HG-24 to HG-46, refused at each BLOCK on the way."""
    region = haaglanden
    taking_part = {"programme": PROGRAMME, "site": SITE, "validFrom": FROM}
    assert await region.codes("registry", "/participations", taking_part) == {"R-NEW-SCHOOL-2027"}
    await rename(region, "Musketier")
    await region.act("registry", "/participations", taking_part)

    # Two workers, introduced before they start, who together are there for 30 hours a week.
    for staff in WORKERS:
        refused = await region.codes("registry", "/assignments", assignment(staff))
        assert {"R-QUAL-REGISTERED", "R-INTRO"} <= refused
        await make_registered(region, staff)
        assert await region.codes("registry", "/assignments", assignment(staff)) == {"R-INTRO"}
        about = {"programme": PROGRAMME, "site": SITE, "provider": PROVIDER, "staff": staff, "heldOn": "2026-08-20"}
        await region.act("registry", "/introductions", about)
        await region.act("registry", "/assignments", assignment(staff))
    found = await region.read("registry", "/findings", site=SITE, validOn="2026-10-05", limit="50")
    assert not {"R-STAFF-MIN2", "R-PRESENCE"} & {one["code"] for one in found["items"]}

    # The contract, when the provider is suitable; one product code of the three.
    await region.act("contracts", "/contracts", CONTRACT)
    signature = ("contracts", "/contracts/HGL-2026-1/signature", {"signedOn": "2026-06-15"})
    assert await region.codes(*signature) == {"R-SUITABILITY", "R-EXPERIENCE"}
    await make_suitable(region)
    await region.act(*signature)
    codes, code = "/contracts/HGL-2026-1/product-codes", {"site": SITE, "validFrom": FROM}
    await region.act("contracts", codes, {**code, "code": "45ABS"})
    assert await region.codes("contracts", codes, {**code, "code": "41S01"}) == {"R-CODE-MUTEX"}

    # Notice on 30 December: in time, so that the school stops on 17 July, the first day of the summer in Midden.
    shown = await region.act("contracts", "/contracts/HGL-2026-1/notices?dryRun=true", NOTICE)
    assert {one["kind"] for one in shown["effects"]} == {"COVERAGE", "PRODUCT_CODE", "ASSIGNMENT", "FIGURE"}
    done = await region.act("contracts", "/contracts/HGL-2026-1/notices", NOTICE)
    [notice] = done["result"]["notices"]
    assert [(stop["effectiveOn"], stop["lastServiceDay"]) for stop in notice["stops"]] == [("2027-07-17", "2027-07-16")]
    assert done["result"]["schools"] == [{"site": SITE, "validFrom": FROM, "validTo": "2027-07-16"}]

    # What follows from it: the calendar, who hands over, the school without a provider, and no help after the last day.
    text = await region.text("contracts", "/contract-calendar", format="ics")
    days = {str(one["SUMMARY"]): one["DTSTART"].dt for one in icalendar.Calendar.from_ical(text).walk("VEVENT")}
    assert str(days[f"HGL-2026-1: laatste dag op {SITE}"]) == "2027-07-16"
    calendar = await region.read("contracts", "/contract-calendar")
    [figures] = [one["figures"] for one in calendar["items"] if one["kind"] == "NOTICE_DEADLINE"]
    assert figures["variables"][0] == {"kpi": "KPI-HG-01", "programme": PROGRAMME, "period": "2026-2027"}
    # The gateway takes the question; it is asked of a programme whose figures are defined.
    of_another = {"kpi": "KPI-HR-05", "programme": "HR-JOS", "period": "2021-2022"}
    assert (await region.installation.ask(figures["query"], **of_another))["kpi"]["figures"]["edges"]
    handover = await region.read("contracts", "/contracts/HGL-2026-1/notices/1/handover")
    assert [one["staff"] for one in handover["schools"][0]["leaving"]] == sorted(WORKERS)
    assert handover["schools"][0]["productCodes"] == ["45ABS"]
    alerts = await region.read("contracts", "/alerts", validOn="2027-01-17", kind="MISSING_PROVIDER")
    assert [(one["site"], one["dueOn"]) for one in alerts["items"]] == [(SITE, "2027-07-17")]


async def test_the_story_ends_otherwise_when_the_notice_comes_in_the_new_year(haaglanden: Haaglanden) -> None:
    """HG-41, INV-15: nothing changes, and the extension leads to July 2033."""
    region = haaglanden
    await rename(region, "Musketier")
    await make_suitable(region)
    await region.act("contracts", "/contracts", CONTRACT)
    await region.act("contracts", "/contracts/HGL-2026-1/signature", {"signedOn": "2026-06-15"})

    late = {**NOTICE, "receivedAt": "2027-01-01T00:00:00+01:00"}
    done = await region.act("contracts", "/contracts/HGL-2026-1/notices", late)
    extension = {"extended": True, "decidedOn": "2027-01-02"}
    extended = await region.act("contracts", "/contracts/HGL-2026-1/extension", extension)

    [notice] = done["result"]["notices"]
    assert (notice["inTime"], notice["stops"], notice["nextLastServiceDay"]) == (False, [], "2033-07-31")
    assert extended["result"]["validTo"] == "2033-07-31"
