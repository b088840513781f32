"""What a decision about a contract is given: the moment, who asks, and what the registry says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.contracts.extension import FirstSummerDay
from services.contracts.facts import Facts
from services.contracts.parts import Contract, Covered, Product
from services.contracts.periods import overlap
from services.contracts.rules import code_is_exclusive, code_mutex, judge, taken
from shared.clock import AMSTERDAM
from shared.domain.findings import Finding, Refused, Severity
from shared.domain.texts import Text


@dataclass(frozen=True, slots=True)
class Given:
    """The moment, the account that asks, the registry's facts, and the other contracts."""

    now: datetime
    by: str
    facts: Facts
    others: Sequence[Contract]

    @property
    def today(self) -> date:
        """The local day."""
        return self.now.astimezone(AMSTERDAM).date()

    def summer(self, contract: Contract | None) -> FirstSummerDay:
        """When each school's summer holiday begins."""
        return self.facts.first_summer_day(contract.programme if contract else "")

    def at_schools(self, contract: Contract, schools: Sequence[Covered], pointer: str = "/schools/{}") -> list[Finding]:
        """What the rules say of this provider at these schools. Raises `Refused` with everything that blocks."""
        found: list[Finding] = []
        for number, school in enumerate(schools):
            place, day = pointer.format(number), school.valid_from
            candidate = self.facts.candidate(contract.programme, contract.provider, school.site, day)
            switches = self.facts.switches_on(contract.programme, day)
            found += judge(candidate, switches, f"{place}/site") if candidate else []
            found += self._another_provider(contract, school, f"{place}/site")
        return passed(found)

    def _another_provider(self, contract: Contract, school: Covered, pointer: str) -> list[Finding]:
        """R-ONE-PROVIDER as FLAG or INFO; as BLOCK it is a claim, that only the log can judge."""
        switch = self.facts.switches_on(contract.programme, school.valid_from)("R-ONE-PROVIDER")
        if switch.severity not in (Severity.FLAG, Severity.INFO):
            return []
        for other, covered in self.elsewhere(contract, school):
            if other.provider != contract.provider:
                days = f"{covered.valid_from} – {covered.valid_to or '…'}"
                text = Text(f"ook een andere aanbieder werkt hier: {days}", f"another provider works here too: {days}")
                return [Finding("R-ONE-PROVIDER", switch.severity, pointer, text)]
        return []

    def elsewhere(self, contract: Contract, school: Covered) -> list[tuple[Contract, Covered]]:
        """The coverage of the school by other contracts of the programme, on some of these days."""
        last = school.valid_to or contract.valid_to
        asked = Covered(site=school.site, valid_from=school.valid_from, valid_to=last)
        return [
            (other, covered)
            for other in self.others
            if other.programme == contract.programme and other.contract != contract.contract
            for covered in other.coverage
            if covered.site == school.site and overlap(asked, covered)
        ]

    def with_code(self, contract: Contract, product: Product) -> tuple[bool, list[Finding]]:
        """Whether the code's days are claimed, and what R-CODE-MUTEX says. Raises `Refused` when it blocks."""
        switch = self.facts.switches_on(contract.programme, product.valid_from)("R-CODE-MUTEX")
        if switch.severity is Severity.OFF:
            return False, []
        others = [one for other in self.others if other.programme == contract.programme for one in other.products]
        used = [*contract.products, *(one for one in others if one not in contract.products)]
        finding = code_mutex(product, used, switch.parameters)
        exclusive = switch.severity is Severity.BLOCK and code_is_exclusive(product, switch.parameters)
        return exclusive, passed([taken(finding, switch, "/code")] if finding else [])


def passed(found: list[Finding]) -> list[Finding]:
    """The findings, when none of them blocks. Raises `Refused` with all that do."""
    blocking = [one for one in found if one.severity is Severity.BLOCK]
    if blocking:
        raise Refused(*blocking)
    return found
