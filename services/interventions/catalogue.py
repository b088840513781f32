"""The types of event that may be pushed: the models that validate them, what they are, and an example of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.interventions.coaching import CoachingRecorded
from services.interventions.correction import EventCorrected, EventRetracted
from services.interventions.crisis import CrisisInterventionRecorded, RecordCrisisIntervention
from services.interventions.group import GroupInterventionRecorded
from services.interventions.individual import IndividualInterventionRecorded, RecordIndividualIntervention
from services.interventions.parent_support import ParentSupportRecorded, RecordParentSupport
from services.interventions.trajectory_steps import (
    Completed,
    StartSupportTrajectory,
    Stopped,
    SupportTrajectoryCompleted,
    SupportTrajectoryStarted,
    SupportTrajectoryStopped,
    SupportTrajectoryTapered,
    Tapered,
)
from shared.domain.events import Event
from shared.domain.texts import Text


@dataclass(frozen=True, slots=True)
class EventType:
    """A type: `pushed` is what a provider sends, `stored` what the log holds; `example` lacks site and staff."""

    pushed: type[Event]
    stored: type[Event]
    title: Text
    example: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The stored name, with prefix and version."""
        return self.pushed.full_type()


_ALL = (
    EventType(
        GroupInterventionRecorded,
        GroupInterventionRecorded,
        Text("Groepsinterventie of groepsobservatie", "Group intervention or observation"),
        {
            "occurredOn": "2022-03-14",
            "minutes": 75,
            "mode": "INTERVENTION",
            "theme": "EMOTION_REGULATION",
            "trigger": "OBSERVED_PROBLEM",
            "groupSize": 9,
            "setting": "CLASS",
        },
    ),
    EventType(
        RecordIndividualIntervention,
        IndividualInterventionRecorded,
        Text("Individuele begeleiding of observatie", "Individual guidance or observation"),
        {
            "occurredOn": "2022-03-14",
            "minutes": 45,
            "pupilRef": "c-90233",
            "mode": "GUIDANCE",
            "schoolImpact": "CLASS",
            "setting": "CLASS",
        },
    ),
    EventType(
        RecordParentSupport,
        ParentSupportRecorded,
        Text("Ouderondersteuning", "Parent support"),
        {"occurredOn": "2022-03-14", "minutes": 60, "pupilRef": "c-90233", "setting": "SCHOOL"},
    ),
    EventType(
        RecordCrisisIntervention,
        CrisisInterventionRecorded,
        Text("Crisisinterventie", "Crisis intervention"),
        {"occurredOn": "2022-03-14", "minutes": 90, "pupilRef": "c-90233", "escalation": "NONE", "setting": "SCHOOL"},
    ),
    EventType(
        CoachingRecorded,
        CoachingRecorded,
        Text("Coaching van het onderwijsteam", "Coaching of the education team"),
        {
            "occurredOn": "2022-03-14",
            "minutes": 60,
            "audience": "TEAM",
            "audienceSize": 8,
            "subtype": "REFLECTION",
            "setting": "SCHOOL",
        },
    ),
    EventType(
        StartSupportTrajectory,
        SupportTrajectoryStarted,
        Text("Begin van een traject", "Start of a trajectory"),
        {
            "startedOn": "2022-03-14",
            "trajectory": "t-4711",
            "pupilRef": "c-90233",
            "duration": "STRUCTURAL",
            "form": "INDIVIDUAL",
            "signal": "s-118",
        },
    ),
    EventType(
        Tapered,
        SupportTrajectoryTapered,
        Text("Afbouw van een traject", "Tapering of a trajectory"),
        {"taperedOn": "2022-05-16", "trajectory": "t-4711", "step": "LESS_OFTEN"},
    ),
    EventType(
        Completed,
        SupportTrajectoryCompleted,
        Text("Afronding van een traject", "Completion of a trajectory"),
        {"endedOn": "2022-06-20", "trajectory": "t-4711", "result": "REACHED"},
    ),
    EventType(
        Stopped,
        SupportTrajectoryStopped,
        Text("Voortijdig einde van een traject", "Early end of a trajectory"),
        {"endedOn": "2022-06-20", "trajectory": "t-4711", "reason": "MOVED"},
    ),
    EventType(
        EventCorrected,
        EventCorrected,
        Text("Correctie van een eerdere gebeurtenis", "Correction of an earlier event"),
        {"reason": "TYPING_ERROR"},
    ),
    EventType(
        EventRetracted,
        EventRetracted,
        Text("Intrekking van een eerdere gebeurtenis", "Retraction of an earlier event"),
        {"reason": "ENTERED_IN_ERROR"},
    ),
)

EVENT_TYPES: Mapping[str, EventType] = {one.name: one for one in _ALL}
"""Every type that may be pushed, by its full name."""

CONTENT_TYPES: Mapping[str, EventType] = {
    name: one for name, one in EVENT_TYPES.items() if one.pushed not in (EventCorrected, EventRetracted)
}
"""The types with content of their own, which a correction may carry anew."""
