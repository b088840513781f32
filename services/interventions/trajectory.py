"""Support trajectories (trajecten): started, tapered (afgebouwd), completed or stopped early (HR-43, HR-45).

A trajectory is known by provider, source and the provider's own key. Completing, stopping and tapering carry what the
start said (`duration`, `form`, `subject`), so that no reader has to look it up; when the start is corrected or
retracted later, they are corrected or retracted along with it, in the same unit (G-14).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.interventions.chains import Chain, Entry, chains
from services.interventions.intervention import Intervention
from services.interventions.trajectory_steps import (
    Completed,
    Started,
    Stopped,
    SupportTrajectoryCompleted,
    SupportTrajectoryStarted,
    SupportTrajectoryStopped,
    SupportTrajectoryTapered,
    TrajectoryEvent,
)
from shared.domain.findings import Finding, Refused, Severity
from shared.domain.texts import Text

# State

START = SupportTrajectoryStarted.full_type()
TAPER = SupportTrajectoryTapered.full_type()
ENDS = (SupportTrajectoryCompleted.full_type(), SupportTrajectoryStopped.full_type())
TYPES = (START, TAPER, *ENDS)
COPIED = ("subject", "duration", "form")
SHARED = ("programme", "siteCode", *COPIED)


@dataclass(frozen=True, slots=True)
class Trajectory:
    """What is known of one trajectory; retracted steps have never been."""

    start: Chain | None = None
    tapers: tuple[Chain, ...] = ()
    end: Chain | None = None

    @property
    def steps(self) -> tuple[Chain, ...]:
        """The steps after the start."""
        return self.tapers if self.end is None else (*self.tapers, self.end)


def evolve(entries: Iterable[Entry]) -> Trajectory:
    """The state after these events."""
    standing = [chain for chain in chains(entries) if not chain.retracted]
    by_type = {kind: [chain for chain in standing if chain.root.type == kind] for kind in TYPES}
    ends = [chain for kind in ENDS for chain in by_type[kind]]
    return Trajectory(next(iter(by_type[START]), None), tuple(by_type[TAPER]), next(iter(ends), None))


# Decisions


def decide(state: Trajectory, step: TrajectoryEvent, at: str = "/data") -> Mapping[str, Any]:
    """What is copied onto a new step. Raises `Refused`; with a finding that `waits` when the start has not come."""
    if isinstance(step, Started):
        if state.start is not None:
            raise _refuse("trajectory-started", f"{at}/trajectory", _STARTED)
        return {}
    if state.start is None:
        raise Refused(unknown(f"{at}/trajectory"))
    if isinstance(step, Completed | Stopped) and state.end is not None:
        raise _refuse("trajectory-ended", f"{at}/trajectory", _ENDED)
    return _fit(state.start, state.end, step, at)


def decide_correction(
    state: Trajectory, chain: Chain, step: TrajectoryEvent, at: str = "/data/data"
) -> Mapping[str, Any]:
    """What is copied onto the corrected content of a step. Raises `Refused`."""
    if step.trajectory != chain.data["trajectory"]:
        raise _refuse("trajectory-fixed", f"{at}/trajectory", _FIXED)
    if not isinstance(step, Started):
        if state.start is None:
            raise Refused(unknown(f"{at}/trajectory"))
        end = None if state.end is not None and state.end.root.id == chain.root.id else state.end
        if isinstance(step, Completed | Stopped) and any(t.day("taperedOn") > step.day for t in state.tapers):
            raise _refuse("trajectory-period", f"{at}/{step.DAY}", _PERIOD, kind="invalid")
        return _fit(state.start, end, step, at)
    if any(_day_of(other) < step.day for other in state.steps):
        raise _refuse("trajectory-period", f"{at}/startedOn", _PERIOD, kind="invalid")
    return {}


def follow(state: Trajectory, start: Mapping[str, Any]) -> tuple[tuple[Chain, Mapping[str, Any]], ...]:
    """The steps that change when the start's content becomes `start`, each with its new content."""
    shared = {name: start[name] for name in SHARED}
    return tuple((step, {**step.data, **shared}) for step in state.steps if {**step.data, **shared} != step.data)


def check_contact(state: Trajectory, contact: Intervention, subject: UUID | None, at: str = "/data") -> Finding | None:
    """Whether an intervention lies within the trajectory that it names (R-51), and concerns the same pupil."""
    if state.start is None:
        return unknown(f"{at}/trajectory")
    last = state.end.day("endedOn") if state.end else date.max
    if not state.start.day("startedOn") <= contact.day <= last:
        return Finding("trajectory-period", Severity.BLOCK, f"{at}/{contact.day_field}", _PERIOD)
    if subject is not None and str(subject) != state.start.data["subject"]:
        return Finding("trajectory-mismatch", Severity.BLOCK, f"{at}/pupilRef", _MISMATCH)
    return None


def unknown(pointer: str) -> Finding:
    """The trajectory's start has not come (yet)."""
    return Finding("trajectory-unknown", Severity.BLOCK, pointer, _UNKNOWN, _UNKNOWN_HINT, waits=True)


def _fit(start: Chain, end: Chain | None, step: TrajectoryEvent, at: str) -> Mapping[str, Any]:
    last = end.day("endedOn") if end else date.max
    if not start.day("startedOn") <= step.day <= last:
        raise _refuse("trajectory-period", f"{at}/{step.DAY}", _PERIOD, kind="invalid")
    for field, value in (("programme", step.programme), ("siteCode", step.site_code)):
        if start.data[field] != value:
            raise _refuse("trajectory-mismatch", f"{at}/{field}", _MISMATCH, kind="invalid")
    return {name: start.data[name] for name in COPIED}


def _day_of(chain: Chain) -> date:
    return chain.day("taperedOn" if chain.root.type == TAPER else "endedOn")


def _refuse(code: str, pointer: str, text: Text, kind: str = "conflict") -> Refused:
    return Refused(Finding(code, Severity.BLOCK, pointer, text), kind=kind)


_STARTED = Text(
    "Dit traject is al begonnen. Corrigeer of trek het begin in, of gebruik een nieuwe sleutel.",
    "This trajectory has already started. Correct or retract its start, or use a new key.",
)
_ENDED = Text(
    "Dit traject is al beëindigd. Corrigeer of trek het einde in.",
    "This trajectory has already ended. Correct or retract its end.",
)
_FIXED = Text(
    "De sleutel van een traject ligt vast. Trek het in en stuur het opnieuw.",
    "A trajectory's key is fixed. Retract it and send it anew.",
)
_PERIOD = Text("Valt buiten de periode van het traject.", "Lies outside the trajectory's period.")
_MISMATCH = Text("Komt niet overeen met het begin van het traject.", "Does not match the trajectory's start.")
_UNKNOWN = Text("Van dit traject is geen begin bekend.", "No start of this trajectory is known.")
_UNKNOWN_HINT = Text(
    "We beoordelen dit vanzelf opnieuw zodra het begin van het traject er is.",
    "We judge this again by ourselves once the trajectory's start has come.",
)
