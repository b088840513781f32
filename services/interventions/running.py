"""What a running service holds, for its routes."""

from dataclasses import dataclass, field
from typing import cast

import asyncpg
from starlette.requests import HTTPConnection

from services.interventions.held import HeldEvents
from services.interventions.intake import Intake
from services.interventions.means import Means
from services.interventions.receipts import Receipts
from services.interventions.vault.sweeping import Sweeping
from shared.feeds.consumer import Consumer
from shared.feeds.follower import Follower
from shared.web.deadline import Deadline
from shared.web.tokens import Tokens

SERVICE = "interventions"
BASE = "/interventions/v1"


@dataclass(frozen=True, slots=True)
class Running:
    """The parts of the service that its routes need."""

    pool: asyncpg.Pool
    means: Means
    intake: Intake
    held: HeldEvents
    receipts: Receipts
    follower: Follower
    finder: Consumer
    sweeping: Sweeping
    tokens: Tokens
    deadline: Deadline = field(default_factory=Deadline)


def running(connection: HTTPConnection) -> Running:
    """What the application of this request holds."""
    return cast("Running", connection.app.state.running)
