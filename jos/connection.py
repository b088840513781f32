"""How a command reaches a running installation."""

from jos.client import Credentials
from jos.installation import Installation


def credentials(installation: Installation, client: str) -> Credentials:
    """What this client of the demo signs in with. Raises `Stop` (69 nothing runs, 77 no such client)."""
    running = installation.running()
    return Credentials(running.tokenEndpoint, client, installation.secret_of(client))
