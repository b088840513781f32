"""`jos shards`: an operator decides where a programme lives, once."""

import asyncio
import json

import pytest

from jos.cli import run
from jos.exits import Exit
from shared.settings import Settings


@pytest.fixture
def needed() -> tuple[str, ...]:
    """One database."""
    return ("interventions",)


@pytest.fixture
def environment(databases: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The way to the databases, as a container has it."""
    for name in ("database_host", "database_port", "database_prefix", "secrets_dir", "data_dir", "mode"):
        monkeypatch.setenv(f"JOS_{name.upper()}", str(getattr(databases, name)))


@pytest.mark.usefixtures("environment")
async def test_a_decision_is_listed_and_never_taken_back(capsys: pytest.CaptureFixture[str]) -> None:
    assert await asyncio.to_thread(run, ["shards", "assign", "HR-JOS", "2"]) == 0
    assert await asyncio.to_thread(run, ["shards", "assign", "HR-JOS", "2"]) == 0
    capsys.readouterr()
    assert await asyncio.to_thread(run, ["shards", "assign", "HR-JOS", "3"]) == Exit.DATA
    assert "HR-JOS lives in shard 2 and stays there" in capsys.readouterr().err
    assert await asyncio.to_thread(run, ["shards", "list", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["programme"], told["shard"]) == ("HR-JOS", 2)


@pytest.mark.parametrize("shard", ["0", "17", "x"])
def test_a_shard_that_cannot_be_is_refused(shard: str) -> None:
    assert run(["shards", "assign", "HR-JOS", shard]) == Exit.USAGE
