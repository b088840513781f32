"""What a rule looks at: the content of an event, who sent it, and what day it is."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date

from services.interventions.intervention import Intervention
from services.interventions.trajectory_steps import TrajectoryEvent


@dataclass(slots=True)
class Happening:
    """An intervention or a step of a trajectory of one provider.

    `at` is the pointer to its content (`/data`, in a correction `/data/data`); `recorded_on` the local day in the
    Netherlands on which the sender recorded it, `today` that on which it is judged. From the content follow the codes
    of `programme` and `site`, the `day` on which it happened (rules hold as of this day) and the `staff` that acted, by
    the provider's own keys; a step of a trajectory may name nobody.
    """

    content: Intervention | TrajectoryEvent
    provider: str
    recorded_on: date
    today: date
    at: str = "/data"

    programme: str = field(init=False)
    site: str = field(init=False)
    day: date = field(init=False)
    staff: list[str] = field(init=False)

    def __post_init__(self) -> None:
        """Each of these is asked by several rules, and looked up once."""
        content = self.content
        self.programme, self.site, self.day = content.programme, content.site_code, content.day
        self.staff = vars(content).get("staff") or []

    @property
    def where(self) -> Hashable:
        """Who acted where and when, and the days by which it is judged."""
        return self.programme, self.site, self.day, self.provider, *self.staff, self.recorded_on, self.today

    def pointer(self, field: str) -> str:
        """The place of a field of the content."""
        return f"{self.at}/{field}"
