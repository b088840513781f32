"""Every service in this process, with two regions told."""

from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import pytest

from shared.auth.keys import StaticKeys
from shared.clock import FrozenClock
from shared.postgres.cluster import DATABASES, Cluster
from shared.settings import Settings
from tests.fixtures.auth import claims_for, sign
from tests.fixtures.postgres import TEMPLATE, settings_for
from tests.journeys.conftest import AFTER_THE_HALF_YEAR, Installation, running
from tests.polite.callers import Caller
from tests.polite.world import OURS, THEIRS, Place, SignIn, tell

ROLES = {
    "admin": ("registry-admin", "contract-manager", "programme-admin"),
    "steward": ("programme-admin",),
    "ehr": ("provider-system",),
    "manager": ("provider-manager",),
    "school": ("school",),
    "analyst": ("municipal-analyst",),
}
_numbers = count(1)


@pytest.fixture(scope="module")
async def settings(cluster: Cluster, home: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Settings]:
    """Fresh databases for the tests of one file."""
    settings = settings_for(cluster, home, f"polite{next(_numbers)}_", tmp_path_factory.mktemp("polite"))
    for name in DATABASES:
        await cluster.make_database(settings, name, TEMPLATE + name)
    yield settings
    async with cluster.connected("postgres") as connection:
        for name in DATABASES:
            await connection.execute(f"drop database {settings.database(name)} with (force)")


@pytest.fixture(scope="module")
async def installation(settings: Settings, keys: StaticKeys) -> AsyncIterator[Installation]:
    """Everything, running, with two regions told."""
    async with running(settings, FrozenClock(AFTER_THE_HALF_YEAR), keys) as installation:
        for place in (OURS, THEIRS):
            await tell(installation, signing(installation), place)
        yield installation


@pytest.fixture(scope="module")
def sign_in(installation: Installation) -> SignIn:
    """`sign_in("admin", OURS)`: somebody of a region."""
    return signing(installation)


def signing(installation: Installation) -> SignIn:
    """Signs in callers of this installation."""

    def sign_in(role: str, place: Place) -> Caller:
        organisation = {
            "ehr": place.provider,
            "manager": place.provider,
            "school": f"brin:{place.brin}",
            "analyst": f"gm:{place.municipality}",
        }.get(role, f"region:{place.region}")
        more = {"region": place.region} if organisation.startswith("region:") else {}
        more |= {"schools": [place.site]} if role == "school" else {}
        more |= {"municipalities": [place.municipality]} if role == "analyst" else {}
        client = f"{role}-{place.region}"
        claims = claims_for(installation.clock.now(), organisation, ROLES[role], client_id=client, **more)
        return Caller(installation.http, lambda: sign(claims))

    return sign_in
