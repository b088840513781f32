"""Makes a cluster ready in a process of its own: what that takes (40 MB) is given back when it is done.

`python -m jos.supervisor.preparing` is told the cluster and the settings as JSON on standard input.
"""

import asyncio
import json
import sys
from hashlib import sha256
from pathlib import Path

from jos.exits import Exit, Stop
from jos.installation import Installation
from shared.postgres.cluster import ROOT, Cluster
from shared.settings import Settings


async def prepare(installation: Installation, cluster: Cluster, settings: Settings) -> None:
    """Every role, secret, database and schema; skipped when the same code has made them here before.

    Raises `Stop` with the exit code and the reason that the process gave.
    """
    stamp = _stamp(cluster)
    if installation.prepared() == stamp and settings.secrets_dir.is_dir():
        return
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "jos.supervisor.preparing"),
        stdin=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    told = {"host": cluster.host, "port": cluster.port, "superuser": cluster.superuser}
    asked = json.dumps({"cluster": told, "settings": settings.model_dump(mode="json")})
    _, said = await process.communicate(asked.encode())
    if process.returncode:
        lines = said.decode(errors="replace").strip().splitlines() or ["no reason given"]
        raise Stop(_code(process.returncode), f"the database cannot be prepared: {lines[-1]}")
    installation.mark_prepared(stamp)


def _stamp(cluster: Cluster) -> str:
    """Changes with everything that prepares a database: its code, its statements, and which cluster it is."""
    found = [*ROOT.glob("shared/postgres/*.py"), *ROOT.glob("s*/**/*.sql"), *ROOT.glob("s*/**/migrations/*.py")]
    content = sha256(cluster.superuser.encode())
    for path in sorted(found):
        content.update(path.read_bytes())
    return content.hexdigest()


def _code(returned: int) -> Exit:
    return Exit(returned) if returned in list(Exit) else Exit.UNAVAILABLE


def main() -> int:
    """Prepare what standard input names; the exit code says how it went, a line on standard error why."""
    import asyncpg

    from shared.settings import Misconfigured

    told = json.load(sys.stdin)
    settings = Settings(**{**told["settings"], **_paths(told["settings"])})
    try:
        asyncio.run(Cluster(**told["cluster"]).prepare(settings))
    except Misconfigured as wrong:
        return _say(str(wrong), Exit.CONFIGURATION)
    except asyncpg.InvalidAuthorizationSpecificationError:
        return _say("JOS_DATABASE_URL: the user or its password is refused", Exit.CONFIGURATION)
    except (OSError, TimeoutError) as failed:
        return _say(f"it does not answer ({type(failed).__name__})", Exit.UNAVAILABLE)
    except asyncpg.PostgresError as failed:
        return _say(str(failed), Exit.UNAVAILABLE)
    return Exit.OK


def _paths(settings: dict[str, str]) -> dict[str, Path]:
    return {name: Path(settings[name]) for name in ("secrets_dir", "data_dir")}


def _say(message: str, code: Exit) -> int:
    print(message, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
