"""Somebody at contracts, over HTTP."""

from dataclasses import dataclass
from typing import Any

import httpx

Json = dict[str, Any]


@dataclass
class Desk:
    """Somebody at contracts: a client with a token."""

    client: httpx.AsyncClient
    token: str

    async def post(self, path: str, body: Json, **headers: str) -> httpx.Response:
        return await self.client.post(f"/contracts/v1{path}", json=body, headers=self._who() | headers)

    async def get(self, path: str, **parameters: str) -> httpx.Response:
        return await self.client.get(f"/contracts/v1{path}", params=parameters, headers=self._who())

    def _who(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Accept-Language": "en"}
