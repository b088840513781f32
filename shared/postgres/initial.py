"""An empty cluster: sorted by code point, with checksums, entered by password only, and complete or not there."""

import os
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path

from shared.postgres.home import Home
from shared.postgres.secret_files import keep_secret

SUPERUSER = "jos"


class ServerFailed(Exception):
    """PostgreSQL did not come up; the message holds the last lines of its own log (which names no values)."""


def make_cluster(programs: Path, home: Home) -> None:
    """Make the cluster in a directory beside and then move it, so that a half made one is never used.

    Raises `ServerFailed` with what `initdb` said.
    """
    for left in home.place.glob("data.new-*"):
        shutil.rmtree(left, ignore_errors=True)
    unfinished = home.place / f"data.new-{secrets.token_hex(4)}"
    unfinished.mkdir(mode=0o700)
    home.account.own(unfinished)
    with tempfile.NamedTemporaryFile(dir=home.place, prefix="password-") as handed_over:
        handed_over.write(keep_secret(home.password).encode())
        handed_over.flush()
        home.account.own(Path(handed_over.name))
        done = subprocess.run(
            _initdb(programs, unfinished, handed_over.name),
            cwd="/",
            env={**os.environ, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            **home.account.identity(),
        )
    if done.returncode != 0:
        raise ServerFailed(done.stderr.strip()[-2000:])
    unfinished.rename(home.data)


def _initdb(programs: Path, data: Path, password_file: str) -> list[str]:
    return [
        str(programs / "initdb"),
        f"--pgdata={data}",
        f"--username={SUPERUSER}",
        f"--pwfile={password_file}",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--auth-local=scram-sha-256",
        "--auth-host=scram-sha-256",
        "--data-checksums",
        "--no-instructions",
    ]
