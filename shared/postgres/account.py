"""The account that PostgreSQL runs as: it refuses root, so root hands it to `postgres` or `nobody`."""

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

SUCCESSORS = ("postgres", "nobody")
"""Whom root becomes, first that exists."""


class _Identity(TypedDict, total=False):
    user: int
    group: int
    extra_groups: Sequence[int]


@dataclass(frozen=True)
class Account:
    """A user and group of the machine; `current` when it is the one this process already has."""

    uid: int
    gid: int

    @property
    def current(self) -> bool:
        return self.uid == os.geteuid()

    def identity(self) -> _Identity:
        """What `subprocess.Popen` needs to run a child as this account."""
        return {} if self.current else {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Give this account a file or directory that we made ourselves."""
        if not self.current:
            os.chown(path, self.uid, self.gid)

    def can_enter(self, directory: Path) -> bool:
        """Whether this account may pass through every directory on the way, asked of the kernel itself."""
        if self.current:
            return os.access(directory, os.X_OK)
        question = ["/bin/sh", "-c", 'cd "$1"', "sh", str(directory.resolve())]
        return _succeeds(question, self)

    def can_run(self, program: Path) -> bool:
        """Whether this account can start the program and load its libraries."""
        return _succeeds([str(program), "--version"], self)


def account_for(data: Path) -> Account:
    """The account for this data directory: the owner of an existing cluster, else ourselves, else root's successor.

    Raises `PermissionError` when the cluster belongs to someone whom we cannot become.
    """
    if data.exists():
        owner = data.stat()
        account = Account(owner.st_uid, owner.st_gid)
        if not account.current and os.geteuid() != 0:
            raise PermissionError(f"{data} belongs to another user (uid {account.uid})")
        return account
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    return _successor_of_root()


def _successor_of_root() -> Account:
    for name in SUCCESSORS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise PermissionError("PostgreSQL cannot run as root, and there is no user postgres or nobody to run it as")


def _succeeds(command: Sequence[str], account: Account) -> bool:
    try:
        done = subprocess.run(
            command, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, check=False, **account.identity()
        )
    except OSError:
        return False
    return done.returncode == 0
