"""An alert that somebody has seen (*signaal gezien*): it stays in the list, marked, until an act answers it."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from pydantic import Field

from services.contracts.parts import Part
from shared.domain.events import Event

ALERT_ID = r"^[a-z-]{3,40}\.[A-Za-z0-9._-]{3,160}$"

# Events


class AlertAcknowledged(Event):
    """Somebody of the region has seen the alert and says what is done about it, by a code."""

    TYPE: ClassVar[str] = "alert-acknowledged.v1"
    alert: str
    programme: str
    acknowledged_on: date
    action: str


# Commands


class Acknowledge(Part):
    """Acknowledge an alert, with what is done about it."""

    action: str = Field(default="SEEN", pattern=r"^(SEEN|IN_PROGRESS|NO_ACTION)$")


# States


class Acknowledged(Part):
    """The latest word on an alert."""

    alert: str
    programme: str
    acknowledged_on: date
    action: str


# Decide


def acknowledge(
    alert: str, programme: str, command: Acknowledge, state: Acknowledged | None, today: date
) -> Sequence[AlertAcknowledged]:
    """The same word again is nothing."""
    if state is not None and state.action == command.action:
        return []
    return [AlertAcknowledged(alert=alert, programme=programme, acknowledged_on=today, action=command.action)]


# Evolve


def evolve(_state: Acknowledged | None, event: AlertAcknowledged) -> Acknowledged:
    """Remember the latest."""
    return Acknowledged(**{name: getattr(event, name) for name in Acknowledged.model_fields})
