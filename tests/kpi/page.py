"""The page "Jeugdhulp op school in cijfers", first half of 2022, as events; the spread over schools is made up."""

from datetime import date
from decimal import Decimal

from tests.kpi.books import PROGRAMME, START, Books

SITES = [f"99H{letter}00" for letter in "ABCDEFGHIJKLMNO"]
TYPES = ["SBO", "SO", "SBO", "SO", "VSO", "VSO", "SO", "SBO", "SO_VSO", "SO", "VSO", "VSO", "SBO", "SO", "VSO"]
PLACES = [
    "0534",
    "0537",
    "0537",
    "0546",
    "0546",
    "0546",
    "0546",
    "0546",
    "0546",
    "0575",
    "0575",
    "0547",
    "0553",
    "0579",
    "0579",
]


def spread(total: int, over: int) -> list[int]:
    """A total over so many schools, as evenly as it goes."""
    return [total // over + (number < total % over) for number in range(over)]


def write_page(books: Books) -> None:
    """The register of 15 schools, and for 11 of them a delivery and the events behind it."""
    for number, (site, type_, place) in enumerate(zip(SITES, TYPES, PLACES, strict=True)):
        register(books, number, site, type_, f"GM{place:04}")
    for place in sorted({f"GM{place:04}" for place in PLACES} | {"GM1525", "GM0638"}):
        payload = {"programme": PROGRAMME, "municipality": place, "assumed": True, "validFrom": START}
        books.write("registry", "municipality-joined-programme.v1", payload)
    pupils, structural, incidental, individual = (spread(total, 11) for total in (1611, 358, 54, 194))
    fte = [Decimal("1.25")] * 10 + [Decimal("1.26")]
    subject = 0
    for site, *numbers, amount in zip(SITES, pupils, structural, incidental, individual, fte, strict=False):
        count, of_these, others, alone = numbers
        books.delivered(site, (count, of_these + others, of_these, others, alone, float(amount)))
        assigned(books, site, amount)
        for each in range(of_these + others):
            duration = "STRUCTURAL" if each < of_these else "INCIDENTAL"
            form = "INDIVIDUAL" if each < alone else "GROUP"
            subject += 1
            books.started(f"t{subject}", subject, date(2022, 2, 1), site=site, duration=duration, form=form)


def register(books: Books, number: int, site: str, type_: str, place: str) -> None:
    """A school as the registry says it; its provider is one of five."""
    added = {"site": site, "school": site[:4], "name": f"School {number + 1}", "schoolType": type_}
    joined = {"programme": PROGRAMME, "site": site, "municipality": place, "schoolType": type_, "level": None}
    provider = f"kvknr:9999000{number % 5 + 1}"
    chosen = {"programme": PROGRAMME, "site": site, "provider": provider, "validFrom": START, "validTo": None}
    counted = {"site": site, "count": spread(1611, 11)[number % 11], "validFrom": "2021-08-01", "validTo": "2022-07-31"}
    books.write(
        "registry", "school-site-added.v1", {**added, "municipality": place, "subRegion": None, "validFrom": START}
    )
    books.write("registry", "school-joined-programme.v1", {**joined, "validFrom": START})
    books.write("registry", "provider-chosen-for-school.v1", chosen)
    books.write("registry", "pupil-count-recorded.v1", counted)


def assigned(books: Books, site: str, fte: Decimal) -> None:
    """Somebody works at the school for so many fte."""
    payload = {
        "programme": PROGRAMME,
        "site": site,
        "provider": "kvknr:99990001",
        "assignment": f"a-{site}",
        "fte": fte,
    }
    books.write("registry", "worker-assigned-to-school.v1", {**payload, "validFrom": START, "validTo": None})
