"""The embedded server: starts, is found again, ends with us, and survives what befalls it."""

import os
import signal
import socket
from pathlib import Path

import asyncpg
import pytest

from shared.postgres.embedded import EmbeddedServer, ServerFailed
from shared.postgres.home import settle
from shared.settings import Misconfigured
from tests.postgres.conftest import Drive
from tests.postgres.processes import kill_and_see_gone, proportional_bytes, runs, said, user_of, wait_in_place

SAFE = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "data_checksums": "on",
    "listen_addresses": "127.0.0.1",
    "password_encryption": "scram-sha-256",
    "max_connections": "100",
    "log_min_error_statement": "panic",
}


async def test_a_new_server_is_safe_and_sorts_by_code_point(server: EmbeddedServer) -> None:
    async with (await server.start()).connected("postgres") as connection:
        for name, value in SAFE.items():
            assert await connection.fetchval(f"show {name}") == value, name
        assert await connection.fetchval("select datlocprovider from pg_database where datname = 'postgres'") == b"b"
        assert await connection.fetchval("select 'Z' < 'a' and 'z' < 'é'")


async def test_a_server_does_not_run_as_root(server: EmbeddedServer) -> None:
    assert server.pid is not None
    assert user_of(server.pid) != 0


async def test_nobody_gets_in_without_the_password(server: EmbeddedServer) -> None:
    cluster = await server.start()
    for password in ("", "guessed"):
        for host in (cluster.host, str(server.socket_directory)):
            with pytest.raises(asyncpg.InvalidPasswordError):
                await asyncpg.connect(host=host, port=cluster.port, user="jos", password=password, database="postgres")


async def test_the_superusers_password_is_for_the_owner_alone(server: EmbeddedServer) -> None:
    cluster = await server.start()
    assert (server.directory / "superuser.password").stat().st_mode & 0o777 == 0o600
    assert cluster.superuser not in repr(cluster)


async def test_the_unix_socket_leads_to_the_same_server(server: EmbeddedServer) -> None:
    cluster = await server.start()
    password = (server.directory / "superuser.password").read_text()
    connection = await asyncpg.connect(
        host=str(server.socket_directory), port=cluster.port, user="jos", password=password, database="postgres"
    )
    assert await connection.fetchval("select inet_server_addr()") is None
    await connection.close()


async def test_a_path_too_long_for_a_socket_does_without(home: Path) -> None:
    server = EmbeddedServer(home / ("long" * 20))
    cluster = await server.start()
    try:
        assert server.socket_directory is None
        async with cluster.connected("postgres") as connection:
            assert await connection.fetchval("show unix_socket_directories") == ""
    finally:
        await server.stop()


async def test_a_second_start_finds_the_data_and_the_port_of_the_first(server: EmbeddedServer) -> None:
    first = await server.start()
    async with first.connected("postgres") as connection:
        await connection.execute("create table kept (value int); insert into kept values (7)")
    await server.stop()
    second = await server.start()
    assert second == first
    async with second.connected("postgres") as connection:
        assert await connection.fetchval("select value from kept") == 7


async def test_whoever_comes_second_attaches_and_leaves_the_server_alone(server: EmbeddedServer) -> None:
    cluster = await server.start()
    guest = EmbeddedServer(server.directory)
    assert await guest.start() == cluster
    assert guest.attached and guest.alive and guest.pid == server.pid
    await guest.stop()
    assert server.alive and not server.attached


async def test_another_process_attaches_as_well(server: EmbeddedServer, drive: Drive) -> None:
    cluster = await server.start()
    other = drive(server.directory)
    told = said(other)
    assert (told["attached"], told["port"], told["pid"]) == (True, cluster.port, server.pid)
    other.communicate()
    assert server.alive


async def test_a_guest_notices_that_the_server_has_gone(server: EmbeddedServer) -> None:
    await server.start()
    guest = EmbeddedServer(server.directory)
    await guest.start()
    await server.stop()
    assert not guest.alive


async def test_two_directories_are_served_side_by_side(server: EmbeddedServer, home: Path) -> None:
    first = await server.start()
    beside = EmbeddedServer(home / f"{server.directory.name}-beside", port=first.port)
    second = await beside.start()
    try:
        assert second.port != first.port
        assert server.alive and beside.alive
    finally:
        await beside.stop()


async def test_a_port_that_somebody_else_took_is_let_be(server: EmbeddedServer) -> None:
    first = await server.start()
    await server.stop()
    with socket.create_server(("127.0.0.1", first.port)):
        second = await server.start()
    assert second.port != first.port


async def test_a_wished_port_is_taken_when_it_is_free(place: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = int(found.getsockname()[1])
    server = EmbeddedServer(place, port=port)
    try:
        assert (await server.start()).port == port
    finally:
        await server.stop()


async def test_the_server_ends_with_a_killed_process_and_its_data_are_found(place: Path, drive: Drive) -> None:
    owner = drive(place)
    told = said(owner)
    kill_and_see_gone(owner.pid, watch=told["pid"])
    server = EmbeddedServer(place)
    cluster = await server.start()
    try:
        assert not server.attached
        assert cluster.port == told["port"]
    finally:
        await server.stop()


async def test_a_server_left_behind_is_ended_before_another_starts(place: Path, drive: Drive) -> None:
    """Started from another thread than the main one, it is not tied to its process."""
    owner = drive(place, "--thread")
    told = said(owner)
    kill_and_see_gone(owner.pid)
    assert runs(told["pid"])
    server = EmbeddedServer(place)
    await server.start()
    try:
        assert not runs(told["pid"])
        assert not server.attached and server.pid != told["pid"]
    finally:
        await server.stop()


async def test_g01_a_killed_server_comes_back_on_its_port_with_what_it_acknowledged(server: EmbeddedServer) -> None:
    """G-01, as far as the embedded server goes: killed at once, started again, nothing committed is missing."""
    cluster = await server.start()
    async with cluster.connected("postgres") as connection:
        await connection.execute("create table kept (value int); insert into kept values (7)")
        assert server.pid is not None
        kill_and_see_gone(server.pid)
    assert not server.alive
    await server.stop()
    assert await server.start() == cluster
    async with cluster.connected("postgres") as connection:
        assert await connection.fetchval("select value from kept") == 7


async def test_a_stale_lock_with_the_number_of_somebody_elses_process_is_cleared(server: EmbeddedServer) -> None:
    await server.start()
    home = settle(server.directory)
    lock = home.data / "postmaster.pid"
    assert server.pid is not None
    text = lock.read_text()
    kill_and_see_gone(server.pid)
    await server.stop()
    with wait_in_place(home.account) as somebody:
        lock.write_text(text.replace(text.split()[0], str(somebody.pid), 1))
        await server.start()
        assert somebody.poll() is None
        somebody.communicate()


async def test_what_a_killed_first_start_left_is_no_obstacle(place: Path) -> None:
    settle(place)
    (place / "data.new-0123").mkdir()
    (place / "data.new-0123" / "half").write_text("made")
    (place / "server.json").write_text('{"pid": 1')
    server = EmbeddedServer(place)
    await server.start()
    try:
        assert server.alive
        assert not (place / "data.new-0123").exists()
    finally:
        await server.stop()


async def test_a_server_that_cannot_start_says_why_and_lets_go(server: EmbeddedServer) -> None:
    await server.stop()
    wrong = EmbeddedServer(server.directory, settings={"shared_buffers": "many"})
    with pytest.raises(ServerFailed, match="shared_buffers"):
        await wrong.start()
    await server.start()
    assert not server.attached


async def test_a_build_that_is_not_there_is_named(place: Path) -> None:
    with pytest.raises(Misconfigured, match="PG_BIN"):
        await EmbeddedServer(place, programs=place / "none").start()


async def test_stopping_twice_is_stopping_once(server: EmbeddedServer) -> None:
    await server.stop()
    await server.stop()
    assert not server.alive and server.pid is None


async def test_ctrl_c_at_the_terminal_does_not_reach_the_server(server: EmbeddedServer) -> None:
    assert server.pid is not None
    assert os.getsid(server.pid) != os.getsid(0)


async def test_an_idle_server_fits_a_small_machine(server: EmbeddedServer) -> None:
    assert server.pid is not None
    assert 0 < proportional_bytes(server.pid) < 100 * 1024 * 1024


async def test_the_log_of_the_server_holds_no_values(server: EmbeddedServer) -> None:
    """G-28: neither the statement nor the row that offended."""
    cluster = await server.start()
    async with cluster.connected("postgres") as connection:
        await connection.execute("create table people (name text primary key); insert into people values ('secret-1')")
        with pytest.raises(asyncpg.UniqueViolationError):
            await connection.execute("insert into people values ('secret-1')")
    log = (server.directory / "postgres.log").read_text()
    assert "duplicate key" in log
    assert "secret-1" not in log


async def test_a_stopped_server_ended_cleanly(server: EmbeddedServer) -> None:
    await server.stop()
    assert "database system is shut down" in (server.directory / "postgres.log").read_text()
    assert not (settle(server.directory).data / "postmaster.pid").exists()


async def test_a_server_that_does_not_listen_to_reason_is_stopped_at_once(server: EmbeddedServer) -> None:
    assert server.pid is not None
    pid = server.pid
    os.kill(pid, signal.SIGQUIT)
    await server.stop()
    assert not runs(pid)
