"""`jos up`: every service on this machine."""

from jos.commands.options import Data, Feed, Json, Port
from jos.installation import DEFAULT, Installation
from jos.supervisor.ports import FIRST_PORT


def up(data: Data = DEFAULT, port: Port = FIRST_PORT, feed: Feed = None, as_json: Json = False) -> None:
    """Start PostgreSQL and every service, and keep them running until Ctrl-C.

    A service that dies is started again. With --json: one line with every base URL and the token endpoint, once
    everything is ready.
    """
    import asyncio

    from jos.supervisor.stay import stay_up

    asyncio.run(stay_up(Installation(data), port, feed=feed, as_json=as_json))
