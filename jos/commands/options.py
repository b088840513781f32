"""Options that several commands share."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[Path, typer.Option("--data", metavar="DIR", help="The directory of the installation.")]
Json = Annotated[bool, typer.Option("--json", help="One line of JSON, for a program.")]
Port = Annotated[
    int,
    typer.Option(
        "--port",
        metavar="PORT",
        min=1024,
        max=65000,
        help="The issuer's port; the other services follow. In place of each that is taken, a free one.",
    ),
]


class Carrier(StrEnum):
    """What carries the logs to their readers."""

    POSTGRESQL = "postgresql"
    KAFKA = "kafka"


Feed = Annotated[
    Carrier | None,
    typer.Option(
        "--feed",
        help="What carries the logs: postgresql, or kafka (a broker is started unless JOS_KAFKA_BOOTSTRAP names one; "
        "needs Java and Maven). Without it: JOS_FEED, else postgresql.",
    ),
]
