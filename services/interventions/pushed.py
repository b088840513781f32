"""An event as it was pushed: validated, not judged yet."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from services.interventions.correction import EventCorrected, EventRetracted, RecordRef
from services.interventions.intervention import Intervention
from services.interventions.trajectory_steps import TrajectoryEvent
from shared.domain.events import Event
from shared.log.events import Key

Content = Intervention | TrajectoryEvent

STAND_IN = "held-1"
"""Stands where the reference to a pupil was in a held event: the reference itself is not kept."""


class Pushed(NamedTuple):
    """One event of one provider.

    `command` is its data as a model, `data` the same as it was sent. `content` is what is judged: the data, in a
    correction the corrected data (at `at`), in a retraction nothing. `subject` is known here for a held event only.
    """

    key: Key
    type: str
    time: datetime
    command: Event
    content: Content | None
    data: Mapping[str, Any]
    traceparent: str | None = None
    subject: UUID | None = None

    @property
    def at(self) -> str:
        """The pointer to the content."""
        return "/data/data" if isinstance(self.command, EventCorrected) else "/data"

    @property
    def refers_to(self) -> Key | None:
        """The key of the event that this one corrects or retracts; within the own organisation."""
        ref = self._ref
        return None if ref is None else Key(self.key.organisation, ref.source, ref.id)

    @property
    def pupil(self) -> tuple[str, str] | None:
        """The programme and the provider's reference of the pupil whom it concerns."""
        if self.content is None:
            return None
        reference: str | None = vars(self.content).get("pupil_ref")
        return None if reference is None else (self.content.programme, reference)

    @property
    def own_stream(self) -> str | None:
        """The stream of the trajectory that it is a step of."""
        return self.stream if isinstance(self.content, TrajectoryEvent) else None

    @property
    def stream(self) -> str:
        """The stream of an event that is no correction."""
        if isinstance(self.content, TrajectoryEvent):
            return trajectory_stream(self.key.organisation, self.key.source, self.content.trajectory)
        return f"intervention/{self.key.organisation}/{self.key.source}/{self.key.source_id}"

    def payload(self, subject: UUID | None, copied: Mapping[str, Any]) -> dict[str, Any]:
        """What is stored: the data with the subject in place of the reference, and what is copied onto the content."""
        if isinstance(self.command, EventCorrected):
            return {**self.data, "data": _stored(self.data["data"], subject, copied)}
        return _stored(self.data, subject, copied)

    @property
    def _ref(self) -> RecordRef | None:
        if isinstance(self.command, EventCorrected):
            return self.command.corrects
        return self.command.retracts if isinstance(self.command, EventRetracted) else None


def trajectory_stream(organisation: str, source: str, trajectory: str) -> str:
    """A trajectory is known by provider, source and the provider's own key."""
    return f"trajectory/{organisation}/{source}/{trajectory}"


def restored(payload: Mapping[str, Any]) -> tuple[dict[str, Any], UUID | None]:
    """The data of a held event with a stand-in for the reference, and the subject that stands in its payload."""
    if "data" in payload:
        data, subject = restored(payload["data"])
        return {**payload, "data": data}, subject
    data = dict(payload)
    subject = data.pop("subject", None)
    return ({**data, "pupilRef": STAND_IN}, UUID(subject)) if subject else (data, None)


def _stored(data: Mapping[str, Any], subject: UUID | None, copied: Mapping[str, Any]) -> dict[str, Any]:
    stored = {**data, **copied}
    stored.pop("pupilRef", None)
    if subject is not None and "subject" not in copied:
        stored["subject"] = str(subject)
    return stored
