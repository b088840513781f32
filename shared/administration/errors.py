"""The codes that every service of administrators answers with."""

from shared.domain.texts import Text
from shared.web.problems import register_error

register_error(
    "period-reversed",
    400,
    Text("Laatste dag voor de eerste", "Last day before the first"),
    Text("De laatste dag mag niet voor de eerste liggen.", "The last day may not be before the first."),
)

register_error(
    "holiday",
    400,
    Text("Vakantie kan zo niet", "No such holiday"),
    Text(
        "Een zomervakantie duurt hoogstens 50 dagen, een andere hoogstens 21, en geen twee overlappen.",
        "A summer holiday lasts at most 50 days, another at most 21, and no two overlap.",
    ),
)

for noun, nl, en in (
    ("municipality", "Gemeente", "Municipality"),
    ("region", "Regio", "Region"),
    ("school", "School", "School"),
    ("site", "Vestiging", "Site"),
    ("provider", "Aanbieder", "Provider"),
    ("staff", "Medewerker", "Worker"),
    ("programme", "Programma", "Programme"),
):
    register_error(
        f"no-such-{noun}",
        400,
        Text(f"{nl} niet geregistreerd", f"{en} not registered"),
        Text("Leg dat eerst vast, of verbeter de code.", "Record it first, or correct the code."),
    )
