"""What the intake works with: the log, the vault, the facts and the clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.interventions.facts import Facts
from services.interventions.intervention import Intervention
from services.interventions.pushed import Pushed
from services.interventions.storing import Stamp
from services.interventions.vault.subjects import Subjects
from services.interventions.vault.vault import Pupil, Vault
from shared.clock import Clock, today
from shared.log.events import Vector
from shared.log.log import Log


@dataclass(frozen=True, slots=True)
class Means:
    """Handed down once; `vector` gives the positions that the facts reflect."""

    log: Log
    vault: Vault
    facts: Facts
    vector: Callable[[], Vector]
    clock: Clock

    def stamp(self) -> Stamp:
        """For what is stored now."""
        return Stamp(self.clock.now(), self.log.new_id, self.facts, self.vector())

    def today(self) -> date:
        """The local day in the Netherlands."""
        return today(self.clock)


def pupil_of(pushed: Pushed) -> Pupil | None:
    """The pupil whose subject has to be looked up; of a held event it is known already."""
    if pushed.pupil is None or pushed.subject is not None:
        return None
    return Pupil(pushed.key.organisation, *pushed.pupil)


def pupils_of(pushed: "list[Pushed]") -> set[Pupil]:
    """The pupils of several events."""
    return {pupil for one in pushed if (pupil := pupil_of(one))}


def subject_of(pushed: Pushed, subjects: Subjects) -> UUID | None:
    """The subject whom an event concerns, if any."""
    pupil = pupil_of(pushed)
    return pushed.subject if pupil is None else subjects.of(pupil)


def subject_to_judge(pushed: Pushed, subjects: Subjects) -> UUID | None:
    """The subject, where the decision depends on it: an intervention that names a trajectory."""
    return subject_of(pushed, subjects) if names_trajectory(pushed) else None


def names_trajectory(pushed: Pushed) -> bool:
    """Whether an intervention says that it belongs to a trajectory."""
    return isinstance(pushed.content, Intervention) and pushed.content.trajectory is not None
