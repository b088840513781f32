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
