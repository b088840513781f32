"""Every act of the registry beyond its spine, once, in an order in which each can be done after those before it."""

from tests.registry.conftest import FROM, Json
from tests.registry.given import CARDEA

PLACE = {"programme": "HR-JOS", "site": "99HH00"}
WORKER = {**PLACE, "provider": CARDEA, "staff": "m-77"}
PERSON = f"/professionals/{CARDEA}/m-77"
HASH = "0" * 64

ACTS: list[tuple[str, Json]] = [
    (f"/providers/{CARDEA}/names", {"name": "Cardea Nieuw", "validFrom": "2022-06-01"}),
    (f"/providers/{CARDEA}/agb-codes", {"agb": "01012345", "validFrom": FROM}),
    (f"/providers/{CARDEA}/expertise", {"tags": ["BEHAVIOURAL_PROBLEMS"], "validFrom": FROM}),
    (
        f"/providers/{CARDEA}/experience",
        {"schoolType": "SBO", "region": "HR", "validFrom": "2019-08-01", "validTo": "2021-07-31"},
    ),
    (f"/providers/{CARDEA}/wlz-contracts", {"validFrom": FROM}),
    (f"{PERSON}/registrations", {"register": "SKJ", "validFrom": FROM, "validTo": "2027-01-01"}),
    (f"{PERSON}/lapses", {"register": "SKJ", "validTo": "2025-12-31"}),
    (f"{PERSON}/qualifications", {"level": "HBO", "education": "SPH", "validFrom": "2015-07-01"}),
    ("/professionals", {"provider": CARDEA, "staff": "m-90", "function": "BEHAVIOURAL_SCIENTIST", "validFrom": FROM}),
    (f"{PERSON}/supervisors", {"supervisor": "m-90", "validFrom": FROM}),
    ("/introductions", {**WORKER, "heldOn": "2021-12-15"}),
    (f"/introductions/HR-JOS/99HH00/{CARDEA}/m-77/withdrawals", {"heldOn": "2021-12-15"}),
    ("/recruitment-involvements", {**WORKER, "roles": ["SCHOOL_LEADER"], "heldOn": "2021-12-01"}),
    ("/absences", {**WORKER, "absence": "HR-a1", "knownToSchool": True, "validFrom": "2022-03-01"}),
    ("/absences/HR-a1/replacements", {"replacement": "m-90", "knownToSchool": True, "validFrom": "2022-03-02"}),
    ("/absences/HR-a1/end", {"validTo": "2022-03-11"}),
    ("/presence", {**WORKER, "day": "2022-03-14", "start": "08:30", "end": "15:00"}),
    (f"/presence/HR-JOS/99HH00/2022-03-14/{CARDEA}/m-77/withdrawal", {}),
    ("/teams", {**PLACE, "kind": "YOUTH_AND_SCHOOL", "validFrom": FROM}),
    (
        "/teams/HR-JOS/99HH00/YOUTH_AND_SCHOOL/members",
        {"role": "YOUTH_WORKER", "provider": CARDEA, "staff": "m-77", "validFrom": FROM},
    ),
    (
        "/teams/HR-JOS/99HH00/YOUTH_AND_SCHOOL/departures",
        {"role": "YOUTH_WORKER", "provider": CARDEA, "staff": "m-77", "validTo": "2022-12-31"},
    ),
    (
        "/action-plans",
        {**PLACE, "director": "MUNICIPALITY", "goals": ["INCLUSION"], "plannedKinds": ["GROUP"], "validFrom": FROM},
    ),
    (
        "/action-plans/HR-JOS/99HH00/sections",
        {"section": "A1", "document": "zaak:2022/0142", "documentHash": HASH, "validFrom": FROM},
    ),
    ("/action-plans/HR-JOS/99HH00/agreements", {"agreedBy": ["SCHOOL", "MUNICIPALITY"], "validFrom": "2022-02-01"}),
    ("/action-plans/HR-JOS/99HH00/revisions", {"plannedKinds": ["GROUP", "COACHING"], "validFrom": "2022-08-01"}),
    ("/development-questions", {**PLACE, "number": 1, "document": "zaak:2022/0143", "validFrom": FROM}),
    ("/development-questions/HR-JOS/99HH00/states", {"number": 1, "state": "ANSWERED", "validFrom": "2022-12-01"}),
]

READS = [
    f"/providers/{CARDEA}",
    PERSON,
    f"/introductions/HR-JOS/99HH00/{CARDEA}/m-77",
    f"/recruitment-involvements/HR-JOS/99HH00/{CARDEA}/m-77",
    "/absences/HR-a1",
    f"/presence/HR-JOS/99HH00/2022-03-14/{CARDEA}/m-77",
    "/teams/HR-JOS/99HH00/YOUTH_AND_SCHOOL",
    "/action-plans/HR-JOS/99HH00",
    "/development-questions/HR-JOS/99HH00",
]

LISTS = [
    "/introductions",
    "/recruitment-involvements",
    "/absences",
    "/presence",
    "/teams",
    "/action-plans",
    "/development-questions",
]

NETWORK: list[tuple[str, Json]] = [
    ("/municipalities", {"municipality": "GM0579", "name": "Oegstgeest", "validFrom": FROM}),
    ("/municipalities/GM0537/names", {"name": "Katwijk aan Zee", "validFrom": "2022-06-01"}),
    ("/partnerships", {"partnership": "PO2801", "name": "Passend Onderwijs", "validFrom": FROM}),
    ("/partnerships/PO2801/names", {"name": "Samen Passend", "validFrom": "2022-08-01"}),
    ("/boards", {"board": "41234", "name": "Stichting De Boom", "validFrom": FROM}),
    ("/boards/41234/names", {"name": "Stichting Het Bos", "validFrom": "2022-08-01"}),
    ("/schools/99HH/boards", {"board": "41234", "validFrom": FROM}),
    ("/sites/99HH00/functions", {"function": "REGIONAL", "validFrom": FROM}),
    ("/sites/99HH00/partnerships", {"partnership": "PO2801", "validFrom": FROM}),
    ("/sites/99HH00/holiday-regions", {"holidayRegion": "MIDDEN", "validFrom": FROM}),
    ("/sites/99HH00/teachers-hours", {"hoursPerWeek": 32.5, "validFrom": FROM}),
    ("/sites/99HH00/municipalities", {"municipality": "GM0537", "subRegion": "DB", "validFrom": "2022-08-01"}),
    ("/participations/HR-JOS/99HH00/levels", {"level": "PILOT", "validFrom": "2022-08-01"}),
    ("/lots", {"lot": "HR-P1", "name": "Perceel 1", "validFrom": FROM}),
    ("/lots/HR-P1/responsible-allocation", {"allowed": True, "validFrom": "2022-08-01"}),
    (
        "/data-sources",
        {
            "programme": "HR-JOS",
            "source": "VERZUIM",
            "name": "Verzuimcijfers",
            "kpis": ["KPI-HR-05"],
            "status": "UNKNOWN",
            "validFrom": FROM,
        },
    ),
    (
        "/data-sources/HR-JOS/VERZUIM/states",
        {"status": "KNOWN", "owner": "Regionaal Bureau Leerplicht", "validFrom": "2022-08-01"},
    ),
    ("/contacts", {**PLACE, "role": "ACCESS", "organisation": "jeugdteam", "validFrom": FROM}),
    (
        "/holidays",
        {
            "holidayRegion": "MIDDEN",
            "schoolYear": "2030-2031",
            "kind": "SUMMER",
            "validFrom": "2031-07-19",
            "validTo": "2031-08-31",
        },
    ),
    (
        "/holidays",
        {
            "holidayRegion": "MIDDEN",
            "schoolYear": "2030-2031",
            "kind": "SUMMER",
            "validFrom": "2031-07-12",
            "validTo": "2031-08-24",
        },
    ),
    (
        "/site-holidays",
        {
            "site": "99HH00",
            "schoolYear": "2026-2027",
            "kind": "AUTUMN",
            "validFrom": "2026-10-10",
            "validTo": "2026-10-18",
        },
    ),
    (
        "/sites",
        {"site": "99HH05", "name": "De Nieuwe", "schoolType": "SBO", "municipality": "GM0546", "validFrom": FROM},
    ),
    (
        "/transitions",
        {
            "transition": "HR-t1",
            "kind": "RENUMBERING",
            "sources": ["99HH00"],
            "targets": ["99HH05"],
            "validFrom": "2022-08-01",
        },
    ),
    ("/transitions/HR-t1/confirmation", {}),
    (
        "/transitions",
        {
            "transition": "HR-t2",
            "kind": "RENUMBERING",
            "sources": ["99HH05"],
            "targets": ["99HH00"],
            "validFrom": "2023-08-01",
        },
    ),
    ("/transitions/HR-t2/withdrawal", {}),
    ("/municipalities/GM0537/merger", {"successor": "GM0579", "validTo": "2029-12-31"}),
]

ACTS += NETWORK

READS += [
    "/municipalities/GM0537",
    "/partnerships/PO2801",
    "/boards/41234",
    "/lots/HR-P1",
    "/data-sources/HR-JOS/VERZUIM",
    "/contacts/HR-JOS/99HH00",
    "/transitions/HR-t1",
]

HISTORIES_ALONE = ["/holidays/MIDDEN/2030-2031/history", "/site-holidays/99HH00/2026-2027/history"]
