"""What contracts knows of the registry holds from the day on that the registry said."""

from datetime import date

from tests.contracts.told import HAAGLANDEN, PROGRAMME, Json, told

BEFORE, SINCE = date(2027, 12, 31), date(2028, 1, 1)
SITE, ELSEWHERE = "99HM00", "99EL00"


def version(first: str, **configuration: object) -> tuple[str, Json]:
    return (
        "programme-defined.v1",
        {"programme": PROGRAMME, "region": "HGL", "validFrom": first, "configuration": configuration},
    )


def region(first: str, *municipalities: str) -> tuple[str, Json]:
    return ("region-defined.v1", {"region": "HGL", "municipalities": list(municipalities), "validFrom": first})


def test_a_version_of_a_programme_that_was_applied_ahead_holds_from_its_first_day() -> None:
    facts = told(*HAAGLANDEN, version(str(SINCE), fourEyes=["NOTICE"], holidayRegion="ZUID"))

    assert [facts.four_eyes(PROGRAMME, "NOTICE", day) for day in (BEFORE, SINCE)] == [False, True]
    assert facts.setting(PROGRAMME, "fullTimeHours", BEFORE) == 40
    assert facts.setting(PROGRAMME, "fullTimeHours", SINCE) is None
    assert facts.setting(PROGRAMME, "holidayRegion", date(1999, 1, 1)) == "MIDDEN"


def test_an_earlier_version_that_is_applied_later_takes_the_place_of_what_was_said_of_later_days() -> None:
    facts = told(*HAAGLANDEN, version(str(SINCE), fourEyes=["NOTICE"]), version("2027-01-01", fourEyes=[]))

    assert not facts.four_eyes(PROGRAMME, "NOTICE", SINCE)
    assert facts.setting(PROGRAMME, "fullTimeHours", date(2026, 12, 31)) == 40


def test_a_municipality_that_leaves_the_region_takes_its_schools_along_on_that_day() -> None:
    added: Json = {"site": ELSEWHERE, "municipality": "GM0518", "schoolType": "SBO", "validFrom": "2000-01-01"}
    facts = told(
        *HAAGLANDEN,
        ("school-site-added.v1", added),
        region("2000-01-01", "GM0637", "GM0518"),
        region(str(SINCE), "GM0637"),
    )

    assert facts.site_finding(ELSEWHERE, "/site", "HGL", BEFORE) is None
    assert facts.site_finding(ELSEWHERE, "/site", "HGL", SINCE) is not None
    assert facts.site_finding(SITE, "/site", "HGL", SINCE) is None
    assert facts.site_finding(SITE, "/site", "HR", SINCE) is not None
