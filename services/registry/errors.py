"""The codes that the registry answers with, besides those of every service."""

from shared.domain.texts import Text
from shared.web.problems import register_error

_INVALID: tuple[tuple[str, str, str, str, str], ...] = (
    # code, title nl, title en, explanation nl, explanation en
    ("assignment-id", "Inzetnummer van een andere vorm", "Assignment id of another form",
     "Een inzetnummer begint met de code van de eigen regio en een streepje.",
     "An assignment's id begins with the code of one's own region and a hyphen."),
    ("absence-id", "Afwezigheidsnummer van een andere vorm", "Absence id of another form",
     "Een nummer begint met de code van de eigen regio en een streepje.",
     "An id begins with the code of one's own region and a hyphen."),
    ("time-of-day", "Verkeerde tijd van de dag", "Wrong time of day",
     "De eindtijd ligt na de begintijd, hoogstens twaalf uur later.",
     "The end is after the start, at most twelve hours later."),
    ("replaces-itself", "Vervangt zichzelf", "Replaces themselves",
     "Noem een andere medewerker.", "Name another worker."),
    ("supervises-itself", "Begeleidt zichzelf", "Supervises themselves",
     "Noem een andere medewerker.", "Name another worker."),
    ("planned-kind", "Soort niet in het programma", "Kind not in the programme",
     "Het programma noemt de soorten in allowedKinds.", "The programme names its kinds in allowedKinds."),
    ("before-start", "Dag voor het begin", "Day before the beginning",
     "Een wijziging kan niet ingaan voor wat zij wijzigt.", "A change cannot begin before what it changes."),
    ("named-twice", "Twee keer genoemd", "Named twice",
     "Noem elke code één keer.", "Name each code once."),
    ("reference-date", "Teldatum buiten het schooljaar", "Reference date outside the school year",
     "De teldatum ligt in het schooljaar waarvoor geteld is.", "The reference date is in the school year counted."),
    ("hours-disagree", "Fte en uren komen niet overeen", "Fte and hours disagree",
     "Geef één van beide, of waarden die bij elkaar horen.", "Give one of them, or values that belong together."),
    ("rule-twice", "Regel twee keer genoemd", "Rule named twice",
     "Elke regel staat één keer in een programma.", "Each rule stands in a programme once."),
    ("rule-missing", "Regel niet genoemd", "Rule not named",
     "Een programma noemt elke regel van het schakelbord.", "A programme names every rule of the switchboard."),
    ("rule-differs", "Uitsluiting en regel verschillen", "Exclusion and rule differ",
     "Een uitsluiting heeft dezelfde zwaarte als haar regel.", "An exclusion has the severity of its rule."),
    ("kind-differs", "Gemarkeerde soort is niet toegestaan", "Flagged kind is not allowed",
     "flaggedKinds is een deel van allowedKinds.", "flaggedKinds is a part of allowedKinds."),
    ("parameter", "Verkeerde parameter", "Wrong parameter",
     "De waarde past niet bij deze parameter van de regel.", "The value does not fit this parameter of the rule."),
)  # fmt: skip

_CONFLICT: tuple[tuple[str, str, str, str, str], ...] = (
    ("already-registered", "Staat er anders in", "Recorded otherwise",
     "Wat is vastgelegd verandert alleen door een eigen handeling.", "What is recorded changes by an act of its own."),
    ("period-overlaps", "Perioden overlappen", "Periods overlap",
     "Kies een andere periode of beëindig eerst de bestaande.", "Choose another period, or end the present one first."),
    ("no-participation", "Neemt niet deel", "Does not take part",
     "De school neemt op die dag niet deel aan het programma.",
     "The school does not take part in the programme on that day."),
    ("already-left", "Al beëindigd", "Ended already",
     "Begin een nieuwe periode als de deelname doorgaat.", "Begin a new period when the participation goes on."),
    ("site-closed", "Vestiging bestaat dan niet", "Site does not exist then",
     "De vestiging is op die dag niet open.", "The site is not open on that day."),
    ("school-type", "Schoolsoort niet toegestaan", "School type not taken",
     "Het programma noemt de schoolsoorten in schoolTypes.", "The programme names its types in schoolTypes."),
    ("before-programme", "Voor het begin van het programma", "Before the programme begins",
     "Deelname begint niet voor het programma.", "Participation does not begin before the programme."),
    ("R-ONE-PROVIDER", "Eén aanbieder per school", "One provider per school",
     "Dit programma staat per school één aanbieder tegelijk toe.",
     "This programme allows one provider per school at a time."),
    ("R-QUAL-REGISTERED", "Geen geldige registratie bekend", "No valid registration known",
     "Leg eerst de nagekeken registratie vast.", "Record the verified registration first."),
    ("no-provider-chosen", "Geen gekozen aanbieder", "No provider chosen",
     "Er is op die dag niets om te wijzigen.", "There is nothing to change on that day."),
    ("absence-ended", "Afwezigheid is voorbij", "Absence is over",
     "De afwezigheid loopt op die dag niet meer.", "The absence runs no longer on that day."),
    ("already-member", "Zit al in het team", "In the team already",
     "Iemand zit op een dag één keer in het team.", "Somebody is in the team once on a day."),
    ("no-such-member", "Zit niet in het team", "Not in the team",
     "Er is op die dag niemand met deze rol.", "Nobody has this role on that day."),
    ("no-such-registration", "Registratie niet bekend", "Registration not known",
     "Leg eerst de nagekeken registratie vast.", "Record the verified registration first."),
    ("assignment-ended", "Inzet is beëindigd", "Assignment has ended",
     "De inzet loopt op die dag niet meer.", "The assignment runs no longer on that day."),
    ("municipality-taken", "Gemeente hoort bij een andere regio", "Municipality of another region",
     "Een gemeente hoort op een dag bij één regio.", "A municipality belongs to one region on a day."),
)  # fmt: skip

for _status, _kinds in ((400, _INVALID), (409, _CONFLICT)):
    for _code, _title_nl, _title_en, _nl, _en in _kinds:
        register_error(_code, _status, Text(_title_nl, _title_en), Text(_nl, _en))

register_error(
    "region-not-yours",
    403,
    Text("Niet uw regio", "Not your region"),
    Text("U beheert alleen uw eigen regio.", "You administer your own region only."),
)
