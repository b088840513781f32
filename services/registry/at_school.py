"""What an act at a school in a programme is judged by: both are known to the caller, and the school takes part.

Shared by everything that happens at a school: introductions, absences, presence, teams, plans, questions.
"""

from dataclasses import dataclass
from datetime import date

from services.registry.participation import Participation
from services.registry.professional import Professional
from services.registry.programme import Applied
from services.registry.refusals import not_participating, unknown


@dataclass(frozen=True, slots=True)
class AtSchool:
    """The programme and the school's participation as they stand at the head; None: not known, or not the caller's.

    `professional` is the worker that is named, where one is.
    """

    programme: Applied | None
    participation: Participation | None
    professional: Professional | None = None

    def check(self, day: date, pointer: str = "/validFrom") -> None:
        """Raises `Refused` unless the school takes part in the programme on this day."""
        if self.programme is None:
            raise unknown("programme", "/programme", "dit programma", "this programme")
        if self.participation is None:
            raise unknown("site", "/site", "deze vestiging", "this site")
        if not self.participation.holds(day):
            raise not_participating(pointer)

    def check_worker(self, day: date, pointer: str = "/validFrom") -> None:
        """The same, and raises `Refused` when the worker is not known."""
        self.check(day, pointer)
        if self.professional is None:
            raise unknown("staff", "/staff", "deze medewerker", "this worker")
