"""A process of its own that starts a server, prints what it is, and stops it when its input ends.

driver.py DIRECTORY [--uid UID] [--programs DIRECTORY] [--thread]
"""

import argparse
import asyncio
import concurrent.futures.thread  # noqa: F401 - loaded while we may: Python itself can lie under root's private home
import json
import os
import sys
import threading
from pathlib import Path

import asyncpg

from shared.postgres.embedded import EmbeddedServer


async def main(directory: Path, programs: Path | None) -> None:
    """Start, say so, wait, stop."""
    server = EmbeddedServer(directory, programs=programs)
    cluster = await server.start()
    connection = await asyncpg.connect(f"{cluster.superuser}/postgres")
    user = await connection.fetchval("select current_user")
    await connection.close()
    line = {"pid": server.pid, "port": cluster.port, "attached": server.attached, "user": user, "uid": os.geteuid()}
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    await server.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("directory", type=Path)
    parser.add_argument("--uid", type=int)
    parser.add_argument("--programs", type=Path)
    parser.add_argument("--thread", action="store_true", help="start from a thread that is not the main one")
    options = parser.parse_args()
    if options.uid is not None:
        os.setgroups([])
        os.setgid(options.uid)
        os.setuid(options.uid)
        os.environ["HOME"] = str(options.directory)

    def run() -> None:
        """All of it."""
        asyncio.run(main(options.directory, options.programs))

    if options.thread:
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
    else:
        run()
