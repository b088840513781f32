"""A registry in this process, on databases of its own, and who calls it."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from services.registry.app import create_app
from services.registry.programmes import FILES, load
from shared.auth.keys import StaticKeys
from shared.clock import FrozenClock
from shared.settings import Settings
from tests.fixtures.auth import Mint
from tests.fixtures.services import Serve
from tests.registry.given import CARDEA, KATWIJK, LEIDEN, PRODEBA

Json = dict[str, Any]
FROM = "2022-01-01"


@dataclass
class Desk:
    """Somebody at the registry: a client with a token."""

    client: httpx.AsyncClient
    token: Callable[[], str]

    async def post(self, path: str, body: Json, *, key: str | None = None, **headers: str) -> httpx.Response:
        """Ask for an act."""
        extra = {"Idempotency-Key": key} if key else {}
        return await self.client.post(self._url(path), json=body, headers={**self._who(), **extra, **headers})

    async def did(self, path: str, body: Json, **more: Any) -> Json:
        """Ask for an act that must be done."""
        answer = await self.post(path, body, **more)
        assert answer.status_code == 201, answer.text
        done: Json = answer.json()
        return done

    async def get(self, path: str, **parameters: str) -> httpx.Response:
        """Read."""
        return await self.client.get(self._url(path), params=parameters or None, headers=self._who())

    async def read(self, path: str, **parameters: str) -> Any:
        """Read what must be there."""
        answer = await self.get(path, **parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def _url(self, path: str) -> str:
        return f"/registry/v1{path}"

    def _who(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token()}", "Accept-Language": "en"}


@pytest.fixture
async def client(databases: Settings, clock: FrozenClock, keys: StaticKeys, serve: Serve) -> httpx.AsyncClient:
    """The registry, in this process."""
    return await serve(create_app(databases, clock, keys))


At = Callable[..., Desk]


@pytest.fixture
def at(client: httpx.AsyncClient, mint: Mint) -> At:
    """`at(organisation=..., roles=[...], region=...)`: somebody at the registry."""
    return lambda **who: Desk(client, lambda: mint(**who))


@pytest.fixture
def admin(at: At) -> Desk:
    """The administrator of Holland Rijnland."""
    return at(organisation="region:HR", roles=["registry-admin", "programme-admin"], region="HR")


@pytest.fixture
def stranger(at: At) -> Desk:
    """The administrator of another region."""
    return at(organisation="region:HGL", roles=["registry-admin", "programme-admin"], region="HGL")


Given = Callable[[], Awaitable[None]]


async def record_region(admin: Desk) -> None:
    """Two municipalities and their region."""
    for code, name in ((LEIDEN, "Leiden"), (KATWIJK, "Katwijk")):
        await admin.did("/municipalities", {"municipality": code, "name": name, "validFrom": FROM})
    subs = [{"code": "DB", "name": "Duin- en Bollenstreek"}, {"code": "LR", "name": "Leidse regio"}]
    body = {"region": "HR", "name": "Holland Rijnland", "subRegions": subs, "validFrom": FROM}
    await admin.did("/regions", {**body, "municipalities": [LEIDEN, KATWIJK]})


def site_body(**changes: Any) -> Json:
    """De Vlieger's site."""
    body = {"site": "99HH00", "name": "De Vlieger", "schoolType": "SBO", "municipality": LEIDEN, "subRegion": "LR"}
    return {**body, "validFrom": FROM, **changes}


async def record_school(admin: Desk) -> None:
    """De Vlieger with its site."""
    await admin.did("/schools", {"school": "99HH", "name": "De Vlieger", "validFrom": FROM})
    await admin.did("/sites", site_body())


def programme_body() -> Json:
    """The file of HR-JOS as JSON."""
    body: Json = json.loads(load(FILES / "HR-JOS.yaml").model_dump_json(by_alias=True))
    return body


async def record_participation(admin: Desk) -> None:
    """De Vlieger takes part in HR-JOS; two providers are known."""
    await record_region(admin)
    await record_school(admin)
    await admin.did("/programmes", programme_body())
    await admin.did("/participations", {"programme": "HR-JOS", "site": "99HH00", "validFrom": FROM})
    for code, name in ((CARDEA, "Cardea"), (PRODEBA, "Prodeba")):
        await admin.did("/providers", {"provider": code, "name": name, "validFrom": FROM})


@pytest.fixture
async def region(admin: Desk) -> None:
    """Holland Rijnland is recorded."""
    await record_region(admin)


@pytest.fixture
async def school(admin: Desk, region: None) -> None:
    """De Vlieger is recorded."""
    await record_school(admin)


@pytest.fixture
async def participation(admin: Desk) -> None:
    """De Vlieger takes part in HR-JOS, and has chosen nobody yet."""
    await record_participation(admin)


def assignment_body(**changes: Any) -> Json:
    """A worker of Cardea at De Vlieger."""
    body = {"assignment": "HR-1", "programme": "HR-JOS", "site": "99HH00", "provider": CARDEA, "staff": "m-77"}
    return {**body, "fte": 0.8, "fixedFace": True, "validFrom": FROM, **changes}


@pytest.fixture
async def worker(admin: Desk, participation: None) -> None:
    """A worker of Cardea is known."""
    body = {"provider": CARDEA, "staff": "m-77", "function": "YOUTH_WORKER", "validFrom": FROM}
    await admin.did("/professionals", body)
