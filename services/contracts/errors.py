"""The codes that contracts answers with, besides those of every service."""

from shared.domain.texts import Text
from shared.web.problems import register_error

_CODES: tuple[tuple[str, int, str, str, str, str], ...] = (
    # code, status, title nl, title en, explanation nl, explanation en
    ("contract-id", 400, "Contractnummer van een andere vorm", "Contract id of another form",
     "Een contractnummer begint met de code van de eigen regio en een streepje.",
     "A contract's id begins with the code of one's own region and a hyphen."),
    ("contract-signed", 409, "Contract is getekend", "Contract is signed",
     "Een getekend contract wordt niet opnieuw opgesteld.", "A signed contract is not drafted anew."),
    ("contract-not-signed", 409, "Contract is niet getekend", "Contract is not signed",
     "Dit kan pas na ondertekening.", "This is possible after signature only."),
    ("school-not-covered", 409, "School niet onder contract", "School not under contract",
     "Deze school valt niet onder dit contract.", "This school is not under this contract."),
    ("covered-elsewhere", 409, "School valt onder een ander contract", "School is under another contract",
     "Een school valt per programma op elke dag onder hoogstens één contract.",
     "A school is under one contract of a programme at most on any day."),
    ("periods-overlap", 409, "Periodes overlappen", "Periods overlap",
     "De school is in dit contract op die dagen al gedekt.", "The school is covered on those days already."),
    ("outside-term", 400, "Buiten de looptijd", "Outside the term",
     "De dekking van een school ligt binnen de looptijd van het contract.", "Coverage lies within the term."),
    ("end-outside-term", 400, "Laatste dag buiten de looptijd", "Last day outside the term",
     "Een contract kan korter worden, niet langer.", "A contract can be made shorter, not longer."),
)  # fmt: skip

for code, status, title_nl, title_en, nl, en in _CODES:
    register_error(code, status, Text(title_nl, title_en), Text(nl, en))
