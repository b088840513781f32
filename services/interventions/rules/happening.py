"""What a rule looks at: the content of an event, who sent it, and what day it is."""

from dataclasses import dataclass
from datetime import date

from services.interventions.intervention import Intervention
from services.interventions.trajectory_steps import TrajectoryEvent


@dataclass(frozen=True, slots=True)
class Happening:
    """An intervention or a step of a trajectory of one provider.

    `at` is the pointer to its content (`/data`, in a correction `/data/data`); `recorded_on` the local day in the
    Netherlands on which the sender recorded it, `today` that on which it is judged.
    """

    content: Intervention | TrajectoryEvent
    provider: str
    recorded_on: date
    today: date
    at: str = "/data"

    @property
    def programme(self) -> str:
        """The programme's code."""
        return self.content.programme

    @property
    def site(self) -> str:
        """The site's code."""
        return self.content.site_code

    @property
    def day(self) -> date:
        """The day on which it happened: rules hold as of this day."""
        return self.content.day

    @property
    def staff(self) -> list[str]:
        """Who acted, by the provider's own keys; a step of a trajectory may name nobody."""
        return getattr(self.content, "staff", None) or []

    def pointer(self, field: str) -> str:
        """The place of a field of the content."""
        return f"{self.at}/{field}"
