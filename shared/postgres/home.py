"""Where the embedded server keeps its files, and the file by which others find the running server."""

import json
import os
import secrets
import socket
from dataclasses import asdict, dataclass
from pathlib import Path

from shared.postgres.account import Account, account_for

SYSTEM_HOME = Path("/var/lib/jos")
"""Holds the data of a server whose own directory lies under root's private home, where PostgreSQL may not come."""

LONGEST_SOCKET_PATH = 107
"""Bytes, including the name of the socket; the kernel refuses longer ones."""


@dataclass(frozen=True)
class State:
    """What a running server tells whoever attaches to it."""

    pid: int
    port: int
    socket_directory: str | None


@dataclass(frozen=True)
class Home:
    """The files of one embedded server. `directory` is the one that the user named."""

    directory: Path
    place: Path
    """The same, or a directory under `SYSTEM_HOME` when the server's account cannot enter it."""
    account: Account

    @property
    def data(self) -> Path:
        return self.place / "data"

    @property
    def configuration(self) -> Path:
        """`postgresql.conf`: ours, outside the data directory, where only the server's account may write."""
        return self.place / "postgresql.conf"

    @property
    def log(self) -> Path:
        return self.directory / "postgres.log"

    @property
    def lock(self) -> Path:
        return self.directory / "lock"

    @property
    def password(self) -> Path:
        return self.directory / "superuser.password"

    def state(self) -> State | None:
        """The running server, or nothing when none has come up (or the file is half written)."""
        try:
            return State(**json.loads((self.directory / "server.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def announce(self, state: State) -> None:
        """Write the state in one step, so that nobody reads half of it."""
        unfinished = self.directory / "server.json.new"
        unfinished.write_text(json.dumps(asdict(state)), encoding="utf-8")
        unfinished.rename(self.directory / "server.json")

    def withdraw(self) -> None:
        """The server is no longer there."""
        (self.directory / "server.json").unlink(missing_ok=True)

    def socket_directory(self, port: int) -> Path | None:
        """Where the Unix socket goes, or nothing when its path would be too long for the kernel."""
        directory = self.place / "run"
        if len(os.fsencode(directory / f".s.PGSQL.{port}")) > LONGEST_SOCKET_PATH:
            return None
        if not directory.exists():
            make_open(directory)
            self.account.own(directory)
        return directory


def settle(directory: Path) -> Home:
    """Find or make the server's directory, and a place that its account can reach.

    A directory that was made here is open to pass through (its contents are not to read); one that existed is left
    as it is. When the account cannot get there, the data live under `SYSTEM_HOME`, and the file `place` says where.
    """
    directory = directory.absolute()
    if not directory.exists():
        make_open(directory)
    place = _place(directory)
    account = account_for(place / "data")
    if place == directory and not account.can_enter(directory):
        place = _place_elsewhere(directory)
    return Home(directory, place, account)


def _place(directory: Path) -> Path:
    note = directory / "place"
    place = Path(note.read_text(encoding="utf-8").strip()) if note.exists() else directory
    return place if place.is_dir() else directory


def _place_elsewhere(directory: Path) -> Path:
    place = SYSTEM_HOME / secrets.token_hex(8)
    if not SYSTEM_HOME.exists():
        make_open(SYSTEM_HOME)
    make_open(place)
    (directory / "place").write_text(f"{place}\n", encoding="utf-8")
    return place


def make_open(directory: Path) -> None:
    """Make a directory that others may pass through, whatever the umask."""
    directory.mkdir(parents=True)
    directory.chmod(0o755)


OURS = range(20_000, 32_000)
"""Ports that the kernel gives to nobody who only connects: while the server is down, no client that keeps trying can be
given the server's own port, meet itself there, and keep the server from coming back."""


def free_port(wanted: int) -> int:
    """The wanted port of the loopback address if it is free (and not 0), else one that is."""
    drawn = [OURS[secrets.randbelow(len(OURS))] for _ in range(50)]
    for port in (wanted, *drawn, 0) if wanted else (*drawn, 0):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as candidate:
            candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                candidate.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(candidate.getsockname()[1])
    raise OSError("no free port on the loopback address")
