"""What waits for an administrator is there until it is done, and is nobody else's."""

from tests.registry.conftest import FROM, At, Desk, Json, assignment_body, site_body
from tests.registry.given import CARDEA

PERSON = f"/professionals/{CARDEA}/m-77"
CHOICES = "/participations/HR-JOS/99HH00/provider-choices"


async def work(desk: Desk, **parameters: str) -> list[tuple[str, str, str]]:
    """The list as (kind, about, since)."""
    items: list[Json] = (await desk.read("/work-list", **parameters))["items"]
    return [(item["kind"], item["about"], item["since"]) for item in items]


async def test_a_school_without_a_provider_is_on_it_from_the_day_it_will_have_none(
    admin: Desk, participation: None
) -> None:
    kind = "SCHOOL_WITHOUT_PROVIDER"
    assert await work(admin, kind=kind) == [(kind, "99HH00", "2022-07-05")]
    await admin.did(CHOICES, {"provider": CARDEA, "validFrom": FROM, "validTo": "2022-09-30"})
    assert await work(admin, kind=kind) == [(kind, "99HH00", "2022-10-01")]
    await admin.did(CHOICES, {"provider": CARDEA, "validFrom": "2022-10-01"})
    assert await work(admin, kind=kind) == []


async def test_a_registration_that_ends_within_six_months_is_on_it_for_who_works_then(
    admin: Desk, worker: None
) -> None:
    kind = "REGISTRATION_LAPSES"
    await admin.did(f"{PERSON}/registrations", {"register": "SKJ", "validFrom": FROM, "validTo": "2022-10-31"})
    assert await work(admin, kind=kind) == []
    await admin.did("/assignments", assignment_body())
    assert await work(admin, kind=kind) == [(kind, f"{CARDEA}/m-77", "2022-11-01")]
    assert await work(admin, kind=kind, validOn="2022-03-01") == []
    await admin.did(f"{PERSON}/registrations", {"register": "SKJ", "validFrom": "2022-11-01", "validTo": "2027-10-31"})
    assert await work(admin, kind=kind) == []


async def test_an_absence_is_on_it_until_somebody_takes_the_place(admin: Desk, worker: None) -> None:
    kind = "ABSENCE_WITHOUT_REPLACEMENT"
    ids = {"programme": "HR-JOS", "site": "99HH00", "provider": CARDEA, "staff": "m-77"}
    await admin.did("/absences", {**ids, "absence": "HR-a1", "validFrom": "2022-07-04"})
    assert await work(admin, kind=kind) == [(kind, "HR-a1", "2022-07-04")]
    person = {"provider": CARDEA, "staff": "m-78", "function": "YOUTH_WORKER", "validFrom": FROM}
    await admin.did("/professionals", person)
    await admin.did("/absences/HR-a1/replacements", {"replacement": "m-78", "validFrom": "2022-07-05"})
    assert await work(admin, kind=kind) == []


async def test_a_planned_transition_is_to_be_confirmed_and_then_its_source_to_be_closed(
    admin: Desk, school: None
) -> None:
    await admin.did("/sites", site_body(site="99HH05"))
    plan = {"transition": "HR-t1", "kind": "RENUMBERING", "sources": ["99HH00"], "targets": ["99HH05"]}
    await admin.did("/transitions", {**plan, "validFrom": "2022-08-01"})
    assert await work(admin) == [("TRANSITION_TO_CONFIRM", "HR-t1", "2022-08-01")]
    await admin.did("/transitions/HR-t1/confirmation", {})
    assert await work(admin) == [("SITE_TO_CLOSE", "99HH00", "2022-08-01")]
    await admin.did("/sites/99HH00/closure", {"validTo": "2022-07-31"})
    assert await work(admin) == []


async def test_what_no_school_delivered_is_missing_after_the_period(admin: Desk, participation: None) -> None:
    kind = "DELIVERY_MISSING"
    assert await work(admin, kind=kind) == [(kind, "99HH00/2022-H1", "2022-07-01")]
    assert await work(admin, kind=kind, validOn="2022-06-30") == []


async def test_a_source_that_is_not_known_waits_for_a_name(admin: Desk, participation: None) -> None:
    kind = "DATA_SOURCE_UNKNOWN"
    source = {"programme": "HR-JOS", "source": "VERZUIM", "name": "Verzuim", "kpis": [], "status": "UNKNOWN"}
    await admin.did("/data-sources", {**source, "validFrom": FROM})
    assert await work(admin, kind=kind) == [(kind, "VERZUIM", FROM)]
    await admin.did("/data-sources/HR-JOS/VERZUIM/states", {"status": "KNOWN", "validFrom": FROM})
    assert await work(admin, kind=kind) == []


async def test_g21_another_region_has_its_own_work(admin: Desk, stranger: Desk, at: At, participation: None) -> None:
    """G-21: nothing of it is seen from elsewhere, nor by who administers nothing."""
    assert await work(admin) and await work(stranger) == []
    assert (await at(organisation=CARDEA, roles=["provider-manager"]).get("/work-list")).status_code == 403


async def test_a_day_at_an_end_of_the_calendar_is_refused(admin: Desk, participation: None) -> None:
    found = [
        (await admin.get(f"/work-list?validOn={day}")).status_code
        for day in ("0001-01-01", "1990-01-01", "2100-12-31", "9999-12-31")
    ]
    assert found == [400, 200, 200, 400]
