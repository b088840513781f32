"""Migrations: in order, once, all of a run or nothing of it, as the owner."""

import asyncio
import sys
from pathlib import Path

import asyncpg
import pytest

from shared.postgres.cluster import DATABASES, ROOT, Cluster, migrations
from shared.postgres.migrate import migrate
from shared.settings import SERVICES, Settings

WORDS = {"service": "registry", "app": "registry_app"}

REVISION = """
from shared.postgres.migrate import run_sql

revision = "{number}"
down_revision = {previous!r}


def upgrade() -> None:
    run_sql(__file__)
"""


@pytest.fixture
def needed() -> tuple[str, ...]:
    return ("registry",)


@pytest.fixture
async def owner(databases: Settings, cluster: Cluster) -> str:
    """The owner's connection string, with a schema `trial` to keep the version in."""
    async with cluster.connected(databases.database("registry")) as connection:
        await connection.execute("create schema trial authorization registry_owner")
    password = databases.secret("registry_owner").get_secret_value()
    return f"postgresql://registry_owner:{password}@{cluster.host}:{cluster.port}/{databases.database('registry')}"


def given(folder: Path, number: int, sql: str) -> None:
    """A revision in this folder, after the one with the number before."""
    name = f"{number:04}"
    previous = f"{number - 1:04}" if number > 1 else None
    (folder / f"{name}_trial.py").write_text(REVISION.format(number=name, previous=previous))
    (folder / f"{name}_trial.sql").write_text(sql)


async def asked(owner: str, query: str) -> object:
    """The answer to a query, as the owner."""
    connection = await asyncpg.connect(owner)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def test_every_revision_runs_once_and_in_order(owner: str, tmp_path: Path) -> None:
    given(tmp_path, 1, "create table trial.steps (value int); insert into trial.steps values (1);")
    await migrate(owner, tmp_path, "trial", WORDS)
    given(tmp_path, 2, "insert into trial.steps values (2);")
    given(tmp_path, 3, "insert into trial.steps values (3);")
    for _ in range(2):
        await migrate(owner, tmp_path, "trial", WORDS)
    assert await asked(owner, "select array_agg(value) from trial.steps") == [1, 2, 3]
    assert await asked(owner, "select version_num from trial.alembic_version") == "0003"


async def test_two_runs_at_once_do_it_once(owner: str, tmp_path: Path) -> None:
    given(tmp_path, 1, "create table trial.steps (value int); select pg_sleep(0.1);")
    given(tmp_path, 2, "insert into trial.steps values (2);")
    await asyncio.gather(*(migrate(owner, tmp_path, "trial", WORDS) for _ in range(3)))
    assert await asked(owner, "select count(*) from trial.steps") == 1


async def test_a_run_that_fails_leaves_nothing(owner: str, tmp_path: Path) -> None:
    given(tmp_path, 1, "create table trial.steps (value int);")
    given(tmp_path, 2, "insert into trial.steps values (2); select 1 / 0;")
    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(owner, tmp_path, "trial", WORDS)
    assert await asked(owner, "select to_regclass('trial.steps')") is None


async def test_names_are_put_into_the_sql_and_bodies_are_left_as_they_are(owner: str, tmp_path: Path) -> None:
    given(
        tmp_path,
        1,
        """
        create function trial.name() returns text language plpgsql as $$ begin return '{{service}} 100% :x'; end $$;
        create table of_app (value int);
        grant select on of_app to {{app}};
        """,
    )
    await migrate(owner, tmp_path, "trial", WORDS)
    assert await asked(owner, "select trial.name()") == "registry 100% :x"
    assert await asked(owner, "select has_table_privilege('registry_app', 'app.of_app', 'select')") is True


async def test_an_unknown_name_in_the_sql_is_an_error(owner: str, tmp_path: Path) -> None:
    given(tmp_path, 1, "select '{{stranger}}'")
    with pytest.raises(KeyError, match="stranger"):
        await migrate(owner, tmp_path, "trial", WORDS)


async def test_a_folder_that_does_not_exist_has_no_revisions(owner: str, tmp_path: Path) -> None:
    await migrate(owner, tmp_path / "none", "trial", WORDS)
    assert await asked(owner, "select to_regclass('trial.alembic_version')") is None


async def test_every_table_belongs_to_the_owner(owner: str) -> None:
    query = """
        select count(*) from pg_class where relnamespace in ('log'::regnamespace, 'app'::regnamespace)
        and relkind = 'r' and relowner <> 'registry_owner'::regrole
    """
    assert await asked(owner, query) == 0


def test_every_database_of_a_service_has_a_log_before_its_own_tables() -> None:
    for name in DATABASES:
        assert list(migrations(name)) == (["log", "kafka", "app"] if name in SERVICES else ["app"])
        first = next(iter(migrations(name).values()))
        assert list(first.glob("0001_*.py")), first


def test_the_number_of_a_revision_is_that_of_its_file() -> None:
    for name in DATABASES:
        for folder in filter(Path.is_dir, migrations(name).values()):
            for file in folder.glob("[0-9]*.py"):
                assert f'revision = "{file.stem.partition("_")[0]}"' in file.read_text().splitlines(), file


async def test_a_schema_of_a_later_version_is_left_alone(databases: Settings, cluster: Cluster) -> None:
    """G-19: version n starts on a database that version n+1 has already migrated."""
    async with cluster.connected(databases.database("registry")) as connection:
        await connection.execute("update log.alembic_version set version_num = '9999'")
        await cluster.migrate(databases, "registry")
        assert await connection.fetchval("select version_num from log.alembic_version") == "9999"


async def test_a_start_with_nothing_to_migrate_loads_no_migration_tool(
    cluster: Cluster, databases: Settings, tmp_path: Path
) -> None:
    script = """
import asyncio, sys
from shared.postgres.cluster import Cluster
from shared.settings import load
cluster = Cluster("127.0.0.1", int(sys.argv[1]), sys.stdin.read())
asyncio.run(cluster.migrate(load(), "registry"))
sys.exit("alembic" in sys.modules or "sqlalchemy" in sys.modules)
"""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        script,
        str(cluster.port),
        stdin=asyncio.subprocess.PIPE,
        env={
            "PYTHONPATH": str(ROOT),
            "JOS_DATABASE_PORT": str(cluster.port),
            "JOS_DATABASE_PREFIX": databases.database_prefix,
            "JOS_SECRETS_DIR": str(databases.secrets_dir),
        },
    )
    await process.communicate(cluster.superuser.encode())
    assert process.returncode == 0
