"""A directory with everything of one installation: database, secrets, logs, and where it listens while it runs."""

import fcntl
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from jos.exits import Exit, Stop

DEFAULT = Path(".jos/demo")
LARGEST_LOG = 10 * 1024 * 1024
"""Bytes of a service's log with which a start goes on in the same file."""


@dataclass(frozen=True, slots=True)
class Running:
    """Where the services of a running installation are reached; the line that `jos up --json` prints.

    `baseUrls` holds, per service, the URL that its paths follow (`<base>/events`); the gateway's is the GraphQL
    endpoint itself, the issuer's is the `iss` of its tokens.
    """

    pid: int
    data: str
    baseUrls: dict[str, str]
    tokenEndpoint: str
    database: dict[str, str | int]
    feed: dict[str, str]
    """What carries the logs to their readers: its `kind`, and the `brokers` where it is `kafka`."""

    @property
    def carrier(self) -> str:
        """The feed in words for people."""
        return f"Apache Kafka at {self.feed['brokers']}" if self.feed["brokers"] else "PostgreSQL"

    def line(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self), separators=(",", ":"))


class Installation:
    """The files of one installation, by name."""

    def __init__(self, data: Path) -> None:
        self.data = data.absolute()
        self.postgres = self.data / "postgres"
        self.secrets = self.data / "secrets"
        self.logs = self.data / "logs"
        self.clients = self.data / "clients.json"
        """The clients the built-in issuer knows, with hashes of their secrets."""
        self.client_secrets = self.data / "client-secrets.json"
        """The secrets themselves, of the demo's clients alone, readable by their owner alone."""
        self._state = self.data / "running.json"
        self._prepared = self.data / "prepared"
        self._lock = self.data / "lock"

    def create(self) -> None:
        """Make the directories. Raises `Stop` (73) when that cannot be done."""
        try:
            for directory in (self.data, self.secrets, self.logs):
                directory.mkdir(parents=True, exist_ok=True)
            self.secrets.chmod(0o700)
        except OSError as error:
            raise Stop(Exit.CANNOT_CREATE, f"cannot make {self.data}: {error.strerror}") from None

    def log(self, name: str) -> Path:
        """The file that a service's output is added to; what a long run left there is put aside once."""
        path = self.logs / f"{name}.log"
        if path.exists() and path.stat().st_size > LARGEST_LOG:
            path.replace(path.with_suffix(".log.1"))
        return path

    def lock(self) -> IO[str]:
        """Hold the directory for this process until the file is closed. Raises `Stop` (75) when another holds it."""
        file = self._lock.open("a")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            raise Stop(Exit.TEMPORARY, f"busy: another process runs on {self.data}") from None
        return file

    def say_who_may_sign_in(self) -> None:
        """An empty list of clients when there is none: nobody may sign in until somebody is put there."""
        if not self.clients.exists():
            write_private(self.clients, "[]")

    def prepared(self) -> str:
        """What `mark_prepared` last noted, empty for nothing."""
        return self._prepared.read_text(encoding="utf-8") if self._prepared.exists() else ""

    def mark_prepared(self, stamp: str) -> None:
        """Note by which code the databases were made."""
        write_private(self._prepared, stamp)

    def database_port(self) -> int:
        """The port of the embedded server's last run, wished for again; 0 when there was none."""
        try:
            return int(json.loads(self._state.read_text(encoding="utf-8"))["database"]["port"])
        except (OSError, ValueError, KeyError, TypeError):
            return 0

    def remember(self, running: Running) -> None:
        """Write where the services are reached, for the other commands."""
        write_private(self._state, running.line())

    def running(self) -> Running:
        """Where the services are reached. Raises `Stop` (69) when nothing runs here."""
        try:
            if not self._held():
                raise FileNotFoundError
            return Running(**json.loads(self._state.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            raise Stop(Exit.UNAVAILABLE, f"nothing runs on {self.data}: start it with `jos up` or `jos demo`") from None

    def _held(self) -> bool:
        """Whether a process holds the lock: true for exactly as long as it lives."""
        with self._lock.open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            return False

    def secret_of(self, client: str) -> str:
        """The secret of a client of the demo. Raises `Stop`: 77 for an unknown client, 69 when there was no demo."""
        try:
            secrets: dict[str, str] = json.loads(self.client_secrets.read_text(encoding="utf-8"))
        except OSError:
            raise Stop(Exit.UNAVAILABLE, f"no clients of a demo in {self.data}: run `jos demo` first") from None
        if client not in secrets:
            raise Stop(Exit.PERMISSION, f"no client {client!r}; there are {', '.join(sorted(secrets))}")
        return secrets[client]


def write_private(path: Path, text: str) -> None:
    """Replace a file by one that its owner alone can read, whole or not at all."""
    scratch = path.with_name(path.name + ".new")
    scratch.unlink(missing_ok=True)
    with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    scratch.replace(path)
