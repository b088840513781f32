"""The directory of an installation."""

from pathlib import Path

import pytest

from jos.exits import Exit, Stop
from jos.installation import Installation, Running, write_private

RUNNING = Running(
    1,
    "data",
    {"registry": "http://127.0.0.1:1/registry/v1"},
    "http://127.0.0.1:2/token",
    {"port": 3},
    {"kind": "postgresql", "brokers": ""},
)


def test_one_process_at_a_time_runs_on_a_directory(tmp_path: Path) -> None:
    installation = Installation(tmp_path)
    installation.create()
    with installation.lock(), pytest.raises(Stop, match="busy") as stopped:
        installation.lock()
    assert stopped.value.code is Exit.TEMPORARY


def test_what_runs_is_known_as_long_as_it_runs(tmp_path: Path) -> None:
    installation = Installation(tmp_path)
    installation.create()
    with installation.lock():
        installation.remember(RUNNING)
        assert Installation(tmp_path).running() == RUNNING
    with pytest.raises(Stop, match="nothing runs"):
        installation.running()


def test_a_client_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    installation = Installation(tmp_path)
    write_private(installation.client_secrets, '{"demo-ehr": "s"}')
    assert installation.secret_of("demo-ehr") == "s"
    with pytest.raises(Stop, match="demo-ehr") as stopped:
        installation.secret_of("nobody")
    assert stopped.value.code is Exit.PERMISSION


def test_a_private_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    write_private(tmp_path / "secret", "s")
    assert (tmp_path / "secret").stat().st_mode & 0o077 == 0
