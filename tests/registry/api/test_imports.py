"""CSV files in and out: a report per row, and what is written out and read in again changes nothing."""

import csv
import io

import httpx
import pytest

from tests.registry.conftest import FROM, Desk, Json
from tests.registry.given import CARDEA

SCHOOLS = "site,name,schoolType,municipality,subRegion,function,validFrom,validTo,changeFrom\n"
PEOPLE = "provider,staff,function,validFrom,register,registeredFrom,registeredTo,level,education,educationFrom\n"
ASSIGNMENTS = "assignment,programme,site,provider,staff,fte,hoursPerWeek,fixedFace,validFrom,validTo,changeFrom\n"
PRESENCE = "programme,site,provider,staff,day,start,end\n"


async def send(desk: Desk, kind: str, text: str | bytes, query: str = "") -> httpx.Response:
    headers = {"Authorization": f"Bearer {desk.token()}", "Accept-Language": "en", "Content-Type": "text/csv"}
    content = text if isinstance(text, bytes) else text.encode()
    return await desk.client.post(f"/registry/v1/imports/{kind}{query}", content=content, headers=headers)


async def report(desk: Desk, kind: str, text: str | bytes, query: str = "") -> Json:
    answer = await send(desk, kind, text, query)
    assert answer.status_code == 200, answer.text
    told: Json = answer.json()
    return told


def outcomes(told: Json) -> list[str]:
    return [row["outcome"] for row in told["results"]]


async def test_rows_are_new_changed_the_same_or_wrong_and_the_dry_run_says_the_same_first(
    admin: Desk, school: None
) -> None:
    text = SCHOOLS + (
        "99HA00,Savioschool,SBO,GM0546,LR,REGIONAL,2022-01-01,,\n"
        "99HH00,De Zwaluw,SBO,GM0546,LR,,2022-01-01,,2022-08-01\n"
        "99HH00,De Zwaluw,SBO,GM0546,LR,,2022-01-01,,2022-08-01\n"
        "99HB00,Elders,SBO,GM9999,,,2022-01-01,,\n"
        "99HH00,Nog anders,SBO,GM0546,LR,,2022-01-01,,\n"
    )
    log = admin.client._transport.app.state.running.acts.log  # type: ignore[attr-defined]
    before = await log.head()
    shown = await report(admin, "schools", text, "?dryRun=true")
    assert await log.head() == before
    told = await report(admin, "schools", text)
    for each in (shown, told):
        assert outcomes(each) == ["NEW", "CHANGED", "SAME", "ERROR", "ERROR"]
        assert each["summary"] == {"rows": 5, "new": 1, "changed": 1, "same": 1, "errors": 2}
        assert [row["row"] for row in each["results"]] == [2, 3, 4, 5, 6]
        assert each["results"][3]["errors"][0]["code"] == "no-such-municipality"
        assert [error["code"] for error in each["results"][4]["errors"]] == ["change-from"]
    assert (shown["dryRun"], told["dryRun"]) == (True, False)
    site = await admin.read("/sites/99HA00", atLeast=told["token"])
    assert (site["function"], (await admin.read("/schools/99HA"))["name"]) == ("REGIONAL", "Savioschool")
    assert (await admin.read("/sites/99HH00", validOn="2022-08-01"))["formerNames"] == ["De Vlieger"]


async def test_what_is_written_out_and_read_in_again_changes_nothing(admin: Desk, worker: None) -> None:
    await report(admin, "schools", SCHOOLS + '99HA00,"Savio; de ""echte"", school",SBO,GM0546,LR,LOCAL,2022-01-01,,\n')
    await report(
        admin,
        "professionals",
        PEOPLE
        + f"{CARDEA},m-80,YOUTH_WORKER,2022-01-01,SKJ,2022-01-01,2026-12-31,HBO,SPH,2015-07-01\n"
        + f"{CARDEA},m-80,YOUTH_WORKER,2022-01-01,BIG,2022-01-01,2025-12-31,,,\n",
    )
    await report(admin, "presence", PRESENCE + f"HR-JOS,99HH00,{CARDEA},m-77,2022-03-14,08:30,15:00\n")
    await report(
        admin,
        "assignments",
        ASSIGNMENTS
        + f"HR-1,HR-JOS,99HH00,{CARDEA},m-77,0.8,,ja,2022-01-01,,\n"
        + f"HR-2,HR-JOS,99HH00,{CARDEA},m-80,,18,nee,2022-01-01,2022-12-31,\n",
    )
    for kind in ("schools", "professionals", "presence", "assignments"):
        for form in ("iso", "nl"):
            written = await admin.get(f"/exports/{kind}", form=form)
            assert written.headers["content-disposition"] == f'attachment; filename="{kind}.csv"'
            told = await report(admin, kind, written.content)
            assert set(outcomes(told)) == {"SAME"}, (kind, form, told)
            again = await admin.get(f"/exports/{kind}", form=form)
            assert again.content == written.content


async def test_an_assignment_changes_from_the_day_that_the_row_names(admin: Desk, worker: None) -> None:
    row = f"HR-1,HR-JOS,99HH00,{CARDEA},m-77,"
    text = ASSIGNMENTS + (
        f"{row}0.8,,ja,2022-01-01,,\n"
        f"{row}0.5,,ja,2022-01-01,,\n"
        f"{row}0.5,,ja,2022-01-01,2022-12-31,2022-06-01\n"
        f"HR-9,HR-JOS,99HH00,{CARDEA},m-77,0.5,,ja,2022-02-01,,\n"
    )
    for query in ("?dryRun=true", ""):
        told = await report(admin, "assignments", text, query)
        assert outcomes(told)[:3] == ["NEW", "ERROR", "CHANGED"], told
        assert told["results"][1]["errors"][0]["code"] == "change-from"
    assert told["results"][3]["errors"][0]["code"] == "period-overlaps"
    for day, fte in (("2022-05-31", 0.8), ("2022-06-01", 0.5)):
        assert (await admin.read("/assignments/HR-1", validOn=day))["fte"] == fte


async def test_a_file_for_a_dutch_spreadsheet_has_a_bom_and_semicolons(admin: Desk, school: None) -> None:
    written = (await admin.get("/exports/schools", form="nl")).content
    assert written.startswith(b"\xef\xbb\xbfsite;name;")
    rows = list(csv.DictReader(io.StringIO(written.decode("utf-8-sig")), delimiter=";"))
    assert [(row["site"], row["name"], row["validFrom"]) for row in rows] == [("99HH00", "De Vlieger", FROM)]


SPREADSHEET = [
    ("a turned date", "99HC00,A1,SBO,GM0546,,,1-2-2022,,", "spreadsheet-date", "/validFrom", "2022-02-01"),
    ("a serial number", "99HC00,A1,SBO,GM0546,,,44562,,", "spreadsheet-date", "/validFrom", "text"),
    (
        "a day with a time",
        "99HC00,A1,SBO,GM0546,,,2022-01-01 0:00,,",
        "spreadsheet-date",
        "/validFrom",
        "2022-01-01",
    ),
    ("no day at all", "99HC00,A1,SBO,GM0546,,,2022-02-30,,", "date", "/validFrom", ""),
    ("a code as a number", "9.9E+10,A1,SBO,GM0546,,,2022-01-01,,", "spreadsheet-number", "/site", "text"),
    ("a formula", '99HC00,"=HYPERLINK(""x"")",SBO,GM0546,,,2022-01-01,,', "formula", "/name", ""),
    ("an error", "99HC00,#N/B,SBO,GM0546,,,2022-01-01,,", "cell-broken", "/name", ""),
    ("a BRIN for a site", "99HC,A1,SBO,GM0546,,,2022-01-01,,", "format", "/site", ""),
    ("a BSN for a name", "99HC00,123456782,SBO,GM0546,,,2022-01-01,,", "personal-data", "/name", ""),
    ("a cell too many", "99HC00,A1,SBO,GM0546,,,2022-01-01,,,", "row-length", "", "9"),
    ("an empty cell that is needed", "99HC00,A1,,GM0546,,,2022-01-01,,", "missing", "/schoolType", ""),
]


async def test_what_a_spreadsheet_does_to_a_file_is_told_with_what_was_meant(admin: Desk, school: None) -> None:
    told = await report(admin, "schools", SCHOOLS + "".join(f"{line}\r\n" for _, line, *_ in SPREADSHEET))
    for row, (what, _, code, pointer, hint) in zip(told["results"], SPREADSHEET, strict=True):
        errors = {(each["code"], each["pointer"]): each.get("hint") or "" for each in row["errors"]}
        assert row["outcome"] == "ERROR"
        assert (code, pointer) in errors, (what, errors)
        assert hint in errors[code, pointer], (what, errors)
    assert "123456782" not in str(told) and "HYPERLINK" not in str(told)


async def test_times_are_told_too_and_the_good_row_goes_in(admin: Desk, worker: None) -> None:
    rows = [("8:30", "15:00"), ("08:30:00", "15:00"), ("15:00", "08:30"), ("08:30", "15:00")]
    days = [f"HR-JOS,99HH00,{CARDEA},m-77,2022-03-1{4 + number},{','.join(row)}" for number, row in enumerate(rows)]
    text = PRESENCE + "\n".join(days)
    told = await report(admin, "presence", text)
    codes = [[error["code"] for error in row.get("errors", [])] for row in told["results"]]
    assert codes == [["spreadsheet-time"], ["spreadsheet-time"], ["time-of-day"], []]
    assert (await admin.read("/presence"))["items"][0]["minutes"] == 390


HEADERS = [
    (b"site;name\n", "csv-header", "missing"),
    (SCHOOLS.replace("schoolType", "schooltype").encode(), "csv-header", "unknown-field"),
    (SCHOOLS.replace("changeFrom", "site").encode(), "csv-header", "named-twice"),
    (b"", "csv-header", "missing"),
    (SCHOOLS.encode("utf-16"), "encoding", "encoding"),
    (SCHOOLS.replace("name", "na\xefm").encode("cp1252"), "encoding", "encoding"),
]


@pytest.mark.parametrize(("content", "code", "error"), HEADERS)
async def test_a_file_with_another_header_is_refused_as_a_whole(
    admin: Desk, content: bytes, code: str, error: str
) -> None:
    answer = await send(admin, "schools", content)
    assert (answer.status_code, answer.json()["code"]) == (400, code), answer.text
    assert error in [each["code"] for each in answer.json()["errors"]]


async def test_a_quote_that_never_closes_ends_the_file_with_a_word_about_it(admin: Desk, school: None) -> None:
    told = await report(admin, "schools", SCHOOLS + '99HC00,"Open,SBO,GM0546,,,2022-01-01,,\n')
    assert [error["code"] for error in told["results"][-1]["errors"]] == ["csv-quotes"]


async def test_what_is_no_csv_is_told_what_to_send(admin: Desk) -> None:
    answer = await admin.post("/imports/schools", {})
    assert (answer.status_code, answer.headers["accept"]) == (415, "text/csv")


async def test_g21_a_file_of_another_region_tells_nothing(admin: Desk, stranger: Desk, worker: None) -> None:
    """G-21: a row about another region's school or worker answers as one about nothing."""
    theirs = await report(stranger, "presence", PRESENCE + f"HR-JOS,99HH00,{CARDEA},m-77,2022-03-14,08:30,15:00\n")
    nobodys = await report(stranger, "presence", PRESENCE + f"ZZ-JOS,99ZZ00,{CARDEA},m-99,2022-03-14,08:30,15:00\n")
    errors = [
        [(error["pointer"], error["code"], error["message"]) for error in each["results"][0]["errors"]]
        for each in (theirs, nobodys)
    ]
    assert errors[0] == errors[1] != []
    people = (await stranger.get("/exports/professionals")).text
    assert "m-77" not in people
